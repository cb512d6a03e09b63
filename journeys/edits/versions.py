"""Versions: keeping how the map is under a name, and bringing the map back to it.

What was then is read from the history, not from the snapshot: of every row touched since, the
earliest `before` is its value then. So ids stay, and what nobody touched isn't touched now.
"""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.models import Change
from changes.record import Gone, Intent, Refused
from journeys.formats import map_json
from journeys.models import Card, Journey, Version
from journeys.models.part import Part
from personas.models import Persona
from teams.actors import TEAM, Actor

from . import steps
from .cards import settle_personas
from .door import Editing, as_column, editing, ref
from .journeys import make_for
from .maps import plan_of
from .undo import PARTS

LABEL = 100  # characters


def keep_version(
    journey_id: UUID, label: str, *, by: Actor, intent: Intent | None = None
) -> Version:
    """Keeps how the team sees the map now. Raises Refused without a label."""
    label = " ".join(label.split())
    if not label:
        raise Refused(_("Give the version a name."))
    with editing(journey_id, by=by, verb="keep_version", intent=intent) as mine:
        version = keep(mine, label)
        mine.turn.target = ref(version)
    return version


def keep(mine: Editing, label: str) -> Version:
    """The same as part of another change, before that has changed anything."""
    by = mine.turn.by
    version = Version.objects.create(
        journey=mine.journey,
        label=label[:LABEL].rstrip(),
        seq=mine.turn.seq - 1,
        at=mine.journey.changed_at,
        by=by.key,
        by_name=by.name,
        snapshot=map_json.dump(plan_of(mine.journey)),
    )
    mine.turn.note(ref(version), None, {"label": version.label})
    return version


def restore_version(journey_id: UUID, pk: UUID, *, by: Actor, intent: Intent | None = None):
    """Brings the map back to a version, and keeps how it is now as another one.

    Private cards stay as they are; images and personas that are gone for good stay away. Raises
    Refused where another part of the map is gone for good, and while a workshop goes on.
    """
    with editing(
        journey_id, by=by, verb="restore_version", target=f"version:{pk.hex}", intent=intent
    ) as mine:
        version = Version.objects.filter(journey=mine.journey, pk=pk).defer("snapshot").first()
        if version is None:
            raise Gone
        if mine.journey.desk:
            raise Refused(_("A workshop goes on on this map: end it first."))
        with override(mine.journey.language):
            label = _("Before restoring “%(label)s”") % {"label": version.label}
        safe = keep(mine, label)
        then = _then(mine.journey, version.seq)
        _restore_parts(mine, then)
        _restore_map(mine, then.get(ref(mine.journey)) or {})
        _seat_private_cards(mine)
        settle_personas(mine)
        if mine.turn.before.keys() == {ref(safe)}:
            raise Refused(_("The map is as it was then: there is nothing to restore."))
    return mine.turn


def _then(journey: Journey, seq: int) -> dict[str, dict | None]:
    """What the rows touched after a number were at that number; None: not there for the team,
    to whom a card that a room has opened is new."""
    then: dict[str, dict | None] = {}
    changes = Change.objects.filter(document_id=journey.pk, seq__gt=seq).order_by("seq")
    for before in changes.values_list("before", flat=True).iterator():
        for name, facts in before.items():
            if facts is None:
                then[name] = None
            elif name not in then:
                then[name] = facts
            elif (earlier := then[name]) is not None:
                then[name] = facts | earlier
    return then


def _restore_parts(mine: Editing, then: dict[str, dict | None]) -> None:
    """Deleted rows come first and added ones leave last, so that links find their ends."""
    rows = [row for model in PARTS.values() for row in _touched(mine, model, then)]
    away = [row for row in rows if _was_away(then[ref(row)]) and row.deleted_at is None]
    mine.restore_all(
        row
        for row in rows
        if row.deleted_at is not None and (then[ref(row)] or {}).get("deleted") is False
    )
    images = {str(pk) for pk in mine.journey.images.values_list("pk", flat=True)}
    values: dict[type[Part], list[tuple[Part, dict]]] = {}
    for row in rows:
        columns = {
            name: as_column(row, name, fact)
            for name, fact in (then[ref(row)] or {}).items()
            if name in row.FIELDS
        }
        if "images" in columns:
            columns["images"] = [one for one in columns["images"] if one["id"] in images]
        if "resolves" in columns:
            mine.set(row, **columns)
        elif columns:
            values.setdefault(type(row), []).append((row, columns))
    for changes in values.values():
        mine.set_all(changes)
    mine.delete_all(away)


def _was_away(facts: dict | None) -> bool:
    return facts is None or facts.get("deleted") is True


def _touched(mine: Editing, model: type[Part], then: dict[str, dict | None]) -> Iterable[Part]:
    """The rows of one kind that were touched since; of cards those of the team."""
    kind = f"{model._meta.model_name}:"
    ids = {UUID(name.removeprefix(kind)): name for name in then if name.startswith(kind)}
    found = model._default_manager.filter(journey=mine.journey).in_bulk(ids)
    if any(then[name] is not None for pk, name in ids.items() if pk not in found):
        raise Refused(_("This version can't be restored: a part of it was removed for good."))
    return [row for row in found.values() if not isinstance(row, Card) or row.audience == TEAM]


def _restore_map(mine: Editing, was: dict) -> None:
    journey = mine.journey
    fields = [name for name in was if name in Journey.FIELDS]
    mine.set(journey, **{name: as_column(journey, name, was[name]) for name in fields})
    if "personas" in was:
        there = Persona.objects.in_bulk([UUID(pk) for pk in was["personas"]])
        make_for(mine, [UUID(pk) for pk in was["personas"] if UUID(pk) in there])


def _seat_private_cards(mine: Editing) -> None:
    """A private card whose column is divided now, or was a step of one that isn't any more, goes
    on standing where its author sees it."""
    cards = Card.living.filter(journey=mine.journey).exclude(audience=TEAM)
    cards = cards.select_related("stage")
    columns = steps.columns(mine) if cards else {}
    seats = (
        (card, columns.get(card.stage_id) or columns.get(card.stage.parent_id or card.stage_id))
        for card in cards
    )
    mine.set_all((card, {"stage_id": seat.pk}) for card, seat in seats if seat)
