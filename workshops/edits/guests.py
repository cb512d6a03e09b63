"""Who is in the room."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from changes.models import Change
from changes.record import Gone, Intent, Refused
from journeys.edits.door import editing, ref
from live.announce import RIGHTS, announce
from live.models import Screen
from teams.actors import RUN, Actor, system
from teams.models import Workspace

from .. import limits
from ..actors import TAKE_PART, actor_of
from ..models import Address, Guest, Workshop
from .door import Running, kept_text, running
from .groups import smallest

# A guest is nobody before they are in; that they may come in was asked by the link or the code.
_DOORKEEPER = system("workshop")


def join(
    workshop: Workshop,
    name: str,
    *,
    by_hand: bool = False,
    made_up: bool = False,
    heads: int = 1,
    by: Actor | None = None,
) -> Guest:
    """Lets somebody in, under a name that nobody else in the room has. Raises Refused where the
    entry is closed or the room is full."""
    name = kept_text(" ".join(name.split()), limits.GUEST_NAME)
    if not name:
        raise Refused(_("Please say your name."))
    _check_heads(heads)
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
            group=smallest(ws),
            heads=heads,
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


def say_heads(guest: Guest, heads: int, *, intent: Intent | None = None):
    """A guest says how many people share their phone."""
    by = actor_of(guest)
    with running(guest.workshop, by=by, verb="say_heads", right=TAKE_PART, intent=intent) as mine:
        who = mine.guest(guest.pk)
        if who.observes:
            raise Refused(_("You are looking on: ask whoever leads to let you take part."))
        _seat(mine, who, heads)
    return mine.turn


def _seat(mine: Running, guest: Guest, heads: int) -> None:
    """A phone stands for so many people. Votes that are given already must be theirs to give."""
    _check_heads(heads)
    if heads == guest.heads:
        return
    given = guest.votes.filter(step__revealed_at=None).values_list("step__votes")
    for each, sum_ in given.annotate(sum=Sum("count")):
        if (over := sum_ - each * heads) > 0:
            raise Refused(
                ngettext(
                    "%(count)s vote too many is given for so few people: take it back first.",
                    "%(count)s votes too many are given for so few people: take them back first.",
                    over,
                )
                % {"count": over}
            )
    mine.set(guest, heads=heads)


def _check_heads(heads: int) -> None:
    if not 1 <= heads <= limits.HEADS:
        raise Refused(_("A phone stands for one to %(most)s people.") % {"most": limits.HEADS})


def remove(
    workshop: Workshop,
    guest_id: UUID,
    *,
    close_entry: bool = False,
    by: Actor,
    intent: Intent | None = None,
):
    """Shows somebody out: nothing more is sent to them or taken from them; what they gave stays.
    With another browser they may come in again, unless the entry is closed too."""
    with running(workshop, by=by, verb="remove_guest", intent=intent) as mine:
        guest = mine.guest(guest_id)
        if guest.removed_at is None:
            mine.set(guest, removed_at=mine.now)
            announce(workshop.journey_id, RIGHTS)  # their streams end at once
            Address.objects.filter(guest=guest).delete()  # which they can't take back any more
        if close_entry:
            mine.set(mine.workshop, entry_open=False, code="")
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
    heads: int | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Whether somebody is of the staff, new or from outside, whether they only look on, and for
    how many people they stand."""
    said = {"standing": standing, "observes": observes}
    with running(workshop, by=by, verb="describe_guest", intent=intent) as mine:
        given = {name: value for name, value in said.items() if value is not None}
        guest = mine.guest(guest_id)
        mine.set(guest, **given)
        if heads is not None:
            _seat(mine, guest, heads)
    return mine.turn


def forget_names(workspace: Workspace) -> int:
    """Takes away the names of guests whose workshop ended longer ago than the team keeps them, or
    was left open on a map that nobody has touched for so long: they are participants with a number
    from now on, in the history too. Says how many these were.

    Asked for where the names would be read, and no clock runs beside the server. Like erasing it
    is no change of a map and goes round the one door: no undo brings a name back.
    """
    until = timezone.now() - timedelta(days=workspace.guest_names_days)
    over = Workshop.objects.filter(
        Q(ended_at__lte=until) | Q(ended_at=None, journey__changed_at__lte=until),
        journey__workspace=workspace,
    )
    with transaction.atomic():
        found = list(
            Guest.objects.filter(workshop__in=over, forgotten=False).select_related(
                "workshop__journey"
            )
        )
        _forget(found)
        # Of whoever never came, or had no name any more; nothing is written where there is none.
        for workshop in Workshop.objects.filter(pk__in=over).exclude(expected=[]):
            workshop.expected = []
            workshop.save(update_fields=["expected"])
        for address in Address.objects.filter(guest__workshop__in=over):
            address.delete()
    return len(found)


def forget_name(workshop: Workshop, guest_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes one name away before its term, also when the workshop is over: the right of whoever
    bears it. Through the door, as the room's screens show it; no undo brings it back."""
    with editing(workshop.journey_id, by=by, verb="forget_guest", right=RUN, intent=intent) as mine:
        guest = (
            Guest.objects.filter(workshop=workshop, pk=guest_id)
            .select_related("workshop__journey")
            .first()
        )
        if guest is None:
            raise Gone
        if not guest.forgotten:
            said, known = guest.name.casefold(), guest.workshop.expected
            expected = [one for one in known if one.casefold() != said]
            if expected != known:
                Workshop.objects.filter(pk=workshop.pk).update(expected=expected)
            _forget([guest])
            mine.turn.note(ref(guest), {"forgotten": False}, {"forgotten": True})
            mine.turn.told.add(workshop.room)
    return mine.turn


def _forget(found: list[Guest]) -> None:
    """They are participants with a number from now on: in the room, in the outcome, in the history.
    What the team wrote on cards, the responsible of tasks too, is the team's and stays."""
    for guest in found:
        journey = guest.workshop.journey
        with override(journey.language):
            guest.name = _("Participant %(number)s") % {"number": guest.number}
        guest.forgotten = True
        Change.objects.filter(document_id=journey.pk, by=guest.key).exclude(by_name="").update(
            by_name=guest.name
        )
        Screen.objects.filter(actor=guest.key).delete()
        Address.objects.filter(guest=guest).delete()
    Guest.objects.bulk_update(found, ["name", "forgotten"])


def say_done(guest: Guest, done: bool, *, by: Actor, intent: Intent | None = None):
    """«That is all from me», or not yet, in the step at hand."""
    right = TAKE_PART if by.kind == "guest" else "run"
    with running(
        guest.workshop, by=by, verb="say_done", right=right, for_all=False, intent=intent
    ) as mine:
        step = mine.current()
        mine.set(mine.guest(guest.pk), done=step if done else None)
        mine.turn.told_later.add(mine.workshop.room)  # who is done sees how many are
    return mine.turn
