"""One-time ways in: the first start's, and the one for a lost password."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from .models import Membership, Role, SignInLink, User, Workspace

# Whose address nobody knows yet: the welcome page asks for it.
FIRST_EMAIL = "owner@localhost"


def make_link(user: User, minutes: int = 15) -> str:
    """The path of a new link that signs `user` in once within `minutes`."""
    now = timezone.now()
    SignInLink.objects.filter(expires_at__lte=now).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        token_hash=_hash(token), user=user, expires_at=now + timedelta(minutes=minutes)
    )
    return reverse("sign_in_link", args=[token])


def find(token: str) -> SignInLink | None:
    """The link, if it still opens the door; nothing is used up."""
    return _living(token).select_related("user").first()


def use(token: str) -> User | None:
    """Uses the link up and says whom it signs in. Of two who try at once, one succeeds."""
    link = find(token)
    # By columns of its own row: what a join finds is not looked at again after waiting for a lock.
    if link and SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        return link.user
    return None


def revoke_links(user: User) -> None:
    """No link made before works any more."""
    SignInLink.objects.filter(user=user).delete()


def first_user() -> User | None:
    """The first person of this server until the welcome page has been filled in; then None."""
    user = User.objects.order_by("joined_at").first()
    if user is None:
        user = User.objects.create_user(FIRST_EMAIL)
    return None if user.name else user


@transaction.atomic
def first_start_link() -> str | None:
    """A link for the first person, who becomes the owner of the demo; None once settled."""
    user = first_user()
    if user is None:
        return None
    for demo in Workspace.objects.filter(is_demo=True):
        Membership.objects.get_or_create(workspace=demo, user=user, defaults={"role": Role.OWNER})
    return make_link(user)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _living(token: str) -> QuerySet[SignInLink]:
    return SignInLink.objects.filter(
        token_hash=_hash(token),
        used_at=None,
        expires_at__gt=timezone.now(),
        user__is_active=True,
    )
