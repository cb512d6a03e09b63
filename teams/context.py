"""What the switcher in every page's header needs."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .access import workspaces_of


def workspaces(request: HttpRequest) -> dict:
    """`workspaces`: asked of the database only by a page that shows them."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {"workspaces": SimpleLazyObject(lambda: workspaces_of(user))}
