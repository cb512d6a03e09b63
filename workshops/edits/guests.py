"""Who is in the room."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.models import Change
from changes.record import Intent, Refused
from live.announce import RIGHTS, announce
from live.models import Screen
from teams.actors import Actor, system
from teams.models import Workspace

from .. import limits
from ..actors import TAKE_PART, actor_of
from ..models import Guest, Workshop
from .door import kept_text, running

# A guest is nobody before they are in; that they may come in was asked by the link or the code.
_DOORKEEPER = system("workshop")


def join(
    workshop: Workshop,
    name: str,
    *,
    by_hand: bool = False,
    made_up: bool = False,
    by: Actor | None = None,
) -> Guest:
    """Lets somebody in, under a name that nobody else in the room has. Raises Refused where the
    entry is closed or the room is full."""
    name = kept_text(" ".join(name.split()), limits.GUEST_NAME)
    if not name:
        raise Refused(_("Please say your name."))
    with running(workshop, by=by or _DOORKEEPER, verb="join", for_all=False) as mine:
        ws = mine.workshop
        if not (ws.entry_open or by_hand):
            raise Refused(_("Entry is closed. Ask whoever leads the workshop to open it."))
        if ws.guests.count() >= limits.GUESTS:
            raise Refused(_("The room is full: %(count)s people.") % {"count": limits.GUESTS})
        guest = Guest(
            workshop=ws,
            number=ws.next_number,
            name=_unused(ws, name),
            by_hand=by_hand,
            made_up=made_up,
        )
        guest.save()
        mine.set(ws, next_number=ws.next_number + 1)
        mine.added(guest, number=guest.number)
    return guest


def phone_seen(workshop: Workshop):
    """A phone has opened the link of a workshop that is being prepared: it works in this room."""
    with running(workshop, by=_DOORKEEPER, verb="phone_seen", for_all=False) as mine:
        if mine.workshop.state != Workshop.State.PREPARING:
            raise Refused(_("The workshop has begun: people write in its steps now."))
        mine.set(mine.workshop, checked_at=mine.now)
    return mine.turn


def _unused(workshop: Workshop, name: str, but: Guest | None = None) -> str:
    """The name, or with a number behind it: «Marina 2»."""
    others = workshop.guests.exclude(pk=but and but.pk)
    taken = {one.casefold() for one in others.values_list("name", flat=True)}
    found, number = name, 1
    while found.casefold() in taken:
        number += 1
        found = f"{name[: limits.GUEST_NAME - 4]} {number}"
    return found


def rename_self(guest: Guest, name: str, *, intent: Intent | None = None):
    """A guest says another name."""
    return _rename(guest, name, by=actor_of(guest), right=TAKE_PART, intent=intent)


def rename(guest: Guest, name: str, *, by: Actor, intent: Intent | None = None):
    """The facilitator gives somebody another name."""
    return _rename(guest, name, by=by, intent=intent)


def _rename(guest: Guest, name: str, **door):
    name = kept_text(" ".join(name.split()), limits.GUEST_NAME)
    if not name:
        raise Refused(_("Please say a name."))
    with running(guest.workshop, verb="rename_guest", **door) as mine:
        fresh = mine.guest(guest.pk)
        mine.set(fresh, name=_unused(mine.workshop, name, but=fresh), forgotten=False)
    return mine.turn


def remove(workshop: Workshop, guest_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Shows somebody out: nothing more is sent to them or taken from them; what they gave stays."""
    with running(workshop, by=by, verb="remove_guest", intent=intent) as mine:
        guest = mine.guest(guest_id)
        if guest.removed_at is None:
            mine.set(guest, removed_at=mine.now)
            announce(workshop.journey_id, RIGHTS)  # their streams end at once
    return mine.turn


def let_back(workshop: Workshop, guest_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Lets somebody in again who was shown out: as themselves, with what they wrote."""
    with running(workshop, by=by, verb="let_guest_back", intent=intent) as mine:
        mine.set(mine.guest(guest_id), removed_at=None)
    return mine.turn


def describe(
    workshop: Workshop,
    guest_id: UUID,
    *,
    standing: str | None = None,
    observes: bool | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Whether somebody is of the staff, new or from outside, and whether they only look on."""
    said = {"standing": standing, "observes": observes}
    with running(workshop, by=by, verb="describe_guest", intent=intent) as mine:
        given = {name: value for name, value in said.items() if value is not None}
        mine.set(mine.guest(guest_id), **given)
    return mine.turn


def forget_names(workspace: Workspace) -> int:
    """Takes away the names of guests whose workshop ended longer ago than the team keeps them, or
    was left open on a map that nobody has touched for so long: they are participants with a number
    from now on, in the history too. Says how many these were.

    Asked for where the names would be read, and no clock runs beside the server. Like erasing it
    is no change of a map and goes round the one door: no undo brings a name back.
    """
    until = timezone.now() - timedelta(days=workspace.guest_names_days)
    due = Guest.objects.filter(
        Q(workshop__ended_at__lte=until)
        | Q(workshop__ended_at=None, workshop__journey__changed_at__lte=until),
        workshop__journey__workspace=workspace,
        forgotten=False,
    )
    with transaction.atomic():
        found = list(due.select_related("workshop__journey"))
        for guest in found:
            journey = guest.workshop.journey
            with override(journey.language):
                guest.name = _("Participant %(number)s") % {"number": guest.number}
            guest.forgotten = True
            Change.objects.filter(document_id=journey.pk, by=guest.key).exclude(by_name="").update(
                by_name=guest.name
            )
            Screen.objects.filter(actor=guest.key).delete()
        Guest.objects.bulk_update(found, ["name", "forgotten"])
    return len(found)


def say_done(guest: Guest, done: bool, *, by: Actor, intent: Intent | None = None):
    """«That is all from me», or not yet, in the step at hand."""
    right = TAKE_PART if by.kind == "guest" else "run"
    with running(
        guest.workshop, by=by, verb="say_done", right=right, for_all=False, intent=intent
    ) as mine:
        step = mine.current()
        mine.set(mine.guest(guest.pk), done=step if done else None)
    return mine.turn
