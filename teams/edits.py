"""Every change of people and workspaces, by a verb each. `by` is who does it.

The right is asked here again while the workspace's row is locked, and that answer counts: two
owners who demote each other at once cannot leave a team without one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .actors import MANAGE, Actor, member
from .membership import rights_changed
from .models import Invitation, Membership, Role, User, Workspace
from .sign_in_links import make_link, revoke_links
from .slugs import slugs

KEPT = timedelta(days=30)  # a deleted workspace


class Refused(Exception):
    """It can't be done; the message is a sentence for the person who asked."""


@contextmanager
def _managing(workspace: Workspace, by: Actor) -> Iterator[None]:
    with transaction.atomic():
        _lock(workspace)
        if not by.grant(workspace.pk).allows(MANAGE):
            raise PermissionDenied
        yield


def _lock(workspace: Workspace) -> None:
    # SQLite has no row locks and needs none: its transactions write one after another.
    Workspace.objects.select_for_update().get(pk=workspace.pk)


# Workspaces


def create_workspace(name: str, *, by: Actor) -> Workspace:
    """A new empty workspace with an address of its own; a member who makes it owns it."""
    with transaction.atomic():
        for slug in slugs(name):
            workspace, created = Workspace.objects.get_or_create(slug=slug, defaults={"name": name})
            if created:
                break
        if by.kind == "member":
            Membership.objects.create(workspace=workspace, user_id=by.id, role=Role.OWNER)
    return workspace


def rename_workspace(workspace: Workspace, name: str, *, by: Actor) -> None:
    """The address stays, so that links people have kept go on working."""
    with _managing(workspace, by):
        Workspace.objects.filter(pk=workspace.pk).update(name=name)


def keep_guest_names(workspace: Workspace, days: int, *, by: Actor) -> None:
    """For how many days after a workshop's end guests keep their names."""
    with _managing(workspace, by):
        Workspace.objects.filter(pk=workspace.pk).update(guest_names_days=days)


def remove_demo(workspace: Workspace, *, by: Actor) -> None:
    """Removes the demo with all that is in it, for all its people."""
    with _managing(workspace, by):
        if not workspace.is_demo:
            raise PermissionDenied
        rights_changed(workspace.pk)
        workspace.delete()


def delete_workspace(workspace: Workspace, *, by: Actor) -> None:
    """Nobody finds it from now on; an owner can bring it back for 30 days."""
    with _managing(workspace, by):
        rights_changed(workspace.pk)
        Workspace.objects.filter(pk=workspace.pk).update(deleted_at=timezone.now())
    purge()


def purge() -> None:
    """What has been deleted for too long goes for good, with its files: asked for often enough, and
    no clock to run beside the server."""
    for old in Workspace.objects.filter(deleted_at__lt=timezone.now() - KEPT):
        old.delete()


def restore_workspace(workspace: Workspace, *, by: Actor) -> None:
    """By an owner: the right is asked of the row, for a deleted workspace grants nothing."""
    with transaction.atomic():
        _lock(workspace)
        owners = workspace.memberships.filter(role=Role.OWNER, user_id=by.id)
        if not owners.exists():
            raise PermissionDenied
        Workspace.objects.filter(pk=workspace.pk).update(deleted_at=None)


def deleted_workspaces_of(user: User) -> list[Workspace]:
    """What this owner can still bring back."""
    lately = timezone.now() - KEPT
    mine = user.memberships.filter(role=Role.OWNER, workspace__deleted_at__gte=lately)
    return list(Workspace.objects.filter(pk__in=mine.values("workspace_id")).order_by("name"))


# Members


def change_role(membership: Membership, role: Role, *, by: Actor) -> None:
    with _managing(membership.workspace, by):
        if role != Role.OWNER:
            _keep_an_owner(membership)
        Membership.objects.filter(pk=membership.pk).update(role=role)
        rights_changed(membership.workspace_id)


def remove_member(membership: Membership, *, by: Actor) -> None:
    """Also ends the open invitations: the person removed may have kept one."""
    with _managing(membership.workspace, by):
        _keep_an_owner(membership)
        membership.workspace.invitations.filter(revoked_at=None).update(revoked_at=timezone.now())
        membership.delete()
        rights_changed(membership.workspace_id)


def leave(membership: Membership) -> None:
    """The member's own decision, so nobody else's right is asked."""
    with transaction.atomic():
        _lock(membership.workspace)
        _keep_an_owner(membership)
        membership.delete()
        rights_changed(membership.workspace_id)


