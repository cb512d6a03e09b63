"""Every route × every actor × every method × what is one's own, another team's, or not there.

Walks the URL conf: a route without a policy or without a known post is red.
"""

import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.html import escape

from teams.models import Membership, Role, Throttle, User
from teams.policy import OPERATOR, POLICIES, PUBLIC
from tests.support.people import person, signed_in
from tests.support.routes import (
    ROUTES,
    address,
    everything,
    make_world,
    policy_of,
    post_to,
    undone,
)

RIGHTS = {
    "viewer": {"read"},
    "editor": {"read", "edit"},
    "owner": {"read", "edit", "manage"},
}
OF_A_ROOM = [name for name in sorted(ROUTES) if ":" in (policy_of(name) or "")]
# Good posts that are answered by a sentence in this world, for a reason that is no right.
NOT_DONE = {
    "printout": {422},
    "redo": {409},  # nothing was undone
    "undo": {200, 409},  # who has done nothing has nothing to undo
    "presence": {204, 404},  # the open screen is the owner's
    "remove_demo": {404},  # not a demo
    "leave_team": {302, 409},  # the last owner stays
}


@pytest.fixture
def clients(anna, boris, vera, gleb, flowers) -> dict[str, Client]:
    """The browsers of all kinds of people."""
    return {
        "anonymous": Client(),
        "stranger": signed_in(gleb),
        "viewer": signed_in(vera),
        "editor": signed_in(boris),
        "owner": signed_in(anna),
    }


@pytest.fixture
def dina(db) -> User:
    """She runs the server and is in no team."""
    return person("Dina", is_superuser=True)


@pytest.fixture
def ours(anna, flowers) -> SimpleNamespace:
    return make_world(flowers, anna)


@pytest.fixture
def theirs(gleb, garage) -> SimpleNamespace:
    return make_world(garage, gleb)


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_route_has_a_name_and_a_policy(name):
    assert ROUTES[name][0].name, f"{name} has no name"
    assert policy_of(name) in POLICIES, f"{name} declares no policy"
    assert policy_of(name, "POST") in POLICIES


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_only_what_is_declared_public_is_open_without_signing_in(name):
    is_open = not getattr(ROUTES[name][0].callback, "login_required", True)
    assert is_open == (policy_of(name) == PUBLIC)


def test_a_good_post_is_known_of_each_route_that_takes_one(anna, ours):
    for name in ROUTES:
        with undone():  # a client of its own: one route signs out
            answer = signed_in(anna).post(address(name, ours))
        assert (answer.status_code == 405) == (post_to(name, ours) is None), name


@pytest.mark.parametrize("actor", ["anonymous", "stranger", *RIGHTS])
def test_each_actor_may_do_what_the_policy_says(actor, clients, ours):
    before = everything(Session, Throttle)
    for name in OF_A_ROOM:
        for method in ("GET", "POST"):
            with undone():
                path, fields = address(name, ours), post_to(name, ours)
                answer = asked(clients[actor], method, path, fields)
                changed = everything(Session, Throttle) != before
            if answer.status_code == 405:
                continue
            right = (policy_of(name, method) or "").partition(":")[2]
            said = f"{method} {name}: {answer.status_code}"
            if actor == "anonymous":
                assert answer.status_code == 302 and answer.url.startswith("/sign-in/"), said
            elif actor == "stranger":
                assert answer.status_code == 404, said
            elif right not in RIGHTS[actor]:
                assert answer.status_code == 403, said
            elif method == "POST":
                assert answer.status_code in NOT_DONE.get(name, {200, 302}), said
                continue
            else:
                assert answer.status_code in (200, 404), said
            assert not changed, f"{said} has changed something"


