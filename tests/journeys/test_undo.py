"""Chains of undo and redo, against a simple model, and beside other people's edits."""

import random

import pytest
from django.core.exceptions import ValidationError

from changes.models import Change, Conflict
from changes.record import Intent, Refused, Unchanged
from journeys.edits import cards, columns, undo
from journeys.edits import journeys as maps
from journeys.models import Card, Lane, Lift, Owner, Stage
from journeys.reads.history import history_of
from tests.support.routes import make_world
from ui.ids import uuid7


@pytest.fixture
def ours(anna, flowers):
    world = make_world(flowers, anna)
    Conflict.objects.all().delete()
    Change.objects.filter(document_id=world.map.pk, seq__gt=1).update(by="somebody")
    return world


def state(journey) -> list:
    """All that undo may bring back; what was added and taken away again counts as not there."""
    journey.refresh_from_db()
    rows = [
        (row.pk, *(str(getattr(row, name, "")) for name in row.FIELDS))
        for model in (Stage, Lane, Card, Owner)
        for row in model.living.filter(journey=journey).order_by("pk")
    ]
    lifts = Lift.objects.filter(solution__journey=journey).order_by("pk")
    return [journey.title, journey.goal, *rows, *lifts.values_list("solution_id", "barrier_id")]


def acts(world, by, chance: random.Random) -> list:
    """What a person may do next, each a function."""
    journey, at = world.map.pk, {"by": by, "intent": Intent(visit=uuid7())}
    card = lambda: chance.choice(list(Card.living.filter(journey=journey).order_by("key", "pk")))  # noqa: E731
    place = {"stage": world.stage["buy"].pk, "lane": world.lane["text"].pk}
    word = str(chance.randrange(1000))
    return [
        lambda: cards.add_card(journey, id=uuid7(), fields={"text": word}, **place, **at),
        lambda: cards.edit_card(journey, card().pk, fields={"text": word}, **at),
        lambda: cards.edit_card(
            journey, world.card["touchpoint"].pk, fields={"owner": word, "perception": "3"}, **at
        ),
        lambda: cards.edit_card(
            journey,
            world.card["solution"].pk,
            fields={"resolves": chance.choice([[], [world.card["barrier"].pk.hex]])},
            **at,
        ),
        lambda: cards.move_card(journey, card().pk, after=None, **place, **at),
        lambda: cards.delete_card(journey, card().pk, **at),
        lambda: columns.edit(journey, Stage, world.stage["seek"].pk, fields={"name": word}, **at),
        lambda: columns.duplicate(journey, Lane, world.lane["solution"].pk, id=uuid7(), **at),
        lambda: columns.delete(journey, Lane, world.lane["factor"].pk, **at),
        lambda: columns.move(journey, Lane, world.lane["text"].pk, after=None, **at),
        lambda: maps.edit_map(journey, fields={"goal": word}, **at),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_any_chain_of_one_person_is_a_stack(ours, by_anna, seed):
    chance = random.Random(seed)
    done, undone = [state(ours.map)], []  # the model: states behind us, states taken back
    for _step in range(25):
        what = chance.choice(["act", "act", "undo", "redo"])
        try:
            if what == "act":
                chance.choice(acts(ours, by_anna, chance))()
                done.append(state(ours.map))
                undone = []
            elif what == "undo":
                undo.undo(ours.map.pk, by=by_anna)
                undone.append(done.pop())
            else:
                undo.redo(ours.map.pk, by=by_anna)
                done.append(undone.pop())
        except (Unchanged, Refused, ValidationError):
            assert what == "act" or not (undone if what == "redo" else done[1:])
        assert state(ours.map) == done[-1]


def test_what_is_redone_reads_as_standing_and_can_be_undone_again(ours, by_anna):
    def lines():
        return [entry.undone for entry in history_of(ours.map, by_anna) if "is now" in entry.words]

    from django.utils import translation

    pk = ours.card["text"].pk
    with translation.override("en"):
        cards.edit_card(ours.map.pk, pk, fields={"text": "one"}, by=by_anna)
        cards.edit_card(ours.map.pk, pk, fields={"text": "two"}, by=by_anna)
        undo.undo(ours.map.pk, by=by_anna)
        undo.undo(ours.map.pk, by=by_anna)
        assert lines() == [True, True]
        undo.redo(ours.map.pk, by=by_anna)
        assert lines() == [True, False]
        undo.redo(ours.map.pk, by=by_anna)
        assert lines() == [False, False]
        undo.undo(ours.map.pk, by=by_anna)
        assert lines() == [True, False]
    assert Card.objects.get(pk=pk).text == "one"


def test_a_step_that_others_took_back_by_hand_is_passed_over(ours, by_anna, by_boris):
    text, emotion = ours.card["text"].pk, ours.card["emotion"].pk
    cards.edit_card(ours.map.pk, text, fields={"text": "Newer"}, by=by_anna)
    cards.edit_card(ours.map.pk, emotion, fields={"emotion": "3"}, by=by_anna)
    cards.edit_card(ours.map.pk, emotion, fields={"emotion": ""}, by=by_boris)
    undo.undo(ours.map.pk, by=by_anna)
    assert Card.objects.get(pk=text).text == "A text"


def test_undo_does_not_take_others_words_away_with_a_new_card(ours, by_anna, by_boris):
    card, place = uuid7(), {"stage": ours.stage["buy"].pk, "lane": ours.lane["text"].pk}
    cards.add_card(ours.map.pk, id=card, fields={"text": "Anna"}, by=by_anna, **place)
    cards.edit_card(ours.map.pk, card, fields={"text": "Anna and Boris"}, by=by_boris)
    with pytest.raises(Refused):
        undo.undo(ours.map.pk, by=by_anna)


def test_an_owner_that_others_have_come_to_name_stays(ours, by_anna, by_boris):
    owned, other = ours.card["owner"].pk, ours.card["task"].pk
    cards.edit_card(ours.map.pk, owned, fields={"owner": "Director"}, by=by_anna)
    cards.edit_card(ours.map.pk, other, fields={"owner": "Director"}, by=by_boris)
    undo.undo(ours.map.pk, by=by_anna)
    assert Card.objects.get(pk=owned).owner is None
    assert Owner.living.filter(name="Director").exists()
    assert Card.objects.get(pk=other).owner.name == "Director"


def test_undoing_an_edit_that_waits_for_a_choice_withdraws_it(ours, by_anna, by_boris):
    pk = ours.card["text"].pk
    cards.edit_card(ours.map.pk, pk, fields={"text": "Boris"}, base="A text", by=by_boris)
    cards.edit_card(ours.map.pk, pk, fields={"text": "Anna"}, base="A text", by=by_anna)
    undo.undo(ours.map.pk, by=by_anna)
    assert not Conflict.objects.filter(solved_at=None).exists()
    undo.redo(ours.map.pk, by=by_anna)
    assert Conflict.objects.filter(solved_at=None).get().mine == "Anna"


def test_undoing_what_was_typed_on_lets_the_words_before_wait_again(ours, by_anna, by_boris):
    pk = ours.card["text"].pk
    cards.edit_card(ours.map.pk, pk, fields={"text": "Boris"}, base="A text", by=by_boris)
    for text, over in (("Anna", "A text"), ("Anna writes", "Anna")):
        cards.edit_card(ours.map.pk, pk, fields={"text": text}, base=over, by=by_anna)

    def waits() -> list[str]:
        return list(Conflict.objects.filter(solved_at=None).values_list("mine", flat=True))

    for act, words in (
        (undo.undo, ["Anna"]),
        (undo.redo, ["Anna writes"]),
        (undo.undo, ["Anna"]),
        (undo.undo, []),
        (undo.redo, ["Anna"]),
        (undo.redo, ["Anna writes"]),
    ):
        act(ours.map.pk, by=by_anna)
        assert waits() == words


def test_undoing_a_visit_withdraws_what_waits_of_it_at_once(ours, by_anna, by_boris):
    pk, visit = ours.card["text"].pk, uuid7()
    cards.edit_card(ours.map.pk, pk, fields={"text": "Boris"}, base="A text", by=by_boris)
    for text, over in (("Anna", "A text"), ("Anna writes", "Anna")):
        cards.edit_card(
            ours.map.pk,
            pk,
            fields={"text": text},
            base=over,
            by=by_anna,
            intent=Intent(visit=visit),
        )
    undo.undo(ours.map.pk, by=by_anna)
    assert not Conflict.objects.filter(solved_at=None).exists()
    undo.redo(ours.map.pk, by=by_anna)
    assert Conflict.objects.filter(solved_at=None).get().mine == "Anna writes"


def test_several_choices_of_one_visit_come_back_together(ours, by_anna, by_boris):
    pk, visit = ours.card["text"].pk, uuid7()
    cards.edit_card(ours.map.pk, pk, fields={"text": "Boris"}, base="A text", by=by_boris)
    for text in ("Anna", "Vera"):
        cards.edit_card(
            ours.map.pk,
            pk,
            fields={"text": text},
            base="A text",
            by=by_anna,
            intent=Intent(visit=visit),
        )
    undo.undo(ours.map.pk, by=by_anna)
    undo.redo(ours.map.pk, by=by_anna)
    waits = Conflict.objects.filter(solved_at=None).values_list("mine", flat=True)
    assert set(waits) == {"Anna", "Vera"}


def test_undo_leaves_what_somebody_has_chosen_meanwhile(ours, by_anna, by_boris):
    pk = ours.card["text"].pk
    cards.edit_card(ours.map.pk, pk, fields={"text": "Boris"}, base="A text", by=by_boris)
    for text, over in (("Anna", "A text"), ("Anna writes", "Anna")):
        cards.edit_card(ours.map.pk, pk, fields={"text": text}, base=over, by=by_anna)
    conflict = Conflict.objects.get()
    cards.solve_conflict(ours.map.pk, conflict.pk, choice="theirs", by=by_boris)
    with pytest.raises(Refused):
        undo.undo(ours.map.pk, by=by_anna)
    conflict.refresh_from_db()
    assert (conflict.solved_by, conflict.mine) == (by_boris.key, "Anna writes")


def test_a_visit_is_redone_and_undone_again_as_one(ours, by_anna):
    pk, visit = ours.card["text"].pk, uuid7()
    for text in ("A", "A b", "A b c"):
        cards.edit_card(
            ours.map.pk, pk, fields={"text": text}, by=by_anna, intent=Intent(visit=visit)
        )
    for act, text in (
        (undo.undo, "A text"),
        (undo.redo, "A b c"),
        (undo.undo, "A text"),
        (undo.redo, "A b c"),
    ):
        act(ours.map.pk, by=by_anna)
        assert Card.objects.get(pk=pk).text == text


# --- where nobody would see it -------------------------------------------------------------------


@pytest.mark.parametrize("gone", [(Stage, "company_choice"), (Lane, "goals")])
def test_a_card_does_not_go_back_to_where_nobody_sees_it(bouquet, part, by_anna, by_boris, gone):
    model, key = gone
    card = Card.objects.filter(stage=part("company_choice"), lane=part("goals")).first()
    place = {"stage": part("contract").pk, "lane": part("actions").pk}
    cards.move_card(bouquet.pk, card.pk, by=by_anna, **place)
    columns.delete(bouquet.pk, model, part(key).pk, by=by_boris)
    with pytest.raises(Refused):
        undo.undo(bouquet.pk, by=by_anna)
    card.refresh_from_db()
    assert card.stage_id == part("contract").pk


def test_a_card_that_comes_back_is_not_about_a_persona_who_left(
    flowers, bouquet, part, by_anna, by_boris
):
    persona = bouquet.personas.get()
    for key in ("goa-01", "goa-02"):
        cards.edit_card(bouquet.pk, part(key).pk, fields={"persona": persona.pk.hex}, by=by_anna)
        cards.delete_card(bouquet.pk, part(key).pk, by=by_anna)
    maps.set_personas(bouquet.pk, [], by=by_boris)
    undo.undo(bouquet.pk, by=by_anna)
    assert (part("goa-02").deleted_at, part("goa-02").persona_id) == (None, None)
    cards.restore_card(bouquet.pk, part("goa-01").pk, by=by_boris)
    assert part("goa-01").persona_id is None


# --- where somebody else stands now --------------------------------------------------------------


def places(model, **among) -> list[int]:
    return list(model.living.filter(**among).values_list("position", flat=True))


def test_a_card_that_comes_back_gets_a_place_of_its_own(bouquet, part, by_anna, by_boris):
    cell = {"stage": part("awareness").pk, "lane": part("goals").pk}
    first = Card.living.filter(**cell).first()
    away = {"stage": part("contract").pk, "lane": part("goals").pk}
    cards.move_card(bouquet.pk, first.pk, by=by_anna, **away)
    cards.add_card(bouquet.pk, id=uuid7(), after=None, by=by_boris, **cell)
    undo.undo(bouquet.pk, by=by_anna)
    assert len(places(Card, **cell)) == len(set(places(Card, **cell)))


@pytest.mark.parametrize(("model", "noun"), [(Stage, "stage"), (Lane, "lane")])
def test_a_column_that_comes_back_gets_a_place_of_its_own(bouquet, by_anna, by_boris, model, noun):
    first = model.living.filter(journey=bouquet).first()
    columns.delete(bouquet.pk, model, first.pk, by=by_anna)
    fields = {"name": "Новое"} | ({"content": "text"} if noun == "lane" else {})
    columns.add(bouquet.pk, model, id=uuid7(), fields=fields, after=None, by=by_boris)
    columns.restore(bouquet.pk, model, first.pk, by=by_anna)
    taken = places(model, journey=bouquet)
    assert len(taken) == len(set(taken))
