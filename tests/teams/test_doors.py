"""The ways in, tried by who should not get in, and by sixty people behind one address."""

import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings as ours
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import Client

from teams import edits, sign_in_links
from teams.actors import member
from teams.models import Invitation, Membership, Role, SignInLink, Throttle, User, Workspace
from teams.throttle import TooMany, count
from tests.support.people import PASSWORD, person, signed_in

SIGN_IN = "/sign-in/"
OFFICE = "203.0.113.7"


def try_sign_in(client: Client, email: str, password: str = "a guess", **headers):
    return client.post(SIGN_IN, {"email": email, "password": password}, headers=headers)


# --- limits ------------------------------------------------------------------------------------


@pytest.fixture
def proxied(settings):
    """Behind one proxy of ours, which appends the address that it saw."""
    settings.TRUSTED_PROXIES = 1


@pytest.mark.one_engine
def test_sixty_people_behind_one_address_sign_in_each_with_two_slips(proxied, flowers):
    for number in range(60):
        person(f"P{number}")
        for password in ("a slip", "another", PASSWORD):
            seen = {"x-forwarded-for": OFFICE}
            answer = try_sign_in(Client(), f"p{number}@example.org", password, **seen)
            assert answer.status_code == (302 if password == PASSWORD else 422), number


@pytest.mark.one_engine
def test_sixty_people_behind_one_address_join_each_with_a_slip(proxied, anna, flowers):
    invitation = Invitation.objects.create(workspace=flowers, role=Role.EDITOR, created_by=anna)
    for number in range(60):
        seen = {"x-forwarded-for": OFFICE}
        fields = {"name": "A", "email": f"n{number}@example.org", "password": "short"}
        client = Client()
        assert client.post(f"/join/{invitation.token}/", fields, headers=seen).status_code == 422
        fields["password"] = "long enough for all"
        assert client.post(f"/join/{invitation.token}/", fields, headers=seen).status_code == 302
    assert flowers.memberships.count() == 61


def tried(times: int) -> None:
    """As if whoever came last had tried so often."""
    assert Throttle.objects.filter(key__startswith="sign-in:").update(count=times) == 1


def test_who_tries_many_accounts_from_one_address_is_stopped(proxied, db):
    """On both sides of the line, whatever the visitor says of where he comes from."""

    def answer(number: int, seen: str = OFFICE) -> int:
        said = {"x-forwarded-for": f"10.0.0.{number}, {seen}"}
        return try_sign_in(Client(), f"{number}@example.org", **said).status_code

    assert answer(1) == 422
    tried(198)
    assert [answer(number) for number in (2, 3, 4)] == [422, 422, 429]
    assert answer(5, "198.51.100.9") == 422  # elsewhere nobody notices


def test_who_tries_one_account_from_many_addresses_is_stopped(proxied, anna):
    for number in range(10):
        seen = {"x-forwarded-for": f"198.51.100.{number}"}
        assert try_sign_in(Client(), anna.email, **seen).status_code == 422
    refused = try_sign_in(Client(), anna.email, PASSWORD, **{"x-forwarded-for": "198.51.100.99"})
    assert refused.status_code == 429


def test_an_unknown_account_is_stopped_at_the_same_try(db):
    said = [try_sign_in(Client(), "nobody@example.org").status_code for _try in range(11)]
    assert said == [422] * 10 + [429]


def test_without_a_proxy_of_ours_nobody_chooses_an_address(db):
    try_sign_in(Client(), "one@example.org", **{"x-forwarded-for": "198.51.100.1"})
    tried(200)
    answer = try_sign_in(Client(), "two@example.org", **{"x-forwarded-for": "198.51.100.2"})
    assert answer.status_code == 429


def test_colleagues_do_not_use_up_each_others_tries(anna, boris):
    wrong = {"old": "a guess", "new": "peonies at noon"}
    said = [signed_in(anna).post("/account/password/", wrong).status_code for _try in range(11)]
    assert said == [422] * 10 + [429]
    assert signed_in(boris).post("/account/password/", wrong).status_code == 422


# --- nobody learns who has an account ------------------------------------------------------------


class Counting(MD5PasswordHasher):
    """Tells how often a password was hashed: the time that it takes is nearly all there is."""

    algorithm = "counting"
    count = 0

    def encode(self, password, salt):
        type(self).count += 1
        return super().encode(password, salt)


