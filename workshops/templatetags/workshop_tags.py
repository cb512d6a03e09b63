"""Small things that the screens of a workshop draw."""

from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from journeys.models import Lane
from ui.faces import face
from ui.text import MINUS, figure, signed
from workshops import codes, links
from workshops.models import ASPECTS, Workshop
from workshops.reads.results import Spread

register = template.Library()
register.filter("code", codes.shown)
register.simple_tag(links.qr, name="qr")
register.filter("bare_face", face)

SCALES = {"emotion": (-5, 5), "expectation": (1, 10), "perception": (1, 10)}
MOST_SLIPS, MOST_DOTS = 6, 12
SLIP, DOT, BAR = (
    mark_safe(f'<i class="{name}"></i>')  # noqa: S308 our own words
    for name in ("slip", "vote-dot", "vote-bar")
)


@register.filter
def left_ms(workshop: Workshop) -> int:
    """Milliseconds until the step's time is over; what has passed over is below zero."""
    if workshop.paused_left is not None:
        return 1000 * workshop.paused_left
    if workshop.ends_at is None:
        return 0
    return int((workshop.ends_at - timezone.now()).total_seconds() * 1000)


@register.filter
def at_least(number: int, least: int) -> int:
    """The number, or the least that makes sense."""
    return max(number, least)


@register.filter
def add_number(number: float, more: float) -> str:
    """A sum as SVG wants it, whatever the language's decimal sign."""
    return f"{number + more:g}"


@register.filter
def clock(seconds: int | None) -> str:
    """«2:15»."""
    return f"{(seconds or 0) // 60}:{(seconds or 0) % 60:02d}"


@register.filter
def rated(value: float, name: str) -> str:
    """A value of a scale as people write it: feelings with their sign, halves by the language."""
    words = figure(abs(value))
    if name != "emotion" or not value:
        return words
    return f"{MINUS if value < 0 else '+'}{words}"


@register.filter
def aspect(name: str) -> str:
    """The rated question in words."""
    return str(ASPECTS[name])


@register.filter
def feelings(values: Sequence[int]) -> str:
    """«−3, +2»."""
    return ", ".join(map(signed, values))


@register.simple_tag
def lane_ref(lane: Lane) -> str:
    """The lane as the spotlight names it."""
    return f"lane:{lane.pk.hex}"


@register.simple_tag
def slips(count: int, tallest: int) -> SafeString:
    """A pile of blank slips: nobody learns anything of what is on them. Where a pile has too many
    to be drawn, all are bars of comparable heights."""
    if tallest <= MOST_SLIPS:
        return mark_safe(count * SLIP)  # noqa: S308 our own words
    height = round(100 * count / tallest)
    return format_html(
        '<svg class="slip-bar" viewBox="0 0 100 100" preserveAspectRatio="none">'
        '<rect width="100" height="{}" y="{}"/></svg>',
        height,
        100 - height,
    )


@register.simple_tag
def vote_dots(count: int) -> SafeString:
    """A dot a vote; beyond a dozen a bar, whose number stands beside it."""
    if count > MOST_DOTS:
        return BAR
    return mark_safe(count * DOT)  # noqa: S308 our own words


@register.simple_tag
def strip(spread: Spread, name: str) -> SafeString:
    """Each answer as a dot over its scale, equal ones above each other, the median as a line."""
    low, high = SCALES.get(name, (1, 5))
    step = 100 / (high - low)
    seen: dict[int, int] = {}
    dots = []
    for value in spread.values:
        level = seen[value] = seen.get(value, 0) + 1
        dots.append((f"{4 + (value - low) * step:.1f}", f"{27 - 4.4 * min(level, 6):.1f}"))
    return format_html(
        '<svg class="strip" viewBox="0 0 108 30" aria-hidden="true">'
        '<line class="strip-scale" x1="4" x2="104" y1="27" y2="27"/>'
        '<line class="strip-median" x1="{x}" x2="{x}" y1="1" y2="29"/>{dots}</svg>',
        x=f"{4 + (float(spread.median) - low) * step:.1f}",
        dots=format_html_join("", '<circle cx="{}" cy="{}" r="2"/>', dots),
    )


@register.filter
def of(found: dict, key: object) -> object:
    """What a dictionary has under a key, or nothing."""
    return found.get(key, ())
