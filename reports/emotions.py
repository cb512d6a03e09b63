"""Where the emotions stand on paper: the line, its faces, and words that nothing runs through.

Each comment gets the strip of its own point, so comments can't meet each other; it goes above or
below its face, whichever is nearer once it has cleared the line and the zero line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace

from journeys.reads import curve

from .assets import DASHES
from .measure import widest_word, width, wrap

# In card sizes (em).
VALUE, LINE, FACE, GAP, PAD = 1.75, 1.32, 2.1, 0.3, 0.7
# How much farther a comment may stand from its face to be on its own side of it.
DETOUR = 1.2
# A cell with a longer comment than this has its words under the curve.
LINES = 4


@dataclass(frozen=True)
class Spot:
    """A face and its words. Millimetres: `x` from the column's left edge, `y` and `top` from the
    lane's top edge; `top` is where the value and the words begin."""

    column: int
    x: float
    y: float
    width: float
    top: float
    value: int
    text: str


@dataclass(frozen=True)
class Voice:
    """Whose line it is; `dash` is how it is drawn."""

    names: str
    line: str
    dash: str


@dataclass(frozen=True)
class _Whose:
    """A persona, who is known on paper by the name."""

    pk: str


@dataclass(frozen=True)
class _Feeling:
    emotion: int | None
    persona_id: str | None


@dataclass(frozen=True)
class Picture:
    """The drawing of one lane: `zero` is where the zero line runs, `line` and `area` are SVG
    path data whose +5 stands `above` under the lane's top edge. `voices` are the lines of
    several personas, the first of them being `line`; of one there are none."""

    height: float
    above: float
    zero: float
    line: str
    area: str
    spots: tuple[Spot, ...]
    voices: tuple[Voice, ...]
    # Per column: what goes under the curve: words that are too long for it or without a value,
    # and images.
    below: tuple[tuple, ...]

    @property
    def top(self) -> float:
        """Where the lane begins, seen from +5: above it, or below when nothing is so good."""
        return -self.above


def picture(
    cells: Sequence[Sequence],
    *,
    column: float,
    em: float,
    scale: float,
    personas: Sequence[str] = (),
) -> Picture:
    """Places the emotions of a lane over columns `column` wide, −5 … +5 being `scale` high."""
    told = curve.voices(
        [[_Feeling(card.emotion, card.persona or None) for card in cell] for cell in cells],
        [_Whose(name) for name in personas],
    )
    at = told[0].points
    box = {"width": column * len(cells), "height": scale, "columns": len(cells)}
    line = curve.path(at, **box)
    outline = curve.outline(line)
    strips = [column / max(len(cell), 1) - 0.8 * em for cell in cells]
    beside = [
        all(
            widest_word(card.text) * em <= strip and len(wrap(card.text, strip / em)) <= LINES
            for card in cell
            if card.emotion is not None
        )
        for cell, strip in zip(cells, strips, strict=True)
    ]

    placed = []
    for i, cell in enumerate(cells):
        for place, card in enumerate(cell):
            if card.emotion is not None:
                x = (i + (place + 0.5) / len(cell)) * column
                y = (5 - card.emotion) * scale / 10
                words = wrap(card.text, strips[i] / em) if beside[i] else []
                top = _beside(x, y, words, em, scale / 2, outline)
                text = card.text if beside[i] else ""
                spot = Spot(i, x - i * column, y, strips[i], top, card.emotion, text)
                placed.append((spot, top + (VALUE + LINE * len(words)) * em))

    face = FACE * em / 2
    top = min((min(spot.y - face, spot.top) for spot, _end in placed), default=0)
    bottom = max((max(spot.y + face, end) for spot, end in placed), default=scale)
    # Only as much of the scale is shown as the points use, with the zero line always.
    above = PAD * em - min(top, scale / 2 - em)
    return Picture(
        height=above + max(bottom, scale / 2 + em) + PAD * em,
        above=above,
        zero=above + scale / 2,
        line=line,
        area=curve.area(at, **box),
        voices=tuple(
            Voice(
                ", ".join(persona.pk for persona in voice.personas),
                curve.path(voice.points, **box),
                " ".join(f"{part * em:.2f}" for part in DASHES[place % len(DASHES)]),
            )
            for place, voice in enumerate(told)
            if voice.personas and voice.points
        ),
        spots=tuple(replace(spot, y=spot.y + above, top=spot.top + above) for spot, _end in placed),
        below=tuple(
            tuple(
                _without_words(card) if fits and card.emotion is not None else card
                for card in cell
                if _images(card) or (card.text and (card.emotion is None or not fits))
            )
            for cell, fits in zip(cells, beside, strict=True)
        ),
    )


def _images(card):
    return getattr(card, "images", ())


def _without_words(card) -> SimpleNamespace:
    """A card whose words stand at its face: its images stand under the curve."""
    return SimpleNamespace(**vars(card) | {"text": ""})


def _beside(
    x: float,
    y: float,
    words: list[str],
    em: float,
    zero: float,
    outline: Callable[[float, float], tuple[float, float]],
) -> float:
    """The top of a comment: as near to its face as the line and the zero line let it."""
    half = max([width(line) for line in words], default=1.5) * em / 2 + 0.2 * em
    high, low = outline(x - half, x + half)
    tall = (VALUE + LINE * len(words)) * em
    bottom = min(high, y - FACE * em / 2) - GAP * em
    if bottom - tall < zero < bottom + GAP * em:
        bottom = zero - GAP * em
    top = max(low, y + FACE * em / 2) + GAP * em
    if top - GAP * em < zero < top + tall:
        top = zero + GAP * em
    # Good feelings are told above, bad ones below, unless that is much farther away.
    favour = DETOUR * em if y > zero else -DETOUR * em
    return bottom - tall if y - bottom + favour <= top - y else top
