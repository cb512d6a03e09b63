"""History in words: every verb has some, in both languages."""

import pytest
from django.utils import translation

from changes.models import Change
from journeys.edits import undo
from journeys.reads.history import history_of
from journeys.wording import Names, sentence

from .test_screens import UNDOABLE, VERBS

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize("verb", UNDOABLE)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_verb_has_words(bouquet, part, by_anna, verb, language):
    VERBS[verb](bouquet, part, by_anna)
    undo.undo(bouquet.pk, by=by_anna)
    with translation.override(language):
        newest, *rest = history_of(bouquet, by_anna)
    assert newest.words and rest[0].words and rest[0].undone


def test_a_verb_without_words_is_an_error():
    with pytest.raises(KeyError):
        sentence(Change(verb="unheard_of"), Names())


def test_a_visit_is_one_line_from_its_first_words_to_its_last(bouquet, part, by_anna):
    from changes.record import Intent
    from journeys.edits import cards
    from ui.ids import uuid7

    visit = uuid7()
    for text in ("Усп", "Успеть"):
        cards.edit_card(
            bouquet.pk,
            part("goa-01").pk,
            fields={"text": text},
            by=by_anna,
            intent=Intent(uuid7(), "", visit),
        )
    with translation.override("en"):
        newest = history_of(bouquet, by_anna)[0]
    assert newest.words == "Card “Успеть с подарком ко дню рождения” is now “Успеть”"
