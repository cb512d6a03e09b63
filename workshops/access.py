"""Finding a workshop through permission: by membership, by a guest's session, by a link."""

from uuid import UUID

from django.http import Http404, HttpRequest

from journeys.access import map_to_edit, map_to_read
from live.hub import Opened
from teams.actors import RUN, Actor

from .actors import actor_of
from .models import Guest, Workshop

HERE = "here"  # in place of the wall's token: the wall on a participant's own screen
_GUESTS = "guests"  # in the session: {workshop's hex: guest's hex}


def workshop_to_run(request: HttpRequest, pk: UUID) -> Workshop:
    """A workshop on a map that the person may edit."""
    workshop = _workshop(pk)
    workshop.journey = map_to_edit(request, workshop.journey_id)
    return workshop


def workshop_to_read(request: HttpRequest, pk: UUID) -> Workshop:
    """A workshop on a map that the person may read: its outcome."""
    workshop = _workshop(pk)
    workshop.journey = map_to_read(request, workshop.journey_id)
    return workshop


def _workshop(pk: UUID) -> Workshop:
    found = Workshop.objects.filter(pk=pk).select_related("step").first()
    if found is None:
        raise Http404
    return found


def by_token(token: str) -> Workshop:
    """The workshop that the QR code's link leads to."""
    return _by(token=token.upper(), journey__deleted_at=None)


def by_wall_token(token: str) -> Workshop:
    """The workshop whose wall a link shows."""
    return _by(wall_token=token, journey__deleted_at=None)


def by_outcome_token(token: str) -> Workshop:
    """The workshop whose outcome a link shows, while it is shared."""
    return _by(outcome_token=token or "-", journey__deleted_at=None)


def _by(**where) -> Workshop:
    found = (
        Workshop.objects.filter(journey__workspace__deleted_at=None, **where)
        .select_related("journey__workspace", "step__lane")
        .first()
    )
    if found is None:
        raise Http404
    return found


# --- guests ------------------------------------------------------------------------------------


def remember(request: HttpRequest, guest: Guest) -> None:
    """This browser is that guest from now on; under a fresh session key, so that nobody who knew
    the old one comes along."""
    request.session.cycle_key()
    request.session[_GUESTS] = {
        **request.session.get(_GUESTS, {}),
        guest.workshop_id.hex: guest.pk.hex,
    }


def known_guest(session, workshop_id: UUID) -> Guest | None:
    """Who this browser is in the workshop; also somebody who was removed."""
    known = session.get(_GUESTS, {}).get(workshop_id.hex)
    if not known:
        return None
    return (
        Guest.objects.filter(
            pk=UUID(known),
            workshop=workshop_id,
            workshop__journey__deleted_at=None,
            workshop__journey__workspace__deleted_at=None,
        )
        .select_related(
            "workshop__journey__workspace", "workshop__step__lane", "done", "address", "group"
        )
        .first()
    )


def guest_in(request: HttpRequest, pk: UUID) -> Guest:
    """The guest that this browser is; for everybody else there is no such room."""
    guest = known_guest(request.session, pk)
    if guest is None:
        raise Http404
    return guest


# --- streams -----------------------------------------------------------------------------------


def watched(
    session, member: Actor | None, journey_id: UUID, workshop_id: UUID, token: str
) -> Opened | None:
    """What a screen of this workshop may hear: the room and what is one's own for a guest, with
    the desk where the wall is on that screen (`token` is HERE); the room and the desk for who
    leads, and for the wall, whose link is enough. None: not found."""
    workshop = (
        Workshop.objects.filter(
            pk=workshop_id,
            journey=journey_id,
            journey__deleted_at=None,
            journey__workspace__deleted_at=None,
        )
        .select_related("journey")
        .first()
    )
    if workshop is None:
        return None
    journey = workshop.journey
    if token and token != HERE:
        if token != workshop.wall_token:
            return None
        watcher = Actor("wall", workshop.pk.hex, "", watches=(workshop.room, workshop.desk))
    elif member and member.grant(journey.workspace_id).allows(RUN):
        watcher = Actor("desk", member.id, "", watches=(workshop.room, workshop.desk))
    else:
        guest = known_guest(session, workshop_id)
        if guest is None or guest.removed_at:
            return None
        watcher = actor_of(guest, sees_wall=token == HERE)
    return Opened(
        actor_key=watcher.key,
        actor_name=watcher.name,
        audiences=watcher.audiences,
        seq=journey.seq,
        epoch=str(journey.epoch),
    )
