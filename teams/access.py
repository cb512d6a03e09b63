"""Finding a workspace through permission: what a person may not see is not found.

A foreign and a missing workspace look the same: 404. A member without the right is told so: 403.
"""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpRequest

from .actors import EDIT, MANAGE, READ, Actor, grant_of, member
from .models import Membership, User, Workspace


def person_of(request: HttpRequest) -> User:
    """The signed-in person; every view but a public one has one."""
    return cast(User, request.user)


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in this request."""
    return member(person_of(request))


def operator_of(request: HttpRequest) -> Actor:
    """Whoever runs the server; for everybody else there is no such page."""
    if not person_of(request).is_superuser:
        raise Http404
    return actor_of(request)


def _find(request: HttpRequest, slug: str, verb: str, *, deleted: bool = False) -> Workspace:
    workspace = (
        Workspace.objects.filter(
            slug=slug, memberships__user_id=request.user.pk, deleted_at__isnull=not deleted
        )
        .annotate(role=F("memberships__role"))
        .first()
    )
    if workspace is None:
        raise Http404
    grant = grant_of(workspace.role)
    if not grant.allows(verb):
        raise PermissionDenied
    workspace.can_edit = grant.allows(EDIT)
    workspace.can_manage = grant.allows(MANAGE)
    return workspace


def workspace_to_read(request: HttpRequest, slug: str) -> Workspace:
    """The workspace with `role`, `can_edit` and `can_manage` at hand: one query."""
    return _find(request, slug, READ)


def workspace_to_edit(request: HttpRequest, slug: str) -> Workspace:
    """The workspace, if its content may be edited."""
    return _find(request, slug, EDIT)


def workspace_to_manage(request: HttpRequest, slug: str) -> Workspace:
    """The workspace, if its people may be managed."""
    return _find(request, slug, MANAGE)


def deleted_workspace_to_manage(request: HttpRequest, slug: str) -> Workspace:
    """A deleted workspace, to be brought back."""
    return _find(request, slug, MANAGE, deleted=True)


def workspaces_of(user: User) -> list[Workspace]:
    """A person's workspaces with `role`, one's own before the demo, the oldest first: one query."""
    return list(
        Workspace.objects.filter(memberships__user_id=user.pk, deleted_at=None)
        .annotate(role=F("memberships__role"), since=F("memberships__created_at"))
        .order_by("is_demo", "since")
    )


def is_settled(user: User) -> bool:
    """Whether a person has a name, a password and a team beside the demo."""
    return bool(
        user.name
        and user.has_usable_password()
        and Membership.objects.filter(
            user=user, workspace__is_demo=False, workspace__deleted_at=None
        ).exists()
    )
