"""Acts on several cards: one change, one undo, and nobody waits for a card that has gone."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from benchmarks.prepare import plan_of
from changes.models import Change
from changes.record import Forbidden, Gone, Intent, Refused, Repeated
from journeys import drawing, limits
from journeys.edits import cards, many, undo
from journeys.edits.maps import create_map
from journeys.models import Card, Journey
from journeys.reads.history import history_of
from teams.actors import member
from tests.support.people import signed_in
from ui.ids import uuid7


@pytest.fixture
def three(part):
    """Three goals of three stages."""
    return [part(key) for key in ("goa-01", "goa-02", "goa-03")]


def ids(rows) -> list:
    return [row.pk for row in rows]


def cell(stage, lane) -> list[str]:
    rows = Card.living.filter(stage=stage, lane=lane).order_by("position", "id")
    return list(rows.values_list("text", flat=True))


# --- what each does ----------------------------------------------------------------------------


def test_cards_move_together_and_keep_their_order(bouquet, three, part, by_anna):
    stage, lane = part("contract"), part("goals")
    here = cell(stage, lane)
    move = many.Move(ids(three), stage.pk, lane.pk, None)
    turn = many.move_cards(bouquet.pk, [move], by=by_anna)
    assert cell(stage, lane) == [card.text for card in three] + here
    assert Change.objects.filter(document_id=bouquet.pk, seq=turn.seq).count() == 1


def test_one_undo_brings_all_back(bouquet, three, part, by_anna):
    before = {card.pk: (card.stage_id, card.position) for card in three}
    move = many.Move(ids(three), part("contract").pk, part("goals").pk)
    many.move_cards(bouquet.pk, [move], by=by_anna)
    undo.undo(bouquet.pk, by=by_anna)
    rows = Card.living.filter(pk__in=before)
    assert {card.pk: (card.stage_id, card.position) for card in rows} == before


def test_places_between_neighbours_never_run_out(bouquet, part, three, by_anna):
    stage, lane = part("contract"), part("goals")
    first, last = [uuid7(), uuid7()]
    pair = [(first, {"text": "первая"}), (last, {"text": "последняя"})]
    cards.add_cards(bouquet.pk, stage=stage.pk, lane=lane.pk, cards=pair, by=by_anna)
    Card.objects.filter(pk=last).update(position=Card.objects.get(pk=first).position + 2)
    many.move_cards(bouquet.pk, [many.Move(ids(three), stage.pk, lane.pk, first)], by=by_anna)
    assert cell(stage, lane)[-5:] == ["первая", *(card.text for card in three), "последняя"]


def test_a_card_named_twice_moves_once(bouquet, three, part, by_anna):
    twice = many.Move([three[0].pk, three[0].pk], part("contract").pk, part("goals").pk)
    many.move_cards(bouquet.pk, [twice, twice], by=by_anna)
    assert cell(part("contract"), part("goals")).count(three[0].text) == 1


def test_cards_get_a_colour_and_tags_and_keep_their_own(bouquet, three, by_anna):
    cards.edit_card(bouquet.pk, three[0].pk, fields={"tags": "юристы, Срочно"}, by=by_anna)
    many.edit_cards(
        bouquet.pk,
        ids(three),
        fields={"color": "teal"},
        add_tags=["срочно", "осень"],
        remove_tags=["ЮРИСТЫ"],
        by=by_anna,
    )
    rows = {card.pk: card for card in Card.objects.filter(pk__in=ids(three))}
    assert [rows[card.pk].tags for card in three] == [
        ["Срочно", "осень"],
        ["срочно", "осень"],
        ["срочно", "осень"],
    ]
    assert {card.color for card in rows.values()} == {"teal"}


def test_a_value_that_one_of_them_may_not_have_refuses_all(bouquet, three, part, by_anna):
    with pytest.raises(ValidationError):
        many.edit_cards(
            bouquet.pk, [part("b-absent").pk, three[0].pk], fields={"status": "closed"}, by=by_anna
        )
    assert part("b-absent").status != "closed"


@pytest.mark.parametrize("fields", [{"text": "Одно на всех"}, {"stage_id": "1"}])
def test_words_and_places_are_not_given_to_many(bouquet, three, by_anna, fields):
    with pytest.raises(ValidationError):
        many.edit_cards(bouquet.pk, ids(three), fields=fields, by=by_anna)


def test_a_persona_the_map_is_not_made_for_is_refused(bouquet, three, by_anna):
    with pytest.raises(Refused):
        many.edit_cards(bouquet.pk, ids(three), fields={"persona": uuid4()}, by=by_anna)


def test_copies_stand_together_behind_the_last_of_their_cell(bouquet, part, by_anna):
    stage, lane = part("awareness"), part("actions")
    first, second, *rest = Card.living.filter(stage=stage, lane=lane).order_by("position")
    copies = {first.pk: uuid7(), second.pk: uuid7()}
    many.duplicate_cards(bouquet.pk, copies, by=by_anna)
    both = [first.text, second.text]
    assert cell(stage, lane) == [*both, *both, *(card.text for card in rest)]
    assert Card.objects.filter(pk__in=copies.values()).count() == 2


def test_copies_of_solutions_lift_the_same_barriers(bouquet, part, by_anna):
    copy = uuid7()
    many.duplicate_cards(bouquet.pk, {part("s-seo").pk: copy}, by=by_anna)

    def lifted(pk):
        return set(Card.objects.get(pk=pk).lifts.values_list("barrier_id", flat=True))

    assert lifted(copy) == lifted(part("s-seo").pk) != set()


def test_deleted_cards_are_in_the_bin_and_come_back_with_one_undo(bouquet, three, by_anna):
    many.delete_cards(bouquet.pk, ids(three), by=by_anna)
    assert not Card.living.filter(pk__in=ids(three)).exists()
    undo.undo(bouquet.pk, by=by_anna)
    assert Card.living.filter(pk__in=ids(three)).count() == 3


# --- gone, foreign, repeated -------------------------------------------------------------------


def test_what_has_gone_is_left_out_and_counted(bouquet, three, part, by_anna, by_boris):
    cards.delete_card(bouquet.pk, three[1].pk, by=by_boris)
    turn = many.edit_cards(bouquet.pk, ids(three), fields={"color": "pink"}, by=by_anna)
    assert turn.missing == 1
    assert Card.living.filter(color="pink").count() == 2
    move = many.Move(ids(three), part("contract").pk, part("goals").pk)
    assert many.move_cards(bouquet.pk, [move], by=by_anna).missing == 1


def test_a_group_whose_stage_has_gone_stays(bouquet, three, part, by_anna):
    moves = [
        many.Move([three[0].pk], part("contract").pk, part("goals").pk),
        many.Move([three[1].pk], uuid4(), part("goals").pk),
    ]
    assert many.move_cards(bouquet.pk, moves, by=by_anna).missing == 1
    assert part("goa-02").stage_id == three[1].stage_id


def test_when_all_have_gone_it_is_said(bouquet, three, by_anna):
    many.delete_cards(bouquet.pk, ids(three), by=by_anna)
    with pytest.raises(Gone):
        many.delete_cards(bouquet.pk, ids(three), by=by_anna)


def test_who_finds_one_of_many_deleted_is_told_by_whom(bouquet, three, by_anna, by_boris):
    many.delete_cards(bouquet.pk, ids(three), by=by_boris)
    with translation.override("en"), pytest.raises(Gone, match="Boris"):
        cards.edit_card(bouquet.pk, three[2].pk, fields={"text": "Поздно"}, by=by_anna)


def test_cards_of_another_map_are_not_there(bouquet, three, garage, gleb, by_anna):
    theirs = create_map(plan_of(10), workspace=garage, by=member(gleb))
    with pytest.raises(Gone):
        many.delete_cards(bouquet.pk, list(theirs.cards.values_list("pk", flat=True)), by=by_anna)


def test_a_viewer_and_a_stranger_are_refused(bouquet, three, vera, gleb):
    for person in (vera, gleb):
        with pytest.raises(Forbidden):
            many.delete_cards(bouquet.pk, ids(three), by=member(person))


def test_a_post_sent_twice_counts_once(bouquet, three, by_anna):
    intent = Intent(uuid4(), "body")
    copies = {card.pk: uuid7() for card in three}
    many.duplicate_cards(bouquet.pk, copies, by=by_anna, intent=intent)
    with pytest.raises(Repeated):
        many.duplicate_cards(bouquet.pk, copies, by=by_anna, intent=intent)


# --- in words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda j, c, by: many.delete_cards(j, c, by=by), "3 cards in the bin"),
        (
            lambda j, c, by: many.edit_cards(
                j, c, fields={"color": "amber"}, add_tags=["autumn"], by=by
            ),
            "3 cards: colour amber; tags +autumn",
        ),
    ],
)
def test_history_counts_them(bouquet, three, by_anna, act, words):
    act(bouquet.pk, ids(three), by_anna)
    with translation.override("en"):
        assert history_of(bouquet, by_anna)[0].words == words
        one = history_of(bouquet, by_anna, target=f"card:{three[2].pk.hex}")[0]
    assert one.words == words


# --- how it is asked ---------------------------------------------------------------------------


def test_what_has_gone_is_told_to_the_browser(boris, bouquet, three, by_anna):
    cards.delete_card(bouquet.pk, three[0].pk, by=by_anna)
    post = {"cards": ",".join(map(str, ids(three))), "tags_add": "осень"}
    answer = signed_in(boris).post(f"/maps/{bouquet.pk}/cards/edit/", post)
    assert (answer.status_code, answer.headers["X-Missing"]) == (200, "1")


@pytest.mark.parametrize(
    ("path", "post"),
    [
        ("delete/", {"cards": ""}),
        ("delete/", {"cards": "not-an-id"}),
        ("duplicate/", {"cards": str(uuid4()), "ids": ""}),
        ("move/", {"moves": "{"}),
        ("move/", {"moves": "[1]"}),
        ("move/", {"moves": '[{"cards": [1], "stage": "", "lane": ""}]'}),
        ("move/", {"moves": "[" * 100_000}),
        ("delete/", {"cards": ",".join([str(uuid4())] * 6_000)}),
        ("edit/", {"cards": str(uuid4()), "color": "red", "tags_add": "x" * 50}),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(boris, bouquet, path, post):
    answer = signed_in(boris).post(f"/maps/{bouquet.pk}/cards/{path}", post)
    assert answer.status_code == 422 and "refusal" in answer.content.decode()


# --- how much it costs -------------------------------------------------------------------------

ACTS = {
    "move": lambda j, found, place, by: many.move_cards(
        j.pk, [many.Move(found, *place, None)], by=by
    ),
    "edit": lambda j, found, place, by: many.edit_cards(
        j.pk, found, fields={"color": "amber"}, add_tags=["осень"], by=by
    ),
    "duplicate": lambda j, found, place, by: many.duplicate_cards(
        j.pk, {pk: uuid7() for pk in found}, by=by
    ),
    "delete": lambda j, found, place, by: many.delete_cards(j.pk, found, by=by),
}


@pytest.fixture
def large(flowers, by_anna) -> Journey:
    return create_map(plan_of(320), workspace=flowers, by=by_anna)


@pytest.mark.parametrize("act", ACTS)
def test_the_number_of_queries_does_not_grow(large, by_anna, act):
    """Of the act, of its undo and of its redo: for 10 cards as for 300."""
    everything = list(large.cards.order_by("pk").values_list("pk", flat=True))
    place = (large.stages.first().pk, large.lanes.first().pk)
    counts = []
    for found in (everything[:10], everything[10:310]):
        steps = (
            lambda found=found: ACTS[act](large, found, place, by_anna),
            lambda: undo.undo(large.pk, by=by_anna),
            lambda: undo.redo(large.pk, by=by_anna),
        )
        asked = []
        for step in steps:
            drawing.faces.clear()
            with CaptureQueriesContext(connection) as queries:
                step()
            asked.append(len(queries))
        counts.append(asked)
    assert all(few + 2 >= much for few, much in zip(*counts, strict=True)), counts
    assert max(counts[1]) < 40


def test_more_cards_than_a_map_holds_are_refused(boris, bouquet, part):
    many_ids = [str(uuid4())] * (limits.CARDS.most + 1)
    place = {"stage": str(part("contract").pk), "lane": str(part("goals").pk)}
    moves = json.dumps([{"cards": many_ids, **place}])
    answer = signed_in(boris).post(f"/maps/{bouquet.pk}/cards/move/", {"moves": moves})
    assert answer.status_code == 409 and "refusal" in answer.text
