"""Stages in two levels: cards stand in columns, whatever is done to steps; loops lead back."""

from uuid import UUID

import pytest
from django.utils.translation import override

from changes.record import Gone, Refused
from journeys import limits
from journeys.edits import cards, columns, many, paste, steps, undo
from journeys.edits.maps import create_map, new_map, plan_of
from journeys.edits.paste import Target
from journeys.formats.plan import MapPlan, StagePlan
from journeys.models import Card, Metric, Stage
from journeys.reads import stages as reads
from journeys.reads.board import stages_of
from journeys.reads.digest import digest_of
from journeys.reads.history import bin_of, history_of
from journeys.reads.thumbnails import thumbnails
from ui.ids import uuid7

FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest.fixture
def choice(part):
    return part("company_choice")


@pytest.fixture
def held(choice):
    """The cards of the choice before it is divided."""
    return sorted(Card.living.filter(stage=choice).values_list("pk", flat=True))


@pytest.fixture
def divided(bouquet, choice, held, by_anna):
    named = [(FIRST, "Отзывы"), (SECOND, "Звонок")]
    steps.divide(bouquet.pk, choice.pk, steps=named, by=by_anna)
    return choice


def names(journey) -> list[str]:
    return [stage.name for stage in stages_of(journey)]


def cards_of(stage: UUID) -> list[UUID]:
    return sorted(Card.living.filter(stage=stage).values_list("pk", flat=True))


def delete(journey, stage: UUID, by):
    return columns.delete(journey.pk, Stage, stage, by=by)


# --- where cards stand -------------------------------------------------------------------------


def test_the_first_step_takes_over_the_cards(bouquet, divided, held):
    assert cards_of(FIRST) == held != []
    assert cards_of(divided.pk) == cards_of(SECOND) == []
    assert names(bouquet)[:4] == ["Поиск информации", "Отзывы", "Звонок", "Изучение сайта"]


def test_the_figures_of_a_stage_go_with_its_cards(bouquet, divided):
    assert Metric.living.filter(journey=bouquet, stage=divided).count() == 0


def test_the_last_step_gives_the_cards_back(bouquet, divided, held, by_anna):
    delete(bouquet, SECOND, by_anna)
    delete(bouquet, FIRST, by_anna)
    assert cards_of(divided.pk) == held
    assert "Выбор компании" in names(bouquet)


def test_another_step_takes_its_cards_into_the_bin_and_back(bouquet, divided, held, by_anna):
    delete(bouquet, FIRST, by_anna)
    assert cards_of(SECOND) == cards_of(divided.pk) == []
    columns.restore(bouquet.pk, Stage, FIRST, by=by_anna)
    assert cards_of(FIRST) == held


def test_a_step_that_is_back_in_a_whole_stage_takes_its_cards(bouquet, divided, held, by_anna):
    for step in (SECOND, FIRST):
        delete(bouquet, step, by_anna)
    columns.restore(bouquet.pk, Stage, SECOND, by=by_anna)
    assert cards_of(SECOND) == held


def test_undo_of_dividing_gives_the_cards_back(bouquet, divided, held, by_anna):
    undo.undo(bouquet.pk, by=by_anna)
    assert cards_of(divided.pk) == held
    undo.redo(bouquet.pk, by=by_anna)
    assert cards_of(FIRST) == held


def test_what_others_wrote_in_a_step_outlives_its_undo(bouquet, divided, part, by_anna, by_boris):
    new = uuid7()
    place = {"stage": FIRST, "lane": part("actions").pk}
    cards.add_card(bouquet.pk, id=new, fields={"text": "Звонит"}, by=by_boris, **place)
    undo.undo(bouquet.pk, by=by_anna)
    assert Card.living.get(pk=new).stage_id == divided.pk


def test_a_card_written_into_a_stage_that_was_divided_meanwhile(bouquet, divided, part, by_boris):
    new = uuid7()
    place = {"stage": divided.pk, "lane": part("actions").pk}
    cards.add_card(bouquet.pk, id=new, fields={"text": "Звонит"}, by=by_boris, **place)
    assert Card.living.get(pk=new).stage_id == FIRST


def test_a_card_is_brought_back_into_a_stage_that_was_divided(
    bouquet, choice, held, by_anna, by_boris
):
    cards.delete_card(bouquet.pk, held[0], by=by_anna)
    steps.divide(bouquet.pk, choice.pk, steps=[(FIRST, "Отзывы")], by=by_boris)
    cards.restore_card(bouquet.pk, held[0], by=by_anna)
    assert Card.living.get(pk=held[0]).stage_id == FIRST


