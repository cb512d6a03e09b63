"""Writing before the meeting, until a deadline."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from changes.record import Refused
from tests.support.people import signed_in
from workshops.agendas import BY_KEY
from workshops.edits import meeting
from workshops.models import Contribution, Workshop

from .conftest import Room


@pytest.fixture
def collecting(bouquet, by_anna) -> Room:
    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    until = timezone.now() + timedelta(days=2)
    meeting.collect(made, until, expected=["Marina", "Igor"], by=by_anna)
    return Room(made, by_anna)


def test_cards_wait_hidden_until_the_meeting_shows_them(collecting):
    marina = collecting.join("Marina")
    pk = collecting.write(marina, "Written at home")
    meeting.gather(collecting.workshop, by=collecting.by)
    step = collecting.go(collecting.step("write", "barrier"))
    assert Contribution.objects.get(card=pk).step == step
    assert collecting.workshop.step.is_secret


def test_after_the_deadline_cards_are_taken_and_marked(collecting):
    marina = collecting.join("Marina")
    early = collecting.write(marina, "In time")
    passed = timezone.now() - timedelta(minutes=1)
    Workshop.objects.filter(pk=collecting.pk).update(ends_at=passed)
    late = collecting.write(marina, "A minute late")
    found = dict(Contribution.objects.values_list("card", "late"))
    assert found == {early: False, late: True}


def test_who_has_given_what_is_a_count_for_the_facilitator(collecting, anna):
    marina = collecting.join("marina")
    collecting.write(marina, "CANARY")
    page = signed_in(anna).get(reverse("lead", args=[collecting.pk])).content.decode()
    assert "Marina" in page and "Igor" in page
    assert "CANARY" not in page


def test_a_deadline_in_the_past_is_refused(collecting):
    with pytest.raises(Refused):
        meeting.collect(collecting.workshop, timezone.now(), by=collecting.by)


def test_it_is_opened_from_the_page(bouquet, by_anna, anna):
    made = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    browser, path = signed_in(anna), reverse("collect", args=[made.pk])
    assert browser.post(path, {"until": "tomorrow"}).status_code == 422
    until = timezone.localtime() + timedelta(days=1)
    answer = browser.post(path, {"until": f"{until:%Y-%m-%dT%H:%M}", "expected": "Аня\n\nПётр "})
    assert answer.headers["HX-Redirect"] == reverse("lead", args=[made.pk])
    found = Workshop.objects.get()
    assert (found.state, found.expected) == ("collecting", ["Аня", "Пётр"])
