from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from teams import edits
from teams.actors import member
from teams.models import Invitation, Role, User
from tests.support.people import PASSWORD, role_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation(anna, flowers) -> Invitation:
    return edits.invite(flowers, Role.EDITOR, by=member(anna))


@pytest.fixture
def link(invitation) -> str:
    return f"/join/{invitation.token}/"


def test_the_page_says_who_invites_where_and_as_what(client, link):
    client.cookies["language"] = "en"
    page = client.get(link).text
    assert "Invitation to “Цветы”" in page
    assert "Anna invites you" in page
    assert "As an editor" in page


def test_a_member_of_the_house_joins_with_one_press(link, gleb, flowers):
    client = signed_in(gleb)
    assert "Gleb" in client.get(link).text
    assert role_of(gleb, flowers) is None
    assert client.post(link).url == "/w/flowers/"
    assert role_of(gleb, flowers) == "editor"


def test_a_newcomer_gets_an_account_on_the_same_page(client, link, flowers):
    client.cookies["language"] = "en"
    form = {"name": "Dina", "email": "Dina@example.org", "password": PASSWORD}
    assert client.post(link, form).url == "/w/flowers/"
    dina = User.objects.get(email="dina@example.org")
    assert (dina.name, dina.language) == ("Dina", "en")
    assert role_of(dina, flowers) == "editor"
    assert client.get("/account/").status_code == 200


def test_an_address_that_is_known_is_sent_to_sign_in(client, link, gleb, flowers):
    client.cookies["language"] = "en"
    form = {"name": "Gleb", "email": gleb.email, "password": PASSWORD}
    answer = client.post(link, form)
    assert answer.status_code == 422
    assert "Is it yours? Then sign in" in answer.text
    assert f"/sign-in/?next={link}" in answer.text
    assert role_of(gleb, flowers) is None


def test_a_weak_password_is_refused_and_nobody_is_made(client, link):
    form = {"name": "Dina", "email": "dina@example.org", "password": "password12"}
    assert client.post(link, form).status_code == 422
    assert not User.objects.filter(email="dina@example.org").exists()


def test_who_is_in_the_team_keeps_the_role(link, anna, flowers):
    signed_in(anna).post(link)
    assert role_of(anna, flowers) == "owner"


def test_an_invitation_taken_back_says_so(link, invitation, anna, gleb, flowers):
    signed_in(anna).post(f"/w/flowers/team/invitations/{invitation.pk}/revoke/")
    client = signed_in(gleb)
    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410
    assert role_of(gleb, flowers) is None


@pytest.mark.parametrize(("left", "status"), [(1, 200), (0, 410)])
def test_an_invitation_ends_with_its_time(client, link, left, status):
    Invitation.objects.update(expires_at=timezone.now() + timedelta(minutes=left))
    assert client.get(link).status_code == status


def test_taken_back_while_the_page_was_open(invitation, gleb, anna):
    edits.revoke(invitation, by=member(anna))
    with pytest.raises(edits.Refused):
        edits.join(invitation, by=member(gleb))


def test_the_owner_makes_one_and_copies_it(anna, flowers):
    client = signed_in(anna)
    client.post("/w/flowers/team/invitations/", {"role": "viewer"})
    made = Invitation.objects.get()
    assert (made.role, made.created_by) == ("viewer", anna)
    assert f"http://testserver/join/{made.token}/" in client.get("/w/flowers/team/").text


def test_a_link_for_many_never_makes_owners(anna, flowers):
    client = signed_in(anna)
    answer = client.post("/w/flowers/team/invitations/", {"role": "owner"})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_a_member_who_is_removed_cannot_come_back_by_an_old_link(link, anna, boris, flowers):
    boris_in_team = flowers.memberships.get(user=boris)
    signed_in(anna).post(f"/w/flowers/team/{boris_in_team.pk}/remove/")
    assert signed_in(boris).post(link).status_code == 410
    assert role_of(boris, flowers) is None


def test_others_links_are_not_anyones_to_take_back(invitation, gleb, garage):
    answer = signed_in(gleb).post(f"/w/garage/team/invitations/{invitation.pk}/revoke/")
    assert answer.status_code == 404
    assert Client().get(f"/join/{invitation.token}/").status_code == 200
