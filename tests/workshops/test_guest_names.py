"""Names of people without an account go when the term is over that their team has set."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from changes.models import Change
from journeys.edits import cards
from journeys.models import Card, Journey
from live.models import Screen
from teams.models import Workspace
from tests.support.people import signed_in
from tests.support.routes import everything
from ui.ids import uuid7
from workshops.agendas import BY_KEY
from workshops.edits import guests, meeting
from workshops.models import Guest, Step, Workshop

NAME = "Маринакова"


@pytest.fixture
def over(writing_room):
    """A workshop that ended 90 days ago, the term that nobody has changed: Marina came as the
    first and wrote with her name."""
    room = writing_room.room
    Step.objects.filter(pk=writing_room.step.pk).update(named=True)
    guests.rename_self(writing_room.marina, NAME)
    writing_room.marina.refresh_from_db()
    room.write(writing_room.marina, "Nobody answers")
    room.reveal()
    room.write(writing_room.marina, "Nobody answers at all")
    Screen.objects.create(
        channel=room.workshop.journey_id,
        process=uuid7(),
        actor=writing_room.marina.key,
        name=NAME,
        seen_at=timezone.now(),
    )
    meeting.end(room.workshop, by=room.by)
    end(room, days=90)
    return writing_room


def end(room, *, days: int) -> None:
    ended = timezone.now() - timedelta(days=days)
    Workshop.objects.filter(pk=room.pk).update(ended_at=ended)


def named() -> list[str]:
    """The tables in which the name stands."""
    return [model for model, rows in everything().items() if NAME in str(rows)]


def outcome(anna, found) -> str:
    return signed_in(anna).get(reverse("outcome", args=[found.room.pk])).text


def test_the_outcome_has_numbers_where_the_term_is_over(anna, over):
    assert {"workshops.Guest", "changes.Change", "live.Screen"} <= set(named())
    page = outcome(anna, over)
    with translation.override("ru"):
        said = translation.gettext("Participant %(number)s") % {"number": 1}
    assert NAME not in page and said in page
    assert named() == []


def test_names_are_said_in_the_maps_language(anna, over):
    Journey.objects.filter(pk=over.room.workshop.journey_id).update(language="en")
    guests.forget_names(Workspace.objects.get(slug="flowers"))
    assert Guest.objects.first().name == "Participant 1"
    assert set(Change.objects.filter(by=over.marina.key).values_list("by_name", flat=True)) == {
        "Participant 1"
    }


def test_before_the_term_nothing_is_changed_by_looking(anna, over):
    end(over.room, days=89)
    before = everything()
    assert NAME in outcome(anna, over)
    left = {model for model, rows in everything().items() if rows != before[model]}
    assert left <= {"sessions.Session", "teams.User"}


def test_whoever_reads_by_link_finds_numbers_too(over):
    Workshop.objects.filter(pk=over.room.pk).update(outcome_token="readers")
    assert NAME not in Client().get(reverse("shared_outcome", args=["readers"])).text


def test_the_next_workshop_of_the_team_lets_old_names_go(over, by_anna):
    meeting.new_workshop(over.room.workshop.journey, BY_KEY["own"], by=by_anna)
    assert named() == []


def test_the_command_does_it_for_all_teams(over, capsys):
    call_command("forget_guests")
    assert named() == []
    call_command("forget_guests")
    assert "0" in capsys.readouterr().out.splitlines()[-1]


def test_another_team_keeps_its_own_term(over, garage):
    guests.forget_names(garage)
    assert named()


def test_a_workshop_that_goes_on_keeps_its_names(writing_room, flowers):
    guests.rename_self(writing_room.marina, NAME)
    flowers.guest_names_days = 1
    assert guests.forget_names(flowers) == 0
    assert named()


def test_a_workshop_that_nobody_ended_does_not_keep_names_for_ever(writing_room, flowers):
    guests.rename_self(writing_room.marina, NAME)
    long_ago = timezone.now() - timedelta(days=90)
    Journey.objects.filter(pk=writing_room.room.workshop.journey_id).update(changed_at=long_ago)
    assert guests.forget_names(flowers) == 2
    assert named() == []
    # Whoever comes back to it and says a name is somebody new to forget.
    guests.rename_self(writing_room.marina, NAME)
    Journey.objects.filter(pk=writing_room.room.workshop.journey_id).update(changed_at=long_ago)
    assert guests.forget_names(flowers) == 1
    assert named() == []


def test_an_owner_sets_the_term(anna, boris, over, flowers):
    end(over.room, days=10)
    path, days = reverse("guest_names", args=["flowers"]), {"days": "7"}
    assert signed_in(boris).post(path, days).status_code == 403
    assert signed_in(anna).post(path, {"days": "0"}).status_code == 422
    assert 'value="90"' in signed_in(anna).get(reverse("team", args=["flowers"])).text
    assert signed_in(anna).post(path, days).status_code == 302
    assert NAME not in outcome(anna, over)


def test_whoever_comes_in_is_told_the_term(writing_room, flowers):
    Workspace.objects.filter(pk=flowers.pk).update(guest_names_days=37)
    client = Client()
    client.cookies["language"] = "en"
    page = client.get(reverse("enter", args=[writing_room.room.workshop.token])).text
    assert "37 days after the workshop’s end" in page


# --- one name, before the term -------------------------------------------------------------------


def take_out(person, found, guest) -> None:
    path = reverse("forget_guest", args=[found.room.pk, guest.pk])
    assert signed_in(person).post(path).status_code == 200


def test_one_name_is_taken_out_when_it_is_over(anna, over):
    end(over.room, days=1)
    take_out(anna, over, over.marina)
    assert named() == []
    assert over.igor.name in outcome(anna, over)
    assert Change.objects.latest("seq").verb == "forget_guest"


def test_while_the_room_works_all_screens_lose_it_and_nobody_else_loses_theirs(
    anna, writing_room, client
):
    found = writing_room
    Step.objects.filter(pk=found.step.pk).update(named=True)
    guests.rename_self(found.marina, NAME)
    Workshop.objects.update(expected=[NAME.upper(), "Igor"])
    found.room.write(found.marina, "Nobody answers")
    found.room.reveal()
    wall = reverse("wall", args=[found.room.workshop.wall_token])
    assert NAME in client.get(wall).text
    take_out(anna, found, found.marina)
    assert NAME not in client.get(wall).text
    assert NAME not in found.room.client(found.igor).get(reverse("room", args=[found.room.pk])).text
    assert found.room.workshop.expected == ["Igor"]
    assert named() == []
    assert Guest.objects.get(pk=found.igor.pk).name == "Igor"


def test_what_the_team_wrote_on_cards_stays(anna, over):
    end(over.room, days=1)
    card = Card.objects.filter(lane__content="barrier", audience="team").first()
    cards.edit_card(card.journey_id, card.pk, fields={"text": f"Ask {NAME}"}, by=over.room.by)
    take_out(anna, over, over.marina)
    assert Card.objects.get(pk=card.pk).text == f"Ask {NAME}"


def test_whom_one_waits_for_is_forgotten_too(over, flowers):
    Workshop.objects.update(expected=["Somebody who never came"])
    guests.forget_names(flowers)
    assert over.room.workshop.expected == []


def test_names_of_whom_one_waits_for_are_in_no_history(room):
    Workshop.objects.update(state="preparing")
    until = timezone.now() + timedelta(days=1)
    meeting.collect(room.workshop, until, expected=[NAME], by=room.by)
    assert NAME not in str(list(Change.objects.values()))
