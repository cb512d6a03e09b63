"""A map's file tells its workshops: sums and spreads, nobody's name."""

import json

import pytest
from django.urls import reverse

from journeys.edits.maps import create_map, plan_of
from journeys.formats import map_json
from journeys.models import Journey, Stage
from tests.support.people import signed_in
from workshops.agendas import BY_KEY
from workshops.edits import meeting, voting
from workshops.models import Step
from workshops.reads.ballot import candidates

from .conftest import Room


def file_of(journey) -> dict:
    return map_json.dump(plan_of(Journey.objects.get(pk=journey.pk), with_images=True))


@pytest.fixture
def finished(room, bouquet):
    marina, igor = room.join("Marina Canary"), room.join("Igor Canary")
    step = room.go(room.step("vote"))
    first, second = candidates(step)[:2]
    for guest, card, count in ((marina, first, 2), (igor, first, 1), (igor, second, 1)):
        voting.vote(guest, step=step.pk, card=card.pk, count=count)
    room.reveal()
    Step.objects.filter(workshop=room.pk, kind="group").update(kind="rate", aspect="emotion")
    step = room.go(room.step("rate"))
    stage = Stage.living.filter(journey=bouquet).first()
    for guest, value in ((marina, -4), (igor, 1)):
        voting.rate(
            guest, step=step.pk, subject=f"stage:{stage.pk.hex}", aspect="emotion", value=value
        )
    room.reveal()
    meeting.end(room.workshop, by=room.by)
    return room


def test_agenda_votes_and_ratings_are_in_the_file(anna, bouquet, finished):
    path = reverse("export_json", args=[bouquet.pk])
    (told,) = json.loads(signed_in(anna).get(path).content)["workshops"]
    assert (told["agenda"], told["people"]) == ("barriers", 2)
    assert len(told["steps"]) == Step.objects.filter(workshop=finished.pk).count()
    voted = next(step["voted"] for step in told["steps"] if "voted" in step)
    assert (voted["people"], voted["sum"]) == (2, 4)
    assert [(one["rank"], one["votes"]) for one in voted["cards"]] == [(1, 3), (2, 1)]
    assert voted["cards"][0]["card"].startswith("s-")
    rated = next(step["rated"] for step in told["steps"] if "rated" in step)
    assert rated == [
        {
            "stage": "awareness",
            "text": "Поиск информации",
            "question": "emotion",
            "answers": 2,
            "median": -1.5,
            "lowest": -4,
            "highest": 1,
        }
    ]


def test_nobody_is_named(bouquet, finished):
    text = json.dumps(file_of(bouquet), ensure_ascii=False)
    assert "Canary" not in text
    assert "Anna" not in text


def test_what_was_not_shown_is_not_told(bouquet, room):
    marina = room.join("Marina")
    step = room.go(room.step("vote"))
    voting.vote(marina, step=step.pk, card=candidates(step)[0].pk, count=1)
    (told,) = file_of(bouquet)["workshops"]
    assert not any("voted" in step for step in told["steps"])


def test_a_file_that_is_read_keeps_them_and_makes_none(bouquet, finished, by_anna):
    first = file_of(bouquet)
    plan, remarks = map_json.parse(json.dumps(first).encode())
    assert remarks == []
    twin = create_map(plan, workspace=bouquet.workspace, by=by_anna)
    assert not twin.workshops.exists()
    assert file_of(twin) == first
    again = Room(meeting.new_workshop(twin, BY_KEY["barriers"], by=by_anna), by_anna)
    again.open()
    assert len(file_of(twin)["workshops"]) == 2


def test_a_map_without_workshops_has_no_such_key(bouquet):
    assert "workshops" not in file_of(bouquet)


def test_something_else_under_that_key_is_kept_too(bouquet, finished):
    Journey.objects.update(extra={"workshops": "three"})
    first, told = file_of(bouquet)["workshops"]
    assert first == "three"
    assert told["people"] == 2
