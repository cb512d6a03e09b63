"""A workshop from its agenda to its end."""

import pytest

from changes.record import Refused
from journeys.edits.cards import edit_card
from journeys.edits.undo import undo
from journeys.models import Card, Journey
from workshops.actors import actor_of
from workshops.agendas import AGENDAS, BY_KEY
from workshops.edits import agenda, meeting, writing
from workshops.models import Contribution, Step, Workshop


@pytest.mark.parametrize("ready", AGENDAS, ids=lambda found: found.key)
def test_every_ready_agenda_makes_a_workshop(ready, bouquet, by_anna):
    workshop = meeting.new_workshop(bouquet, ready, by=by_anna)
    steps = list(workshop.steps.all())
    assert len(steps) == ready.count
    assert all(step.lane_id or step.kind in ("show", "break") for step in steps)


def test_a_lane_that_the_agenda_needs_is_added_to_the_map(flowers, by_anna):
    from journeys.edits.maps import create_map
    from journeys.formats.plan import MapPlan, StagePlan

    bare = create_map(
        MapPlan(title="Bare", stages=[StagePlan("a", "Seek")]), workspace=flowers, by=by_anna
    )
    meeting.new_workshop(bare, BY_KEY["barriers"], by=by_anna)
    assert {lane.content for lane in bare.lanes.all()} == {"barrier", "solution"}


def test_a_map_has_one_workshop_at_a_time(room, bouquet, by_anna):
    with pytest.raises(Refused):
        meeting.new_workshop(bouquet, BY_KEY["own"], by=by_anna)
    meeting.end(room.workshop, by=by_anna)
    meeting.new_workshop(bouquet, BY_KEY["own"], by=by_anna)


def test_steps_follow_the_clock_of_the_server(room):
    step = room.go(room.step("write", "barrier"))
    assert 60 * step.minutes - 3 <= room.workshop.seconds_left() <= 60 * step.minutes
    meeting.pause(room.workshop, by=room.by)
    left = room.workshop.paused_left
    meeting.extend(room.workshop, 3, by=room.by)
    meeting.go_on(room.workshop, by=room.by)
    assert abs(room.workshop.seconds_left() - left - 180) <= 1


def test_the_map_tells_its_wall_while_a_workshop_goes_on(room, bouquet):
    assert Journey.objects.get(pk=bouquet.pk).desk == room.workshop.desk
    meeting.end(room.workshop, by=room.by)
    assert Journey.objects.get(pk=bouquet.pk).desk == ""


def test_hidden_cards_become_the_teams_when_they_are_shown(writing_room):
    found = writing_room
    pk = found.room.write(found.marina, "Nobody answers the phone", found.stages[2])
    assert Card.objects.get(pk=pk).audience == found.marina.key
    found.room.reveal()
    assert Card.objects.get(pk=pk).audience == "team"
    assert Step.objects.get(pk=found.step.pk).revealed_at


def test_what_was_shown_stays_shown_when_the_room_goes_back(writing_room):
    found = writing_room
    found.room.reveal()
    found.room.go(found.room.step("group"))
    found.room.go(found.step)
    pk = found.room.write(found.marina, "One more")
    assert Card.objects.get(pk=pk).audience == "team"


def test_an_end_leaves_hidden_cards_with_their_authors(writing_room):
    found = writing_room
    pk = found.room.write(found.marina, "Only mine")
    meeting.end(found.room.workshop, by=found.room.by)
    assert Card.objects.get(pk=pk).audience == found.marina.key
    with pytest.raises(Refused):
        found.room.write(found.marina, "Too late", step=found.step)


def test_a_step_that_was_begun_stays_in_the_agenda(writing_room):
    with pytest.raises(Refused):
        agenda.delete_step(
            writing_room.room.workshop, writing_room.step.pk, by=writing_room.room.by
        )


def test_a_workshop_that_was_only_prepared_can_be_dropped(bouquet, by_anna):
    workshop = meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna)
    meeting.drop_workshop(workshop, by=by_anna)
    assert not Workshop.objects.exists()


def test_cards_written_in_a_step_name_it(writing_room):
    pk = writing_room.room.write(writing_room.igor, "Rude staff")
    assert Contribution.objects.get(card=pk).step == writing_room.step


def test_undo_on_the_map_passes_over_what_the_room_did(room, bouquet, by_anna):
    """Whoever leads edits the map too; what the room did together is not theirs to take back."""
    card = Card.living.filter(journey=bouquet).first()
    edit_card(bouquet.pk, card.pk, fields={"text": "Other words"}, by=by_anna)
    step = room.go(room.step("write", "barrier"))
    room.reveal()
    undo(bouquet.pk, by=by_anna)
    assert Card.objects.get(pk=card.pk).text == card.text
    assert Step.objects.get(pk=step.pk).revealed_at


def test_words_that_others_put_into_an_open_card_stay_when_its_author_edits_it(writing_room):
    """It stands on the map by then, where the team writes too."""
    found = writing_room
    pk = found.room.write(found.igor, "Rude staff")
    found.room.reveal()
    edit_card(
        found.room.workshop.journey_id, pk, fields={"text": "Very rude staff"}, by=found.room.by
    )
    by, base = actor_of(found.igor), "Rude staff"
    writing.edit_card(found.igor, pk, "Rude staff at the till", base=base, by=by)
    assert Card.objects.get(pk=pk).text == "Very rude staff at the till"
    with pytest.raises(Refused):
        writing.edit_card(found.igor, pk, "Kind staff", base=base, by=by)
    assert Card.objects.get(pk=pk).text == "Very rude staff at the till"
