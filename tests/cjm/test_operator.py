"""Dina runs the server: she sees who is there and how much, closes accounts, and reads no map."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from journeys.edits.maps import create_map
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, StagePlan
from teams import membership
from teams.models import Invitation, Role, User, Workspace
from teams.sign_in_links import make_link
from tests.live.parts import in_thread, run, watching
from tests.support.people import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/operator/"


@pytest.fixture
def dina(db) -> User:
    return person("Dina", is_superuser=True)


@pytest.fixture
def client(dina) -> Client:
    client = signed_in(dina)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def secret_map(flowers, by_anna):
    plan = MapPlan(
        title="canary title",
        stages=[StagePlan("s", "canary stage")],
        lanes=[LanePlan("l", "canary lane")],
        cards=[CardPlan(f"c{n}", "s", "l", "canary card") for n in range(3)],
    )
    return create_map(plan, workspace=flowers, by=by_anna)


def close(client: Client, user: User):
    return client.post(f"{PAGE}{user.pk}/close/", follow=True)


def test_she_sees_how_much_there_is_and_none_of_it(client, secret_map, vera):
    page = client.get(PAGE).text

    row = page.partition(">Цветы<")[2].partition("</tr>")[0]
    cells = [cell.partition("<")[0] for cell in row.split('class="number">')[1:]]
    assert cells == ["2", "1", "3", "—"]
    assert "vera@example.org" in page
    assert "canary" not in page


def test_a_large_and_a_small_letter_find_the_same(client, flowers, garage, vera):
    page = client.get(PAGE, {"find": "ЦВЕТ"}).text
    assert ">Цветы<" in page and ">Garage<" not in page and "vera@" not in page
    assert "vera@example.org" in client.get(PAGE, {"find": "Vera@EX"}).text


def test_more_teams_and_people_ask_no_more_questions(client, flowers, django_assert_num_queries):
    client.get(PAGE)
    questions = 6 if connection.vendor == "sqlite" else 7  # whose size is asked for
    with django_assert_num_queries(questions):
        client.get(PAGE)
    for number in range(3):
        Workspace.objects.create(name=f"Room {number}", slug=f"room-{number}")
        person(f"Guest{number}")
    with django_assert_num_queries(questions):
        client.get(PAGE)


def test_a_closed_account_is_closed_at_once_and_everywhere(client, boris, flowers, by_anna):
    there, link = signed_in(boris), make_link(boris)
    invitation = Invitation.objects.create(
        workspace=flowers, role=Role.VIEWER, created_by_id=by_anna.id
    )
    assert there.get("/account/").status_code == 200

    assert "The account of Boris is closed." in close(client, boris).text

    assert there.get("/account/").status_code == 302
    assert Client().post(link).status_code == 410
    signing = {"email": boris.email, "password": PASSWORD}
    assert Client().post("/sign-in/", signing).status_code == 422
    invitation.refresh_from_db()
    assert invitation.revoked_at


def test_an_account_that_is_opened_again_has_no_old_sessions(client, boris):
    there = signed_in(boris)
    close(client, boris)

    client.post(f"{PAGE}{boris.pk}/open/")

    assert there.get("/account/").status_code == 302
    signing = {"email": boris.email, "password": PASSWORD}
    assert Client().post("/sign-in/", signing).status_code == 302


def test_open_screens_are_told(client, boris, flowers, monkeypatch):
    told = []
    monkeypatch.setattr(membership, "on_rights_changed", [told.append])
    close(client, boris)
    assert told == [flowers.pk]


@pytest.mark.django_db(transaction=True)
def test_an_open_stream_ends(live_server_url, client, boris, secret_map):
    port = int(live_server_url.rpartition(":")[2])
    cookie = f"sessionid={signed_in(boris).cookies['sessionid'].value}"

    async def story():
        async with watching(port, secret_map.pk, "", cookie=cookie) as screen:
            await in_thread(close, client, boris)
            await screen.until(lambda it: it.ended, seconds=5)
        async with watching(port, secret_map.pk, "", cookie=cookie) as screen:
            assert screen.status == 401

    run(story())


def test_she_cannot_lock_herself_out(client, dina):
    assert "can’t close your own account" in close(client, dina).text
    dina.refresh_from_db()
    assert dina.is_active


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("operator", *arguments, stdout=out)
    return out.getvalue()


def test_the_first_operator_is_made_by_a_command(anna):
    assert "—" in told()
    assert "anna@example.org" in told("Anna@Example.org")
    assert signed_in(anna).get(PAGE).status_code == 200

    told("anna@example.org", "--take-back")
    assert signed_in(anna).get(PAGE).status_code == 404


def test_an_operator_without_an_account_gets_one_and_a_way_in():
    said = told("new@example.org", "--address", "https://maps.example.org")

    link = said.partition("https://maps.example.org")[2].split()[0]
    assert Client().post(link).status_code == 302