# --- what is done to steps ---------------------------------------------------------------------


def test_a_step_moves_into_another_stage(bouquet, divided, held, part, by_anna):
    other = part("contract")
    steps.divide(bouquet.pk, other.pk, steps=[(uuid7(), "Форма"), (uuid7(), "Оплата")], by=by_anna)
    move = {"after": None, "parent": other.pk, "by": by_anna}
    columns.move(bouquet.pk, Stage, FIRST, **move)
    found = names(bouquet)
    assert found[found.index("Отзывы") :][:3] == ["Отзывы", "Форма", "Оплата"]
    assert cards_of(FIRST) == held


def test_there_is_no_third_level(bouquet, divided, part, by_anna):
    with pytest.raises(Refused):
        steps.divide(bouquet.pk, FIRST, steps=[(uuid7(), "Ещё")], by=by_anna)
    with pytest.raises(Refused):
        columns.move(
            bouquet.pk, Stage, part("contract").pk, after=None, parent=divided.pk, by=by_anna
        )


def test_a_copy_of_a_divided_stage_has_its_steps_and_cards(bouquet, divided, held, by_anna):
    twin = uuid7()
    columns.duplicate(bouquet.pk, Stage, divided.pk, id=twin, by=by_anna)
    copies = Stage.living.filter(parent=twin)
    assert [step.name for step in copies] == ["Отзывы", "Звонок"]
    assert len(cards_of(copies[0].pk)) == len(held)


def test_a_deleted_stage_takes_its_steps_along(bouquet, divided, by_anna):
    columns_before = names(bouquet)
    delete(bouquet, divided.pk, by_anna)
    assert not {"Отзывы", "Звонок"} & set(names(bouquet))
    assert [row.pk for row in bin_of(bouquet, by_anna)["stages"]] == [divided.pk]
    columns.restore(bouquet.pk, Stage, divided.pk, by=by_anna)
    assert names(bouquet) == columns_before


def test_a_step_comes_back_only_into_a_stage_that_is_there(bouquet, divided, by_anna):
    delete(bouquet, SECOND, by_anna)
    delete(bouquet, divided.pk, by_anna)
    with pytest.raises(Gone):
        columns.restore(bouquet.pk, Stage, SECOND, by=by_anna)


def test_the_limit_counts_columns(bouquet, divided, by_anna):
    free = limits.STAGES.most - len(names(bouquet))
    more = [(uuid7(), f"{number}") for number in range(free)]
    steps.divide(bouquet.pk, divided.pk, steps=more, by=by_anna)
    with pytest.raises(Refused, match="60"):
        columns.duplicate(bouquet.pk, Stage, divided.pk, id=uuid7(), by=by_anna)


# --- what reads them ---------------------------------------------------------------------------


def test_a_sum_of_the_screen_knows_both_levels(bouquet, divided, by_anna):
    before = digest_of(bouquet.pk, "team")
    columns.edit(bouquet.pk, Stage, divided.pk, fields={"name": "Выбор"}, by=by_anna)
    assert digest_of(bouquet.pk, "team")[1] != before[1]


def test_a_thumbnail_has_a_column_for_each_step(bouquet, divided, by_anna):
    bouquet.refresh_from_db()
    delete(bouquet, divided.pk, by_anna)
    bouquet.refresh_from_db()
    assert thumbnails([bouquet])[bouquet.pk].columns == len(names(bouquet)) == 6


def test_a_copy_of_the_map_is_divided_too(bouquet, divided, flowers, by_anna):
    copy = create_map(plan_of(bouquet), workspace=flowers, by=by_anna)
    assert names(copy) == names(bouquet)


def test_headings_count_columns():
    first, second, third = (Stage(pk=UUID(int=n), name=f"{n}") for n in (1, 2, 3))
    within = [Stage(pk=UUID(int=n), name=f"{n}", parent_id=second.pk) for n in (4, 5)]
    found = reads.headings([first, second, third, *within])
    assert [(head.number, head.column, head.span) for head in found] == [
        ("1", 1, 1),
        ("2", 2, 2),
        ("2.1", 2, 1),
        ("2.2", 3, 1),
        ("3", 4, 1),
    ]


# --- loops, exits, importance ------------------------------------------------------------------


