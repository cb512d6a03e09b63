"""What each view asks of the person who opens it, declared beside the view.

`@policy("workspace:manage")` only declares: finding through `access` decides, and the door asks
again. The declaration is what tests/test_permissions.py walks the URL conf with: a view without
one is red, and each one is tried by a stranger.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required

PUBLIC, SIGNED_IN, OPERATOR = "public", "signed_in", "operator"
# Whoever comes to these needs no account: a guest's session or the link itself is asked.
WITHOUT_ACCOUNT = frozenset({PUBLIC, "room:take_part", "wall:see"})
POLICIES = frozenset(
    {
        PUBLIC,
        SIGNED_IN,
        OPERATOR,
        "workspace:read",
        "workspace:edit",
        "workspace:manage",
        "map:read",
        "map:edit",
        "persona:read",
        "persona:edit",
        "workshop:read",
        "workshop:run",
        "room:take_part",
        "wall:see",
    }
)


def policy[View: Callable[..., Any]](name: str, *, post: str = "") -> Callable[[View], View]:
    """Declares who may open a view, and who may post to it if that is said apart; only
    those WITHOUT_ACCOUNT are open without signing in."""
    if unknown := {name, post or name} - POLICIES:
        raise ValueError(f"unknown policy {', '.join(unknown)}")

    def declare(view: View) -> View:
        setattr(view, "policy", name)  # noqa: B010
        setattr(view, "post_policy", post or name)  # noqa: B010
        return login_not_required(view) if name in WITHOUT_ACCOUNT else view

    return declare
