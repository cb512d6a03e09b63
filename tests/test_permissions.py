"""Every route × every actor × every method × what is one's own, another team's, gone or not there.

Walks the URL conf: a route without a policy or without a known post is red. Each walk returns what
was wrong, so that the tests at the end can plant a hole and see it found.
"""

import logging
import re
from collections.abc import Collection
from copy import deepcopy
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django import forms
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.signals import request_started
from django.test import Client
from django.utils.html import escape

from journeys import access
from teams import actors
from teams.forms import AccountForm
from teams.models import Membership, Role, Throttle, User, Workspace
from teams.policy import OPERATOR, POLICIES, WITHOUT_ACCOUNT
from tests.support.meetings import take_seats
from tests.support.people import person, signed_in
from tests.support.routes import (
    ROUTES,
    address,
    everything,
    make_world,
    meeting_of,
    policy_of,
    post_to,
    undone,
    written,
)
from ui.ids import uuid7
from workshops import access as workshop_access
from workshops.models import Guest

pytestmark = [pytest.mark.one_engine, pytest.mark.usefixtures("mail_server")]

READ, EDIT, MANAGE = {"read"}, {"read", "edit", "run"}, {"read", "edit", "run", "manage"}
# What each may do in the flower shop; None: is asked to sign in.
ACTORS: dict[str, set[str] | None] = {
    "anonymous": None,
    "switched off": None,
    "stranger": set(),
    "former member": set(),
    "operator": set(),
    "viewer": READ,
    "viewer, owner elsewhere": READ,
    "editor": EDIT,
    "owner": MANAGE,
    "guest": None,
    "observer": None,
    "removed guest": None,
    "guest of another workshop": None,
}
# What a guest is answered in their own room, by opening it and by acting; for all others it is
# not there, and neither is another one for them.
IN_ROOM = {"guest": (200, {200}), "observer": (200, {409, 410}), "removed guest": (200, {410})}
# These an observer may do too.
OF_ONESELF = {"say_done", "rename_self", "leave_address", "take_address_back"}
READ_AND_WRITE = ("GET", "POST")
METHODS = (*READ_AND_WRITE, "HEAD", "PUT", "DELETE")
WHICH = ("own", "deleted", "foreign", "missing")
OF_A_ROOM = [name for name in sorted(ROUTES) if ":" in (policy_of(name) or "")]
# Good posts that are answered by a sentence in this world, for a reason that is no right.
NOT_DONE = {
    "printout": {422},
    "outcome_pdf": {422},
    "shared_outcome_pdf": {422},
    "redo": {409},  # nothing was undone
    "undo": {200, 409},  # who has done nothing has nothing to undo
    "presence": {204, 404},  # the open screen is the owner's
    "remove_demo": {404},  # not a demo
    "delete_team": {422},  # nothing was taken away before
    "leave_team": {302, 409},  # the last owner stays
    "drop_workshop": {200},
}


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals are meant here, and writing each down takes half of the time."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def clients(anna, boris, vera, gleb, flowers, garage, request) -> dict[str, Client]:
    """The browsers of all kinds of people, as they were signed in while they still might."""
    off, gone, zoe = person("Oleg"), person("Galina"), person("Zoe")
    operator = person("Root", is_staff=True, is_superuser=True)
    for user, role in ((off, Role.OWNER), (gone, Role.OWNER), (zoe, Role.VIEWER)):
        Membership.objects.create(workspace=flowers, user=user, role=role)
    Membership.objects.create(workspace=garage, user=zoe, role=Role.OWNER)
    found = {
        "anonymous": Client(),
        "switched off": signed_in(off),
        "stranger": signed_in(gleb),
        "former member": signed_in(gone),
        "operator": signed_in(operator),
        "viewer": signed_in(vera),
        "viewer, owner elsewhere": signed_in(zoe),
        "editor": signed_in(boris),
        "owner": signed_in(anna),
    }
    # Made only now, as its deleted team has the same people.
    ours = request.getfixturevalue("ours")
    found |= {
        "guest": take_seats(Client(), ours),
        "observer": take_seats(Client(), ours, "observer"),
        "removed guest": take_seats(Client(), ours, "removed"),
        "guest of another workshop": Client(),
    }
    session = found["guest of another workshop"].session
    over = ours.rooms["over"]
    session["guests"] = {over.workshop.pk.hex: over.guest["marina"].pk.hex}
    session.save()
    User.objects.filter(pk=off.pk).update(is_active=False)
    Membership.objects.filter(user=gone).delete()
    return found


