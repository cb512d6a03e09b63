"""Results by who people are: on the panel and the wall, and only where nobody's own answer could be
read off."""

import json
from types import SimpleNamespace

import pytest
from django.urls import reverse

from journeys.edits.maps import plan_of
from journeys.formats import map_json
from journeys.models import Journey
from tests.support.people import signed_in
from workshops.edits import guests, meeting, voting
from workshops.models import Guest, Step
from workshops.reads.answers import rated_in, votes_in
from workshops.reads.ballot import candidates
from workshops.reads.results import split, undivided

from .test_abuse import post

pytestmark = pytest.mark.one_engine

STAFF, NEW, OUTSIDE = "staff", "newcomer", "outsider"


@pytest.mark.parametrize(
    "counts, why",
    [((3, 3), ""), ((3, 2), "few"), ((9,), "alike"), ((), "alike"), ((4, 1, 5), "few")],
)
def test_a_part_needs_three_answers_and_another_part(counts, why):
    assert undivided(counts) == why


def test_parts_have_their_own_medians():
    rows = [("s", "emotion", value, STAFF) for value in (1, 2, 3)]
    rows += [("s", "emotion", value, NEW) for value in (-4, -3, -2, -1)]
    whole = split(rows, (STAFF, NEW, OUTSIDE, ""))["s", "emotion"]
    assert whole.n == 7
    assert [(who, part.n, part.median) for who, part in whole.parts] == [
        (STAFF, 3, 2),
        (NEW, 4, -2.5),
    ]


def people(room, **counts: int) -> list[Guest]:
    """So many of each standing, the facilitator says which."""
    found = []
    for standing, count in counts.items():
        for number in range(count):
            guest = room.join(f"{standing} {number}")
            if standing != "unsaid":
                guests.describe(room.workshop, guest.pk, standing=standing, by=room.by)
            found.append(guest)
    return found


@pytest.fixture
def voted(room) -> SimpleNamespace:
    """Three of the staff vote for one card, three newcomers for another; the result is shown."""
    everybody = people(room, staff=3, newcomer=3)
    step = room.go(room.step("vote"))
    cards = [one.pk for one in candidates(step)[:2]]
    for guest in everybody:
        card = cards[guest.name.startswith(NEW)]
        voting.vote(guest, step=step.pk, card=card, count=2)
    room.reveal()
    return SimpleNamespace(room=room, step=step, cards=cards, people=everybody)


def shown_split(found) -> Step:
    meeting.split(found.room.workshop, True, by=found.room.by)
    step = Step.objects.select_related("lane").get(pk=found.step.pk)
    step.workshop = found.room.workshop
    return step


def test_votes_are_counted_by_who_people_are_when_that_is_asked_for(voted):
    assert votes_in(Step.objects.get(pk=voted.step.pk))[1:] == ({}, "")
    _sums, parts, why = votes_in(shown_split(voted))
    first, second = voted.cards
    assert why == ""
    assert parts == {first: ((STAFF, 6), (NEW, 0)), second: ((STAFF, 0), (NEW, 6))}


def test_panel_and_wall_show_it(voted, anna, client):
    browser = signed_in(anna)
    wall = reverse("wall", args=[voted.room.workshop.wall_token])
    assert 'class="part"' not in client.get(wall).text
    path = reverse("split_results", args=[voted.room.pk])
    answer = browser.post(path, {"split": "1"})
    assert answer.text.count('class="part"') == 4
    assert client.get(wall).text.count('class="part"') == 4
    browser.post(path, {"split": "0"})
    assert 'class="part"' not in client.get(wall).text


def test_what_people_are_said_to_be_later_tells_nothing(voted):
    """Moving one person from part to part would tell what that one has voted for."""
    guests.describe(voted.room.workshop, voted.people[0].pk, standing=NEW, by=voted.room.by)
    parts = votes_in(shown_split(voted))[1]
    assert parts[voted.cards[0]] == ((STAFF, 6), (NEW, 0))


def test_one_whose_part_is_too_small_keeps_all_from_being_told_apart(room, anna, client):
    """Also one of whom nothing is said: the rest of the whole is a part too."""
    everybody = people(room, staff=3, newcomer=3, unsaid=1)
    step = room.go(room.step("vote"))
    card = candidates(step)[0].pk
    for guest in everybody:
        voting.vote(guest, step=step.pk, card=card, count=1)
    room.reveal()
    answer = signed_in(anna).post(reverse("split_results", args=[room.pk]), {"split": "1"})
    assert 'class="part"' not in answer.text
    assert answer.context["scene"].undivided == "few"
    wall = client.get(reverse("wall", args=[room.workshop.wall_token])).text
    assert "wall-undivided" in wall and 'class="part"' not in wall


def test_before_a_result_is_shown_nothing_is_split(room, anna):
    room.go(room.step("vote"))
    answer = signed_in(anna).post(reverse("split_results", args=[room.pk]), {"split": "1"})
    assert answer.status_code == 409
    assert not Step.objects.filter(split=True).exists()


def test_a_guest_splits_nothing(voted):
    client = voted.room.client(voted.people[0])
    assert post(client, "split_results", voted.room, {"split": "1"}).status_code == 302
    assert 'class="part"' not in client.get(reverse("room", args=[voted.room.pk])).text


@pytest.fixture
def rated(room, bouquet) -> SimpleNamespace:
    """Three of the staff feel +2 at a stage, three newcomers −3."""
    everybody = people(room, staff=3, newcomer=3)
    lane = bouquet.lanes.get(content="emotion")
    Step.objects.filter(workshop=room.pk, kind="group").update(
        kind="rate", aspect="emotion", lane=lane
    )
    step = room.go(room.step("rate"))
    stage = bouquet.stages.order_by("position").first()
    for guest in everybody:
        value = 2 if guest.name.startswith(STAFF) else -3
        ref = f"stage:{stage.pk.hex}"
        voting.rate(guest, step=step.pk, subject=ref, aspect="emotion", value=value)
    room.reveal()
    return SimpleNamespace(room=room, step=step, people=everybody)


def test_dots_are_told_apart_by_their_shape(rated, client):
    (about,) = [one for one in rated_in(shown_split(rated)) if one.spreads]
    assert [(who, part.median) for who, part in about.spreads[0][1].parts] == [
        (STAFF, 2),
        (NEW, -3),
    ]
    wall = client.get(reverse("wall", args=[rated.room.workshop.wall_token])).text
    strip = wall[wall.index('class="strip"') :].partition("</svg>")[0]
    assert (strip.count("<circle"), strip.count("<rect")) == (3, 3)


@pytest.mark.parametrize("kind, rows", [("voted", 2), ("rated", 1)])
def test_the_outcome_tells_it_where_the_room_saw_it(kind, rows, anna, request):
    found = request.getfixturevalue(kind)
    browser = signed_in(anna)

    def told() -> tuple[bool, int, bool]:
        page = browser.get(reverse("outcome", args=[found.room.pk])).text
        table = browser.get(reverse("votes_csv", args=[found.room.pk])).content.decode()
        journey = Journey.objects.get(pk=found.room.workshop.journey_id)
        file = json.dumps(map_json.dump(plan_of(journey, with_images=True)))
        return 'class="part"' in page, len(table.splitlines()) - 1, "by_standing" in file

    assert told() == (False, rows, False)
    shown_split(found)
    assert told() == (True, 3 * rows, True)


def test_the_split_result_names_nobody(voted, anna):
    shown_split(voted)
    table = signed_in(anna).get(reverse("votes_csv", args=[voted.room.pk])).content.decode()
    assert not any(guest.name in table for guest in voted.people)
