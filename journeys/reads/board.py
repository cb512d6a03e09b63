"""A map's grid as data, in a fixed number of queries whatever its size.

Cards are read as thin lines (what the grid and the method need); the full row is read only for
faces that are not in the cache (drawing.py).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from changes.models import Conflict
from journeys.kinds import KINDS
from journeys.models import ON_BOARD, Card, Journey, Lane, Lift, Stage
from personas.models import Persona
from teams.actors import Actor
from ui.ids import dom_id

from . import method
from .stages import Heading, Loop, headings, leaves, loops, rows_of

LONG = 16  # cards in a cell: about a screen


class Line(NamedTuple):
    """What the grid and the method need to know of a card."""

    pk: UUID
    version: int
    stage_id: UUID
    lane_id: UUID
    emotion: int | None
    expectation: int | None
    perception: int | None
    importance: int | None
    status: str
    touchpoint_id: UUID | None
    persona_id: UUID | None
    persona_seq: int | None
    owner_version: int | None
    metric_version: int | None


_COLUMNS = (
    "pk",
    "version",
    "stage_id",
    "lane_id",
    "emotion",
    "expectation",
    "perception",
    "importance",
    "status",
    "touchpoint_id",
    "persona_id",
    "persona__seq",
    "owner__version",
    "metric__version",
)


@dataclass
class Marks:
    """What the method says of the map: drawn beside the cards, never stored."""

    weakest: Line | None = None
    piles: list[list[Line]] = field(default_factory=list)
    solutions: dict[UUID, int] = field(default_factory=dict)  # barrier → how many lift it

    @property
    def piled(self) -> dict[UUID, int]:
        """Barrier → the number of its pile."""
        return {line.pk: number for number, pile in enumerate(self.piles) for line in pile}


@dataclass
class Cell:
    """Where a stage and a lane meet. Cards come in order, piled barriers next to each other."""

    stage: Stage
    lane: Lane
    cards: list[Line]

    @property
    def id(self) -> str:
        return dom_id("cell", self.stage.pk, self.lane.pk)

    @property
    def is_long(self) -> bool:
        """So many cards that those out of sight are better not laid out."""
        return len(self.cards) > LONG


@dataclass
class Row:
    """A lane with its cells."""

    lane: Lane
    cells: list[Cell]


@dataclass
class Board:
    """The grid of a map. `stages` are its columns, `heads` their headers in two levels."""

    journey: Journey
    stages: list[Stage]
    heads: list[Heading]
    personas: list[Persona]
    rows: list[Row]
    marks: Marks
    conflicts: dict[UUID, Conflict]

    @property
    def count(self) -> int:
        return sum(len(cell.cards) for row in self.rows for cell in row.cells)

    @property
    def head_rows(self) -> int:
        """Of how many rows its header is: stages, and steps if there are any."""
        return 2 if any(head.divided for head in self.heads) else 1

    @property
    def loops(self) -> list[Loop]:
        return loops(self.heads)


def stages_of(journey: Journey) -> list[Stage]:
    """The columns: living leaves in order, steps in the place of their stage."""
    return leaves(rows_of(journey))


def personas_of(journey: Journey) -> list[Persona]:
    """Whose map it is, in order."""
    made_for = Persona.objects.filter(made_in__journey=journey, deleted_at=None)
    return list(made_for.order_by("made_in__position", "made_in__id"))


def lanes_of(journey: Journey) -> list[Lane]:
    """The rows, in order."""
    return list(Lane.living.filter(journey=journey).order_by("position", "id"))


def lines_of(journey: Journey, actor: Actor, **where) -> list[Line]:
    """The living cards an actor may see, in order within their cells."""
    rows = (
        Card.living.filter(journey=journey, audience__in=actor.audiences, **where)
        .order_by("position", "id")
        .values_list(*_COLUMNS)
    )
    return [Line._make(row) for row in rows]


def line_of(card: Card) -> Line:
    """The line of a card that was read with its owner and metric."""
    return Line(
        *(getattr(card, name) for name in _COLUMNS[:-3]),
        persona_seq=card.persona.seq if card.persona else None,
        owner_version=card.owner.version if card.owner else None,
        metric_version=card.metric.version if card.metric else None,
    )


def conflicts_of(journey: Journey, **where) -> dict[UUID, Conflict]:
    """Open conflicts by card."""
    rows = Conflict.objects.filter(document_id=journey.pk, solved_at=None, **where)
    return {UUID(row.target.removeprefix("card:")): row for row in rows.order_by("at")}


def board_of(journey: Journey, actor: Actor) -> Board:
    """The whole grid: stages, lanes, personas, cards, lifts, conflicts, one query each."""
    stages, lanes, personas = rows_of(journey), lanes_of(journey), personas_of(journey)
    columns = leaves(stages)
    placed = defaultdict(list)
    for line in lines_of(journey, actor):
        placed[line.stage_id, line.lane_id].append(line)
    rows = [
        Row(lane, [Cell(stage, lane, placed[stage.pk, lane.pk]) for stage in columns])
        for lane in lanes
    ]
    marks = marks_of(rows, lifts_of(journey))
    for row in rows:
        if row.lane.content == "barrier":
            for cell in row.cells:
                cell.cards = together(cell.cards, marks.piled)
    heads = headings(stages)
    return Board(journey, columns, heads, personas, rows, marks, conflicts_of(journey))


def scored_rows(
    journey: Journey, actor: Actor, columns: list[Stage], lanes: list[Lane]
) -> list[Row]:
    """Only the lanes the method looks at."""
    scored = [lane for lane in lanes if KINDS[lane.content].scored]
    placed = defaultdict(list)
    for line in lines_of(journey, actor, lane__in=[lane.pk for lane in scored]):
        placed[line.stage_id, line.lane_id].append(line)
    return [
        Row(lane, [Cell(stage, lane, placed[stage.pk, lane.pk]) for stage in columns])
        for lane in scored
    ]


def lifts_of(journey: Journey) -> list[tuple[UUID, UUID]]:
    """(solution, barrier) of the solutions that stand on the team's board."""
    lifts = Lift.objects.filter(
        solution__journey=journey,
        solution__audience="team",
        **{f"solution__{name}": value for name, value in ON_BOARD.items()},
    )
    return list(lifts.values_list("solution_id", "barrier_id"))


def marks_of(rows: Iterable[Row], lifts: Iterable[tuple[UUID, UUID]]) -> Marks:
    """The method over loaded rows; `lifts` are (solution, barrier) of living solutions."""
    rows = list(rows)
    solutions: dict[UUID, int] = defaultdict(int)
    for _solution, barrier in lifts:
        solutions[barrier] += 1
    return Marks(
        method.weakest_link(_in_map_order(rows, "touchpoint")),
        method.piles(_in_map_order(rows, "barrier")),
        dict(solutions),
    )


def _in_map_order(rows: Sequence[Row], content: str) -> list[Line]:
    """Cards of a content by stage, then lane, then order within the cell."""
    lanes = [row for row in rows if row.lane.content == content]
    columns = zip(*(row.cells for row in lanes), strict=True)
    return [line for column in columns for cell in column for line in cell.cards]


def together(lines: list[Line], piled: dict[UUID, int]) -> list[Line]:
    """The same cards with those of one pile moved behind its first."""
    order: dict[object, list[Line]] = {}
    for line in lines:
        order.setdefault(piled.get(line.pk, line.pk), []).append(line)
    return [line for group in order.values() for line in group]