@pytest.fixture
def ours(anna, flowers) -> SimpleNamespace:
    return make_world(flowers, anna)


@pytest.fixture
def theirs(db) -> SimpleNamespace:
    """A team that none of the actors is in."""
    workshop, igor = Workspace.objects.create(name="Workshop", slug="workshop"), person("Igor")
    Membership.objects.create(workspace=workshop, user=igor, role=Role.OWNER)
    return make_world(workshop, igor)


# --- what is declared --------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_every_route_has_a_name_and_a_policy(name):
    assert ROUTES[name][0].name, f"{name} has no name"
    assert policy_of(name) in POLICIES, f"{name} declares no policy"
    assert policy_of(name, "POST") in POLICIES


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_only_what_is_declared_public_is_open_without_signing_in(name):
    is_open = not getattr(ROUTES[name][0].callback, "login_required", True)
    assert is_open == (policy_of(name) in WITHOUT_ACCOUNT)


def test_a_good_post_is_known_of_each_route_that_takes_one(anna, ours):
    for name in ROUTES:
        with undone():  # a client of its own: one route signs out
            answer = take_seats(signed_in(anna), ours).post(address(name, ours))
        assert (answer.status_code == 405) == (post_to(name, ours) is None), name


# --- who may do what ---------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ACTORS)
def test_each_actor_may_do_what_the_policy_says(actor, clients, ours, theirs, record_property):
    cells, wrong = walk(clients[actor], ACTORS[actor], ours, theirs, seat=actor)
    assert wrong == []
    record_property("permission cells", cells)


def walk(
    client: Client,
    rights: set[str] | None,
    ours: SimpleNamespace,
    theirs: SimpleNamespace,
    names: Collection[str] = OF_A_ROOM,
    *,
    seat: str = "",
) -> tuple[int, list[str]]:
    """How many cells were tried, and which were not as the policy says."""
    cells, wrong = 0, []
    before = everything(Session, Throttle)
    for name in names:
        pages: dict[tuple[str, str], tuple] = {}
        for which in WHICH:
            if (path := _address(name, which, ours, theirs)) is None:
                continue
            world = theirs if which == "foreign" else ours
            # The others end before any row is asked for: once they are walked.
            for method in METHODS if which == "own" else READ_AND_WRITE:
                with undone(), written() as statements:
                    answer = asked(client, method, path, post_to(name, world))
                    wrote = statements and everything(Session, Throttle) != before
                cells += 1
                kind, _colon, right = (
                    policy_of(name, "GET" if method == "HEAD" else method) or ""
                ).partition(":")
                allowed = _allowed(name, method, which, right, rights, seat)
                asked_in = kind in ("room", "wall") or rights is not None
                led_away = not asked_in and not answer.headers["Location"].startswith("/sign-in/")
                if answer.status_code not in allowed or led_away:
                    wrong.append(f"{method} {which} {name}: {answer.status_code}")
                done = method == "POST" and which != "foreign" and answer.status_code < 400
                may = bool(allowed & {200, 204, 302} and asked_in)
                if wrote and not (done and may):
                    wrong.append(f"{method} {which} {name} has changed something")
                pages[which, method] = (
                    answer.status_code,
                    sorted(answer.headers),
                    _but_for(path, answer),
                )
        wrong += [
            f"{method} {name}: another team's does not look like one that is not there"
            for method in READ_AND_WRITE
            if asked_in and pages["foreign", method] != pages["missing", method]
        ]
    return cells, wrong


