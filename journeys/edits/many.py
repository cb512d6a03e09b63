"""What can be done to several cards at once: one change, one frame, one step of undo.

Whatever their number, the database is asked a fixed number of times. Cards that have gone meanwhile
are left out, and the turn counts them (`missing`): the others don't wait for them. A value that
one card may not have refuses the whole.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from changes.record import Gone, Intent
from journeys import limits
from journeys.kinds import kind_of
from journeys.kinds.kind import Tags
from journeys.models import Card, Lane
from journeys.models.part import GAP
from teams.actors import Actor

from . import steps
from .cards import END, columns_of
from .door import Editing, editing

# What several cards may be given together; the rest says something of one card.
FIELDS = ("color", "evidence", "persona", "status")

type Place = tuple[UUID, UUID]  # stage, lane


@dataclass(frozen=True)
class Move:
    """These cards, in this order, behind the card `after` of a cell (None = first)."""

    cards: Sequence[UUID]
    stage: UUID
    lane: UUID
    after: UUID | None = END

    @property
    def place(self) -> Place:
        return self.stage, self.lane


def move_cards(journey_id: UUID, moves: Sequence[Move], *, by: Actor, intent: Intent | None = None):
    """Moves cards, each group to a cell of its own. Groups whose stage or lane has gone stay."""
    with editing(journey_id, by=by, verb="move_cards", intent=intent) as mine:
        cards = _found(mine, [pk for move in moves for pk in move.cards])
        columns = steps.columns(mine)
        lanes = set(Lane.living.filter(journey=mine.journey).values_list("pk", flat=True))
        moves = [
            replace(move, stage=columns[move.stage].pk)
            for move in moves
            if move.stage in columns and move.lane in lanes
        ]
        moving = {pk for move in moves for pk in move.cards if pk in cards}
        _say(mine, len(moving), missing=mine.turn.missing + len(cards) - len(moving))
        cells = _cells(mine, {move.place for move in moves})
        before = {place: [card.pk for card in cell] for place, cell in cells.items()}
        for cell in cells.values():
            cell[:] = [card for card in cell if card.pk not in moving]
        waiting = set(moving)
        for move in moves:
            cell = cells[move.place]
            at = _behind(cell, move.after)
            cell[at:at] = [cards[pk] for pk in dict.fromkeys(move.cards) if pk in waiting]
            waiting -= set(move.cards)
        changes = []
        for (stage, lane), cell in cells.items():
            if [card.pk for card in cell] == before[stage, lane]:
                continue
            for pk, position in _positions(cell, moving).items():
                place = {"stage_id": stage, "lane_id": lane} if pk in moving else {}
                changes.append((pk, {"position": position, **place}))
        rows = cards | {card.pk: card for cell in cells.values() for card in cell}
        mine.set_all((rows[pk], values) for pk, values in changes)
    return mine.turn


def edit_cards(
    journey_id: UUID,
    card_ids: Sequence[UUID],
    *,
    fields: Mapping,
    add_tags: Sequence[str] = (),
    remove_tags: Sequence[str] = (),
    by: Actor,
    intent: Intent | None = None,
):
    """Gives cards the same values, puts tags on them and takes tags off."""
    if unknown := [name for name in fields if name not in FIELDS]:
        raise ValidationError({name: [_("These cards have no such field.")] for name in unknown})
    removed = {tag.casefold() for tag in remove_tags}
    with editing(journey_id, by=by, verb="edit_cards", intent=intent) as mine:
        cards = _found(mine, card_ids).values()
        # The same for all cards of a content: asked once for each.
        one_of = {kind_of(card.lane).content: card for card in cards}
        columns = {name: columns_of(mine, card, fields) for name, card in one_of.items()}
        values = []
        for card in cards:
            tags = [tag for tag in card.tags if tag.casefold() not in removed]
            try:
                tags = Tags().clean([*tags, *add_tags])
            except ValidationError as error:
                raise ValidationError({"tags": error.messages}) from None
            values.append((card, columns[kind_of(card.lane).content] | {"tags": tags}))
        mine.set_all(values)
    return mine.turn


def duplicate_cards(
    journey_id: UUID,
    copies: Mapping[UUID, UUID],
    *,
    by: Actor,
    intent: Intent | None = None,
):
    """Copies cards: `copies` gives the id of each one's copy. The copies of a cell's cards stand
    together behind the last of them, in their order."""
    with editing(journey_id, by=by, verb="duplicate_cards", intent=intent) as mine:
        cards = _found(mine, list(copies))
        mine.check_new(Card, copies.values())
        prefetch_related_objects(list(cards.values()), "lifts")
        columns = [name for name in Card.FIELDS if name != "resolves"]
        twins = {
            copies[pk]: Card(
                pk=copies[pk],
                audience=card.audience,
                **{name: getattr(card, name) for name in columns},
            )
            for pk, card in cards.items()
        }
        changes = []
        cells = _cells(mine, {(card.stage_id, card.lane_id) for card in cards.values()})
        for cell in cells.values():
            originals = [card for card in cell if card.pk in cards]
            at = cell.index(originals[-1]) + 1
            cell[at:at] = [twins[copies[card.pk]] for card in originals]
            positions = _positions(cell, twins.keys())
            for card in cell:
                if card.pk in twins:
                    card.position = positions[card.pk]
                elif card.pk in positions:
                    changes.append((card, {"position": positions[card.pk]}))
        mine.set_all(changes)
        lifts = {
            copies[pk]: [lift.barrier_id for lift in card.lifts.all()] for pk, card in cards.items()
        }
        mine.add(*twins.values(), lifts=lifts)
    return mine.turn


def delete_cards(
    journey_id: UUID, card_ids: Sequence[UUID], *, by: Actor, intent: Intent | None = None
):
    """Puts cards into the map's bin."""
    with editing(journey_id, by=by, verb="delete_cards", intent=intent) as mine:
        mine.delete_all(_found(mine, card_ids).values())
    return mine.turn


