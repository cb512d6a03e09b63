"""Stages in two levels: which stand over which columns, and the loops between them.

A stage stands over a column of its own, or over the columns of its steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from journeys.models import Journey, Stage

FOCUS = 4  # from this weight on a stage is one to look at first


@dataclass(frozen=True)
class Heading:
    """A stage's header: `column` is the first it stands over, from 1; a step names the stage it
    is `within`, a loop the stage that it leads back to."""

    stage: Stage
    number: str
    of: int  # how many stages the map has
    column: int
    span: int = 1
    divided: bool = False
    within: Stage | None = None
    back_to: Stage | None = None

    @property
    def is_focus(self) -> bool:
        return (self.stage.weight or 0) >= FOCUS


@dataclass(frozen=True)
class Loop:
    """An arrow back over the headers: `span` columns are below it, `left` and `right` beside it.
    `forward`: its stages changed places since, and it leads to the right."""

    name: str
    left: int
    span: int
    right: int
    forward: bool = False


def rows_of(journey: Journey) -> list[Stage]:
    """The living stages and steps, in order."""
    return list(Stage.living.filter(journey=journey).order_by("position", "id"))


def tree(rows: Iterable[Stage]) -> list[tuple[Stage, list[Stage]]]:
    """Each stage with its steps; steps of a deleted stage are hidden with it."""
    below = defaultdict(list)
    for stage in rows:
        below[stage.parent_id].append(stage)
    return [(stage, below[stage.pk]) for stage in below[None]]


def leaves(rows: Iterable[Stage]) -> list[Stage]:
    """The columns: steps in the place of their stage."""
    return [leaf for stage, steps in tree(rows) for leaf in steps or [stage]]


def headings(rows: Iterable[Stage]) -> list[Heading]:
    """The headers from left to right, each stage before its steps."""
    stages = tree(rows)
    shown = {row.pk: row for stage, steps in stages for row in (stage, *steps)}
    found: list[Heading] = []
    column = 1

    def head(stage: Stage, number: str, **more) -> None:
        back_to = shown.get(stage.loop_to_id) if stage.loop_to_id else None
        found.append(Heading(stage, number, len(stages), column, back_to=back_to, **more))

    for number, (stage, steps) in enumerate(stages, 1):
        head(stage, f"{number}", span=len(steps) or 1, divided=bool(steps))
        for place, step in enumerate(steps, 1):
            head(step, f"{number}.{place}", within=stage)
            column += 1
        column += not steps
    return found


def loops(heads: Sequence[Heading]) -> list[Loop]:
    """The arrows, from the middle of one header's last column to that of another's first; the
    shortest come last, nearest to the headers."""
    of = {head.stage.pk: head for head in heads}
    columns = heads[-1].column + heads[-1].span - 1 if heads else 0
    found = []
    for head in heads:
        if head.back_to:
            start, end = head.column + head.span - 1, of[head.back_to.pk].column
            first, last = sorted((start, end))
            found.append(
                Loop(
                    head.stage.loop_name,
                    left=first - 1,
                    span=last - first + 1,
                    right=columns - last,
                    forward=end > start,
                )
            )
    return sorted(found, key=lambda loop: -loop.span)
