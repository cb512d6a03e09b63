"""Finding through permission: what the actor may not see is not found.

A foreign and a missing map look the same: 404. A reader who tries to edit is told so: 403.
"""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest

from teams.access import actor_of
from teams.actors import EDIT, READ, grant_of

from .models import Card, Image, Journey

__all__ = [
    "actor_of",
    "card_to_read",
    "deleted_map_to_edit",
    "image_to_read",
    "map_to_edit",
    "map_to_read",
]


def _find(request: HttpRequest, pk: UUID, verb: str, *, deleted: bool = False) -> Journey:
    journey = (
        Journey.objects.filter(
            pk=pk,
            workspace__memberships__user_id=request.user.pk,
            workspace__deleted_at=None,
            deleted_at__isnull=not deleted,
        )
        .select_related("workspace")
        .annotate(role=F("workspace__memberships__role"))
        .first()
    )
    if journey is None:
        raise Http404
    grant = grant_of(journey.role)
    if not grant.allows(READ):
        raise Http404
    if not grant.allows(verb):
        raise PermissionDenied
    journey.can_edit = grant.allows(EDIT)
    return journey


def map_to_read(request: HttpRequest, pk: UUID) -> Journey:
    """The living map, with `can_edit` and `workspace` at hand: one query."""
    return _find(request, pk, READ)


def map_to_edit(request: HttpRequest, pk: UUID) -> Journey:
    """The living map, if it may be edited."""
    return _find(request, pk, EDIT)


def deleted_map_to_edit(request: HttpRequest, pk: UUID) -> Journey:
    """A deleted map, to be brought back."""
    return _find(request, pk, EDIT, deleted=True)


def card_to_read(request: HttpRequest, pk: UUID, card_id: UUID) -> Card:
    """A card of a map that may be read, with its lane, stage and owner; deleted ones too."""
    journey = map_to_read(request, pk)
    card = (
        Card.objects.filter(
            pk=card_id,
            journey=journey,
            audience__in=actor_of(request).audiences,
        )
        .select_related("stage", "lane", "owner", "metric", "touchpoint", "solution")
        .first()
    )
    if card is None:
        raise Http404
    card.journey = journey
    return card


def image_to_read(request: HttpRequest, pk: UUID, image_id: UUID) -> Image:
    """An image of a map that may be read."""
    image = Image.objects.filter(pk=image_id, journey=map_to_read(request, pk)).first()
    if image is None:
        raise Http404
    return image