def _address(name: str, which: str, ours: SimpleNamespace, theirs: SimpleNamespace) -> str | None:
    """Where a route leads to one's own thing, to another team's, to one in the bin, to none."""
    kind = (policy_of(name) or "").partition(":")[0]
    if which == "foreign":
        # A wall is open to whoever has its link: what opens another door is no such link.
        other = {"token": meeting_of(name, theirs).workshop.token} if kind == "wall" else {}
        return address(name, theirs, **other)
    if which == "missing":
        kept = {} if kind == "workspace" else {"pk": uuid4()}
        return address(name, theirs, slug="missing", token="missing", **kept)
    if which == "own":
        return address(name, ours)
    if kind in ("workshop", "room", "wall"):
        gone = ours.rooms["gone"].workshop
        return address(name, ours, pk=gone.pk, token=gone.wall_token)
    living = name.startswith("restore_")
    path = ROUTES[name][1]
    if ":card>" in path:
        return address(name, ours, card=ours.card["owner" if living else "gone"].pk)
    if ":row>" in path:
        rows = ours.lane if name.endswith("_lane") else ours.stage
        gone = "gone-lane" if name.endswith("_lane") else "gone"
        return address(
            name,
            ours,
            row=rows["owner" if "owner" in rows else "seek"].pk if living else rows[gone].pk,
        )
    if kind == "workspace":
        return address(name, ours, slug=(ours.room if living else ours.deleted_room).slug)
    if kind == "map":
        return address(name, ours, pk=(ours.map if living else ours.deleted_map).pk)
    if kind == "persona":
        return address(name, ours, pk=(ours.persona if living else ours.deleted_persona).pk)
    return None


def _allowed(
    name: str, method: str, which: str, right: str, rights: set[str] | None, seat: str = ""
) -> set[int]:
    """The answers that the policy allows."""
    if right in ("take_part", "see"):
        return {405} | _without_account(name, method, which, right, seat)
    if rights is None:
        return {302}
    return {405} | _found(name, method, which, right, rights)


def _without_account(name: str, method: str, which: str, right: str, seat: str) -> set[int]:
    if which != "own" or (right == "take_part" and seat not in IN_ROOM):
        return {404}
    opened, acted = (200, {200}) if right == "see" else IN_ROOM[seat]
    if method != "POST":
        return {opened}
    return {200} if seat == "observer" and name in OF_ONESELF else acted


def _found(name: str, method: str, which: str, right: str, rights: set[str]) -> set[int]:
    path = ROUTES[name][1]
    in_map = policy_of(name) in ("map:read", "map:edit")
    whole = not in_map or (":card>" not in path and ":row>" not in path)
    if not rights or which in ("foreign", "missing") or (which == "deleted" and whole):
        return {404}
    if right not in rights:
        return {403}
    if which == "deleted":
        return {200, 404, 409, 410}
    if method == "POST":
        return NOT_DONE.get(name, {200, 302})
    return {200, 302, 404} if name == "lead" else {200, 404}


def test_the_pages_of_the_operator_are_not_there_for_others(clients, ours):
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
                expected = {"operator": 200 if method == "GET" else 302}
                expected |= {actor: 302 for actor, rights in ACTORS.items() if rights is None}
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
def test_reading_changes_nothing(actor, clients, ours, record_property):
    cells, wrong = read_all(clients[actor], ours)
    assert wrong == []
    record_property("permission cells", cells)


def read_all(client: Client, ours: SimpleNamespace, names=ROUTES) -> tuple[int, list[str]]:
    """Opens each address as a link does, a search engine, a preview in a chat."""
    before = everything(Session)
    wrong = []
    for name in names:
        with written() as statements:
            client.get(address(name, ours))
            client.head(address(name, ours))
        if statements and everything(Session) != before:
            wrong.append(f"{name} was only read and has changed something")
    return 2 * len(names), wrong


def test_a_part_of_another_map_is_not_found_in_ours(clients, ours, theirs):
    before = everything(Session, Throttle)
    for name, (_pattern, path) in ROUTES.items():
        here_is = "guest" if policy_of(name) == "room:take_part" else "owner"
        for part in re.findall(r":(card|row|conflict|job|image|step|guest)>", path):
            foreign = re.findall(r"[0-9a-f-]{36}", address(name, theirs))[
                -1 if part == "image" else 1
            ]
            for pk in (foreign, uuid4()):
                for method in ("GET", "POST"):
                    here = address(name, ours, **{part: pk})
                    answer = asked(clients[here_is], method, here, post_to(name, ours))
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


# --- another site ------------------------------------------------------------------------------


def test_nothing_is_posted_without_the_forms_secret(anna, ours):
    assert post_from_elsewhere(anna, ours) == []


