"""Finding a persona through permission: a foreign and a missing one look the same."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest

from teams.actors import EDIT, READ, grant_of

from .models import Persona


def _find(request: HttpRequest, pk: UUID, verb: str, *, deleted: bool = False) -> Persona:
    persona = (
        Persona.objects.filter(
            pk=pk,
            deleted_at__isnull=not deleted,
            workspace__memberships__user_id=request.user.pk,
            workspace__deleted_at=None,
        )
        .select_related("workspace")
        .annotate(role=F("workspace__memberships__role"))
        .first()
    )
    if persona is None:
        raise Http404
    grant = grant_of(persona.role)
    if not grant.allows(verb):
        raise PermissionDenied
    persona.can_edit = grant.allows(EDIT)
    return persona


def persona_to_read(request: HttpRequest, pk: UUID) -> Persona:
    """The living persona, with `can_edit` and `workspace` at hand: one query."""
    return _find(request, pk, READ)


def persona_to_edit(request: HttpRequest, pk: UUID) -> Persona:
    """The living persona, if it may be edited."""
    return _find(request, pk, EDIT)


def deleted_persona_to_edit(request: HttpRequest, pk: UUID) -> Persona:
    """A deleted persona, to be brought back."""
    return _find(request, pk, EDIT, deleted=True)
