"""How numbers and dates are written on paper, in the language that is active."""

import re
from datetime import date
from decimal import Decimal

from django import template
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext

from ui.text import MINUS, NBSP
from ui.text import figure as figure_of

register = template.Library()

_TOGETHER = re.compile(r"(?<![\w/;&])(\w{1,3}/\w{1,3}(?![\w/])|\d+–\d+)")


@register.filter
def figure(value: float) -> str:
    """A number as people write it: 5 900, 4,2."""
    text = f"{Decimal(repr(value)):f}"
    decimals = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    written = number_format(value, decimals, use_l10n=True, force_grouping=True)
    return written.replace("-", MINUS)


@register.filter
def day(value: str, seen_from: str = "") -> str:
    """12 Nov, or 1 Jan 2027 when that is not this year. Both are ISO dates."""
    known = date.fromisoformat(value)
    near = seen_from and date.fromisoformat(seen_from).year == known.year
    form = (
        pgettext("format of a day", "j M")
        if near
        else pgettext("format of a day with its year", "j M Y")
    )
    return date_format(known, form).replace(" ", NBSP)


@register.filter
def words(text: str) -> SafeString:
    """Escaped text in which A/B and 2–6 are not parted by a line's end."""
    kept = _TOGETHER.sub(r'<span class="nowrap">\1</span>', escape(text))
    return mark_safe(kept)  # noqa: S308 - escaped


@register.filter
def shorten(text: str, longest: int) -> str:
    """A text that stands in full elsewhere, cut behind a word; spaces of all kinds are spaces."""
    text = " ".join(text.split(" "))
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    at = max(kept.rfind(space) for space in (" ", NBSP, "\n"))
    return kept[: at if at > longest / 2 else len(kept)].rstrip(f" {NBSP},.;:—–-") + "…"


@register.filter
def sum_of(value: str, currency: str) -> str:
    """A sum of money: 80 000 ₽."""
    return f"{figure_of(value)}{NBSP}{currency}"


@register.filter
def label_in(number: int, stages: list) -> str:
    """The number of a column as readers see it: 2, or 2.1 for a step."""
    return stages[number - 1].label


@register.filter
def mm(value: float) -> str:
    """A length for a stylesheet or a drawing: two decimals, a point in every language."""
    return f"{value:.2f}"


@register.filter
def beyond(items: list, shown: int) -> int:
    """How many are not shown."""
    return max(len(items) - shown, 0)