def test_a_loop_leads_back(bouquet, part, by_anna):
    start, end = part("delivery"), part("awareness")
    back = {"loop_to": end.pk, "loop_name": "Снова праздник"}
    columns.edit(bouquet.pk, Stage, start.pk, fields=back, by=by_anna)
    (loop,) = reads.loops(reads.headings(reads.rows_of(bouquet)))
    assert (loop.name, loop.left, loop.span, loop.right) == ("Снова праздник", 0, 6, 1)
    with override("en"):
        words = history_of(bouquet, by_anna)[0].words
    assert words == "Customers come back from “Доставка” to “Поиск информации”"
    with pytest.raises(Refused):
        columns.edit(bouquet.pk, Stage, end.pk, fields={"loop_to": start.pk}, by=by_anna)


def test_a_loop_to_a_deleted_stage_is_not_drawn_and_comes_back_with_it(bouquet, part, by_anna):
    end = part("awareness").pk
    columns.edit(bouquet.pk, Stage, part("delivery").pk, fields={"loop_to": end}, by=by_anna)
    delete(bouquet, end, by_anna)
    assert reads.loops(reads.headings(reads.rows_of(bouquet))) == []
    undo.undo(bouquet.pk, by=by_anna)
    assert len(reads.loops(reads.headings(reads.rows_of(bouquet)))) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"exit_reason": "Дорого"}, "Customers leave at “Доставка”: “Дорого”"),
        ({"weight": 5}, "Stage “Доставка”: importance 5"),
        ({"duration": "час"}, "Stage “Доставка”: name and description"),
    ],
)
def test_the_history_says_what_a_stage_got(bouquet, part, by_anna, fields, words):
    columns.edit(bouquet.pk, Stage, part("delivery").pk, fields=fields, by=by_anna)
    with override("en"):
        assert history_of(bouquet, by_anna)[0].words == words


def test_the_patients_template_has_levels_and_a_loop(flowers, by_anna):
    journey = new_map(template="patient_journey_6", language="ru", workspace=flowers, by=by_anna)
    heads = reads.headings(reads.rows_of(journey))
    (evaluation,) = [head for head in heads if head.divided]
    assert (evaluation.number, evaluation.span) == ("2", 3)
    (loop,) = reads.loops(heads)
    assert (loop.name, loop.left, loop.span) == ("Петля лояльности", 4, 4)


def test_a_template_without_the_stage_of_its_loop_has_none(flowers, by_anna):
    journey = new_map(
        template="patient_journey_6",
        stages=["deal", "experience"],
        language="ru",
        workspace=flowers,
        by=by_anna,
    )
    assert names(journey) == ["Сделка", "Опыт"]


def test_sixty_columns_are_read_from_a_file(flowers, by_anna):
    divided = StagePlan("all", "Все")
    rows = [StagePlan(f"{number}", f"{number}", parent="all") for number in range(60)]
    plan = MapPlan("Шаги", stages=[divided, *rows])
    assert len(names(create_map(plan, workspace=flowers, by=by_anna))) == 60


# --- what comes into a stage that somebody has divided or deleted ---------------------------------


def test_many_cards_moved_into_a_divided_stage_stand_in_its_first_step(
    bouquet, divided, part, by_anna
):
    goals = [part("goa-01").pk, part("goa-03").pk]
    move = many.Move(goals, divided.pk, part("goals").pk)
    many.move_cards(bouquet.pk, [move], by=by_anna)
    assert set(goals) <= set(cards_of(FIRST))
    assert cards_of(divided.pk) == []


@pytest.mark.parametrize("where", [FIRST, None])
def test_a_block_for_a_stage_that_was_divided_stands_in_a_step(
    bouquet, divided, part, by_anna, where
):
    put(bouquet, where or divided.pk, part("goals").pk, by_anna)
    assert "из таблицы" in Card.living.filter(stage=FIRST).values_list("text", flat=True)
    assert cards_of(divided.pk) == []


def test_nothing_is_pasted_into_a_step_of_a_deleted_stage(bouquet, divided, part, by_anna):
    delete(bouquet, divided.pk, by_anna)
    with pytest.raises(Gone):
        put(bouquet, FIRST, part("goals").pk, by_anna)


def put(journey, stage: UUID, lane: UUID, by):
    targets = {"stages": [Target(stage)], "lanes": [Target(lane)]}
    return paste.paste_block(journey.pk, rows=[["из таблицы"]], by=by, **targets)
