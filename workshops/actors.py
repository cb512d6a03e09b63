"""A guest as an actor, and what a guest may do: take part in the workshop they are in."""

from uuid import UUID

from teams.actors import NOTHING, Actor, Grant

from .models import Guest, Workshop

TAKE_PART = "take_part"


def actor_of(guest: Guest, *, sees_wall: bool = False) -> Actor:
    """The guest as the door knows them: they see their room, and what is theirs alone. Who has the
    wall before them is told when it changes."""
    pk = guest.workshop_id.hex
    watches = (f"room:{pk}", f"desk:{pk}") if sees_wall else (f"room:{pk}",)
    return Actor("guest", guest.pk.hex, guest.name, watches=watches)


def grant_of(actor: Actor, workspace_id: UUID) -> Grant:
    """Asked for again in the map's turn: who was removed a moment ago may nothing any more."""
    may = Guest.objects.filter(
        pk=UUID(actor.id),
        removed_at=None,
        workshop__journey__workspace_id=workspace_id,
        workshop__journey__workspace__deleted_at=None,
        workshop__state__in=Workshop.LIVE,
    ).exists()
    return Grant(frozenset({TAKE_PART})) if may else NOTHING
