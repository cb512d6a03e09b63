"""What the house keeps of a person: told to them on request, and let go of for good.

Cards, maps and personas are the team's and stay. What a person did stays in the history too, under
no name. Each app that keeps something of people adds a `Keeper` when it is ready. Erasing is no
change of a map and goes round the one door: it takes names away, and no undo brings them back.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from live.models import Screen
from ui.ids import uuid7

from . import throttle
from .actors import member
from .edits import Refused, sessions_ended, sessions_of
from .models import Erasure, Invitation, Membership, Role, SignInLink, User, Workspace


@dataclass(frozen=True)
class Keeper:
    """What an app keeps of a person. `tell` gives it as plain values, `forget` puts the new key in
    the place of the person's and takes the names away; it says how many rows that were."""

    name: object
    tell: Callable[[User], Any]
    forget: Callable[[User, str], int]


keepers: list[Keeper] = []


@dataclass
class Act:
    """What was erased: how many rows, by what they are."""

    person: str  # the account's id: says nothing to who has not known it
    digest: str
    at: datetime
    counts: list[tuple[str, int]] = field(default_factory=list)

    def text(self) -> str:
        """The act to be printed and kept, as 152-FZ and the GDPR ask for."""
        lines = [
            _("Act of the erasure of personal data"),
            "",
            _("When: %(when)s") % {"when": f"{timezone.localtime(self.at):%Y-%m-%d %H:%M %Z}"},
            _("Whose: account %(account)s") % {"account": self.person},
            _("Number in the list of erasures: %(number)s") % {"number": self.digest},
            _("How: rows deleted, or stripped of name, address and account"),
            _("Why: asked for by the person, or no longer needed"),
            "",
            *(f"{count:>8}  {name}" for name, count in self.counts),
            "",
            _(
                "Cards, maps and personas are the team’s and stayed; what the person did stands in "
                "the history without a name. Backups made before still hold the data until they "
                "are deleted; when one is restored, the list of erasures is followed again."
            ),
            "",
            _("Operator: %(line)s") % {"line": "_" * 40},
            _("Carried out by: %(line)s") % {"line": "_" * 40},
        ]
        return "\n".join(lines) + "\n"


# --- telling -----------------------------------------------------------------------------------


def export(user: User) -> bytes:
    """Everything that is kept of a person, as JSON."""
    told = {str(keeper.name): keeper.tell(user) for keeper in [_OURS, *keepers]}
    made = {"made_at": timezone.now(), **told}
    return json.dumps(made, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def _tell(user: User) -> dict:
    return {
        "account": {
            "id": user.pk,
            "email": user.email,
            "name": user.name,
            "language": user.language,
            "joined_at": user.joined_at,
            "last_sign_in": user.last_login,
            "has_password": user.has_usable_password(),
        },
        "teams": list(user.memberships.values("workspace__name", "role", "created_at")),
        "invitations_made": list(
            Invitation.objects.filter(created_by=user).values(
                "workspace__name", "role", "created_at", "expires_at", "revoked_at"
            )
        ),
        "sign_in_links": list(SignInLink.objects.filter(user=user).values("expires_at", "used_at")),
        "browsers_signed_in": [session.expire_date for session in sessions_of(user)],
        "open_screens": list(
            Screen.objects.filter(actor=member(user).key).values("name", "channel", "seen_at")
        ),
    }


# --- letting go --------------------------------------------------------------------------------


def left_alone(user: User) -> list[Workspace]:
    """The teams that would have no owner without this person."""
    owned = user.memberships.filter(
        role=Role.OWNER, workspace__is_demo=False, workspace__deleted_at=None
    )
    found = Workspace.objects.filter(pk__in=owned.values("workspace_id"))
    others = Membership.objects.filter(role=Role.OWNER, workspace__in=found).exclude(user=user)
    return list(found.exclude(pk__in=others.values("workspace_id")).order_by("name"))


def erase(user: User, *, heir: User | None = None, replayed: bool = False) -> Act:
    """Lets go of a person for good. Teams that would have no owner go to `heir`; without one it is
    refused. `replayed`, after a restore, nobody can be asked: who is there longest owns them."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA secure_delete = ON"
            )  # or the words stay in the file's free pages
    with transaction.atomic():
        # One after another: two last owners who go at once would leave a team to nobody.
        teams = user.memberships.values("workspace_id")
        list(Workspace.objects.filter(pk__in=teams).order_by("pk").select_for_update())
        _hand_over(user, heir, replayed)
        sessions_ended(user)
        former = f"former:{uuid7()}"
        act = Act(str(user.pk), digest_of(user), timezone.now())
        for keeper in [*keepers, _OURS]:
            if count := keeper.forget(user, former):
                act.counts.append((str(keeper.name), count))
        Erasure.objects.get_or_create(digest=act.digest)
        transaction.on_commit(lambda: _write_down(act.digest))
    return act


def _hand_over(user: User, heir: User | None, replayed: bool) -> None:
    alone = left_alone(user)
    if alone and heir is None and not replayed:
        names = ", ".join(f"«{team.name}»" for team in alone)
        raise Refused(
            _("First make someone else an owner, or delete the team: %(teams)s") % {"teams": names}
        )
    for team in alone:
        if heir is not None:
            Membership.objects.update_or_create(
                workspace=team, user=heir, defaults={"role": Role.OWNER}
            )
        elif next_one := team.memberships.exclude(user=user).order_by("created_at").first():
            Membership.objects.filter(pk=next_one.pk).update(role=Role.OWNER)


def _forget(user: User, former: str) -> int:
    Screen.objects.filter(actor=member(user).key).delete()
    for session in (sessions := sessions_of(user)):
        session.delete()
    for name, who in (
        ("account", user.email),
        *((name, str(user.pk)) for name in ("account", "password", "delete")),
    ):
        throttle.forget(name, who)
    if apps.is_installed("django.contrib.admin"):
        from django.contrib.admin.models import LogEntry

        LogEntry.objects.filter(object_id=str(user.pk)).delete()
    deleted, _by_model = user.delete()
    return deleted + len(sessions)


_OURS = Keeper(gettext_lazy("account, teams, sign-ins"), _tell, _forget)


# --- the list of erasures ------------------------------------------------------------------------


def digest_of(user: User) -> str:
    """What the list has of a person: tells nobody who it was, but whether it was this account."""
    return hashlib.sha256(f"erased:{user.pk}".encode()).hexdigest()


def list_of_erasures() -> Path:
    """Beside the database, because an older one that is restored doesn't know of later ones."""
    return Path(settings.VAR) / "erasures.txt"


def _write_down(digest: str) -> None:
    with list_of_erasures().open("a") as file:
        file.write(f"{digest}\n")


def replay_erasures(digests: Iterable[str] = ()) -> list[Act]:
    """After a restore: whoever is on the list, in the database, in the data folder or in `digests`
    (the list of the server that was), goes again."""
    path = list_of_erasures()
    known = {line.strip() for line in digests} | set(
        Erasure.objects.values_list("digest", flat=True)
    )
    if path.exists():
        known |= set(path.read_text().split())
    return [erase(user, replayed=True) for user in User.objects.all() if digest_of(user) in known]
