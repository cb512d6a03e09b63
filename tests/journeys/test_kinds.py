"""What a card accepts from a browser, and refuses."""

import pytest
from django.core.exceptions import ValidationError

from changes.record import Refused
from journeys.edits import cards
from journeys.kinds import kind_of
from journeys.kinds.kind import Ids, Tags
from journeys.models import Card
from ui.ids import uuid7

pytestmark = pytest.mark.one_engine


def test_tags_are_words_none_twice():
    assert Tags().clean(" срочно,  юристы ,Срочно,, ") == ["срочно", "юристы"]


def test_more_ids_than_a_map_has_cards_are_refused():
    with pytest.raises(ValidationError):
        Ids().clean("," * 5_000)


@pytest.mark.parametrize("tags", ["а" * 41, ",".join(str(number) for number in range(11))])
def test_too_long_or_too_many_tags_are_refused(tags):
    with pytest.raises(ValidationError):
        Tags().clean(tags)


def test_questions_are_texts_with_an_answer(bouquet, part):
    assert "answer" in kind_of(part("questions")).fields
    assert "answer" not in kind_of(part("goals")).fields


def test_a_card_is_about_a_persona_of_its_map_only(bouquet, by_anna, part):
    card = part("goa-01")
    with pytest.raises(Refused):
        cards.edit_card(bouquet.pk, card.pk, fields={"persona": uuid7().hex}, by=by_anna)
    vasily = bouquet.personas.get()
    cards.edit_card(bouquet.pk, card.pk, fields={"persona": vasily.pk.hex}, by=by_anna)
    assert Card.objects.get(pk=card.pk).persona == vasily
