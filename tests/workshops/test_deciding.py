"""What the room answers becomes the map's, and the map goes on knowing how it was answered."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from changes.models import Change
from journeys.edits import cards, undo
from journeys.edits.maps import make_to_be
from journeys.models import Card, Stage
from journeys.reads import rated as reads
from personas.models import Persona
from tests.support.people import signed_in
from workshops.edits import deciding, voting
from workshops.models import Step

pytestmark = pytest.mark.one_engine


@pytest.fixture
def rated(room, bouquet):
    """Three people have said how a stage feels: −2, +1, +4."""
    lane = bouquet.lanes.get(content="emotion")
    Step.objects.filter(workshop=room.pk, kind="group").update(
        kind="rate", aspect="emotion", lane=lane
    )
    step = room.go(room.step("rate"))
    room.stage = Stage.living.filter(journey=bouquet).first()
    for name, value in (("Marina", -2), ("Igor", 1), ("Anya", 4)):
        voting.rate(
            room.join(name),
            step=step.pk,
            subject=f"stage:{room.stage.pk.hex}",
            aspect="emotion",
            value=value,
        )
    room.reveal()
    return room


def take(room, value: int) -> Card:
    ws = room.workshop
    subject = f"stage:{room.stage.pk.hex}"
    deciding.take_value(ws, ws.step, subject=subject, aspect="emotion", value=value, by=room.by)
    return Card.living.select_related("lane").get(
        stage=room.stage, lane__content="emotion", rated__isnull=False, emotion=value
    )


def set_by_hand(room, card: Card, value: int) -> Card:
    cards.edit_card(card.journey_id, card.pk, fields={"emotion": str(value)}, by=room.by)
    return Card.objects.select_related("lane").get(pk=card.pk)


def said(card: Card) -> list[str]:
    with override("en"):
        return reads.said(card)


def test_a_median_that_is_taken_says_how_many_answered_and_how_far_apart(rated):
    card = take(rated, 1)
    assert card.rated == [
        {
            "question": "emotion",
            "answers": 3,
            "median": 1,
            "lowest": -2,
            "highest": 4,
            "taken": 1,
        }
    ]
    assert said(card) == ["Emotion: the median of 3 answers, from −2 to +4"]


def test_another_value_is_said_to_be_another(rated):
    assert said(take(rated, 3)) == [
        "Emotion: set to +3; the median of 3 answers was +1, from −2 to +4"
    ]


def test_what_the_team_changes_later_is_no_longer_what_the_room_said(rated):
    card = take(rated, 1)
    (words,) = said(set_by_hand(rated, card, -3))
    assert words.startswith("Emotion: changed since the workshop; there it was +1")
    (words,) = said(set_by_hand(rated, card, 1))
    assert words == "Emotion: the median of 3 answers, from −2 to +4"


def test_value_and_note_are_undone_and_redone_as_one_step(rated):
    was = Card.living.filter(stage=rated.stage, lane__content="emotion").first().emotion
    card = take(rated, 1)
    undo.undo(card.journey_id, by=rated.by)
    card.refresh_from_db()
    assert (card.emotion, card.rated) == (was, [])
    undo.redo(card.journey_id, by=rated.by)
    card.refresh_from_db()
    assert (card.emotion, card.rated[0]["answers"]) == (1, 3)


def test_one_of_two_feelings_is_not_written_over_with_everybody_s(rated, bouquet):
    felt = Card.living.filter(stage=rated.stage, lane__content="emotion").first()
    personas = [Persona.objects.create(workspace=bouquet.workspace, name=name) for name in "AB"]
    Card.objects.filter(pk=felt.pk).update(persona=personas[0], emotion=-4)
    Card.objects.create(
        journey=bouquet, stage=rated.stage, lane=felt.lane, persona=personas[1], emotion=-3
    )
    take(rated, 1)
    felt.refresh_from_db()
    assert felt.emotion == -4


def test_a_stage_without_a_feeling_gets_a_card_that_knows_it(rated):
    Card.objects.filter(stage=rated.stage, lane__content="emotion").delete()
    card = take(rated, 1)
    assert card.rated[0]["answers"] == 3
    assert Change.objects.filter(verb="add_card", target=f"card:{card.pk.hex}").exists()


def test_the_details_show_it_to_who_reads(anna, rated):
    card = take(rated, 1)
    reader = signed_in(anna)
    reader.cookies["language"] = "en"
    page = reader.get(reverse("card", args=[card.journey_id, card.pk])).text
    assert "the median of 3 answers, from −2 to +4" in page


def test_the_map_as_it_should_be_has_no_answers_of_a_room(rated):
    card = take(rated, 1)
    twin = make_to_be(card.journey, by=rated.by)
    assert not Card.objects.filter(journey=twin).exclude(rated=[]).exists()