def post_from_elsewhere(anna: User, ours: SimpleNamespace, names=ROUTES) -> list[str]:
    """Posts as a page of another site would: with her cookies, without a token; and with one
    that she has, from an origin that is not ours."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    take_seats(client, ours)
    client.get(address("account", ours))
    token = client.cookies["csrftoken"].value
    wrong = []
    for name in names:
        fields = post_to(name, ours)
        if fields is None:
            continue
        for headers in ({}, {"X-CSRFToken": token, "Origin": "https://evil.example"}):
            with undone(), written() as statements:
                answer = client.post(address(name, ours), fields, headers=headers)
            if answer.status_code != 403 or statements:
                wrong.append(f"{name} {headers and 'from another origin'}: {answer.status_code}")
    return wrong


# --- fields that nobody asked for ----------------------------------------------------------------


def test_no_column_is_set_that_the_form_does_not_name(anna, ours, theirs):
    assert slip_in(anna, ours, theirs) == []


def slip_in(anna: User, ours: SimpleNamespace, theirs: SimpleNamespace, names=ROUTES) -> list[str]:
    """Each good post again, with every column of every model added: it is refused, naming each,
    or does what it did without them."""
    wrong = []
    client = take_seats(signed_in(anna), ours)
    before = everything(Session, Throttle)
    for name in names:
        fields = post_to(name, ours)
        if fields is None:
            continue
        asked_for = fields.keys() | TAKEN.get(name, set())
        more = {key: value for key, value in _columns(theirs).items() if key not in asked_for}
        _answer, plain = _done(client, name, ours, fields, before)
        answer, slipped = _done(client, name, ours, post_to(name, ours) | more, before)
        said = re.findall(r'<p class="refusal" data-field="(\w+)"', answer.text)
        if said and policy_of(name, "POST") in STRICT:
            unsaid = more.keys() - set(said)
            if slipped or unsaid:
                wrong.append(f"{name} lets pass {sorted(unsaid)}")
        elif slipped != plain:
            wrong.append(f"{name}: {answer.status_code}, {_first_difference(plain, slipped)}")
    return wrong


# Posted by scripts alone: each field that nobody asked for is named.
STRICT = {"map:edit", "workshop:run", "room:take_part"}
# Columns that are fields of a form too, though its good post does without.
TAKEN = {
    "add_card": {"after", "catalogue_key", "channel", "importance", "moment_of_truth"}
    | {"perception", "tags", "way_in"},
    "add_lane": {"after", "kind", "parent"},
    "add_stage": {"exit_reason", "loop_name", "parent", "weight"},
    "card": {"tags"},
    "edit_cards": {"color", "evidence", "persona", "status"},
    "edit_stage": {"exit_reason", "loop_name", "weight"},
    "move_card": {"after"},
    "move_lane": {"parent"},
    "move_stage": {"parent"},
    "new_persona": {"evidence"},
    "persona": {"evidence"},
}


def _columns(theirs: SimpleNamespace) -> dict[str, str]:
    """Every column of every model with a value that would be a catch."""
    values = {
        "role": "owner",
        "workspace": str(theirs.room.pk),
        "workspace_id": str(theirs.room.pk),
        "journey": str(theirs.map.pk),
        "journey_id": str(theirs.map.pk),
        "deleted_at": "2026-01-01",
        "deleted_by": "system:x",
    }
    names = {
        name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
    # Every edit may be told its key, the visit it belongs to, and what it was written over.
    return {name: values.get(name, "1") for name in sorted(names - {"key", "visit", "base"})}


def _done(client: Client, name: str, ours: SimpleNamespace, fields: dict, before: dict):
    """The answer, and the rows that are new or otherwise, without what chance gives them."""
    cookies = deepcopy(client.cookies)
    with undone(), written() as statements:
        answer = client.post(address(name, ours), fields)
        after = everything(Session, Throttle) if statements else before
    client.cookies = cookies
    return answer, {
        model: sorted(_without_chance(row) for row in after[model] if row not in before[model])
        for model in after
        if after[model] != before[model]
    }


def _without_chance(row: str) -> str:
    row = re.sub(r"UUID\('[^']*'\)|datetime\.datetime\(.*?utc\)", "*", row)
    # A workshop's ways in, and when its things happened.
    row = re.sub(r"'([A-Z2-7]{16}|[\w-]{22}|[A-Z2-9]{8}|\d{4}-\d\d-\d\dT[\d:.+]+)'", "*", row)
    row = re.sub(
        r"_\w{7}(?=\.)|[0-9a-f]{32,}|[0-9a-f]{8}-[0-9a-f-]{27}|md5\$\w+\$\w+|[\w-]{30,}", "*", row
    )
    return re.sub(r"^\(\d+", "(*", row)


def _first_difference(plain: dict, slipped: dict) -> str:
    for model in sorted(plain.keys() | slipped.keys()):
        if plain.get(model) != slipped.get(model):
            return f"{model}: {plain.get(model)} became {slipped.get(model)}"[:600]
    return ""


# --- planted holes: a walk that finds none of these proves nothing --------------------------------


def test_a_forgotten_membership_is_found(clients, ours, theirs, monkeypatch):
    def find(request, pk, verb, *, deleted=False):
        if found := access.Journey.objects.select_related("workspace").filter(pk=pk).first():
            return found
        raise access.Http404

    monkeypatch.setattr(access, "_find", find)
    wrong = walk(clients["stranger"], set(), ours, theirs, ["export_json"])[1]
    assert "GET own export_json: 200" in wrong
    assert "GET foreign export_json: 200" in wrong


def test_a_seat_that_is_not_asked_for_is_found(clients, ours, theirs, monkeypatch):
    def anybody(request, pk):
        guests = Guest.objects.select_related("workshop__journey")
        if found := guests.filter(workshop=pk).first():
            return found
        raise access.Http404

    monkeypatch.setattr(workshop_access, "guest_in", anybody)
    other = "guest of another workshop"
    wrong = walk(clients[other], None, ours, theirs, ["room_screen"], seat=other)[1]
    assert "GET own room_screen: 200" in wrong
    assert "GET foreign room_screen: 200" in wrong


def test_a_wall_that_is_open_without_its_link_is_found(clients, ours, theirs, monkeypatch):
    def find(token):
        return workshop_access._by(token=token)

    monkeypatch.setattr(workshop_access, "by_wall_token", find)
    wrong = walk(clients["anonymous"], None, ours, theirs, ["wall"])[1]
    assert "GET foreign wall: 200" in wrong


def test_a_right_too_many_is_found(clients, ours, theirs, monkeypatch):
    monkeypatch.setitem(actors._VERBS, Role.VIEWER, frozenset(EDIT))
    wrong = walk(clients["viewer"], READ, ours, theirs, ["add_card"])[1]
    assert wrong == ["POST own add_card: 200", "POST own add_card has changed something"]


def test_a_foreign_thing_that_looks_unlike_a_missing_one_is_found(
    clients, ours, theirs, monkeypatch
):
    find = access._find

    def tells(request, pk, verb, **more):
        if not access.Journey.objects.filter(pk=pk).exists():
            raise access.Http404
        try:
            return find(request, pk, verb, **more)
        except access.Http404:
            raise access.PermissionDenied from None

    monkeypatch.setattr(access, "_find", tells)
    wrong = walk(clients["owner"], MANAGE, ours, theirs, ["map"])[1]
    assert "GET map: another team's does not look like one that is not there" in wrong


def test_a_reading_that_writes_is_found(clients, ours):
    def count(**_kwargs) -> None:
        Workspace.objects.filter(slug="flowers").update(name=str(uuid7()))

    request_started.connect(count)
    try:
        assert read_all(clients["owner"], ours, ["account"])[1]
    finally:
        request_started.disconnect(count)


def test_a_view_that_forgets_the_token_is_found(anna, ours, monkeypatch):
    view = ROUTES["delete_map"][0].callback
    monkeypatch.setattr(view, "csrf_exempt", True, raising=False)
    assert len(post_from_elsewhere(anna, ours, ["delete_map"])) == 2


def test_a_form_that_takes_a_column_too_many_is_found(anna, ours, theirs, monkeypatch):
    monkeypatch.setitem(AccountForm.base_fields, "is_staff", forms.BooleanField(required=False))
    monkeypatch.setattr(AccountForm._meta, "fields", ["name", "email", "language", "is_staff"])
    (wrong,) = slip_in(anna, ours, theirs, ["account", "rename_map"])
    assert wrong.startswith("account: 302, teams.User")


def asked(client: Client, method: str, path: str, fields: dict | None):
    if method == "POST":
        return client.post(path, fields)
    return client.generic(method, path)


def _but_for(path: str, answer) -> str:
    """The page without its own address and the tokens of its forms."""
    page = "" if answer.streaming else answer.content.decode("latin-1").replace(escape(path), "")
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page)
