"""What can be done to cards."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from changes.merge import merge
from changes.models import Conflict
from changes.record import Gone, Intent, Refused
from journeys import limits
from journeys.kinds import kind_of
from journeys.kinds.metric import ON_METRIC
from journeys.models import Card, Lane, Lift, Metric, Owner, Stage
from journeys.models.part import GAP, Part
from teams.actors import Actor
from ui.ids import uuid7

from . import steps
from .door import Editing, editing, ref
from .images import on_card
from .places import spread

CHOICES = ("mine", "theirs", "both")  # how a conflict ends
END = UUID(int=(1 << 128) - 1)  # "after the last one": an id that nobody has


def add_card(
    journey_id: UUID,
    *,
    id: UUID,
    stage: UUID,
    lane: UUID,
    after: UUID | None = END,
    fields: Mapping | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Adds a card to a cell, behind the card `after` (None = first)."""
    return add_cards(
        journey_id,
        stage=stage,
        lane=lane,
        after=after,
        cards=[(id, fields or {})],
        by=by,
        intent=intent,
    )


def add_cards(
    journey_id: UUID,
    *,
    stage: UUID,
    lane: UUID,
    cards: Sequence[tuple[UUID, Mapping]],
    after: UUID | None = END,
    by: Actor,
    intent: Intent | None = None,
):
    """Adds several cards to one cell as one change: several pasted lines, one undo."""
    with editing(
        journey_id, by=by, verb="add_card", target=f"card:{cards[0][0].hex}", intent=intent
    ) as mine:
        row, column = mine.find(Lane, lane), steps.column(mine, stage)
        mine.check_new(Card, [pk for pk, _fields in cards])
        cell = _cell(mine, column.pk, row.pk)
        new, lifts = [], {}
        for pk, fields in cards:
            card = Card(pk=pk, journey=mine.journey, lane=row, stage=column)
            columns = columns_of(mine, card, fields)
            lifts[pk] = columns.pop("resolves", [])
            for name, value in columns.items():
                setattr(card, name, value)
            new.append(card)
        for card, position in zip(new, mine.positions_after(cell, after, len(new)), strict=True):
            card.position = position
        mine.add(*new, lifts=lifts)
    return mine.turn


