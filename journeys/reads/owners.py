"""Who answers for what: the map once more, with the responsible as rows.

Each person sees the own points, what stands before and behind them, and what nobody answers for.
"""

from dataclasses import dataclass, field
from uuid import UUID

from journeys.models import ON_BOARD, Card, Journey, Stage
from teams.actors import Actor

from .board import stages_of
from .method import is_open, service_level

# What somebody can answer for, in the order it is read.
CONTENTS = ("touchpoint", "solution", "task")


@dataclass
class Part:
    """A touchpoint with its open barriers, a solution or a task."""

    card: Card
    level: int | None = None
    barriers: int = 0


@dataclass
class Row:
    """One who answers, by stage; nobody has no name."""

    name: str
    cells: list[list[Part]]
    user_id: UUID | int | None = None

    @property
    def count(self) -> int:
        return sum(len(cell) for cell in self.cells)


@dataclass
class Owners:
    """The page: the columns, the rows, and what nobody answers for."""

    stages: list[Stage]
    rows: list[Row] = field(default_factory=list)
    nobody: Row | None = None


def owners_of(journey: Journey, actor: Actor) -> Owners:
    """Rows by how much one answers for, most first."""
    stages = stages_of(journey)
    column = {stage.pk: number for number, stage in enumerate(stages)}
    cards = list(
        Card.objects.filter(
            journey=journey,
            audience__in=actor.audiences,
            **ON_BOARD,
            lane__content__in=(*CONTENTS, "barrier"),
        )
        .select_related("lane", "owner")
        .order_by("lane__position", "position", "id")
    )
    barriers: dict[UUID, int] = {}
    for card in cards:
        if card.lane.content == "barrier" and card.touchpoint_id and is_open(card):
            barriers[card.touchpoint_id] = barriers.get(card.touchpoint_id, 0) + 1
    rows: dict[str, Row] = {}
    for card in cards:
        if card.lane.content not in CONTENTS or card.stage_id not in column:
            continue
        card.journey = journey
        owner = card.owner if card.owner and card.owner.deleted_at is None else None
        name = owner.name if owner else ""
        row = rows.setdefault(name, Row(name, [[] for _stage in stages]))
        row.user_id = owner.user_id if owner else None
        row.cells[column[card.stage_id]].append(
            Part(card, service_level(card), barriers.get(card.pk, 0))
        )
    nobody = rows.pop("", None)
    return Owners(stages, sorted(rows.values(), key=lambda row: -row.count), nobody)
