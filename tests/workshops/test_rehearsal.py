"""A rehearsal plays the agenda through and leaves nothing behind."""

import pytest
from django.apps import apps
from django.urls import reverse

from journeys.models import Card, Journey
from tests.support.people import signed_in
from workshops.agendas import BY_KEY
from workshops.edits import meeting, rehearsal
from workshops.models import Contribution, Rating, Step, Vote, Workshop

pytestmark = pytest.mark.one_engine


@pytest.fixture
def prepared(bouquet, by_anna) -> Workshop:
    return meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)


def rows() -> dict:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


def again(made: Workshop) -> Workshop:
    return Workshop.objects.select_related("journey", "step__lane").get(pk=made.pk)


def test_made_up_guests_write_rate_and_vote(prepared, by_anna):
    made = rehearsal.rehearse(prepared, by=by_anna)
    assert made.guests.filter(made_up=True).count() == 6
    rate = Step.objects.create(
        workshop=made, kind="rate", aspect="emotion", name="Rate", question="?", position=99
    )
    for step, given in (
        (made.steps.get(kind="write", lane__content="barrier"), Contribution),
        (made.steps.get(kind="vote"), Vote),
        (rate, Rating),
    ):
        meeting.go_to(made, step.pk, by=by_anna)
        for _again in range(12):
            rehearsal.play(again(made))
        assert given.objects.filter(step=step).exists(), step.kind


def test_nothing_of_it_stays(prepared, by_anna):
    before = rows()
    made = rehearsal.rehearse(prepared, by=by_anna)
    meeting.go_to(made, made.steps.get(kind="write", lane__content="barrier").pk, by=by_anna)
    rehearsal.play(again(made))
    rehearsal.close(again(made).journey)
    assert rows() == before


def test_the_map_itself_is_not_touched(prepared, bouquet, by_anna):
    cards, seq = (
        Card.objects.filter(journey=bouquet).count(),
        Journey.objects.get(pk=bouquet.pk).seq,
    )
    made = rehearsal.rehearse(prepared, by=by_anna)
    meeting.go_to(made, made.steps.get(kind="write", lane__content="barrier").pk, by=by_anna)
    rehearsal.play(again(made))
    assert Card.objects.filter(journey=bouquet).count() == cards
    assert Journey.objects.get(pk=bouquet.pk).seq == seq


def test_its_map_is_listed_nowhere(prepared, anna, flowers, by_anna):
    browser = signed_in(anna)
    answer = browser.post(reverse("rehearse", args=[prepared.pk]))
    lead = answer.headers["HX-Redirect"]
    assert browser.get(lead).status_code == 200
    title = Journey.objects.get(rehearses__isnull=False).title
    for path in (
        reverse("workspace_home", args=[flowers.slug]),
        reverse("search", args=[flowers.slug]) + "?q=Василий",
    ):
        assert title not in browser.get(path).content.decode()
    close = browser.post(lead + "close-rehearsal/")
    assert browser.get(close.headers["HX-Redirect"], follow=True).status_code == 200


def test_a_real_workshop_is_not_played_by_made_up_guests(room, anna):
    assert signed_in(anna).post(reverse("play", args=[room.pk])).status_code == 409