def edit_card(
    journey_id: UUID,
    card_id: UUID,
    *,
    fields: Mapping,
    base: str | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Sets fields of a card. `base` is the text that the new text was written over: words that
    others changed meanwhile are kept; where both changed the same words a Conflict waits."""
    with editing(
        journey_id, by=by, verb="edit_card", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id)
        columns = columns_of(mine, card, fields)
        if "text" in columns and base is not None and base != card.text:
            columns["text"] = _merged(mine, card, base, columns["text"])
        mine.set(card, **columns)
    return mine.turn


def _merged(mine: Editing, card: Card, base: str, text: str) -> str:
    merged = merge(base, text, card.text)
    if merged is not None and len(merged) <= limits.CARD_TEXT:
        return merged
    other = (
        mine.turn.document.changes.filter(target=ref(card), seq__lt=mine.turn.seq)
        .exclude(by=mine.turn.by.key)
        .order_by("-seq")
        .values_list("by_name", flat=True)
        .first()
    )
    of_this = {"document_id": mine.journey.pk, "target": ref(card), "field": "text"}
    # What is typed on replaces what waits of the same sitting, and nothing else.
    conflict = (
        Conflict.objects.filter(**of_this, by=mine.turn.by.key, mine=base, solved_at=None)
        .order_by("-at")
        .first()
    )
    waited = conflict and conflict.mine
    conflict = conflict or Conflict(
        **of_this, base=base, by=mine.turn.by.key, by_name=mine.turn.by.name
    )
    conflict.mine, conflict.theirs, conflict.theirs_name = text, card.text, other or ""
    conflict.save()
    mine.turn.note(ref(card), {conflict.fact: waited}, {conflict.fact: text})
    mine.touch(card)
    return card.text


def solve_conflict(
    journey_id: UUID,
    conflict_id: UUID,
    *,
    choice: str,
    base: str | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Ends a conflict: `choice` is mine, theirs or both (the second version becomes a card).
    `base` is the card's text that the person chose against: words that came since stay."""
    with editing(journey_id, by=by, verb="solve_conflict", intent=intent) as mine:
        # Read while the turn is ours: somebody else may be choosing at the same moment.
        conflict = Conflict.objects.filter(
            pk=conflict_id, document_id=journey_id, solved_at=None
        ).first()
        if conflict is None:
            raise Gone(_("Somebody has chosen already."))
        mine.turn.target = conflict.target
        card = mine.find(Card, UUID(conflict.target.removeprefix("card:")))
        if choice == "mine":
            seen = conflict.theirs if base is None else base
            text = merge(seen, conflict.mine, card.text)
            if text is None or len(text) > limits.CARD_TEXT:
                raise Refused(
                    _("Somebody has written here meanwhile: look at both versions again.")
                )
            mine.set(card, text=text)
        elif choice == "both":
            twin = _copy(mine, card, text=conflict.mine)
            mine.add(twin)
        mine.turn.note(ref(card), {conflict.fact: conflict.mine}, {conflict.fact: None})
        mine.touch(card)
        Conflict.objects.filter(pk=conflict.pk).update(
            solved_at=mine.turn.document.changed_at, solved_by=by.key
        )
    return mine.turn


def move_card(
    journey_id: UUID,
    card_id: UUID,
    *,
    stage: UUID,
    lane: UUID,
    after: UUID | None = END,
    by: Actor,
    intent: Intent | None = None,
):
    """Moves a card behind `after` in a cell. Between lanes of different contents only the text,
    the evidence and what both contents have in common mean something; nothing is erased."""
    with editing(
        journey_id, by=by, verb="move_card", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id)
        mine.find(Lane, lane)
        stage = steps.column(mine, stage).pk
        others = [other for other in _cell(mine, stage, lane) if other.pk != card_id]
        same_cell = (card.stage_id, card.lane_id) == (stage, lane)
        if same_cell and _is_behind(card, others, after):
            return mine.turn
        (position,) = mine.positions_after(others, after)
        mine.set(card, stage_id=stage, lane_id=lane, position=position)
    return mine.turn


def _is_behind(card: Card, others: list[Card], after: UUID | None) -> bool:
    before = [other.pk for other in others if other.position < card.position]
    if after == END:
        return len(before) == len(others)
    return (before[-1] if before else None) == after


def duplicate_card(
    journey_id: UUID, card_id: UUID, *, id: UUID, by: Actor, intent: Intent | None = None
):
    """Puts a copy of a card behind it."""
    with editing(
        journey_id, by=by, verb="duplicate_card", target=f"card:{id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id)
        mine.check_new(Card, [id])
        twin = _copy(mine, card, pk=id)
        mine.add(twin, lifts={id: list(card.lifts.values_list("barrier_id", flat=True))})
    return mine.turn


def _copy(mine: Editing, card: Card, **changed) -> Card:
    values = {
        name: getattr(card, name) for name in Card.FIELDS if name not in ("resolves", "position")
    }
    values |= {"audience": card.audience, "pk": uuid7(), **changed}
    twin = Card(journey=mine.journey, **values)
    twin.position = mine.positions_after(_cell(mine, card.stage_id, card.lane_id), card.pk)[0]
    return twin


def delete_card(journey_id: UUID, card_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Puts a card into the map's bin."""
    with editing(
        journey_id, by=by, verb="delete_card", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        mine.delete(mine.find(Card, card_id))
    return mine.turn


def restore_card(
    journey_id: UUID,
    card_id: UUID,
    *,
    text: str | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Brings a card back onto the map, and the stage or lane that took it along into the bin; with
    `text` instead of its own if somebody was still typing."""
    with editing(
        journey_id, by=by, verb="restore_card", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id, deleted=None)
        binned = [part for part in _held_by(mine, card) if part.deleted_at is not None]
        if not binned:
            raise Gone(_("Somebody has brought it back already."))
        mine.restore_all(binned)
        steps.settle(mine)
        column = steps.column(mine, card.stage_id)
        mine.set(card, stage_id=column.pk, **({} if text is None else {"text": text}))
        settle_personas(mine)
        spread(mine)
    return mine.turn


def _held_by(mine: Editing, card: Card) -> list[Part]:
    """The card, and all that it goes into the bin with."""
    stage = mine.find(Stage, card.stage_id, deleted=None)
    parent = [mine.find(Stage, stage.parent_id, deleted=None)] if stage.parent_id else []
    return [card, mine.find(Lane, card.lane_id, deleted=None), stage, *parent]


def settle_personas(mine: Editing) -> None:
    """What was about one whom the map is not made for any more is about all."""
    cards = Card.living.filter(journey=mine.journey, persona__isnull=False)
    left = cards.exclude(persona__in=mine.journey.made_for.values("persona"))
    mine.set_all((card, {"persona_id": None}) for card in left)


def _cell(mine: Editing, stage: UUID, lane: UUID) -> list[Card]:
    return list(
        Card.living.filter(journey=mine.journey, stage_id=stage, lane_id=lane).order_by(
            "position", "id"
        )
    )


def columns_of(mine: Editing, card: Card, fields: Mapping) -> dict:
    """What a browser posted as columns of the card; names become rows (an owner, a metric)."""
    values = kind_of(card.lane).clean(fields)
    columns = {name: value for name, value in values.items() if name not in ON_METRIC}
    if "owner" in columns:
        columns["owner_id"] = _owner(mine, columns.pop("owner"))
    for name, content in (("touchpoint", "touchpoint"), ("solution", "solution")):
        if name in columns:
            columns[f"{name}_id"] = _linked(mine, columns.pop(name), content)
    if "resolves" in columns:
        columns["resolves"] = _lifted(mine, card, columns["resolves"])
    if "images" in columns:
        columns["images"] = on_card(mine, card, columns["images"])
    if "persona" in columns:
        columns["persona_id"] = _persona(mine, columns.pop("persona"))
    if "metric" in columns:
        metric = columns.pop("metric")
        columns["metric_id"] = mine.find(Metric, metric).pk if metric else None
    figures = {name: values[name] for name in ON_METRIC if name in values}
    if card.lane.content == "metric" and (figures or "text" in columns):
        columns["metric_id"] = _metric(mine, card, columns.get("text"), figures)
    return columns


def _linked(mine: Editing, pk: UUID | None, content: str) -> UUID | None:
    if pk is None:
        return None
    card = mine.find(Card, pk)
    if card.lane.content != content:
        raise Gone
    return card.pk


def _lifted(mine: Editing, card: Card, chosen: Sequence[UUID]) -> list[UUID]:
    """The barriers a solution lifts: those chosen, and those that can't be seen just now."""
    contents = dict(
        Card.objects.filter(journey=mine.journey, pk__in=chosen).values_list("pk", "lane__content")
    )
    if not contents.keys() >= set(chosen):
        raise Gone
    lifts = Lift.objects.filter(solution=card).order_by("pk")
    old = list(lifts.values_list("barrier_id", flat=True))
    hidden = lifts.exclude(
        barrier__deleted_at=None,
        barrier__stage__deleted_at=None,
        barrier__lane__deleted_at=None,
        barrier__lane__content="barrier",
    ).values_list("barrier_id", flat=True)
    wanted = {pk for pk in chosen if contents[pk] == "barrier"} | set(hidden)
    return [pk for pk in dict.fromkeys([*old, *chosen]) if pk in wanted]


def _persona(mine: Editing, pk: UUID | None) -> UUID | None:
    """One of those the map is made for; none means that the card is about all of them."""
    if pk is None:
        return None
    if not mine.journey.made_for.filter(persona=pk).exists():
        raise Refused(_("The map is not made for this persona."))
    return pk


def _owner(mine: Editing, name: str) -> UUID | None:
    """The owner of that name in this map, made if there is none yet."""
    name = " ".join(name.split())
    if not name:
        return None
    owners = list(Owner.living.filter(journey=mine.journey))
    for owner in owners:
        if owner.name.casefold() == name.casefold():
            return owner.pk
    last = max((owner.position for owner in owners), default=0)
    owner = Owner(pk=uuid7(), journey=mine.journey, name=name, position=last + GAP)
    mine.add(owner)
    return owner.pk


def _metric(mine: Editing, card: Card, name: str | None, figures: dict) -> UUID | None:
    """The card's metric with its figures set; made when the card gets its first figure."""
    if figures.get("direction") == "":
        del figures["direction"]  # it has one or the other
    if card.metric_id:
        metric = mine.find(Metric, card.metric_id)
        mine.set(metric, **figures, **({"name": name[:300]} if name else {}))
        return metric.pk
    if not any(value not in (None, "") for value in figures.values()):
        return None
    last = Metric.objects.filter(journey=mine.journey).aggregate(last=Max("position"))["last"]
    metric = Metric(
        pk=uuid7(),
        journey=mine.journey,
        stage_id=card.stage_id,
        name=(name if name is not None else card.text)[:300],
        position=(last or 0) + GAP,
        **figures,
    )
    mine.add(metric)
    return metric.pk
