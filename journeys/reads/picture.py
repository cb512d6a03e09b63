"""A thumbnail's lines as SVG data, in a box of 320 × 154: the curve, below it a strip of bars."""

from dataclasses import dataclass

from ui.faces import face
from ui.tones import emotion_tone, gap_tone

from . import curve
from .thumbnails import Thumbnail

WIDTH, CURVE, MARGIN = 320, 118, 15
ZERO = CURVE + 13  # of the strip; nine steps down fit below it
STEP, BAR = 2, 6
FACE = 22


@dataclass(frozen=True)
class Picture:
    """What templates/journeys/thumbnail.html writes down."""

    line: str
    others: tuple[str, ...]  # lines of further personas
    area: str
    verticals: tuple[float, ...]
    bars: tuple[dict, ...]
    faces: tuple[dict, ...]


def picture_of(thumbnail: Thumbnail) -> Picture:
    """Everything in numbers."""
    columns = max(thumbnail.columns, 1)
    height = CURVE - 2 * MARGIN
    box = {"width": WIDTH, "height": height, "columns": columns}
    main, *others = thumbnail.voices
    extremes = {point for point in (thumbnail.lowest, thumbnail.highest) if point}
    return Picture(
        line=curve.path(main, **box),
        others=tuple(curve.path(voice, **box) for voice in others),
        area=curve.area(main, **box),
        verticals=tuple(round(WIDTH * n / columns, 1) for n in range(1, columns)),
        bars=tuple(
            {
                "x": round(WIDTH * bar.x / columns - BAR / 2, 1),
                "y": ZERO if bar.level < 0 else ZERO - STEP * bar.level,
                "height": STEP * abs(bar.level),
                "tone": gap_tone(bar.level),
            }
            for bar in thumbnail.bars
        ),
        faces=tuple(
            {
                "x": round(WIDTH * point.x / columns - FACE / 2, 1),
                "y": round(MARGIN + (5 - point.value) * height / 10 - FACE / 2, 1),
                "tone": emotion_tone(int(point.value)),
                "drawing": face(int(point.value), ground="var(--card)"),
            }
            for point in extremes
        ),
    )
