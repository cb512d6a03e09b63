"""The columns of a flat table: what they are called in both languages, what they hold.

One list for reading and writing. The first ten are those of every table of cards; the others are
written only where the map has something in them.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from journeys import catalogues, limits

MINUS = "\u2212"
STATUSES = {
    "todo": ("К выполнению", "To do"),
    "in_progress": ("В работе", "In progress"),
    "done": ("Сделано", "Done"),
    "open": ("Открыт", "Open"),
    "closed": ("Снят", "Removed"),
    "answered": ("Есть ответ", "Answered"),
}
MODES = {
    "online": ("Онлайн", "Online"),
    "offline": ("Офлайн", "Offline"),
    "both": ("Онлайн и офлайн", "Both"),
}
FACTORS = {"hard": ("Жёсткий", "Hard"), "soft": ("Мягкий", "Soft")}
EVIDENCE = {
    "assumed": ("Предположение", "Assumed"),
    "evidenced": ("Есть данные", "Has data"),
    "confirmed": ("Подтверждено", "Confirmed"),
    "refuted": ("Опровергнуто", "Refuted"),
}
REMEDIES = {
    "prevent": ("Предупреждает барьер", "Prevents a barrier"),
    "remove": ("Убирает барьер", "Removes a barrier"),
    "strengthen": ("Усиливает то, что работает", "Strengthens what works"),
    "personalise": ("Делает личным", "Makes it personal"),
    "wow": ("Вау: об этом расскажут другим", "Wow: worth telling others"),
}
YES = ("Да", "Yes")


class Misread(ValueError):
    """A value is not what its column holds; the message says what it should be."""


def plain(name: str) -> str:
    """A heading as it is compared: words alone, without what stands in brackets."""
    return catalogues.plain(re.sub(r"\(.*?\)", " ", name))


def number(text: str) -> Decimal:
    """A number as people write it: 1 234,5 or 1,234.5 or −3. Raises Misread."""
    bare = re.sub(r"\s", "", text).replace(MINUS, "-").replace("–", "-").removesuffix("%")
    if bare.count(",") == 1 and "." not in bare:
        bare = bare.replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise Misread(_("not a number")) from None
    if not value.is_finite() or abs(value.adjusted()) > 15:
        raise Misread(_("not a number"))
    return value


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = number(text)
        except Misread:
            value = Decimal("NaN")
        if not value.is_finite() or value != int(value) or not low <= value <= high:
            raise Misread(
                _("not a whole number from %(low)s to %(high)s")
                % {"low": str(low).replace("-", MINUS), "high": high}
            )
        return int(value)

    return read


def _one_of(choices: dict[str, tuple[str, str]]) -> Callable[[str], str]:
    def read(text: str) -> str:
        for key, words in choices.items():
            if plain(text) in (key, plain(key), *map(plain, words)):
                return key
        raise Misread(_("not one of the known words"))

    return read


def _words(most: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > most:
            raise Misread(_("longer than %(most)d characters") % {"most": most})
        return text

    return read


def _sum(text: str) -> Decimal:
    value = number(text)
    if value < 0 or value >= 10**12 or value != round(value, 2):
        raise Misread(_("not a sum of money"))
    return value


def tags_of(texts: Iterable[str]) -> list[str]:
    """The tags in texts, with commas between them: none twice, whatever its case."""
    words = (
        " ".join(word.replace("\x00", "").split()) for text in texts for word in text.split(",")
    )
    tags: dict[str, str] = {}
    for word in filter(None, words):
        tags.setdefault(word.casefold(), word)
    return list(tags.values())


def _tags(text: str) -> list[str]:
    tags = tags_of([text])
    if len(tags) > limits.TAGS_OF_CARD or any(len(tag) > limits.TAG for tag in tags):
        raise Misread(_("too many tags, or too long ones"))
    return tags


def _yes(text: str) -> bool:
    if plain(text) in ("да", "yes", "1", "true", "истина", "x", "х"):
        return True
    if plain(text) in ("нет", "no", "0", "false", "ложь"):
        return False
    raise Misread(_("neither yes nor no"))


@dataclass(frozen=True)
class Column:
    """`field` is a column of CardPlan, or one of the places: stage, step, lane, lane_type, text."""

    field: str
    ru: str
    en: str
    read: Callable[[str], Any] = str
    others: str = ""  # what else it is called, divided by commas
    words: dict[str, tuple[str, str]] | None = None

    def name(self, language: str) -> str:
        return self.ru if language == "ru" else self.en

    def write(self, value: Any, language: str) -> Any:
        """A value as a cell holds it: a number stays one."""
        if value is None or value is False:
            return ""
        if isinstance(value, list):
            return ", ".join(value)
        if value is True:
            return YES[language != "ru"]
        return self.words[value][language != "ru"] if self.words and value in self.words else value


COLUMNS = (
    Column("stage", "Этап", "Stage", others="стадия, фаза, этапы, phase, stages, etapa"),
    Column(
        "lane", "Дорожка", "Lane", others="строка, слой, раздел, категория, lanes, row, category"
    ),
    Column(
        "text",
        "Текст",
        "Text",
        others="карточка, содержание, описание, формулировка, card, content, description, note",
    ),
    Column("emotion", "Эмоция", "Emotion", _whole(-5, 5), "оценка эмоции, sentiment"),
    Column(
        "severity",
        "Сила барьера",
        "Severity",
        _whole(1, 5),
        "серьезность, сила, тяжесть, критичность",
    ),
    Column(
        "expectation", "Ожидание", "Expectation", _whole(1, 10), "ожидания, ожидаемое, expected"
    ),
    Column(
        "perception",
        "Восприятие",
        "Perception",
        _whole(1, 10),
        "восприятия, факт восприятия, perceived",
    ),
    Column("effort", "Усилия", "Effort", _whole(1, 5), "трудозатраты, сложность, efforts"),
    Column("impact", "Эффект", "Impact", _whole(1, 5), "польза, влияние, value"),
    Column(
        "owner",
        "Ответственный",
        "Owner",
        _words(200),
        "ответственные, владелец, исполнитель, отдел, responsible, assignee",
    ),
    Column("step", "Шаг", "Step", others="шаги, подэтап, steps, sub stage, substage"),
    Column("lane_type", "Тип дорожки", "Lane type", others="вид дорожки, тип, type, lane kind"),
    Column("status", "Статус", "Status", _one_of(STATUSES), "состояние, state", STATUSES),
    Column("due_day", "День плана", "Day of the plan", _whole(-3650, 3650), "срок день, due day"),
    Column("channel", "Канал", "Channel", _words(60)),
    Column("mode", "Онлайн или офлайн", "Online or offline", _one_of(MODES), "режим, mode", MODES),
    Column("importance", "Важность", "Importance", _whole(1, 5)),
    Column("moment_of_truth", "Момент истины", "Moment of truth", _yes),
    Column("way_in", "Вход", "Way in", _yes, "точка входа, откуда приходят, entry point"),
    Column("factor_kind", "Вид фактора", "Kind of factor", _one_of(FACTORS), words=FACTORS),
    Column("remedy", "Что делает", "What it does", _one_of(REMEDIES), words=REMEDIES),
    Column("cost", "Стоимость", "Cost", _sum, "бюджет, цена, budget"),
    Column("source", "Источник", "Source", _words(60)),
    Column(
        "evidence", "Откуда знаем", "Evidence", _one_of(EVIDENCE), "данные, достоверность", EVIDENCE
    ),
    Column("answer", "Ответ", "Answer"),
    Column("tags", "Метки", "Tags", _tags, "теги, ярлыки, labels"),
    Column("fact", "Факт", "Fact", number, "текущее значение, current, actual"),
    Column("plan", "План", "Plan", number, "цель показателя, target"),
    Column("unit", "Единица", "Unit", _words(60), "ед изм, единица измерения, units"),
)
ALWAYS = 10
REQUIRED = ("stage", "lane", "text")
# Rows below the headings of a grid that say something of the stages.
OF_STAGES = {
    "step": ("шаг", "шаги", "подэтап", "подэтапы", "step", "steps"),
    "description": (
        "описание этапа",
        "описание этапов",
        "описание",
        "description",
        "stage description",
    ),
    "duration": ("длительность", "длительность этапа", "сколько длится", "duration"),
}
# The sheet of figures that we write: field → its names.
OF_METRICS = {
    "name": ("Показатель", "Metric"),
    "stage": ("Этап", "Stage"),
    "plan": ("План", "Plan"),
    "fact": ("Факт", "Fact"),
    "unit": ("Единица", "Unit"),
    "direction": ("Лучше", "Better"),
}
DIRECTIONS = {"higher": ("Больше", "Higher"), "lower": ("Меньше", "Lower")}


@cache
def by_name() -> dict[str, str]:
    """Every name of a column → its field; the exact names win over the others."""
    named = {
        plain(other): column.field
        for column in COLUMNS
        for other in column.others.split(",")
        if other
    }
    return named | {
        plain(name): column.field
        for column in COLUMNS
        for name in (column.ru, column.en, column.field)
    }


def of(field: str) -> Column:
    """The column of a field."""
    return next(column for column in COLUMNS if column.field == field)
