"""The agendas that a team keeps for its maps. They are no part of a map: its row's turn is the
workspace's."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from changes.record import Forbidden, Gone, Refused
from teams.actors import RUN, Actor
from teams.models import Workspace

from .. import limits
from ..agendas import described
from ..models import OwnAgenda, Workshop


def keep(workshop: Workshop, name: str, *, by: Actor) -> OwnAgenda:
    """Keeps a workshop's agenda under a name."""
    workspace = workshop.journey.workspace
    with _turn(workspace, by):
        if workspace.agendas.count() >= limits.AGENDAS:
            said = _("A team keeps at most %(count)s agendas.")
            raise Refused(said % {"count": limits.AGENDAS})
        if not (steps := described(workshop)):
            raise Refused(_("The agenda has no step yet."))
        return OwnAgenda.objects.create(
            workspace=workspace, name=_free_name(workspace, name), steps=steps
        )


def rename(workspace: Workspace, pk: UUID, name: str, *, by: Actor) -> None:
    with _turn(workspace, by):
        agenda = _find(workspace, pk)
        agenda.name = _free_name(workspace, name, but=agenda)
        agenda.save(update_fields=["name"])


def delete(workspace: Workspace, pk: UUID, *, by: Actor) -> None:
    """Workshops that began with it keep their steps."""
    with _turn(workspace, by):
        _find(workspace, pk).delete()


@contextmanager
def _turn(workspace: Workspace, by: Actor) -> Iterator[None]:
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        if not by.grant(workspace.pk).allows(RUN):
            raise Forbidden
        yield


def _find(workspace: Workspace, pk: UUID) -> OwnAgenda:
    found = workspace.agendas.filter(pk=pk).first()
    if found is None:
        raise Gone
    return found


def _free_name(workspace: Workspace, name: str, but: OwnAgenda | None = None) -> str:
    name = " ".join(name.split())[: limits.AGENDA_NAME].rstrip()
    if not name:
        raise Refused(_("Give the agenda a name."))
    taken = workspace.agendas.exclude(pk=but and but.pk).values_list("name", flat=True)
    if name.casefold() in {one.casefold() for one in taken}:
        raise Refused(_("The team has an agenda of this name already."))
    return name
