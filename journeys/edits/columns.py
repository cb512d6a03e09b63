"""What can be done to stages and lanes: the columns and rows of the grid.

Both are rows with an order, so the verbs are shared; what differs is said by the model. A stage may
be a step of another one (steps.py): its order counts among its siblings, and what is done to a
stage is done to its steps.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from changes.record import Intent, Refused
from journeys.models import Card, Lane, Stage
from journeys.reads import stages
from teams.actors import Actor
from ui.ids import uuid7

from . import steps
from .cards import END
from .door import Editing, editing
from .places import spread

type Column = Stage | Lane

NOUNS: dict[type[Column], str] = {Stage: "stage", Lane: "lane"}


def add(
    journey_id: UUID,
    model: type[Column],
    *,
    id: UUID,
    fields: Mapping,
    after: UUID | None = END,
    parent: UUID | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Adds a stage or a lane behind `after` (None = first); with a `parent` it is its step."""
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"add_{noun}", target=f"{noun}:{id.hex}", intent=intent
    ) as mine:
        mine.check_new(model, [id])
        row = model(pk=id, journey=mine.journey, **fields)
        if isinstance(row, Stage) and parent:
            row.parent = steps.top_stage(mine, parent)
        row.position = mine.positions_after(_siblings(mine, row), after)[0]
        mine.add(row)
        _settle(mine, model)
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
        row = mine.find(model, pk)
        values = dict(fields)
        if isinstance(row, Stage) and "loop_to" in values:
            values["loop_to_id"] = _back_to(mine, row, values.pop("loop_to"))
        mine.set(row, **values)
    return mine.turn


def _back_to(mine: Editing, stage: Stage, target: UUID | None) -> UUID | None:
    if target is None:
        return None
    found = mine.find(Stage, target)
    heads = {head.stage: head for head in stages.headings(stages.rows_of(mine.journey))}
    here, there = heads.get(stage), heads.get(found)
    if not (here and there) or there.column >= here.column + here.span - 1:
        raise Refused(_("Customers come back to an earlier stage."))
    return found.pk


def move(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    after: UUID | None,
    parent: UUID | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts it behind `after` (None = first); a step also into another stage, its `parent`."""
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"move_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        row = mine.find(model, pk)
        if isinstance(row, Stage) and parent not in (None, row.parent_id):
            if row.parent_id is None:
                raise Refused(_("A stage can't become a step of another one."))
            others = list(Stage.living.filter(parent=steps.top_stage(mine, parent)))
            mine.set(row, parent_id=parent, position=mine.positions_after(others, after)[0])
            _settle(mine, model)
            return mine.turn
        rows = _siblings(mine, row)
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
    """Puts a copy with copies of its steps and of the cards one sees behind it."""
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"duplicate_{noun}", target=f"{noun}:{id.hex}", intent=intent
    ) as mine:
        row = mine.find(model, pk)
        mine.check_new(model, [id])
        below = list(Stage.living.filter(parent=row.pk)) if isinstance(row, Stage) else []
        held: list[Column] = [*below] or [row]  # what the cards stand in
        twin = _copy(row, pk=id, position=mine.positions_after(_siblings(mine, row), pk)[0])
        twins = {row.pk: twin}
        twins |= {step.pk: _copy(step, pk=uuid7(), parent_id=id) for step in below}
        mine.add(*twins.values())
        copies, lifts = [], {}
        cards = Card.living.filter(
            journey_id=journey_id, audience__in=by.audiences, **{f"{noun}__in": held}
        )
        for card in cards.prefetch_related("lifts"):
            columns = {name: getattr(card, name) for name in Card.FIELDS if name != "resolves"}
            columns[f"{noun}_id"] = twins[columns[f"{noun}_id"]].pk
            copy = Card(pk=uuid7(), journey=mine.journey, audience=card.audience, **columns)
            copies.append(copy)
            lifts[copy.pk] = [lift.barrier_id for lift in card.lifts.all()]
        mine.add(*copies, lifts=lifts)
        _settle(mine, model)
    return mine.turn


def _copy(row: Column, **changed: Any) -> Column:
    """The same again; a second loop would only cover the first."""
    values = {name: getattr(row, name) for name in row.FIELDS if not name.startswith("loop_")}
    return type(row)(**values | changed)


def delete(
    journey_id: UUID,
    model: type[Column],
    pk: UUID,
    *,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts it into the bin; its cards are hidden through it and come back with it. The cards of
    a stage's last step stay in the stage."""
    noun = NOUNS[model]
    with editing(
        journey_id, by=by, verb=f"delete_{noun}", target=f"{noun}:{pk.hex}", intent=intent
    ) as mine:
        mine.delete(mine.find(model, pk))
        _settle(mine, model)
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
        row = mine.find(model, pk, deleted=True)
        if isinstance(row, Stage) and row.parent_id:
            mine.find(Stage, row.parent_id)
        mine.restore(row)
        _settle(mine, model)
        spread(mine)
    return mine.turn


def _siblings(mine: Editing, row: Column) -> list[Column]:
    """The living rows among which it has its place, in order."""
    rows = type(row).living.filter(journey=mine.journey).order_by("position", "id")
    return list(rows.filter(parent=row.parent_id) if isinstance(row, Stage) else rows)


def _settle(mine: Editing, model: type[Column]) -> None:
    if model is Stage:
        steps.settle(mine)