def test_every_try_hashes_once_whoever_it_is(settings, flowers):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    person("Known")
    person("Off", is_active=False)
    User.objects.create_user("new@example.org")  # has no password yet
    taken = {}
    for email in ("known", "off", "new", "nobody"):
        before = Counting.count
        assert try_sign_in(Client(), f"{email}@example.org").status_code == 422
        taken[email] = Counting.count - before
    assert set(taken.values()) == {1}, taken


class Quicker(PBKDF2PasswordHasher):
    """The real hasher with a tenth of its rounds."""

    iterations = 120_000


@pytest.mark.one_engine
def test_known_and_unknown_take_the_same_time(settings, flowers):
    """With the real hasher, in turn; the middle of each, and the better of some rounds: whatever
    else this machine does, it does to both."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Quicker"]
    person("Known")

    def round_of(tries: int) -> float:
        times: dict[str, list[float]] = {"known": [], "nobody": []}
        for _try in range(tries):
            for email, taken in times.items():
                Throttle.objects.all().delete()
                begun = time.process_time()
                try_sign_in(Client(), f"{email}@example.org")
                taken.append(time.process_time() - begun)
        known, nobody = (statistics.median(taken) for taken in times.values())
        return abs(known - nobody) / max(known, nobody)

    assert min(round_of(3) for _round in range(3)) < 0.1


def test_a_dead_invitation_and_a_wrong_one_answer_alike(anna, flowers):
    over = Invitation.objects.create(workspace=flowers, role=Role.VIEWER, created_by=anna)
    edits.revoke(over, by=member(anna))
    link = sign_in_links.make_link(anna)
    sign_in_links.use(link.split("/")[-2])
    for dead, wrong in ((f"/join/{over.token}/", "/join/wrong/"), (link, "/sign-in/link/wrong/")):
        answers = [Client().get(path) for path in (dead, wrong)]
        assert [answer.status_code for answer in answers] == [410, 410]
        first, second = (re.sub(r'value="[^"]*"|Token": "[^"]*"', "", one.text) for one in answers)
        assert first.replace(dead, "") == second.replace(wrong, "")


# --- sessions ----------------------------------------------------------------------------------


def test_a_session_chosen_by_somebody_else_is_never_signed_in(anna):
    client = Client()
    client.cookies[ours.SESSION_COOKIE_NAME] = "a" * 32
    try_sign_in(client, anna.email, PASSWORD)
    assert client.cookies[ours.SESSION_COOKIE_NAME].value != "a" * 32
    assert not Session.objects.filter(session_key="a" * 32).exists()


@pytest.mark.parametrize("way", ["password", "link", "join", "welcome"])
def test_each_way_in_gives_a_new_session(anna, flowers, way):
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["seen"] = 1
    session.save()
    client.cookies[ours.SESSION_COOKIE_NAME] = before = session.session_key
    invitation = Invitation.objects.create(workspace=flowers, role=Role.VIEWER, created_by=anna)
    new = {"name": "Dina", "email": "dina@example.org", "password": "peonies at noon"}
    if way == "password":
        try_sign_in(client, anna.email, PASSWORD)
    elif way == "link":
        client.post(sign_in_links.make_link(anna))
    elif way == "join":
        client.post(f"/join/{invitation.token}/", new)
    else:
        client.post(sign_in_links.make_link(User.objects.create_user("dina@example.org")))
        before = client.session.session_key
        client.post("/welcome/", {**new, "team": "Roses"})
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert "_auth_user_id" in client.session


def test_a_cookie_kept_from_before_signing_out_opens_nothing(anna):
    client = signed_in(anna)
    kept = client.cookies[ours.SESSION_COOKIE_NAME].value
    answer = client.post("/sign-out/")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    thief = Client()
    thief.cookies[ours.SESSION_COOKIE_NAME] = kept
    assert thief.get("/account/").status_code == 302


def test_a_new_password_ends_links_and_open_screens_too(anna, flowers, monkeypatch):
    told: list = []
    monkeypatch.setattr("teams.membership.on_rights_changed", [told.append])
    link = sign_in_links.make_link(anna)
    here = signed_in(anna)
    here.post("/account/password/", {"old": PASSWORD, "new": "peonies at noon"})
    assert told == [flowers.pk]
    assert Client().post(link).status_code == 410


def test_a_link_opens_the_door_once_and_not_for_ever(anna):
    link = sign_in_links.make_link(anna)
    assert Client().get(link).status_code == 200  # a preview uses nothing up
    assert Client().post(link).status_code == 302
    assert Client().post(link).status_code == 410
    late = sign_in_links.make_link(anna, minutes=0)
    assert Client().post(late).status_code == 410


def test_no_secret_of_a_link_is_kept(anna):
    token = sign_in_links.make_link(anna).split("/")[-2]
    assert len(token) >= 40
    assert token not in str(list(SignInLink.objects.values_list()))


# --- races: many at the same moment, each in a thread with a connection of its own ----------------

PEOPLE, ROUNDS = 6, 3


@pytest.fixture
def at_once(transactional_db):
    """Runs the same thing several times at the same moment; what each gave or raised."""

    def run(act, times: int = PEOPLE) -> list:
        start = Barrier(times)

        def one(number: int):
            try:
                start.wait(10)
                return act(number)
            except (edits.Refused, TooMany) as refused:
                return refused
            finally:
                connections.close_all()

        with ThreadPoolExecutor(times) as threads:
            return list(threads.map(one, range(times), timeout=60))

    return run


def test_a_limit_counts_right_in_any_crowd(at_once):
    for number in range(ROUNDS):
        key = f"door {number}"
        said = at_once(lambda _n, key=key: count(key, "all", limit=4, minutes=1))
        assert sum(isinstance(one, TooMany) for one in said) == PEOPLE - 4


def test_a_link_lets_one_in(at_once, anna):
    for _round in range(5 * ROUNDS):
        token = sign_in_links.make_link(anna).split("/")[-2]
        said = at_once(lambda _n, token=token: sign_in_links.use(token))
        assert [*filter(None, said)] == [anna]


def test_an_invitation_taken_twice_makes_one_member(at_once, anna, flowers):
    invitation = Invitation.objects.create(workspace=flowers, role=Role.VIEWER, created_by=anna)
    dina = person("Dina")
    at_once(lambda _n: edits.join(invitation, by=member(dina)))
    assert Membership.objects.filter(user=dina).count() == 1


def test_an_address_makes_one_account(at_once, anna, flowers):
    invitation = Invitation.objects.create(workspace=flowers, role=Role.VIEWER, created_by=anna)
    said = at_once(
        lambda n: edits.join_as_new(invitation, User(email="new@example.org", name=f"N{n}"))
    )
    assert sum(isinstance(one, edits.Refused) for one in said) == PEOPLE - 1
    assert User.objects.filter(email="new@example.org").count() == 1


def test_an_invitation_that_is_taken_back_lets_nobody_in_afterwards(at_once, anna, flowers):
    invitation = Invitation.objects.create(workspace=flowers, role=Role.VIEWER, created_by=anna)
    people = [person(f"P{number}") for number in range(PEOPLE)]

    def act(number: int):
        if number == 0:
            return edits.revoke(invitation, by=member(anna))
        return edits.join(invitation, by=member(people[number]))

    at_once(act)
    with pytest.raises(edits.Refused):
        edits.join(invitation, by=member(people[0]))


def test_two_owners_who_leave_at_once_leave_one(at_once, flowers):
    for _round in range(ROUNDS):
        Membership.objects.filter(workspace=flowers).delete()
        owners = [
            Membership.objects.create(
                workspace=flowers,
                user=User.objects.create_user(f"{_round}-{number}@example.org"),
                role=Role.OWNER,
            )
            for number in range(PEOPLE)
        ]
        said = at_once(lambda number, owners=owners: edits.leave(owners[number]))
        assert sum(isinstance(one, edits.Refused) for one in said) == 1
        assert flowers.memberships.filter(role=Role.OWNER).count() == 1


def test_teams_of_one_name_get_addresses_of_their_own(at_once, anna):
    made = at_once(lambda _n: edits.create_workspace("Roses", by=member(anna)))
    assert len({one.slug for one in made}) == PEOPLE
    assert Workspace.objects.filter(slug__startswith="roses").count() == PEOPLE
