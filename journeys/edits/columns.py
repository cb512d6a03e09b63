"""What can be done to stages and lanes: the columns and rows of the grid.

Both are rows with an order, so the verbs are shared; what differs stands in `AXES`.
"""

from collections.abc import Mapping
from uuid import UUID

from changes.record import Intent
from journeys import limits
from journeys.models import Card, Lane, Stage
from teams.actors import Actor
from ui.ids import uuid7

from .cards import END
from .door import Editing, editing

type Column = Stage | Lane

AXES: dict[type[Column], tuple[str, limits.Limit]] = {
    Stage: ("stage", limits.STAGES),
    Lane: ("lane", limits.LANES),
}


def add(
    journey_id: UUID,
    model: type[Column],
    *,
    id: UUID,
    fields: Mapping,
    after: UUID | None = END,
    by: Actor,
    intent: Intent | None = None,
):
    """Adds a stage or a lane behind `after` (None = first)."""
    noun, limit = AXES[model]
    with editing(
        journey_id, by=by, verb=f"add_{noun}", target=f"{noun}:{id.hex}", intent=intent
    ) as mine:
        rows = _rows(mine, model)
        limit.check(len(rows) + 1)
        row = model(pk=id, journey=mine.journey, **fields)
        row.position = mine.position_after(rows, after)
        mine.add(row)
    return mine.turn


def edit(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    fields: Mapping,
    by: Actor,
    intent: Intent | None = None,
):
    """Renames it, or sets what else it says in its header."""
    noun, _limit = AXES[model]
    with editing(
        journey_id, by=by, verb=f"edit_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        mine.set(mine.find(model, pk), **fields)
    return mine.turn


def move(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    after: UUID | None,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts it behind `after` (None = first)."""
    noun, _limit = AXES[model]
    with editing(
        journey_id, by=by, verb=f"move_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        row = mine.find(model, pk)
        rows = _rows(mine, model)
        index = rows.index(row)
        if after == (rows[index - 1].pk if index else None) or after == pk:
            return mine.turn
        rows.remove(row)
        mine.set(row, position=mine.position_after(rows, after))
    return mine.turn


def duplicate(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    id: UUID,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts a copy with copies of its cards behind it."""
    noun, limit = AXES[model]
    with editing(
        journey_id, by=by, verb=f"duplicate_{noun}", target=f"{noun}:{id.hex}", intent=intent
    ) as mine:
        row = mine.find(model, pk)
        rows = _rows(mine, model)
        cards = list(Card.living.filter(journey_id=journey_id, **{noun: row}))
        limit.check(len(rows) + 1)
        limits.CARDS.check(Card.living.filter(journey_id=journey_id).count() + len(cards))
        values = {name: getattr(row, name) for name in row.FIELDS if name != "position"}
        twin = model(pk=id, journey=mine.journey, **values)
        twin.position = mine.position_after(rows, pk)
        mine.add(twin)
        lifts = {}
        for card in cards:
            columns = {name: getattr(card, name) for name in Card.FIELDS if name != "resolves"}
            columns[f"{noun}_id"] = twin.pk
            copy = Card(pk=uuid7(), journey=mine.journey, audience=card.audience, **columns)
            mine.add(copy)
            lifts[copy] = list(card.lifts.values_list("barrier_id", flat=True))
        for copy, barriers in lifts.items():
            if barriers:
                mine.set(copy, resolves=barriers)
    return mine.turn


def delete(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts it into the bin; its cards are hidden through it and come back with it."""
    noun, _limit = AXES[model]
    with editing(
        journey_id, by=by, verb=f"delete_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        mine.delete(mine.find(model, pk))
    return mine.turn


def restore(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    by: Actor,
    intent: Intent | None = None,
):
    """Takes it out of the bin with its cards."""
    noun, limit = AXES[model]
    with editing(
        journey_id, by=by, verb=f"restore_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        limit.check(len(_rows(mine, model)) + 1)
        mine.restore(mine.find(model, pk, deleted=True))
    return mine.turn


def _rows(mine: Editing, model: type[Column]) -> list[Column]:
    return list(model.living.filter(journey=mine.journey).order_by("position", "id"))
