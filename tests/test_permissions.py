"""Every route of the URL conf declares who may open it, and strangers stay outside."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import (
    IntConverter,
    SlugConverter,
    StringConverter,
    UUIDConverter,
)

from journeys.models import Journey
from personas.models import Persona
from teams.models import Membership, Role, User, Workspace
from teams.policy import POLICIES, PUBLIC, SIGNED_IN

# `ui` and `live` stand below `teams` and can't declare; what they have is told here.
LEAVES = {"set_language": PUBLIC, "set_theme": PUBLIC, "gallery": SIGNED_IN}


def routes(patterns=None, within: tuple[str, ...] = ()) -> dict[str, tuple[URLPattern, str]]:
    """All routes by name, with the whole path of each."""
    found = {}
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = (*within, str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            found[pattern.name or "".join(path)] = (pattern, "".join(path))
        else:
            found |= routes(pattern.url_patterns, path)
    return found


ROUTES = routes()


def policy_of(name: str) -> str | None:
    return LEAVES.get(name) or getattr(ROUTES[name][0].callback, "policy", None)


def names(*kinds: str) -> list[str]:
    """The routes with a policy about one of these; `kinds` as in `map:read` → map."""
    return sorted(name for name in ROUTES if (policy_of(name) or "").partition(":")[0] in kinds)


MADE_UP = {IntConverter: 1, UUIDConverter: uuid4(), SlugConverter: "none", StringConverter: "none"}


def address(name: str, own: dict[str, str | UUID]) -> str:
    """The route's address within `own`; parts of a map or a team are made up."""
    kind = (policy_of(name) or "").partition(":")[0]
    known = {"slug": own["workspace"]} | ({"pk": own[kind]} if kind in ("map", "persona") else {})
    converters = get_resolver().reverse_dict.getlist(name)[0][3]
    kwargs = {
        parameter: known.get(parameter, MADE_UP[type(converter)])
        for parameter, converter in converters.items()
    }
    return reverse(name, kwargs=kwargs)


@pytest.fixture
def garage(db) -> dict[str, str | UUID]:
    """Gleb's garage with a map and a persona, which are nobody else's business."""
    garage = Workspace.objects.create(name="Garage", slug="garage")
    gleb = User.objects.create_user("gleb@example.org", "engines at night", name="Gleb")
    Membership.objects.create(workspace=garage, user=gleb, role=Role.OWNER)
    return {
        "workspace": garage.slug,
        "map": Journey.objects.create(workspace=garage, title="A car is bought").pk,
        "persona": Persona.objects.create(workspace=garage, name="Andrey").pk,
    }


@pytest.fixture
def anna(db) -> Client:
    """Signed in, with a team of her own."""
    anna = User.objects.create_user("anna@example.org", "tulips in the morning", name="Anna")
    flowers = Workspace.objects.create(name="Flowers", slug="flowers")
    Membership.objects.create(workspace=flowers, user=anna, role=Role.OWNER)
    client = Client()
    client.force_login(anna)
    return client


def answers(client: Client, path: str) -> set[int]:
    """The statuses of GET and POST, without "this method is not for here"."""
    return {client.get(path).status_code, client.post(path).status_code} - {405}


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_route_has_a_name_and_a_policy(name):
    assert ROUTES[name][0].name, f"{name} has no name"
    assert policy_of(name) in POLICIES, f"{name} declares no policy"


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_only_what_is_declared_public_is_open_without_signing_in(name):
    is_open = not getattr(ROUTES[name][0].callback, "login_required", True)
    assert is_open == (policy_of(name) == PUBLIC)


@pytest.mark.parametrize("name", names("signed_in", "workspace", "map", "persona"))
def test_a_stranger_is_sent_to_sign_in(client, garage, name):
    got = client.get(address(name, garage))
    assert got.status_code in (302, 401, 403, 404)
    if got.status_code == 302:
        assert got.url.startswith("/sign-in/")


@pytest.mark.parametrize("name", names("workspace", "map", "persona"))
def test_what_belongs_to_another_team_is_not_found(anna, garage, name):
    assert answers(anna, address(name, garage)) == {404}


@pytest.mark.parametrize("name", names("workspace", "map", "persona"))
def test_what_belongs_to_another_team_looks_like_what_is_missing(anna, garage, name):
    missing = {"workspace": "missing", "map": uuid4(), "persona": uuid4()}
    foreign, absent = (anna.get(address(name, own)) for own in (garage, missing))
    assert foreign.status_code == absent.status_code
    assert foreign.headers.keys() == absent.headers.keys()


@pytest.mark.parametrize(
    "name",
    [name for name in names("workspace", "map", "persona") if ":read" not in policy_of(name)],
)
def test_a_viewer_changes_nothing(anna, garage, name):
    room = Workspace.objects.get(slug=garage["workspace"])
    Membership.objects.create(workspace=room, user=User.objects.get(name="Anna"), role=Role.VIEWER)
    # 404: what only an editor would find, like a map in the bin.
    assert answers(anna, address(name, garage)) <= {403, 404}
