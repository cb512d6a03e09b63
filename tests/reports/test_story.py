"""The shop's map told in plain words, as Anna will print it."""

from datetime import date

import pytest

from journeys.edits import cards as cards_of
from journeys.edits import columns, steps
from journeys.edits import journeys as maps
from journeys.models import Card, Stage
from personas.edits import add_persona
from personas.models import Persona
from reports.emotions import picture
from reports.story import story_of
from ui.ids import uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

TODAY = date(2026, 11, 22)


def cards(story, content: str) -> list:
    return [
        card
        for lane in story.lanes
        if lane.content == content
        for cell in lane.cells
        for card in cell
    ]


def test_a_story_tells_title_personas_stages_and_lanes(bouquet):
    story = story_of(bouquet, TODAY)

    assert story.title == "Василий покупает букет и упаковку подарка"
    assert story.version == bouquet.seq
    assert [persona.name for persona in story.personas] == ["Василий"]
    assert [stage.number for stage in story.stages] == [1, 2, 3, 4, 5, 6, 7]
    assert [lane.content for lane in story.lanes][3:6] == ["touchpoint", "text", "emotion"]
    assert [lane.companys for lane in story.lanes] == [False] * 7 + [True] * 3
    assert sum(len(cell) for lane in story.lanes for cell in lane.cells) == 88


def test_the_weakest_link_is_told_with_its_numbers(bouquet):
    weakest = story_of(bouquet, TODAY).weakest

    assert (weakest.stage, weakest.text) == (4, "Консультант по упаковке")
    assert (weakest.expectation, weakest.perception, weakest.level) == (8, 1, -7)


def test_barriers_and_solutions_are_numbered_in_map_order(bouquet):
    story = story_of(bouquet, TODAY)

    assert [card.number for card in cards(story, "barrier")] == list(range(1, 11))
    bell = next(card for card in cards(story, "solution") if card.text.startswith("Подмена"))
    assert (bell.number, bell.lifts) == (6, (5, 6))


def test_the_piles_of_the_bouquet_are_told_once_each(bouquet):
    piled = [card for card in cards(story_of(bouquet, TODAY), "barrier") if card.piled]

    assert [card.piled for card in piled] == [2, 2]
    assert piled[1].piled_at.startswith("Пустая стойка")


def test_due_dates_count_from_the_day_the_plan_starts(bouquet):
    bouquet.plan_starts = date(2026, 11, 2)
    task = next(
        card
        for card in cards(story_of(bouquet, TODAY), "task")
        if card.text.startswith("Поставить звонок")
    )

    assert (task.due, task.days_late) == (date(2026, 11, 12), 10)


def test_figures_without_a_card_are_told_apart(bouquet):
    story = story_of(bouquet, TODAY)

    assert {metric.name for metric in story.metrics} == {"NPS магазина", "Средний чек"}
    position = cards(story, "metric")[0].metric
    assert (position.fact, position.plan, position.met) == (14, 5, False)


def test_tags_and_answers_are_told(bouquet, part):
    Card.objects.filter(pk=part("que-01").pk).update(tags=["доставка"], answer="Да, до 19:00")
    (question,) = (card for card in cards(story_of(bouquet, TODAY), "text") if card.answer)

    assert (question.tags, question.answer) == (("доставка",), "Да, до 19:00")


def test_a_private_card_is_not_told(bouquet, part, by_boris):
    Card.objects.filter(pk=part("goa-01").pk).update(audience=by_boris.key)

    assert all(
        card.text != "Успеть с подарком ко дню рождения"
        for card in cards(story_of(bouquet, TODAY), "text")
    )


@pytest.mark.parametrize("copies", [0, 3])
def test_a_story_takes_the_same_queries_at_any_size(
    bouquet, part, copies, django_assert_num_queries
):
    goal = part("goa-01")
    for number in range(copies):
        Card.objects.create(
            journey=bouquet, stage=goal.stage, lane=goal.lane, text=f"Ещё цель {number}"
        )
    Persona.objects.create(workspace=bouquet.workspace, name="Анна")

    with django_assert_num_queries(6):
        story_of(bouquet, TODAY)


def test_a_story_tells_the_two_levels_of_stages_and_their_ways(bouquet, part, by_anna):
    choice, end = part("company_choice"), part("awareness")
    named = [(uuid7(), "Отзывы"), (uuid7(), "Звонок")]
    steps.divide(bouquet.pk, choice.pk, steps=named, by=by_anna)
    ways = {"loop_to": end.pk, "loop_name": "Снова", "exit_reason": "Дорого", "weight": 5}
    columns.edit(bouquet.pk, Stage, choice.pk, fields=ways, by=by_anna)
    bouquet.refresh_from_db()

    _first, reviews, call, *_rest = story_of(bouquet, TODAY).stages

    assert (reviews.part_of, reviews.label, call.label) == (("2", choice.name), "2.1", "2.2")
    assert (reviews.back_to, reviews.exit_reason, reviews.weight) == (None, "", 5)
    assert (call.back_to, call.loop_name, call.exit_reason) == (1, "Снова", "Дорого")


def test_several_personas_have_a_line_each_on_paper(bouquet, part, by_anna):
    olga = add_persona(bouquet.workspace, name="Ольга", language="ru", by=by_anna)
    maps.set_personas(bouquet.pk, [bouquet.personas.get().pk, olga.pk], by=by_anna)
    cards_of.edit_card(bouquet.pk, part("emo-01").pk, fields={"persona": olga.pk}, by=by_anna)
    (lane,) = [one for one in story_of(bouquet, TODAY).lanes if one.content == "emotion"]

    drawn = picture(lane.cells, column=60, em=4, scale=40, personas=["Василий", "Ольга"])

    assert [voice.names for voice in drawn.voices] == ["Василий", "Ольга"]
    assert drawn.voices[0].line == drawn.line != drawn.voices[1].line
    assert picture(lane.cells, column=60, em=4, scale=40).voices == ()
