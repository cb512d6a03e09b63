from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from teams.models import Membership, SignInLink, User, Workspace
from teams.sign_in_links import FIRST_EMAIL, first_start_link, make_link
from tests.support.people import PASSWORD, role_of

pytestmark = pytest.mark.django_db


def test_looking_at_a_link_does_not_burn_it(client, anna):
    link = make_link(anna)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link).url == "/account/"
    assert client.get("/account/").status_code == 200


def test_a_link_works_once(anna):
    link = make_link(anna)
    assert Client().post(link).status_code == 302
    second = Client(headers={"accept-language": "en"}).post(link)
    assert second.status_code == 410
    assert "doesn’t work any more" in second.text
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize(("minutes_ago", "status"), [(14, 302), (15, 410)])
def test_a_link_lives_fifteen_minutes(client, anna, minutes_ago, status):
    link = make_link(anna)
    SignInLink.objects.update(expires_at=timezone.now() + timedelta(minutes=15 - minutes_ago))
    assert client.post(link).status_code == status


def test_the_token_itself_is_not_kept(anna):
    token = make_link(anna).split("/")[-2]
    assert SignInLink.objects.get().token_hash != token


def test_a_made_up_link_is_as_dead_as_an_old_one(client, db):
    assert client.get("/sign-in/link/made-up/").status_code == 410


def test_who_came_by_a_link_sets_a_password_without_the_old_one(client, anna):
    client.post(make_link(anna))
    done = client.post("/account/password/", {"new": "peonies at noon"})
    assert done.status_code == 200
    anna.refresh_from_db()
    assert anna.check_password("peonies at noon")
    # Once: the next change asks for the old one again.
    assert client.post("/account/password/", {"new": "asters at night"}).status_code == 422


def test_a_new_password_ends_the_other_links(client, anna):
    other = make_link(anna)
    client.post(make_link(anna))
    client.post("/account/password/", {"new": "peonies at noon"})
    assert Client().get(other).status_code == 410


def test_the_command_prints_a_link(client, anna, settings):
    settings.PUBLIC_URL = ""
    out = StringIO()
    call_command("sign_in_link", "Anna@example.org", address="http://room.local:8000/", stdout=out)
    link = out.getvalue().strip()
    assert link.startswith("http://room.local:8000/sign-in/link/")
    assert client.post(link.removeprefix("http://room.local:8000")).status_code == 302


def test_the_command_knows_whom_it_does_not_know(db):
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("sign_in_link", "nobody@example.org")


def test_the_command_lets_the_first_person_of_a_new_server_in(client, db, settings):
    settings.PUBLIC_URL = ""
    out = StringIO()
    call_command("sign_in_link", address="https://maps.example.org", stdout=out)
    link = out.getvalue().strip().removeprefix("https://maps.example.org")
    assert client.post(link, follow=True).redirect_chain[-1][0] == "/welcome/"


def test_the_command_wants_a_name_once_somebody_is_here(anna):
    with pytest.raises(CommandError):
        call_command("sign_in_link")


def test_the_first_start_makes_the_owner_of_the_demo(db):
    demo = Workspace.objects.create(name="Demo", slug="demo", is_demo=True)
    assert first_start_link().startswith("/sign-in/link/")
    assert role_of(User.objects.get(), demo) == "owner"


def test_the_second_start_gives_the_same_person_another_link(db):
    first_start_link()
    assert first_start_link()
    assert User.objects.count() == 1


def test_no_link_is_given_once_the_first_person_is_known(anna):
    assert first_start_link() is None


def test_the_first_person_is_asked_for_everything_and_gets_a_team(client, db):
    demo = Workspace.objects.create(name="Demo", slug="demo", is_demo=True)
    assert client.post(first_start_link()).url == "/welcome/"
    page = client.get("/welcome/")
    assert FIRST_EMAIL not in page.text
    answer = client.post(
        "/welcome/",
        {"name": "Анна", "email": "Anna@Example.org", "password": PASSWORD, "team": "Цветы и ёлки"},
    )
    assert answer.url == "/"
    anna = User.objects.get()
    assert (anna.name, anna.email) == ("Анна", "anna@example.org")
    assert anna.check_password(PASSWORD)
    own = Membership.objects.exclude(workspace=demo).get()
    assert (own.workspace.slug, own.workspace.name, own.role) == (
        "tsvety-i-yolki",
        "Цветы и ёлки",
        "owner",
    )
    assert client.get("/").url == "/w/tsvety-i-yolki/"
    assert client.get("/welcome/").url == "/"


def test_the_welcome_page_says_what_is_missing(client, anna, db):
    client.cookies["language"] = "en"
    client.post(make_link(User.objects.create_user("new@example.org")))
    answer = client.post(
        "/welcome/", {"name": "", "email": anna.email, "password": "short", "team": ""}
    )
    assert answer.status_code == 422
    assert "This address already has an account." in answer.text
    assert "10" in answer.text
    assert Workspace.objects.count() == 1
