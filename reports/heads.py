"""What stands over the columns of a printed map: the stages of steps, and the loops back."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from django.utils.translation import gettext as _

# In card sizes (em): one loop above another; the tip of an arrow; a name with its arrow's rest.
LEVEL, TIP, NAMED = 1.75, 0.75, 5
# Where in its columns a loop begins and ends, so that two of them don't meet.
START, END = 0.58, 0.42


@dataclass(frozen=True)
class Part:
    """A stage over the columns of its steps; without a label, stages that have no steps."""

    span: int
    label: str = ""
    name: str = ""


@dataclass(frozen=True)
class Loop:
    """An arrow from one column back to another, counted from 0; level 1 is nearest to the heads."""

    start: int
    end: int
    name: str
    level: int

    def overlaps(self, other: Self) -> bool:
        return max(min(self.start, self.end), min(other.start, other.end)) <= min(
            max(self.start, self.end), max(other.start, other.end)
        )


def parts(stages: Sequence) -> list[Part]:
    """The stages over these columns, if any of them is a step."""
    if not any(stage.part_of for stage in stages):
        return []
    grouped = groupby(stages, key=lambda stage: tuple(stage.part_of or ()))
    return [Part(len(list(columns)), *part) for part, columns in grouped]


def loops(stages: Sequence) -> list[Loop]:
    """All loops of a map, the shortest lowest."""
    found: list[Loop] = []
    for stage in sorted(
        (one for one in stages if one.back_to), key=lambda one: abs(one.number - one.back_to)
    ):
        loop = Loop(stage.number - 1, stage.back_to - 1, stage.loop_name, 1)
        under = (other.level for other in found if loop.overlaps(other))
        found.append(Loop(loop.start, loop.end, loop.name, 1 + max(under, default=0)))
    return found


def height(stages: Sequence, em: float) -> float:
    """How much room the loops take, in millimetres."""
    return LEVEL * em * max((loop.level + 0.4 for loop in loops(stages)), default=0)


def drawn(stages: Sequence, columns: Sequence[int], column: float, em: float) -> dict | None:
    """The loops over one sheet, in millimetres of the whole map; a sheet is a window on it."""
    high = height(stages, em)
    left, right = column * columns[0], column * (columns[-1] + 1)
    lines, says = [], []
    for loop in loops(stages):
        x0, x1 = (loop.start + START) * column, (loop.end + END) * column
        if max(x0, x1) < left or min(x0, x1) > right:
            continue
        y = high - (loop.level - 0.1) * LEVEL * em
        bend, back = 0.6 * em, (0.6 if x1 < x0 else -0.6) * em
        tip = high - TIP * em
        to = stages[loop.end]
        whereto = f"{to.label} {to.name}"
        name = loop.name or _("back to “%(stage)s”") % {"stage": to.name}
        says.append(f"{stages[loop.start].label} {stages[loop.start].name} → {whereto}: {name}")
        begin, finish = max(min(x0, x1), left), min(max(x0, x1), right)
        lines.append(
            {
                "line": f"M{x0:.2f} {high:.2f}V{y + bend:.2f}q0 {-bend:.2f} {-back:.2f} {-bend:.2f}"
                f"H{x1 + back:.2f}q{-back:.2f} 0 {-back:.2f} {bend:.2f}V{tip:.2f}",
                "tip": f"M{x1:.2f} {high:.2f}l{-TIP * em / 2:.2f} {-TIP * em:.2f}h{TIP * em:.2f}z",
                "named": finish - begin > NAMED * em,
                # Where the tip is on another sheet, the name says where it leads.
                "name": name if left <= x1 <= right or not loop.name else f"{name}: {whereto}",
                "left": begin - left,
                "width": finish - begin,
                "top": y - 0.65 * em,
            }
        )
    return {"lines": lines, "says": "; ".join(says), "height": high, "left": left}
