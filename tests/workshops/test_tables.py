"""One phone for a table: everybody's votes, one answer, and people are counted, not phones."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.support.people import signed_in
from workshops.edits import guests, meeting
from workshops.models import Guest, Step, Vote

from .test_abuse import given, post, vote, voting_room
from .test_groups import phone

pytestmark = pytest.mark.one_engine


@pytest.fixture
def table(writing_room) -> SimpleNamespace:
    """At a vote with 3 votes each; Marina's phone stands for four."""
    at = voting_room(writing_room)
    at.marina, at.igor = writing_room.marina, writing_room.igor
    guests.say_heads(at.marina, 4)
    at.client = at.room.client(at.marina)
    return at


def heads_of(guest: Guest) -> int:
    return Guest.objects.get(pk=guest.pk).heads


def test_a_table_is_said_on_joining(client, room):
    path = reverse("enter", args=[room.workshop.token])
    client.post(path, {"name": "Table 3", "heads": "4"})
    with translation.override("en"):
        assert room.workshop.guests.get().called == "Table 3 · 4 people"


@pytest.mark.parametrize("said", ["0", "13", "-1", "x", "", "²", "1e1", "999999"])
def test_a_phone_stands_for_one_to_twelve(said, client, room):
    path = reverse("enter", args=[room.workshop.token])
    assert client.post(path, {"name": "Table 3", "heads": said}).status_code == 422
    guest = room.join("Marina")
    answer = post(room.client(guest), "say_heads", room, {"heads": said})
    assert answer.status_code in (409, 422)
    assert heads_of(guest) == 1


def test_a_table_has_everybodys_votes(table):
    first, second = table.cards[:2]
    assert vote(table.client, table, first, 12).status_code == 200
    assert vote(table.client, table, second, 1).status_code == 409
    assert vote(table.room.client(table.igor), table, first, 4).status_code == 409
    assert given(table.marina) == 12


def test_who_says_how_many_is_the_phone_itself_or_who_leads(table, anna):
    igors = table.room.client(table.igor)
    assert (
        post(igors, "say_heads", table.room, {"heads": "9", "guest": table.marina.pk}).status_code
        == 422
    )
    path = reverse("describe_guest", args=[table.room.pk, table.igor.pk])
    assert signed_in(anna).post(path, {"heads": "2"}).status_code == 200
    assert (heads_of(table.marina), heads_of(table.igor)) == (4, 2)


def test_no_more_votes_stay_given_than_there_are(table, anna):
    vote(table.client, table, table.cards[0], 7)
    for heads, status in ((2, 409), (3, 200)):
        assert post(table.client, "say_heads", table.room, {"heads": heads}).status_code == status
    path = reverse("describe_guest", args=[table.room.pk, table.marina.pk])
    assert signed_in(anna).post(path, {"heads": "1", "standing": "staff"}).status_code == 409
    assert (heads_of(table.marina), given(table.marina)) == (3, 7)
    assert Guest.objects.get(pk=table.marina.pk).standing == ""


def test_a_vote_that_was_shown_binds_nobody(table):
    vote(table.client, table, table.cards[0], 12)
    table.room.reveal()
    assert post(table.client, "say_heads", table.room, {"heads": 1}).status_code == 200
    assert given(table.marina) == 12


def test_people_are_counted_not_phones(table, anna, client):
    vote(table.client, table, table.cards[0], 12)
    scene = signed_in(anna).get(reverse("lead", args=[table.room.pk])).context["scene"]
    assert scene.answered == 4
    wall = client.get(reverse("wall", args=[table.room.workshop.wall_token])).content.decode()
    assert "<b>4</b>" in wall and "<b>5</b>" in wall
    table.room.reveal()
    meeting.end(table.room.workshop, by=table.room.by)
    page = signed_in(anna).get(reverse("outcome", args=[table.room.pk]))
    assert page.context["outcome"].people == 5
    assert page.context["outcome"].votes[0].voters == 4


def test_a_table_is_told_that_it_gives_one_answer(table):
    assert "12" in phone(table.room, table.marina)
    Step.objects.filter(pk=table.step.pk).update(kind="rate", aspect="emotion")
    table.room.go(table.step)
    assert "phone-table" in phone(table.room, table.marina)
    assert "phone-table" not in phone(table.room, table.igor)


def test_a_stranger_says_nothing(table):
    assert post(Client(), "say_heads", table.room, {"heads": "2"}).status_code == 404
    assert not Vote.objects.exists()
