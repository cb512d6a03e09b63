"""Mermaid `journey` diagrams: alone, in a fenced block of Markdown, or in an HTML page.

A section becomes a stage, a task a card among the actions, its score a card among the emotions;
actors become owners, or the persona where there is only one. The score is meant to be 1 … 5, but
files with other numbers and with words exist: what can't be understood is told in remarks.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from journeys import limits
from journeys.catalogues import lane_kind

from .plan import (
    CardPlan,
    LanePlan,
    MapPlan,
    OwnerPlan,
    PersonaPlan,
    Remark,
    StagePlan,
    Unreadable,
    at_line,
)

# Repetitions are bounded, so that no file makes a search slow.
_FENCE = re.compile(
    r"^[ \t]{0,20}(`{3,9}|~{3,9})[ \t]{0,9}\{?[ \t]{0,9}mermaid\b[^\n]*\n"
    r"(.*?)(?:^[ \t]{0,20}\1|\Z)",
    re.M | re.S,
)
_PRE = re.compile(
    r"<(pre|div|code)\b[^>]{0,200}\bclass=[\"']?[^\"'>]{0,200}\bmermaid\b[^>]{0,200}>"
    r"(.*?)(?:</\1\s*>|\Z)",
    re.I | re.S,
)
_KEYWORD = re.compile(r"journey\s*(?:[#;%].*)?", re.I)
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,9})?")

REMARKS = 10_000

type Line = tuple[int, str]


def found_in(text: str) -> bool:
    """Whether the text holds a journey diagram."""
    return any(True for _lines in _diagrams(text))


def parse(text: str, title: str = "") -> tuple[MapPlan, list[Remark]]:
    """Reads the first journey diagram; `title` is for one that has none. Raises Unreadable."""
    diagrams = list(_diagrams(text))
    if not diagrams:
        raise Unreadable(_("there is no Mermaid journey diagram in this file"))
    remarks = []
    if len(diagrams) > 1:
        remarks.append(
            Remark(
                "",
                ngettext(
                    "The file holds %(count)d journey diagram; the first one was read.",
                    "The file holds %(count)d journey diagrams; the first one was read.",
                    len(diagrams),
                )
                % {"count": len(diagrams)},
            )
        )
    diagram = _Diagram(remarks)
    diagram.read(diagrams[0])
    if not any(tasks for _name, tasks in diagram.sections):
        raise Unreadable(_("the journey diagram has no steps"), diagrams[0][0][0])
    return diagram.plan(title), remarks


def _diagrams(text: str) -> Iterator[list[Line]]:
    """The numbered lines of each journey diagram, from the first line of its block."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [(match.start(2), match[2]) for match in _FENCE.finditer(text)]
    blocks += [(match.start(2), html.unescape(match[2])) for match in _PRE.finditer(text)]
    line, counted = 1, 0
    for start, block in sorted(blocks) or [(0, text)]:
        line, counted = line + text.count("\n", counted, start), start
        lines = list(enumerate(block.split("\n"), line))
        if _begins_journey(lines):
            yield lines


def _begins_journey(lines: list[Line]) -> bool:
    words = (line for _number, line in _without_front_matter(lines) if line)
    return bool(_KEYWORD.fullmatch(next(words, "")))


def _without_front_matter(lines: list[Line]) -> Iterator[Line]:
    """The stripped lines without front matter, comments and directives."""
    inside = comment = False
    begun = False
    for number, raw in lines:
        line = raw.strip()
        if line == "---" and (inside or not begun):
            inside, begun = not inside, True
            continue
        if line.startswith("%%{") or comment:
            comment = "}%%" not in line
            continue
        if inside or line.startswith(("%%", "#")):
            continue
        begun = begun or bool(line)
        yield number, line


@dataclass
class _Task:
    line: int
    name: str
    score: str
    actors: list[str]


