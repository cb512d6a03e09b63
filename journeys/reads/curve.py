"""The emotion curve: a monotone cubic through one point per emotion card (never a mean).

Monotone (Fritsch–Carlson, 1980) because an ordinary spline would swing past −5 between two
points and draw a feeling nobody had.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple


class Point(NamedTuple):
    """`x` in columns (stage 2's only card stands at 1.5), `value` −5 … +5."""

    x: float
    value: float


def points(columns: Sequence[Sequence[int | None]]) -> list[Point]:
    """Spreads each column's values evenly over its width, in order; None has no point."""
    return [
        Point(index + (place + 0.5) / len(values), value)
        for index, values in enumerate(columns)
        for place, value in enumerate(values)
        if value is not None
    ]


class Voice(NamedTuple):
    """A line of its own, and whose it is; nobody's where there is one line for all."""

    personas: tuple
    points: list[Point]


def voices(columns: Sequence[Sequence], personas: Sequence) -> list[Voice]:
    """A line for each persona through its own cards and those about all. Personas without cards
    of their own share one; where no card is about one of several personas, all do.

    A card is anything with `emotion` and `persona_id`. All stand side by side in their column,
    whosever they are: a line goes through its faces.
    """
    known = {persona.pk for persona in personas}

    def through(pk: object) -> list[Point]:
        others = known - {pk}
        return points(
            [
                [None if card.persona_id in others else card.emotion for card in column]
                for column in columns
            ]
        )

    lines: dict[tuple, list] = {}
    for persona in personas:
        lines.setdefault(tuple(through(persona.pk)), []).append(persona)
    if len(lines) < 2:
        return [Voice((), through(None) if not personas else through(personas[0].pk))]
    return [Voice(tuple(whose), list(line)) for line, whose in lines.items()]


def _tangents(at: Sequence[Point]) -> list[float]:
    slopes = [(b.value - a.value) / (b.x - a.x) for a, b in itertools.pairwise(at)]
    tangents = [slopes[0], *[0.0] * (len(at) - 2), slopes[-1]]
    for i in range(1, len(at) - 1):
        before, after = slopes[i - 1], slopes[i]
        if before * after > 0:  # the same direction: weighted harmonic mean
            left, right = at[i].x - at[i - 1].x, at[i + 1].x - at[i].x
            w1, w2 = 2 * right + left, right + 2 * left
            tangents[i] = (w1 + w2) / (w1 / before + w2 / after)
    return tangents


def path(at: Sequence[Point], *, width: float, height: float, columns: float) -> str:
    """The line as SVG path data in a box of `width` × `height`: +5 on top, flat to both edges."""
    if not at:
        return ""

    def place(x: float, value: float) -> str:
        return f"{x * width / columns:.2f} {(5 - value) * height / 10:.2f}"

    parts = [f"M{place(0, at[0].value)} L{place(*at[0])}"]
    if len(at) > 1:
        tangents = _tangents(at)
        for i, (a, b) in enumerate(itertools.pairwise(at)):
            third = (b.x - a.x) / 3
            parts.append(
                f"C{place(a.x + third, a.value + tangents[i] * third)} "
                f"{place(b.x - third, b.value - tangents[i + 1] * third)} {place(*b)}"
            )
    parts.append(f"L{place(columns, at[-1].value)}")
    return " ".join(parts)


def area(at: Sequence[Point], *, width: float, height: float, columns: float) -> str:
    """The surface between the line and zero, for the soft fill; clip it above or below zero."""
    line = path(at, width=width, height=height, columns=columns)
    zero = f"{height / 2:.2f}"
    return line and f"{line} L{width:.2f} {zero} L0 {zero} Z"


def outline(path: str) -> Callable[[float, float], tuple[float, float]]:
    """How high and how low the line runs between two x."""
    at: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([MLC])([^MLC]*)", path):
        xy = [float(n) for n in numbers.split()]
        if command == "C":
            (x0, y0), (x1, y1, x2, y2, x3, y3) = at[-1], xy
            for t in (step / 16 for step in range(1, 17)):
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
                at.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
        else:
            at.append((xy[0], xy[1]))

    def between(left: float, right: float) -> tuple[float, float]:
        heights = []
        for (ax, ay), (bx, by) in itertools.pairwise(at):
            if bx >= left and ax <= right and bx > ax:
                heights += [
                    ay + (by - ay) * (min(max(x, ax), bx) - ax) / (bx - ax) for x in (left, right)
                ]
        return min(heights, default=0), max(heights, default=0)

    return between
