"""What can be done to stages and lanes: the columns and rows of the grid.

Both are rows with an order, so the verbs are shared; what differs is the noun.
"""

from collections.abc import Mapping
from uuid import UUID

from changes.record import Intent
from journeys.models import Card, Lane, Stage
from teams.actors import Actor
from ui.ids import uuid7

from .cards import END
from .door import Editing, editing

type Column = Stage | Lane

NOUNS: dict[type[Column], str] = {Stage: "stage", Lane: "lane"}


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
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"add_{noun}", target=f"{noun}:{id.hex}", intent=intent
    ) as mine:
        mine.check_new(model, [id])
        row = model(pk=id, journey=mine.journey, **fields)
        row.position = mine.positions_after(_rows(mine, model), after)[0]
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
    noun = NOUNS[model]
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
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"move_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        row = mine.find(model, pk)
        rows = _rows(mine, model)
        index = rows.index(row)
        if after == (rows[index - 1].pk if index else None) or after == pk:
            return mine.turn
        rows.remove(row)
        mine.set(row, position=mine.positions_after(rows, after)[0])
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
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"duplicate_{noun}", target=f"{noun}:{id.hex}", intent=intent
    ) as mine:
        row = mine.find(model, pk)
        mine.check_new(model, [id])
        values = {name: getattr(row, name) for name in row.FIELDS if name != "position"}
        twin = model(pk=id, journey=mine.journey, **values)
        twin.position = mine.positions_after(_rows(mine, model), pk)[0]
        mine.add(twin)
        copies, lifts = [], {}
        cards = Card.living.filter(journey_id=journey_id, **{noun: row})
        for card in cards.prefetch_related("lifts"):
            columns = {name: getattr(card, name) for name in Card.FIELDS if name != "resolves"}
            columns[f"{noun}_id"] = twin.pk
            copy = Card(pk=uuid7(), journey=mine.journey, audience=card.audience, **columns)
            copies.append(copy)
            lifts[copy.pk] = [lift.barrier_id for lift in card.lifts.all()]
        mine.add(*copies, lifts=lifts)
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
    noun = NOUNS[model]
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
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"restore_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        mine.restore(mine.find(model, pk, deleted=True))
    return mine.turn


def _rows(mine: Editing, model: type[Column]) -> list[Column]:
    return list(model.living.filter(journey=mine.journey).order_by("position", "id"))