def test_the_pages_of_the_operator_are_not_there_for_others(clients, ours, dina):
    clients = {**clients, "operator": signed_in(dina)}
    before = everything(Session, Throttle)
    for name in (name for name in ROUTES if policy_of(name) == OPERATOR):
        for method in ("GET", "POST"):
            for actor, client in clients.items():
                with undone():
                    answer = asked(client, method, address(name, ours), post_to(name, ours))
                    changed = everything(Session, Throttle) != before
                said = f"{actor}: {method} {name}: {answer.status_code}"
                if answer.status_code == 405:
                    continue
                expected = {"anonymous": 302, "operator": 200 if method == "GET" else 302}
                assert answer.status_code == expected.get(actor, 404), said
                assert not changed or actor == "operator", said


def test_other_methods_do_nothing(clients, ours):
    before = everything(Session, Throttle)
    for name in ROUTES:
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS"):
            answer = clients["owner"].generic(method, address(name, ours))
            assert answer.status_code == 405, f"{method} {name}"
    assert everything(Session, Throttle) == before


@pytest.mark.parametrize("actor", ["anonymous", "owner"])
def test_reading_changes_nothing(actor, clients, ours):
    before = everything(Session)
    for name in ROUTES:
        clients[actor].get(address(name, ours))
        clients[actor].head(address(name, ours))
        assert everything(Session) == before, name


def test_another_teams_looks_like_what_is_not_there(clients, ours, theirs):
    before = everything(Session, Throttle)
    for name in OF_A_ROOM:
        foreign = address(name, theirs)
        of_the_room = (policy_of(name) or "").startswith("workspace")
        kept = {} if of_the_room else {"pk": uuid4()}
        missing = address(name, theirs, slug="missing", **kept)
        for method in ("GET", "POST"):
            first, second = (
                asked(clients["owner"], method, path, post_to(name, theirs))
                for path in (foreign, missing)
            )
            assert everything(Session, Throttle) == before
            if first.status_code != 405:
                assert (first.status_code, second.status_code) == (404, 404), name
                assert first.headers.keys() == second.headers.keys(), name
                assert _but_for(foreign, first.text) == _but_for(missing, second.text), name


def test_a_part_of_another_map_is_not_found_in_ours(clients, ours, theirs):
    before = everything(Session, Throttle)
    for name, (_pattern, path) in ROUTES.items():
        for part in re.findall(r":(card|row|conflict|job)>", path):
            foreign = re.findall(r"[0-9a-f-]{36}", address(name, theirs))[1]
            for pk in (foreign, uuid4()):
                for method in ("GET", "POST"):
                    here = address(name, ours, **{part: pk})
                    answer = asked(clients["owner"], method, here, post_to(name, ours))
                    assert answer.status_code in (404, 405, 410), f"{method} {name}"
    assert everything(Session, Throttle) == before


def test_people_of_another_team_are_not_found_in_ours(clients, ours, theirs):
    before = everything(Session, Throttle)
    for name in ("change_role", "remove_member", "reset_link", "revoke_invitation"):
        other = theirs.invitation if name == "revoke_invitation" else theirs.guest
        path = address(name, ours, pk=other.pk)
        assert clients["owner"].post(path, post_to(name, ours)).status_code == 404
    assert everything(Session, Throttle) == before


def test_a_right_that_is_taken_away_counts_at_once(clients, ours, boris):
    path, fields = address("card", ours), post_to("card", ours)
    assert clients["editor"].post(path, fields).status_code == 200
    Membership.objects.filter(user=boris).update(role=Role.VIEWER)
    assert clients["editor"].post(path, fields).status_code == 403
    Membership.objects.filter(user=boris).delete()
    assert clients["editor"].post(path, fields).status_code == 404
    User.objects.filter(pk=boris.pk).update(is_active=False)
    assert clients["editor"].get(path).status_code == 302


def asked(client: Client, method: str, path: str, fields: dict | None):
    return client.get(path) if method == "GET" else client.post(path, fields)


def _but_for(path: str, page: str) -> str:
    """The page without its own address and the tokens of its forms."""
    page = page.replace(escape(path), "")
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page)