def _keep_an_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(workspace_id=membership.workspace_id, role=Role.OWNER)
    if not owners.exclude(pk=membership.pk).exists():
        raise Refused(_("A team needs an owner: first make someone else an owner."))


def reset_link(membership: Membership, *, by: Actor) -> str:
    """The path of a link for a member who has lost the password; lives a day.

    Whoever holds it is that person everywhere, so an owner gets one only for people who are in
    no team but those of the same owner.
    """
    with _managing(membership.workspace, by):
        owned = Membership.objects.filter(user_id=by.id, role=Role.OWNER).values("workspace_id")
        elsewhere = Membership.objects.filter(user_id=membership.user_id)
        if elsewhere.exclude(workspace_id__in=owned).exists():
            raise Refused(
                _(
                    "This person is in other teams too, so only whoever runs the server can make "
                    "the link: manage.py sign_in_link %(email)s"
                )
                % {"email": membership.user.email}
            )
        return make_link(membership.user, minutes=24 * 60)


# Invitations


def invite(workspace: Workspace, role: Role, *, by: Actor) -> Invitation:
    """A link for as many people as get it, so never for an owner: that is given by name."""
    with _managing(workspace, by):
        if role == Role.OWNER:
            raise PermissionDenied
        return Invitation.objects.create(workspace=workspace, role=role, created_by_id=by.id)


def revoke(invitation: Invitation, *, by: Actor) -> None:
    with _managing(invitation.workspace, by):
        Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(
            revoked_at=timezone.now()
        )


def join(invitation: Invitation, *, by: Actor) -> None:
    """Who is in the team already keeps the role."""
    with transaction.atomic():
        _lock(invitation.workspace)
        if not open_invitations().filter(pk=invitation.pk).exists():
            raise Refused(_("This invitation doesn’t work any more."))
        Membership.objects.get_or_create(
            workspace=invitation.workspace, user_id=by.id, defaults={"role": invitation.role}
        )


def join_as_new(invitation: Invitation, user: User) -> None:
    """An unsaved `user` gets an account and joins: both or neither."""
    with transaction.atomic():
        save_person(user)
        join(invitation, by=member(user))


def open_invitations():
    """The invitations that still let people in."""
    return Invitation.objects.filter(
        revoked_at=None, expires_at__gt=timezone.now(), workspace__deleted_at=None
    )


# People


def save_person(user: User) -> None:
    """Saves a person's name, address, language; two at once cannot take the same address."""
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise Refused(_("This address already has an account.")) from None


def settle(user: User, team: str) -> Workspace:
    """The end of the welcome page: the person is saved and gets a team's own empty workspace."""
    with transaction.atomic():
        save_person(user)
        return create_workspace(team, by=member(user))


def set_password(user: User, password: str) -> None:
    """Also ends all sign-in links made for this person before, and what is open elsewhere."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        revoke_links(user)
        sessions_ended(user)


def sessions_ended(user: User) -> None:
    """Open screens of this person ask again who looks at them."""
    for workspace_id in user.memberships.values_list("workspace_id", flat=True):
        rights_changed(workspace_id)


# Accounts, by whoever runs the server


def make_operator(user: User, *, is_one: bool = True) -> None:
    """Lets a person see the page of the server and close accounts; by a command only."""
    User.objects.filter(pk=user.pk).update(is_superuser=is_one)


def close_account(user: User, *, by: Actor) -> None:
    """Nobody gets in with it any more, from now on and in no team; what the person wrote stays.

    Open invitations of the person's teams end too, because one may have been kept.
    """
    with _operating(by):
        if str(user.pk) == by.id:
            raise Refused(_("You can’t close your own account."))
        User.objects.filter(pk=user.pk).update(is_active=False)
        revoke_links(user)
        for session in sessions_of(user):
            session.delete()
        for workspace in Workspace.objects.filter(memberships__user=user).order_by("pk"):
            workspace.invitations.filter(revoked_at=None).update(revoked_at=timezone.now())
            rights_changed(workspace.pk)


def open_account(user: User, *, by: Actor) -> None:
    """With the same password and in the same teams as before."""
    with _operating(by):
        User.objects.filter(pk=user.pk).update(is_active=True)


@contextmanager
def _operating(by: Actor) -> Iterator[None]:
    with transaction.atomic():
        operators = User.objects.filter(is_superuser=True, is_active=True).select_for_update()
        if by.kind != "member" or not operators.filter(pk=by.id).exists():
            raise PermissionDenied
        yield


def sessions_of(user: User) -> list[Session]:
    """A session doesn't say in the open whose it is, so each is read."""
    return [
        session
        for session in Session.objects.iterator()
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
