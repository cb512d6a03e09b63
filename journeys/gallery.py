"""Cards for the gallery of components: every content in every state; none is in the database."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from personas.models import Persona

from .kinds import kind_of
from .models import Card, Journey, Lane, Metric, Owner

_OLGA = Persona(name="Ольга")
_ANNA = Owner(name="Анна Каренина")
_MAP = Journey()
_LONG = "Высококвалифицированный консультант отвечает в чате по будням, с 10 до 18, " * 3
_CARDS: dict[tuple[str, str], list[dict]] = {
    ("goals", "text"): [
        {"text": "Успеть с подарком"},
        {"text": "Красиво упаковать", "evidence": "evidenced"},
        {"text": "Заказать без лишних шагов", "evidence": "confirmed"},
        {"text": "Сравнить три магазина", "evidence": "refuted"},
        {"text": _LONG},
        {"text": "Найти флориста", "tags": ["осень", "срочно", "нужно исследование"]},
        {"text": "Не держать даты в голове", "color": "violet", "persona": _OLGA},
        {
            "text": "Всё сразу",
            "color": "amber",
            "persona": _OLGA,
            "tags": ["осень"],
            "evidence": "confirmed",
        },
    ],
    ("touchpoints", "touchpoint"): [
        {"text": "Курьер"},
        {
            "text": "Сайт",
            "channel": "website",
            "expectation": 8,
            "perception": 1,
            "way_in": True,
        },
        {"text": "Отзывы", "channel": "reviews", "expectation": 7, "perception": 7},
        {"text": "Письмо", "expectation": 5, "perception": 8, "moment_of_truth": True},
    ],
    ("questions", "text"): [
        {"text": "Что делать, если жены нет дома?"},
        {"text": "Чьи отзывы настоящие?", "emotion": -3},
        {"text": "Успеют ли к семи?", "emotion": 2, "status": "answered"},
        {"text": "Есть ли скидка?", "answer": "Постоянным клиентам"},
    ],
    ("barriers", "barrier"): [
        {"text": "В форме 14 полей"},
        *({"text": "Сайт далеко в выдаче", "severity": level} for level in (2, 4, 5)),
        {"text": "Нет свежих отзывов", "severity": 3, "status": "closed"},
    ],
    ("solutions", "solution"): [
        {"text": "Подмена у стойки"},
        {"text": "Просить отзыв с фото", "effort": 2, "impact": 5},
        {"text": "Чат-бот", "effort": 5, "impact": 2},
        {"text": "Открытка от руки", "effort": 1, "impact": 4, "remedy": "wow"},
    ],
    ("marketer_tasks", "task"): [
        {"text": "Собрать прайс"},
        {"text": "Запустить страницы", "owner": _ANNA, "status": "in_progress", "due_day": 14},
        {"text": "Обучить смену", "owner": _ANNA, "status": "done", "due_day": -2},
    ],
    ("kpi", "metric"): [
        {"text": "Повторные заказы"},
        {"text": "Конверсия", "metric": Metric(name="Конверсия", unit="%", plan=30, fact=18)},
    ],
    ("emotions", "emotion"): [
        {"text": "Злость: ждал", "emotion": -5},
        {"text": "Спокойно", "emotion": 0, "tags": ["осень"], "color": "green"},
        {"text": "Радость", "emotion": 4, "persona": _OLGA, "color": "pink"},
    ],
    ("owners", "owner"): [{"text": "Салон", "owner": _ANNA}, {"text": "Никто"}],
    ("choice_factors", "factor"): [
        {"text": "Цена", "factor_kind": "hard"},
        {"text": "Вежливость", "factor_kind": "soft"},
    ],
}
# What one screen alone knows of a card (static/js/map/map.js).
_STATES = [
    "data-ui-selected",
    "data-ui-selected-many",
    "data-ui-dimmed",
    "data-ui-linked",
    "data-ui-waiting",
    'data-ui-writer="Анна пишет" data-ui-hue="2"',
]


def lanes() -> list[tuple[Lane, list[SafeString]]]:
    """A lane of each content with its cards drawn."""
    return [
        (lane := Lane(kind=kind, content=content), [_draw(lane, values) for values in cards])
        for (kind, content), cards in _CARDS.items()
    ]


def states() -> list[SafeString]:
    """One card as a screen may have it: selected, faded, waiting, written by somebody else."""
    lane = Lane(kind="goals", content="text")
    plain = {"text": "Найти надёжного флориста", "evidence": "evidenced"}
    return [_draw(lane, plain, state) for state in _STATES]


def _draw(lane: Lane, values: dict, state: str = "") -> SafeString:
    card = Card(journey=_MAP, lane=lane, **values)
    drawn = render_to_string("journeys/card.html#display", {"card": card, "kind": kind_of(lane)})
    return mark_safe(drawn.replace("<article ", f"<article {state} ", 1))  # noqa: S308 our own drawing
