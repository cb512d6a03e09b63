"""Groups of guests: which there are, and who is in which."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.record import Gone, Intent, Refused
from teams.actors import Actor

from .. import limits
from ..models import Group, Workshop
from ..reads.groups import THERE
from .door import Running, kept_text, running


def add_group(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Adds a group with a number for a name. Who is in already stays where they are."""
    with running(workshop, by=by, verb="add_group", intent=intent) as mine:
        groups = mine.workshop.groups
        if groups.count() >= limits.GROUPS:
            raise Refused(_("A room has at most %(count)s groups.") % {"count": limits.GROUPS})
        position = (groups.aggregate(last=Max("position"))["last"] or 0) + 1
        with override(mine.editing.journey.language):
            name = _("Group %(number)s") % {"number": position}
        group = Group.objects.create(workshop=mine.workshop, position=position, name=name)
        mine.added(group, position=position)
    return mine.turn


def edit_group(
    workshop: Workshop,
    pk: UUID,
    *,
    name: str,
    stages: Sequence[str],
    persona: UUID | None,
    by: Actor,
    intent: Intent | None = None,
):
    """Names a group, opens stages to it (none: all) and gives it a persona to speak for."""
    name = kept_text(" ".join(name.split()), limits.GROUP_NAME)
    if not name:
        raise Refused(_("Please say a name."))
    with running(workshop, by=by, verb="edit_group", intent=intent) as mine:
        group = _group(mine, pk)
        mine.set(group, name=name, stages=list(stages), persona_id=persona)
    return mine.turn


def delete_group(workshop: Workshop, pk: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes a group away; its people are in none, what they gave stays."""
    with running(workshop, by=by, verb="delete_group", intent=intent) as mine:
        group = _group(mine, pk)
        mine.turn.note(f"group:{pk.hex}", {"position": group.position}, None)
        group.delete()
    return mine.turn


def share_out(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Puts everybody who is in no group into the smallest one, in the order they came."""
    with running(workshop, by=by, verb="share_out", intent=intent) as mine:
        groups = list(mine.workshop.groups.annotate(there=THERE).order_by("position", "id"))
        if not groups:
            raise Refused(_("There are no groups yet."))
        for guest in mine.workshop.guests.filter(group=None, removed_at=None):
            group = min(groups, key=lambda one: one.there)  # the first of equals
            group.there += guest.heads
            mine.set(guest, group=group)
    return mine.turn


def move_guest(
    workshop: Workshop,
    guest: UUID,
    group: UUID | None,
    *,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts somebody into a group, or with None into none."""
    with running(workshop, by=by, verb="move_guest", intent=intent) as mine:
        mine.set(mine.guest(guest), group=_group(mine, group) if group else None)
    return mine.turn


def smallest(workshop: Workshop) -> Group | None:
    """The group with the fewest people, the first of equals; None where there are no groups."""
    return workshop.groups.annotate(there=THERE).order_by("there", "position", "id").first()


def _group(mine: Running, pk: UUID) -> Group:
    found = mine.workshop.groups.filter(pk=pk).first()
    if found is None:
        raise Gone(_("This group is gone."))
    return found
