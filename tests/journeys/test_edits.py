"""The door: what it lets through, what it refuses, what it writes down."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from changes.models import Change, Conflict, Frame
from changes.record import Forbidden, Gone, Intent, KeyReused, Refused, Repeated, Unchanged
from journeys import limits
from journeys.edits import cards, columns, undo
from journeys.models import Card, Journey, Owner, Stage
from teams.actors import member
from ui.ids import uuid7


@pytest.fixture
def goal(part):
    return part("goa-01")


def edit(card, by, **kwargs):
    return cards.edit_card(card.journey_id, card.pk, by=by, **kwargs)


def test_an_edit_is_one_change_and_one_frame(bouquet, goal, by_anna):
    turn = edit(goal, by_anna, fields={"text": "Успеть"})
    change = Change.objects.get(document_id=bouquet.pk, seq=turn.seq)
    assert change.before == {f"card:{goal.pk.hex}": {"text": "Успеть с подарком ко дню рождения"}}
    assert change.after == {f"card:{goal.pk.hex}": {"text": "Успеть"}}
    assert Frame.objects.filter(document_id=bouquet.pk, seq=turn.seq).count() == 1


def test_numbers_have_no_gap_when_nothing_changes(bouquet, goal, by_anna):
    seq = Journey.objects.get(pk=bouquet.pk).seq
    with pytest.raises(Unchanged):
        edit(goal, by_anna, fields={"text": goal.text})
    assert edit(goal, by_anna, fields={"text": "Успеть"}).seq == seq + 1


def test_a_post_sent_twice_counts_once(bouquet, goal, by_anna):
    intent = Intent(uuid4(), "body")
    first = edit(goal, by_anna, fields={"text": "Успеть"}, intent=intent)
    with pytest.raises(Repeated) as repeated:
        edit(goal, by_anna, fields={"text": "Успеть"}, intent=intent)
    assert repeated.value.change.seq == first.seq
    assert Journey.objects.get(pk=bouquet.pk).seq == first.seq


def test_a_key_with_another_body_is_refused(goal, by_anna):
    key = uuid4()
    edit(goal, by_anna, fields={"text": "Успеть"}, intent=Intent(key, "one"))
    with pytest.raises(KeyReused):
        edit(goal, by_anna, fields={"text": "Поздно"}, intent=Intent(key, "two"))


def test_a_viewer_and_a_stranger_are_refused(goal, vera, gleb):
    for person in (vera, gleb):
        with pytest.raises(Forbidden):
            edit(goal, member(person), fields={"text": "Нет"})


def test_different_words_of_two_people_are_joined(goal, by_anna, by_boris):
    base = goal.text
    edit(goal, by_anna, fields={"text": base.replace("подарком", "букетом")}, base=base)
    edit(goal, by_boris, fields={"text": base.replace("рождения", "свадьбы")}, base=base)
    goal.refresh_from_db()
    assert goal.text == "Успеть с букетом ко дню свадьбы"


def test_the_same_words_wait_as_a_conflict(bouquet, goal, by_anna, by_boris):
    base = goal.text
    edit(goal, by_anna, fields={"text": base.replace("подарком", "букетом")}, base=base)
    edit(goal, by_boris, fields={"text": base.replace("подарком", "тортом")}, base=base)
    goal.refresh_from_db()
    conflict = Conflict.objects.get()
    assert "букетом" in goal.text and "тортом" in conflict.mine and conflict.theirs == goal.text
    assert (conflict.by_name, conflict.theirs_name) == ("Boris", "Anna")


def test_what_is_typed_on_replaces_what_waits_of_it(bouquet, goal, by_anna, by_boris):
    base = goal.text
    cards.edit_card(bouquet.pk, goal.pk, fields={"text": "Anna"}, base=base, by=by_anna)
    for text, over in (("Boris", base), ("Boris writes", "Boris")):
        cards.edit_card(bouquet.pk, goal.pk, fields={"text": text}, base=over, by=by_boris)

    assert Conflict.objects.get().mine == "Boris writes"


def test_a_new_sitting_leaves_what_waits_of_an_old_one(bouquet, goal, by_anna, by_boris):
    base = goal.text
    cards.edit_card(bouquet.pk, goal.pk, fields={"text": "Anna"}, base=base, by=by_anna)
    cards.edit_card(bouquet.pk, goal.pk, fields={"text": "Boris"}, base=base, by=by_boris)
    cards.edit_card(bouquet.pk, goal.pk, fields={"text": "Annika"}, base="Anna", by=by_anna)
    cards.edit_card(bouquet.pk, goal.pk, fields={"text": "Anton"}, base="Anna", by=by_boris)

    assert set(Conflict.objects.values_list("mine", flat=True)) == {"Boris", "Anton"}


@pytest.mark.parametrize(
    ("choice", "texts"),
    [("mine", {"Торт"}), ("theirs", {"Букет"}), ("both", {"Букет", "Торт"})],
)
def test_a_conflict_is_solved_by_anybody(bouquet, goal, by_anna, by_boris, choice, texts):
    base = goal.text
    edit(goal, by_anna, fields={"text": "Букет"}, base=base)
    edit(goal, by_boris, fields={"text": "Торт"}, base=base)
    cards.solve_conflict(bouquet.pk, Conflict.objects.get().pk, choice=choice, by=by_anna)
    living = Card.living.filter(journey=bouquet, stage=goal.stage, lane=goal.lane)
    assert set(living.values_list("text", flat=True)) == texts
    assert Conflict.objects.get().solved_by == by_anna.key


@pytest.fixture
def disputed(goal, by_anna, by_boris) -> Conflict:
    """Anna's words stand on the card, Boris's wait."""
    base = goal.text
    edit(goal, by_anna, fields={"text": "Букет вовремя"}, base=base)
    edit(goal, by_boris, fields={"text": "Торт вовремя"}, base=base)
    return Conflict.objects.get()


def test_a_choice_keeps_words_that_came_while_it_was_made(bouquet, goal, disputed, by_anna):
    edit(goal, by_anna, fields={"text": "Букет вовремя, к утру"}, base="Букет вовремя")
    cards.solve_conflict(bouquet.pk, disputed.pk, choice="mine", base="Букет вовремя", by=by_anna)
    goal.refresh_from_db()
    assert goal.text == "Торт вовремя, к утру"


def test_a_choice_is_refused_where_the_disputed_words_have_changed(
    bouquet, goal, disputed, by_anna
):
    edit(goal, by_anna, fields={"text": "Розы вовремя"}, base="Букет вовремя")
    choice = {"choice": "mine", "by": by_anna}
    with pytest.raises(Refused):
        cards.solve_conflict(bouquet.pk, disputed.pk, base="Букет вовремя", **choice)
    cards.solve_conflict(bouquet.pk, disputed.pk, base="Розы вовремя", **choice)
    goal.refresh_from_db()
    assert goal.text == "Торт вовремя"


def test_the_history_of_a_new_card_knows_a_neutral_feeling(bouquet, part, by_anna):
    place = {"stage": part("contract").pk, "lane": part("emotions").pk}
    fields = {"text": "Спокойно", "emotion": "0"}
    pk = uuid7()
    cards.add_card(bouquet.pk, id=pk, fields=fields, by=by_anna, **place)
    facts = Change.objects.order_by("seq").last().after[f"card:{pk.hex}"]
    assert facts["emotion"] == 0
    assert "moment_of_truth" not in facts


def test_a_deleted_card_is_gone_and_comes_back_with_my_words(bouquet, goal, by_anna, by_boris):
    cards.delete_card(bouquet.pk, goal.pk, by=by_boris)
    with pytest.raises(Gone):
        edit(goal, by_anna, fields={"text": "Успеть"})
    cards.restore_card(bouquet.pk, goal.pk, text="Успеть", by=by_anna)
    goal.refresh_from_db()
    assert (goal.text, goal.deleted_at) == ("Успеть", None)


def test_cards_of_a_deleted_stage_come_back_with_it(bouquet, part, by_anna):
    stage = part("contract")
    columns.delete(bouquet.pk, Stage, stage.pk, by=by_anna)
    columns.restore(bouquet.pk, Stage, stage.pk, by=by_anna)
    assert Card.living.filter(stage=stage).count() > 0


def test_a_card_that_went_with_its_stage_brings_it_back(bouquet, part, by_anna, by_boris):
    card = Card.living.filter(stage=part("contract")).first()
    columns.delete(bouquet.pk, Stage, card.stage_id, by=by_boris)
    cards.restore_card(bouquet.pk, card.pk, text="Моё", by=by_anna)
    card = Card.objects.select_related("stage").get(pk=card.pk)
    assert (card.text, card.stage.deleted_at) == ("Моё", None)


def test_a_card_that_is_there_again_is_not_written_over(bouquet, goal, by_anna):
    with pytest.raises(Gone, match="уже"):
        cards.restore_card(bouquet.pk, goal.pk, text="Моё", by=by_anna)


def test_who_deleted_a_stage_is_said_with_its_name(bouquet, part, by_anna, by_boris):
    stage, lane = part("contract"), part("goals")
    columns.delete(bouquet.pk, Stage, stage.pk, by=by_boris)
    with pytest.raises(Gone, match=f"«{stage.name}».*Boris"):
        cards.add_card(bouquet.pk, id=uuid7(), stage=stage.pk, lane=lane.pk, by=by_anna)


def test_values_off_the_scale_are_refused_at_the_field(goal, part, by_anna):
    with pytest.raises(ValidationError) as refused:
        edit(part("tou-01"), by_anna, fields={"expectation": "11"})
    assert list(refused.value.message_dict) == ["expectation"]


def test_an_unknown_field_is_refused(goal, by_anna):
    with pytest.raises(ValidationError):
        edit(goal, by_anna, fields={"workspace": "other"})


def test_a_name_typed_twice_is_one_owner(bouquet, part, by_anna):
    count = Owner.living.filter(journey=bouquet).count()
    edit(part("tou-01"), by_anna, fields={"owner": "Директор"})
    edit(part("mar-01"), by_anna, fields={"owner": " директор "})
    assert Owner.living.filter(journey=bouquet).count() == count + 1


def test_columns_have_a_limit(bouquet, by_anna):
    last = limits.STAGES.most - 7
    for number in range(last):
        columns.add(bouquet.pk, Stage, id=uuid7(), fields={"name": str(number)}, by=by_anna)
    with pytest.raises(Refused, match="60"):
        columns.add(bouquet.pk, Stage, id=uuid7(), fields={"name": "one more"}, by=by_anna)


def test_places_between_neighbours_never_run_out(bouquet, part, by_anna):
    stage, lane = part("awareness"), part("actions")
    for number in range(25):  # halves the gap until it is used up
        cards.add_card(
            bouquet.pk,
            id=uuid7(),
            stage=stage.pk,
            lane=lane.pk,
            after=part("act-01").pk,
            fields={"text": str(number)},
            by=by_anna,
        )
    cell = Card.living.filter(stage=stage, lane=lane).order_by("position")
    texts = [card.text for card in cell]
    assert texts[1:26] == [str(number) for number in reversed(range(25))]


def test_one_visit_is_one_step_of_undo(bouquet, goal, by_anna):
    visit = uuid7()
    before = goal.text
    base = before
    for text in ("Усп", "Успеть", "Успеть вовремя"):
        edit(goal, by_anna, fields={"text": text}, base=base, intent=Intent(uuid7(), "", visit))
        base = text
    undo.undo(bouquet.pk, by=by_anna)
    goal.refresh_from_db()
    assert goal.text == before
    undo.redo(bouquet.pk, by=by_anna)
    goal.refresh_from_db()
    assert goal.text == "Успеть вовремя"


def test_undo_takes_back_only_my_own(bouquet, goal, part, by_anna, by_boris):
    edit(goal, by_anna, fields={"text": "Моё"})
    edit(part("goa-02"), by_boris, fields={"text": "Чужое"})
    undo.undo(bouquet.pk, by=by_anna)
    goal.refresh_from_db()
    assert goal.text == "Успеть с подарком ко дню рождения"
    assert part("goa-02").text == "Чужое"


def test_undo_of_a_value_that_somebody_changed_is_refused(bouquet, part, by_anna, by_boris):
    touchpoint = part("tou-01")
    edit(touchpoint, by_anna, fields={"perception": "5"})
    edit(touchpoint, by_boris, fields={"perception": "7"})
    with pytest.raises(Refused):
        undo.undo(bouquet.pk, by=by_anna)
    touchpoint.refresh_from_db()
    assert touchpoint.perception == 7


def test_undo_many_then_redo_all_changes_nothing(bouquet, part, by_anna):
    steps = [
        lambda: edit(part("goa-01"), by_anna, fields={"text": "один"}),
        lambda: cards.delete_card(bouquet.pk, part("goa-02").pk, by=by_anna),
        lambda: cards.move_card(
            bouquet.pk,
            part("goa-03").pk,
            stage=part("contract").pk,
            lane=part("goals").pk,
            by=by_anna,
        ),
        lambda: edit(part("s-seo"), by_anna, fields={"resolves": []}),
    ]
    for step in steps:
        step()

    def state():
        fields = [name for name in Card.FIELDS if name != "resolves"]
        rows = Card.objects.filter(journey=bouquet).order_by("pk")
        return list(rows.values_list("pk", "deleted_by", *fields))

    now = state()
    for _step in steps:
        undo.undo(bouquet.pk, by=by_anna)
    for _step in steps:
        undo.redo(bouquet.pk, by=by_anna)
    assert state() == now
