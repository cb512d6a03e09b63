"""People, their teams, and the ways in."""

import secrets
from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ui.ids import uuid7


class Role(models.TextChoices):
    """What a member may do in a workspace; teams.actors says what each role allows."""

    OWNER = "owner", pgettext_lazy("role", "Owner")
    EDITOR = "editor", pgettext_lazy("role", "Editor")
    VIEWER = "viewer", pgettext_lazy("role", "Viewer")


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account, known by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self):
        return self.name or self.email.partition("@")[0]


class Workspace(models.Model):
    """A team's room: its maps, its personas, its people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    # Deleted it is found by nobody; for 30 days an owner can bring it back.
    deleted_at = models.DateTimeField(null=True, blank=True)
    # After a workshop's end; then those who took part without an account have a number.
    guest_names_days = models.PositiveSmallIntegerField(default=90)

    # What the reader at hand may do; set by `access`.
    can_edit = False
    can_manage = False

    def __str__(self):
        return self.name


class Membership(models.Model):
    """A user's role in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="membership_role_known"
            ),
        ]


def _token() -> str:
    return secrets.token_urlsafe(24)


def _in_two_weeks():
    return timezone.now() + timedelta(days=14)


class Invitation(models.Model):
    """A link that lets whoever opens it join a workspace with a role, until it expires."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    token = models.CharField(max_length=64, unique=True, default=_token)
    created_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=_in_two_weeks)
    revoked_at = models.DateTimeField(null=True, blank=True)


class SignInLink(models.Model):
    """A one-time way in: the first start's link, or an owner's reset of a lost password.

    Only the SHA-256 of the token is kept, so that a copy of the database opens no door.
    """

    token_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class Throttle(models.Model):
    """How often something was tried within a window; see teams.throttle."""

    key = models.CharField(max_length=200, primary_key=True)
    window_ends_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)


class Erasure(models.Model):
    """That an account was erased, without whose it was; see teams.personal."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(default=timezone.now)
