"""The map before a workshop and after it: kept with its beginning and its end."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from changes.record import Refused
from journeys.edits import cards, columns, undo, versions
from journeys.models import Card, Journey, Lane, Stage, Version
from tests.support.people import signed_in
from workshops.agendas import BY_KEY
from workshops.edits import deciding, meeting, voting
from workshops.models import Workshop
from workshops.reads.ballot import candidates
from workshops.reads.outcome import Outcome

from .conftest import Room

pytestmark = pytest.mark.one_engine


def end(room) -> Workshop:
    meeting.end(room.workshop, by=room.by)
    return Workshop.objects.get(pk=room.pk)


def test_the_map_is_kept_when_people_come_in_and_when_it_ends(bouquet, by_anna):
    Journey.objects.update(language="en")
    room = Room(meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna), by_anna)
    room.open()
    assert room.workshop.before.label == "Before the workshop"
    meeting.close_entry(room.workshop, by=room.by)
    room.open()
    assert Version.objects.count() == 1
    workshop = end(room)
    assert workshop.after.label == "After the workshop"
    assert workshop.after.seq == bouquet.changes.count() - 1


def test_what_was_written_in_the_room_is_not_there_after_going_back(writing_room):
    found = writing_room
    before = found.room.workshop.before
    pk = found.room.write(found.marina, "Nobody answers")
    with pytest.raises(Refused):
        versions.restore_version(found.room.workshop.journey_id, before.pk, by=found.room.by)
    found.room.reveal()
    hidden = found.room.write(found.igor, "Rude staff")
    workshop = end(found.room)
    versions.restore_version(workshop.journey_id, workshop.before_id, by=found.room.by)
    assert not Card.living.filter(pk__in=[pk, hidden]).exists()
    versions.restore_version(workshop.journey_id, workshop.after_id, by=found.room.by)
    assert Card.living.filter(pk__in=[pk, hidden]).count() == 2


def test_a_card_that_was_never_opened_stays_with_its_author(writing_room):
    found = writing_room
    pk = found.room.write(found.marina, "Only mine")
    workshop = end(found.room)
    cards.edit_card(
        workshop.journey_id,
        Card.objects.filter(audience="team").first().pk,
        fields={"text": "Newer"},
        by=found.room.by,
    )
    versions.restore_version(workshop.journey_id, workshop.before_id, by=found.room.by)
    card = Card.objects.get(pk=pk)
    assert (card.deleted_at, card.audience) == (None, found.marina.key)


def test_the_outcome_says_what_the_room_has_changed(anna, client, writing_room, part):
    found = writing_room
    found.room.write(found.marina, "Nobody answers", found.stages[2])
    found.room.reveal()
    emotion = part("emo-01")
    cards.edit_card(emotion.journey_id, emotion.pk, fields={"emotion": "-5"}, by=found.room.by)
    workshop = end(found.room)
    cards.edit_card(emotion.journey_id, emotion.pk, fields={"emotion": "4"}, by=found.room.by)

    change = Outcome(found.room.workshop).change
    assert [one.moved for one in change.columns].count(True) == 1
    assert change.columns[0].after[0] == -5
    assert change.columns[2].new == [(found.lane.name, 1)]

    with translation.override("ru"):
        page = signed_in(anna).get(reverse("outcome", args=[workshop.pk])).content.decode()
    assert page.count('class="change-before"') == 1
    assert reverse("version", args=[workshop.journey_id, workshop.before_id]) in page
    assert "−5" in page
    assert not re.search(r"\sstyle=", page.partition("<main")[2])

    signed_in(anna).post(reverse("share_outcome", args=[workshop.pk]))
    token = Workshop.objects.get(pk=workshop.pk).outcome_token
    shared = client.get(reverse("shared_outcome", args=[token])).content.decode()
    assert 'class="change-before"' in shared
    assert "/versions/" not in shared


def test_without_feelings_there_is_no_curve(anna, room, bouquet):
    Card.objects.filter(emotion__isnull=False).update(emotion=None)
    Version.objects.all().delete()
    page = signed_in(anna).get(reverse("outcome", args=[room.pk])).content.decode()
    assert "change-curve" not in page


def test_undo_passes_over_what_the_room_did(room, bouquet, part, by_anna):
    cards.edit_card(bouquet.pk, part("goa-01").pk, fields={"text": "Newer"}, by=by_anna)
    old = part("goa-01").text
    end(room)
    undo.undo(bouquet.pk, by=by_anna)
    assert part("goa-01").text != old


# --- the outcome stands still --------------------------------------------------------------------


@pytest.fixture
def decided(writing_room):
    """Marina's barrier is lifted by Igor's solution, which won and became a task; the room has said
    how it feels."""
    found, room = writing_room, writing_room.room
    barrier = room.write(found.marina, "Nobody answers")
    room.reveal()
    room.go(room.step("write", "solution"))
    room.write(found.igor, "Call back within ten minutes", lifts=[barrier])
    room.reveal()
    step = room.go(room.step("vote"))
    step.workshop = room.workshop
    card = candidates(step).get(text="Call back within ten minutes")
    voting.vote(found.marina, step=step.pk, card=card.pk, count=2)
    room.reveal()
    room.go(room.step("decide"))
    deciding.add_task(
        room.workshop, solution=card.pk, text="Hang the bell", owner="Ada", due=None, by=room.by
    )
    found.barrier, found.solution = barrier, card
    found.task = Card.objects.get(text="Hang the bell")
    end(room)
    return found


def told(found) -> dict:
    outcome = Outcome(found.room.workshop)
    return {
        "votes": [
            [(one.card.text, one.card.barriers, one.card.stage, one.votes) for one in vote.ranked]
            for vote in outcome.votes
        ],
        "tasks": [(one.text, one.owner, one.solution) for one in outcome.tasks],
        "change": outcome.change.columns,
        "counts": (outcome.added, outcome.written, outcome.never_opened),
    }


def test_the_outcome_says_what_was_decided_though_the_map_goes_back(decided):
    before = told(decided)
    assert before["votes"][0][0][:2] == ("Call back within ten minutes", ("Nobody answers",))
    assert before["tasks"] == [("Hang the bell", "Ada", "Call back within ten minutes")]
    workshop = decided.room.workshop
    versions.restore_version(workshop.journey_id, workshop.before_id, by=decided.room.by)
    assert not Card.living.filter(text="Hang the bell").exists()
    assert told(decided) == before


def test_what_becomes_of_cards_stages_and_lanes_later_leaves_the_outcome_alone(decided):
    before, by, journey = told(decided), decided.room.by, decided.room.workshop.journey_id
    cards.edit_card(journey, decided.solution.pk, fields={"text": "Call back"}, by=by)
    cards.delete_card(journey, decided.barrier, by=by)
    columns.delete(journey, Stage, decided.stages[0].pk, by=by)
    columns.delete(journey, Lane, decided.lane.pk, by=by)
    assert told(decided) == before


def test_a_task_that_was_done_since_is_marked_so_and_stays(anna, decided):
    by, journey = decided.room.by, decided.room.workshop.journey_id
    before = told(decided)
    cards.edit_card(journey, decided.task.pk, fields={"status": "done"}, by=by)
    assert told(decided) == before
    assert [one.done for one in Outcome(decided.room.workshop).tasks] == [True]


def test_answers_stay_with_what_they_were_about(bouquet, by_anna):
    room = Room(meeting.new_workshop(bouquet, BY_KEY["curve"], by=by_anna), by_anna)
    room.open()
    guest = room.join("Marina")
    step = room.go(room.step("rate", "emotion"))
    stage = Stage.living.filter(journey=bouquet, parent=None).order_by("position").first()
    subject = f"stage:{stage.pk.hex}"
    voting.rate(guest, step=step.pk, subject=subject, aspect="emotion", value=-3)
    room.reveal()
    step = room.go(room.step("rate", "touchpoint"))
    step.workshop = room.workshop
    point = candidates(step).first()
    subject = f"card:{point.pk.hex}"
    voting.rate(guest, step=step.pk, subject=subject, aspect="perception", value=2)
    room.reveal()
    end(room)
    columns.delete(bouquet.pk, Stage, stage.pk, by=by_anna)
    cards.edit_card(bouquet.pk, point.pk, fields={"text": "Else"}, by=by_anna)
    (_step, feelings), (_other, services) = Outcome(room.workshop).rated
    assert [one.subject.name for one in feelings] == [stage.name]
    assert [one.subject.name for one in services] == [point.text]
