"""The small drawings that carry the method's numbers: rail, dots, square.

Inline SVG with presentation attributes and classes only; colour comes from CSS
(static/css/marks.css). Each says its numbers to a screen reader.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from .faces import BOX, face
from .text import signed
from .tones import emotion_tone, gap_tone


def _at(score: int) -> str:
    return f"{(score - 1) / 9:.2%}"


_TICKS = format_html_join(
    "",
    '<line class="rail-tick" x1="{0}" x2="{0}" y1="4" y2="10"/>',
    ((_at(score),) for score in (1, 4, 7, 10)),
)


def face_mark(value: int, size: int = 24) -> SafeString:
    """An emotion as a face."""
    return format_html(
        '<svg class="face tone-{}" width="{}" height="{}" viewBox="0 0 {} {}" role="img"'
        ' aria-label="{}">{}</svg>',
        emotion_tone(value),
        size,
        size,
        BOX,
        BOX,
        _("Emotion %(value)s") % {"value": signed(value)},
        face(value),
    )


def rail(expectation: int | None, perception: int | None) -> SafeString:
    """A touchpoint's two scores on one scale 1–10: ring = expectation, dot = perception.

    Positions are percentages, so that the rail is as wide as its place. Both scores missing:
    an empty rail; one missing: its mark alone.
    """
    gap = None if expectation is None or perception is None else perception - expectation
    return format_html(
        '<svg class="rail tone-{}" height="14" role="img" aria-label="{}">'
        '<line class="rail-line" x1="0%" x2="100%" y1="7" y2="7"/>{}{}{}{}</svg>',
        gap_tone(gap),
        _rail_label(expectation, perception),
        _TICKS,
        _rail_bar(expectation, perception),
        _rail_circle("ring", expectation, "5"),
        # Inside the ring when both are equal.
        _rail_circle("dot", perception, "2.75" if gap == 0 else "4.75"),
    )


def _rail_bar(expectation: int | None, perception: int | None) -> str:
    if expectation is None or perception is None or expectation == perception:
        return ""
    return format_html(
        '<line class="rail-bar" x1="{}" x2="{}" y1="7" y2="7"/>', _at(expectation), _at(perception)
    )


def _rail_circle(name: str, score: int | None, radius: str) -> str:
    if score is None:
        return ""
    return format_html('<circle class="rail-{}" cx="{}" cy="7" r="{}"/>', name, _at(score), radius)


def _rail_label(expectation: int | None, perception: int | None) -> str:
    if expectation is None and perception is None:
        return _("Not rated yet")
    return _("Expected %(expectation)s, got %(perception)s") % {
        "expectation": "—" if expectation is None else expectation,
        "perception": "—" if perception is None else perception,
    }


def dots(value: int | None, kind: str = "severity") -> SafeString:
    """A scale of 1–5 as filled dots: `severity` of a barrier or `importance` of a touchpoint."""
    value = value or 0
    label = {
        "severity": _("Severity %(value)s of 5"),
        "importance": _("Importance %(value)s of 5"),
    }[kind] % {"value": value}
    tone = "loud" if kind == "severity" and value >= 4 else kind
    return format_html(
        '<svg class="dots dots-{}" width="48" height="10" viewBox="0 0 48 10" role="img"'
        ' aria-label="{}">{}</svg>',
        tone,
        label,
        format_html_join(
            "",
            '<circle class="{}" cx="{}" cy="5" r="3.25"/>',
            (("on" if n < value else "off", 4 + n * 10) for n in range(5)),
        ),
    )


def effort_impact(effort: int | None, impact: int | None) -> SafeString:
    """A solution as one dot in a square: effort to the right, impact upwards, both 1–5."""
    if effort is None or impact is None:
        return _square("", _("Not rated yet"), "")
    dot = format_html(
        '<circle class="square-dot" cx="{}" cy="{}" r="3"/>', effort * 4, 24 - impact * 4
    )
    label = _("Effort %(effort)s, impact %(impact)s of 5") % {"effort": effort, "impact": impact}
    do_first = effort <= 2 and impact >= 4
    return _square(" square-first" if do_first else "", label, dot)


def _square(css: str, label: str, dot: str) -> SafeString:
    return format_html(
        '<svg class="square{}" width="24" height="24" viewBox="0 0 24 24" role="img"'
        ' aria-label="{}"><rect class="square-edge" x=".5" y=".5" width="23" height="23" rx="3.5"/>'
        '<path class="square-cross" d="M12 1v22M1 12h22"/>{}</svg>',
        css,
        label,
        dot,
    )