@dataclass
class _Diagram:
    """One reading of one diagram."""

    remarks: list[Remark]
    title: str = ""
    about: str = ""
    tasks: int = 0
    sections: list[tuple[str, list[_Task]]] = field(default_factory=list)

    def read(self, lines: list[Line]) -> None:
        for _number, raw in lines:
            if match := re.fullmatch(r"\s*title:\s*[\"']?(.*?)[\"']?\s*", raw):
                self.title = match[1]  # front matter; a title in the diagram wins
            if _KEYWORD.fullmatch(raw.strip()):
                break
        describing = begun = False
        for number, line in _without_front_matter(lines):
            if not begun:
                begun = bool(_KEYWORD.fullmatch(line))
            elif describing:
                describing = "}" not in line
                about = f"{self.about}\n{line.partition('}')[0]}".strip()
                self.about = self.fitting(number, about, limits.CARD_TEXT)
            elif match := re.fullmatch(r"accDescr\s*\{(.*)", line, re.I):
                about, end, _rest = match[1].partition("}")
                self.about = self.fitting(number, about, limits.CARD_TEXT)
                describing = not end
            elif match := re.fullmatch(r"accDescr\s*:\s*(.*)", line, re.I):
                self.about = self.fitting(number, match[1], limits.CARD_TEXT)
            elif match := re.fullmatch(r"accTitle\s*:\s*(.*)", line, re.I):
                self.title = self.title or match[1]
            elif line:
                self.statement(number, line)

    def statement(self, number: int, line: str) -> None:
        """A title, a section or a task; `#` and `;` end it."""
        said = re.split(r"[#;]", line, maxsplit=1)[0].strip()
        if ";" in line and line.partition(";")[2].strip():
            self.remark(number, _("what stands behind the semicolon was left out"))
        word, rest, *_none = [*said.split(None, 1), "", ""]
        if word.lower() == "title" and rest:
            self.title = self.fitting(number, rest, limits.TITLE)
        elif word.lower() == "section" and rest:
            name = rest.partition(":")[0].strip()
            self.sections.append((self.fitting(number, name, limits.TITLE), []))
            self.check(number, limits.STAGES, len(self.sections))
        elif ":" in said:
            self.task(number, said)
        elif said:
            self.remark(number, _("“%(words)s” was not understood") % {"words": said})

    def task(self, number: int, said: str) -> None:
        name, score, actors, *_more = [*(part.strip() for part in said.split(":")), "", ""]
        if not self.sections:
            self.sections.append(("", []))
            self.remark(number, _("steps before the first section became a stage of their own"))
        self.tasks += 1
        self.check(number, limits.CARDS, self.tasks)
        owners = list(dict.fromkeys(filter(None, map(str.strip, actors.split(",")))))
        self.sections[-1][1].append(
            _Task(
                number,
                self.fitting(number, name, limits.CARD_TEXT),
                score,
                [self.fitting(number, owner, 200) for owner in owners],
            )
        )

    def plan(self, title: str) -> MapPlan:
        words = " ".join([self.title, *(name for name, _tasks in self.sections)])
        language = "ru" if re.search("[а-яё]", words, re.I) else "en"
        with override(language):
            begin, untitled = pgettext("first stage", "Beginning"), _("Untitled map")
        kinds = [lane_kind("actions", language), lane_kind("emotions", language)]
        plan = MapPlan(
            title=self.title or title or untitled,
            language=language,
            summary=self.about,
            lanes=[LanePlan(kind.key, kind.name, kind.content, kind.key) for kind in kinds if kind],
        )
        self.people(plan)
        owner_keys = {owner.name: owner.key for owner in plan.owners}
        number = 0
        for place, (name, tasks) in enumerate(self.sections, 1):
            stage = StagePlan(key=f"section-{place}", name=name or begin)
            plan.stages.append(stage)
            for task in tasks:
                number += 1
                card = CardPlan(f"task-{number}", stage.key, "actions", task.name)
                card.owner = owner_keys.get(task.actors[0], "") if task.actors else ""
                if len(task.actors) > 1:
                    card.extra = {"actors": task.actors}
                plan.cards.append(card)
                feeling = self.emotion(task)
                if feeling is not None:
                    plan.cards.append(
                        CardPlan(
                            f"score-{number}", stage.key, "emotions", task.name, emotion=feeling
                        )
                    )
        self.check(None, limits.CARDS, len(plan.cards))
        plan.cards = plan.in_order()
        return plan

    def people(self, plan: MapPlan) -> None:
        """One actor everywhere is the persona; several are owners."""
        actors = sorted(
            {actor for _name, tasks in self.sections for task in tasks for actor in task.actors}
        )
        if len(actors) == 1 and len(actors[0]) <= 100:
            plan.personas = [PersonaPlan(actors[0], plan.language)]
            return
        self.check(None, limits.OWNERS, len(actors))
        plan.owners = [OwnerPlan(f"actor-{n}", actor) for n, actor in enumerate(actors, 1)]
        if any(len(task.actors) > 1 for _name, tasks in self.sections for task in tasks):
            self.remark(
                None, _("A step has one owner: the first actor of each was taken, the others kept.")
            )

    def emotion(self, task: _Task) -> int | None:
        """(score − 3) × 2.5 rounded away from zero: 1 … 5 becomes −5, −3, 0, +3, +5."""
        if not _NUMBER.fullmatch(task.score):
            self.remark(
                task.line,
                _("the score “%(score)s” is not a number, so “%(task)s” has no emotion")
                % {"score": task.score, "task": task.name},
            )
            return None
        score = Decimal(task.score)
        if not 1 <= score <= 5:
            self.remark(
                task.line,
                _("the score %(score)s is outside 1 … 5; the nearest end was taken")
                % {"score": task.score},
            )
            score = min(max(score, Decimal(1)), Decimal(5))
        return int(((score - 3) * Decimal("2.5")).quantize(Decimal(1), ROUND_UP))

    def remark(self, line: int | None, text: str) -> None:
        if len(self.remarks) == REMARKS:
            raise Unreadable(_("most of this file was not understood"), line)
        self.remarks.append(Remark(at_line(line) if line else "", text))

    def fitting(self, line: int, text: str, most: int) -> str:
        if len(text) > most:
            raise Unreadable(limits.characters(most).sentence, line)
        return text

    def check(self, line: int | None, limit: limits.Limit, count: int) -> None:
        if count > limit.most:
            raise Unreadable(limit.sentence, line)
