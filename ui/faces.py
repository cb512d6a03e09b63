"""The eleven faces of an emotion, −5 … +5, drawn by one rule for screen, wall and paper.

Only the mouth changes, evenly with the value, so −1, 0 and +1 differ by the same step everywhere.
"""

from django.utils.safestring import SafeString, mark_safe

# Drawn in a square of 24 units; 22 of them are the circle.
BOX = 24
_EYES = '<circle cx="8.6" cy="9.6" r="1.25"/><circle cx="15.4" cy="9.6" r="1.25"/>'


def mouth(value: int) -> str:
    """The path of the mouth; its ends rise as its middle sinks."""
    if not -5 <= value <= 5:
        raise ValueError(f"An emotion is −5 … +5, not {value}")
    bend = value * 0.95
    ends = 15.4 - bend * 0.32
    return f"M7.8 {ends:.2f}Q12 {ends + bend:.2f} 16.2 {ends:.2f}"


def face(value: int, colour: str = "currentColor", ground: str = "none") -> SafeString:
    """The inside of the face's `<svg>`; `ground` fills the circle where a line runs behind it."""
    return mark_safe(  # noqa: S308 - numbers and our own colours only
        f'<circle cx="12" cy="12" r="10.75" fill="{ground}" stroke="{colour}" stroke-width="1.75"/>'
        f'<g fill="{colour}">{_EYES}</g>'
        f'<path d="{mouth(value)}" fill="none" stroke="{colour}" stroke-width="1.75"'
        ' stroke-linecap="round"/>'
    )
