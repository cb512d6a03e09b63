"""Who acts, and what they may do: the one place where permission is decided.

An `Actor` is a member, a guest or a named system process; all of them look the same to the
rest of the house. A `Grant` is what an actor may do in one workspace. The view finds through
it; the door of `changes` asks for it again while it holds the document, and that answer counts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from .models import Membership, Role, User

NAME = 100  # characters that the history keeps of a name
READ, EDIT, RUN, MANAGE = "read", "edit", "run", "manage"  # RUN: a workshop
TEAM = "team"  # the audience of all members

_VERBS = {
    Role.VIEWER: frozenset({READ}),
    Role.EDITOR: frozenset({READ, EDIT, RUN}),
    Role.OWNER: frozenset({READ, EDIT, RUN, MANAGE}),
}


@dataclass(frozen=True)
class Grant:
    """What an actor may do in one workspace."""

    verbs: frozenset[str]

    def allows(self, verb: str, target: object = None) -> bool:
        """Whether `verb` may be done to `target` (guests' grants will look at the target)."""
        return verb in self.verbs


NOTHING = Grant(frozenset())


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: `key` is stable and names kind and id, `name` is how others see them."""

    kind: str  # "member", "system", or one that another app has added to GRANTS
    id: str
    name: str
    watches: tuple[str, ...] = (TEAM,)  # the audiences beside one's own

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences whose frames this actor may receive."""
        return (*self.watches, self.key)

    def grant(self, workspace_id: UUID) -> Grant:
        """Asks the database now: one query for a member, none for the system."""
        if self.kind == "system":
            return Grant(_VERBS[Role.OWNER])
        if ask := GRANTS.get(self.kind):
            return ask(self, workspace_id)
        role = (
            Membership.objects.filter(
                workspace_id=workspace_id,
                workspace__deleted_at=None,
                user_id=self.id,
                user__is_active=True,
            )
            .values_list("role", flat=True)
            .first()
        )
        return grant_of(role)


# What actors of other kinds than ours may do, told by the app that knows them.
GRANTS: dict[str, Callable[[Actor, UUID], Grant]] = {}


def grant_of(role: str | None) -> Grant:
    """The grant a role carries; nothing without one."""
    return Grant(_VERBS[Role(role)]) if role else NOTHING


def member(user: User) -> Actor:
    """The actor that a signed-in user is."""
    return Actor("member", str(user.pk), str(user)[:NAME])


def system(name: str) -> Actor:
    """A command or process that acts by itself, under a name shown in the history."""
    return Actor("system", name, name)
