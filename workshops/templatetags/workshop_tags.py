"""Small things that the screens of a workshop draw."""

from collections.abc import Sequence

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from journeys.models import Lane
from journeys.reads.rated import on_scale
from ui.faces import face
from ui.templatetags.ui import nbsp
from ui.text import signed
from workshops import codes, links
from workshops.models import ASPECTS, STANDINGS, Guest, Workshop
from workshops.reads.results import Spread
from workshops.reads.room import Column

register = template.Library()
register.filter("code", codes.shown)
register.simple_tag(links.qr, name="qr")
register.filter("rated", on_scale)
register.filter("bare_face", face)

SCALES = {"emotion": (-5, 5), "expectation": (1, 10), "perception": (1, 10)}
MOST_SLIPS, MOST_DOTS = 6, 12
SLIP, DOT, BAR = (
    mark_safe(f'<i class="{name}"></i>')  # noqa: S308 our own words
    for name in ("slip", "vote-dot", "vote-bar")
)

# A shape for each that people may be, so that no colour is needed to tell them apart.
SHAPES = {
    who: mark_safe(svg)  # noqa: S308 our own words
    for who, svg in {
        "staff": '<circle r="2"/>',
        "newcomer": '<rect x="-1.8" y="-1.8" width="3.6" height="3.6"/>',
        "outsider": '<path d="M0-2.3l2.3 4h-4.6z"/>',
        "": '<circle class="hollow" r="1.6"/>',
    }.items()
}


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


@register.simple_tag
def given(column: Column, language: str, names: bool = True) -> SafeString:
    """What everybody wrote in a stage: drawn once for all phones that show this scene."""
    if names not in column.drawn:
        column.drawn[names] = format_html_join(
            "",
            '<li lang="{}">{}{}</li>',
            ((language, nbsp(card.text), _by(card) if names else "") for card in column.cards),
        )
    return column.drawn[names]


def _by(card) -> SafeString | str:
    return format_html('<span class="quiet small">{}</span>', card.by) if card.by else ""


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
    """Each answer as a dot over its scale, equal ones above each other, the median as a line. Who
    people are is told by the dots' shapes, where it is shown."""
    low, high = SCALES.get(name, (1, 5))
    step = 100 / (high - low)
    seen: dict[int, int] = {}
    dots = []
    parts = spread.parts or (("staff", spread),)
    for value, who in sorted((value, who) for who, part in parts for value in part.values):
        level = seen[value] = seen.get(value, 0) + 1
        x, y = 4 + (value - low) * step, 27 - 4.4 * min(level, 6)
        dots.append((f"{x:.1f} {y:.1f}", SHAPES[who]))
    return format_html(
        '<svg class="strip" viewBox="0 0 108 30" aria-hidden="true">'
        '<line class="strip-scale" x1="4" x2="104" y1="27" y2="27"/>'
        '<line class="strip-median" x1="{x}" x2="{x}" y1="1" y2="29"/>{dots}</svg>',
        x=f"{4 + (float(spread.median) - low) * step:.1f}",
        dots=format_html_join("", '<g transform="translate({})">{}</g>', dots),
    )


@register.simple_tag
def shape(standing: str) -> SafeString:
    """What the dots of such people look like."""
    return format_html(
        '<svg class="shape" viewBox="-3 -3 6 6" aria-hidden="true">{}</svg>', SHAPES[standing]
    )


@register.filter
def standing(name: str) -> str:
    """Who people are, in words."""
    return str(STANDINGS[name])


@register.filter
def people(guests: Sequence[Guest]) -> int:
    """How many people they are: a phone may stand for a whole table."""
    return sum(guest.heads for guest in guests)


@register.filter
def of(found: dict, key: object) -> object:
    """What a dictionary has under a key, or nothing."""
    return found.get(key, ())
