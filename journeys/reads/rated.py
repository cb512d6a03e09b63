"""What a room answered about a card, in words: a median beside a value is only as good as the
number of those who answered and how far apart they were."""

from collections.abc import Mapping

from django.utils.translation import ngettext

from journeys.kinds import kind_of
from journeys.models import Card
from ui.text import MINUS, figure


def on_scale(value: float, question: str) -> str:
    """A value as people write it: feelings with their sign, halves by the language."""
    words = figure(abs(value))
    if question != "emotion" or not value:
        return words
    return f"{MINUS if value < 0 else '+'}{words}"


def said(card: Card) -> list[str]:
    """A sentence for each question; it says where the card's value is not what the room answered,
    because another one was taken then, or because somebody has changed it since."""
    fields = kind_of(card.lane).fields
    return [
        _sentence(one, getattr(card, one["question"])) % _words(one, fields)
        for one in card.rated
        if one["question"] in fields
    ]


def _sentence(one: Mapping, value: int | None) -> str:
    count = one["answers"]
    if value != one["taken"]:
        return ngettext(
            "%(field)s: changed since the workshop; there it was %(median)s, "
            "the median of %(count)s answer, from %(low)s to %(high)s",
            "%(field)s: changed since the workshop; there it was %(median)s, "
            "the median of %(count)s answers, from %(low)s to %(high)s",
            count,
        )
    if one["taken"] != one["median"]:
        return ngettext(
            "%(field)s: set to %(taken)s; the median of %(count)s answer was %(median)s, "
            "from %(low)s to %(high)s",
            "%(field)s: set to %(taken)s; the median of %(count)s answers was %(median)s, "
            "from %(low)s to %(high)s",
            count,
        )
    return ngettext(
        "%(field)s: the median of %(count)s answer, from %(low)s to %(high)s",
        "%(field)s: the median of %(count)s answers, from %(low)s to %(high)s",
        count,
    )


def _words(one: Mapping, fields: Mapping) -> dict[str, str]:
    question = one["question"]
    return {
        "field": str(fields[question].label),
        "count": figure(one["answers"]),
        "median": on_scale(one["median"], question),
        "low": on_scale(one["lowest"], question),
        "high": on_scale(one["highest"], question),
        "taken": on_scale(one["taken"], question),
    }
