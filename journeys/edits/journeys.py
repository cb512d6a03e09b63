"""What can be done to a map as a whole, apart from making one (maps.py)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from changes.merge import merge
from changes.record import Gone, Intent
from journeys.limits import CARD_TEXT, PERSONAS, TITLE
from journeys.models import Journey, JourneyPersona
from live.announce import RIGHTS, announce
from personas.models import Persona
from teams.actors import Actor

from .cards import settle_personas
from .door import Editing, editing, ref

WORDS = {"title": TITLE, "summary": CARD_TEXT, "goal": CARD_TEXT, "measure": CARD_TEXT}


def edit_map(
    journey_id: UUID,
    *,
    fields: Mapping,
    base: str | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Sets the title, the goal, the day the plan starts … `base` is the text that a single
    field of words was written over; where both changed the same words, the later one stands
    and the earlier one is in the history."""
    with editing(journey_id, by=by, verb="edit_map", target="journey", intent=intent) as mine:
        values = dict(fields)
        for name, most in WORDS.items():
            now = getattr(mine.journey, name)
            if name in values and base is not None and base != now:
                merged = merge(base, values[name], now) or ""
                if merged.strip() and len(merged) <= most:
                    values[name] = merged
        mine.set(mine.journey, **values)
    return mine.turn


def set_personas(
    journey_id: UUID, persona_ids: Sequence[UUID], *, by: Actor, intent: Intent | None = None
):
    """Says for whom the map is made, in this order. Personas in the bin keep their link: it
    shows again when they are back."""
    with editing(journey_id, by=by, verb="set_personas", target="journey", intent=intent) as mine:
        chosen = list(dict.fromkeys(persona_ids))
        PERSONAS.check(len(chosen))
        ours = Persona.objects.filter(workspace_id=mine.journey.workspace_id, pk__in=chosen)
        if ours.count() < len(chosen):
            raise Gone
        made_for = JourneyPersona.objects.filter(journey=mine.journey)
        hidden = made_for.exclude(persona__deleted_at=None).values_list("persona_id", flat=True)
        new = chosen + [pk for pk in hidden if pk not in chosen]
        if make_for(mine, new):
            settle_personas(mine)
    return mine.turn


def make_for(mine: Editing, new: Sequence[UUID]) -> bool:
    """Sets for whom the map is made; says whether that differs."""
    made_for = JourneyPersona.objects.filter(journey=mine.journey)
    old = list(made_for.values_list("persona_id", flat=True))
    if old == list(new):
        return False
    made_for.delete()
    JourneyPersona.objects.bulk_create(
        JourneyPersona(journey=mine.journey, persona_id=pk, position=number)
        for number, pk in enumerate(new)
    )
    mine.turn.note(
        ref(mine.journey),
        {"personas": [pk.hex for pk in old]},
        {"personas": [pk.hex for pk in new]},
    )
    return True


def archive_map(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes the map off the home; it can be found, read and edited as before."""
    with editing(journey_id, by=by, verb="archive_map", target="journey", intent=intent) as mine:
        if mine.journey.archived_at is None:
            Journey.objects.filter(pk=journey_id).update(
                archived_at=timezone.now(), archived_by=by.key
            )
            mine.turn.note(f"journey:{journey_id.hex}", {"archived": False}, {"archived": True})
    return mine.turn


def unarchive_map(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Puts the map back among the others."""
    with editing(journey_id, by=by, verb="unarchive_map", target="journey", intent=intent) as mine:
        if mine.journey.archived_at is not None:
            Journey.objects.filter(pk=journey_id).update(archived_at=None, archived_by="")
            mine.turn.note(f"journey:{journey_id.hex}", {"archived": True}, {"archived": False})
    return mine.turn


def delete_map(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Puts the map into the workspace's bin for 30 days."""
    with editing(journey_id, by=by, verb="delete_map", target="journey", intent=intent) as mine:
        Journey.objects.filter(pk=journey_id).update(deleted_at=timezone.now(), deleted_by=by.key)
        mine.turn.note(f"journey:{journey_id.hex}", {"deleted": False}, {"deleted": True})
        announce(journey_id, RIGHTS)  # a deleted map has no readers
    return mine.turn


def restore_map(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes the map out of the bin."""
    with editing(
        journey_id, by=by, verb="restore_map", target="journey", intent=intent, deleted_map=True
    ) as mine:
        if mine.journey.deleted_at is None:
            raise Gone
        Journey.objects.filter(pk=journey_id).update(deleted_at=None, deleted_by="")
        mine.turn.note(f"journey:{journey_id.hex}", {"deleted": True}, {"deleted": False})
    return mine.turn