def _found(mine: Editing, ids: Sequence[UUID]) -> dict[UUID, Card]:
    """The living cards of these ids, in the same order; counts those that have gone.
    Raises Gone where nothing is left."""
    limits.CARDS.check(len(ids))
    rows = Card.living.filter(
        journey=mine.journey, audience__in=mine.turn.by.audiences, pk__in=ids
    ).select_related("lane")
    found = {row.pk: row for row in rows}
    for card in found.values():
        card.journey = mine.journey
    wanted = dict.fromkeys(ids)
    _say(mine, len(found), missing=len(wanted) - len(found))
    return {pk: found[pk] for pk in wanted if pk in found}


def _say(mine: Editing, count: int, *, missing: int) -> None:
    """How many the change is about and how many had gone. Raises Gone where nothing is left."""
    mine.turn.target, mine.turn.missing = f"cards:{count}", missing
    if not count:
        raise Gone


def _cells(mine: Editing, places: Iterable[Place]) -> dict[Place, list[Card]]:
    """The living cards of these cells, in order."""
    cells: dict[Place, list[Card]] = {place: [] for place in sorted(places)}
    rows = Card.living.filter(
        journey=mine.journey,
        stage__in={stage for stage, _lane in cells},
        lane__in={lane for _stage, lane in cells},
    ).order_by("position", "id")
    for card in rows:
        if (card.stage_id, card.lane_id) in cells:
            card.journey = mine.journey
            cells[card.stage_id, card.lane_id].append(card)
    return cells


def _behind(cell: list[Card], after: UUID | None) -> int:
    """Where in the list; unknown means last: that card may have gone a moment ago."""
    places = [card.pk for card in cell]
    if after is None:
        return 0
    return places.index(after) + 1 if after in places else len(places)


def _positions(cell: list[Card], new: Container[UUID]) -> dict[UUID, int]:
    """Positions for the `new` cards of a cell, between those of their neighbours; where these leave
    no room, all are spread anew."""
    positions: dict[UUID, int] = {}
    low, run = 0, []
    for card in [*cell, None]:
        if card is not None and card.pk in new:
            run.append(card.pk)
            continue
        high = card.position if card else low + GAP * (len(run) + 1)
        step = (high - low) // (len(run) + 1)
        if run and step < 1:
            return {card.pk: number * GAP for number, card in enumerate(cell, 1)}
        positions |= {pk: low + step * number for number, pk in enumerate(run, 1)}
        low, run = high, []
    return positions
