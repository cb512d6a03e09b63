"""Each verb: a screen that receives the frame shows what a fresh page shows."""

import re
from datetime import date
from functools import partial
from inspect import isfunction, signature
from pathlib import Path
from uuid import UUID

import pytest

from changes.models import Conflict
from journeys import images
from journeys.edits import cards, columns, many, paste, steps, undo
from journeys.edits import images as image_edits
from journeys.edits import journeys as maps
from journeys.edits.maps import new_map
from journeys.edits.paste import Target
from journeys.models import Card, Lane, Stage
from personas.edits import add_persona
from teams.actors import system
from tests.support import pictures
from tests.support.screens import assert_screens_agree
from ui.ids import uuid7

NEW = UUID("0190aaaa-0000-7000-8000-000000000001")

OTHER = UUID("0190aaaa-0000-7000-8000-000000000002")


def an_image(journey, card, by, then=None) -> None:
    """A new image on the card; `then` is another verb for it."""
    image = images.keep(journey, uuid7(), pictures.file())
    image_edits.add_image(journey.pk, card.pk, image=image.pk, by=by)
    if then:
        then(journey.pk, card.pk, image=image.pk, by=by)


def _conflict(journey, part, by):
    """Somebody else has changed the same words meanwhile."""
    other = system("somebody")
    cards.edit_card(journey.pk, part("goa-01").pk, fields={"text": "Букет"}, by=other)
    cards.edit_card(
        journey.pk, part("goa-01").pk, fields={"text": "Торт"}, base=part("goa-01").key, by=by
    )
    return Conflict.objects.get(document_id=journey.pk, solved_at=None).pk


# name → what Anna does, given the map, its parts and herself.
VERBS = {
    "add a card": lambda j, p, by: cards.add_card(
        j.pk,
        id=NEW,
        stage=p("awareness").pk,
        lane=p("actions").pk,
        fields={"text": "Звонит"},
        by=by,
    ),
    "add three cards": lambda j, p, by: cards.add_cards(
        j.pk,
        stage=p("contract").pk,
        lane=p("goals").pk,
        cards=[(uuid7(), {"text": text}) for text in ("раз", "два", "три")],
        by=by,
    ),
    "paste a small block": lambda j, p, by: paste.paste_block(
        j.pk,
        stages=[Target(p("contract").pk), Target(p("delivery").pk)],
        lanes=[Target(p("touchpoints").pk), Target(p("emotions").pk)],
        rows=[["Звонок (10/1)", "Курьер"], ["-5 злость", ""]],
        by=by,
    ),
    "paste a block with new parts": lambda j, p, by: paste.paste_block(
        j.pk,
        stages=[Target(p("delivery").pk, "Вручение"), Target(NEW, "Возврат")],
        lanes=[Target(p("goals").pk), Target(OTHER, "Барьеры возврата")],
        rows=[["а", "б\nв"], ["г", "д"]],
        by=by,
    ),
    "edit a text": lambda j, p, by: cards.edit_card(
        j.pk, p("goa-01").pk, fields={"text": "Успеть"}, by=by
    ),
    "lower a perception": lambda j, p, by: cards.edit_card(
        j.pk, p("tou-01").pk, fields={"expectation": "10", "perception": "1"}, by=by
    ),
    "close a piled barrier": lambda j, p, by: cards.edit_card(
        j.pk, p("b-absent").pk, fields={"status": "closed"}, by=by
    ),
    "rename a piled touchpoint": lambda j, p, by: cards.edit_card(
        j.pk, p("b-absent").touchpoint_id, fields={"text": "Стойка пуста"}, by=by
    ),
    "lift another barrier": lambda j, p, by: cards.edit_card(
        j.pk, p("s-seo").pk, fields={"resolves": [p("b-absent").pk.hex]}, by=by
    ),
    "answer a question": lambda j, p, by: cards.edit_card(
        j.pk, p("que-01").pk, fields={"answer": "Да", "status": "answered", "emotion": "-2"}, by=by
    ),
    "tag a card": lambda j, p, by: cards.edit_card(
        j.pk, p("goa-01").pk, fields={"tags": "срочно, юристы", "color": "amber"}, by=by
    ),
    "say whose card it is": lambda j, p, by: cards.edit_card(
        j.pk, p("goa-01").pk, fields={"persona": j.personas.get().pk}, by=by
    ),
    "add an image": lambda j, p, by: an_image(j, p("goa-01"), by),
    "say what an image shows": lambda j, p, by: an_image(
        j, p("emo-01"), by, partial(image_edits.describe_image, alt="Витрина")
    ),
    "remove an image": lambda j, p, by: an_image(j, p("tou-01"), by, image_edits.remove_image),
    "change an emotion": lambda j, p, by: cards.edit_card(
        j.pk, p("emo-01").pk, fields={"emotion": "5"}, by=by
    ),
    "add an emotion": lambda j, p, by: cards.add_card(
        j.pk,
        id=NEW,
        stage=p("contract").pk,
        lane=p("emotions").pk,
        fields={"text": "Надежда", "emotion": "3"},
        by=by,
    ),
    "a new owner": lambda j, p, by: cards.edit_card(
        j.pk, p("mar-01").pk, fields={"owner": "Директор", "status": "done"}, by=by
    ),
    "a new fact": lambda j, p, by: cards.edit_card(
        j.pk, p("kpi-01").pk, fields={"fact": "3"}, by=by
    ),
    "move within the cell": lambda j, p, by: cards.move_card(
        j.pk, p("act-02").pk, stage=p("awareness").pk, lane=p("actions").pk, after=None, by=by
    ),
    "move a touchpoint to another stage": lambda j, p, by: cards.move_card(
        j.pk, p("tou-01").pk, stage=p("delivery").pk, lane=p("touchpoints").pk, by=by
    ),
    "move a barrier to a text lane": lambda j, p, by: cards.move_card(
        j.pk, p("b-absent").pk, stage=p("store_visit").pk, lane=p("actions").pk, by=by
    ),
    "duplicate a solution": lambda j, p, by: cards.duplicate_card(
        j.pk, p("s-seo").pk, id=NEW, by=by
    ),
    "move the weakest link to a text lane": lambda j, p, by: cards.move_card(
        j.pk,
        Card.objects.get(journey=j, text="Консультант по упаковке").pk,
        stage=p("store_visit").pk,
        lane=p("actions").pk,
        by=by,
    ),
    "delete the weakest link": lambda j, p, by: cards.delete_card(
        j.pk, Card.objects.get(journey=j, text="Консультант по упаковке").pk, by=by
    ),
    "delete a solution": lambda j, p, by: cards.delete_card(j.pk, p("s-seo").pk, by=by),
    "move cards to another stage": lambda j, p, by: many.move_cards(
        j.pk,
        [
            many.Move([p("tou-01").pk, p("tou-02").pk], p("delivery").pk, p("touchpoints").pk),
            many.Move([p("b-absent").pk], p("delivery").pk, p("barriers").pk, None),
            many.Move([p("emo-01").pk], p("delivery").pk, p("emotions").pk, None),
        ],
        by=by,
    ),
    "colour and tag cards": lambda j, p, by: many.edit_cards(
        j.pk,
        [p("goa-01").pk, p("tou-01").pk, p("emo-01").pk],
        fields={"color": "amber", "evidence": "confirmed"},
        add_tags=["срочно"],
        by=by,
    ),
    "close several barriers": lambda j, p, by: many.edit_cards(
        j.pk, [p("b-absent").pk, p("b-reviews").pk], fields={"status": "closed"}, by=by
    ),
    "duplicate cards with what they lift": lambda j, p, by: many.duplicate_cards(
        j.pk, {p("s-seo").pk: uuid7(), p("b-absent").pk: uuid7(), p("emo-01").pk: uuid7()}, by=by
    ),
    "delete cards": lambda j, p, by: many.delete_cards(
        j.pk, [p("s-seo").pk, p("b-absent").pk, p("emo-01").pk, p("tou-01").pk], by=by
    ),
    "delete most of the map": lambda j, p, by: many.delete_cards(
        j.pk, list(j.cards.order_by("pk").values_list("pk", flat=True)[:60]), by=by
    ),
    "rename a stage": lambda j, p, by: columns.edit(
        j.pk, Stage, p("contract").pk, fields={"name": "Оплата", "duration": "5 минут"}, by=by
    ),
    "rename a lane": lambda j, p, by: columns.edit(
        j.pk, Lane, p("goals").pk, fields={"name": "Чего хочет"}, by=by
    ),
    "rename a lane with a curve": lambda j, p, by: columns.edit(
        j.pk, Lane, p("emotions").pk, fields={"name": "Что чувствует"}, by=by
    ),
    "add a stage": lambda j, p, by: columns.add(
        j.pk, Stage, id=NEW, fields={"name": "Возврат"}, after=p("delivery").pk, by=by
    ),
    "move a stage": lambda j, p, by: columns.move(j.pk, Stage, p("contract").pk, after=None, by=by),
    "duplicate a lane": lambda j, p, by: columns.duplicate(
        j.pk, Lane, p("barriers").pk, id=NEW, by=by
    ),
    "delete a stage": lambda j, p, by: columns.delete(j.pk, Stage, p("store_visit").pk, by=by),
    "delete the touchpoints": lambda j, p, by: columns.delete(
        j.pk, Lane, p("touchpoints").pk, by=by
    ),
    "bring a card back": lambda j, p, by: (
        cards.delete_card(j.pk, p("b-absent").pk, by=by),
        cards.restore_card(j.pk, p("b-absent").pk, text="Никого нет", by=by),
    ),
    "choose both versions": lambda j, p, by: cards.solve_conflict(
        j.pk, _conflict(j, p, by), choice="both", by=by
    ),
    "choose mine": lambda j, p, by: cards.solve_conflict(
        j.pk, _conflict(j, p, by), choice="mine", by=by
    ),
    "wait for a choice": lambda j, p, by: _conflict(j, p, by),
    "add a lane": lambda j, p, by: columns.add(
        j.pk, Lane, id=NEW, fields={"name": "Погода", "content": "text"}, by=by
    ),
    "move a lane": lambda j, p, by: columns.move(j.pk, Lane, p("barriers").pk, after=None, by=by),
    "duplicate a stage": lambda j, p, by: columns.duplicate(
        j.pk, Stage, p("store_visit").pk, id=NEW, by=by
    ),
    "bring a stage back": lambda j, p, by: (
        columns.delete(j.pk, Stage, p("store_visit").pk, by=by),
        columns.restore(j.pk, Stage, p("store_visit").pk, by=by),
    ),
    "bring a lane back": lambda j, p, by: (
        columns.delete(j.pk, Lane, p("solutions").pk, by=by),
        columns.restore(j.pk, Lane, p("solutions").pk, by=by),
    ),
    "lift a barrier beside a stage in the bin": lambda j, p, by: (
        columns.delete(j.pk, Stage, p("s-seo").stage_id, by=by),
        cards.edit_card(j.pk, p("b-absent").pk, fields={"severity": "4"}, by=by),
    ),
    "another persona": lambda j, p, by: maps.set_personas(j.pk, [], by=by),
    "start the plan": lambda j, p, by: maps.edit_map(
        j.pk, fields={"plan_starts": date(2026, 11, 2)}, by=by
    ),
    "rename the map": lambda j, p, by: maps.edit_map(j.pk, fields={"title": "Букет"}, by=by),
}


FIRST, SECOND = UUID(int=1), UUID(int=2)  # the steps of the choice


def divide(journey, part, by):
    """The choice of a company in two steps; the first has its cards."""
    stage = part("company_choice").pk
    steps.divide(journey.pk, stage, steps=[(FIRST, "Отзывы"), (SECOND, "Звонок")], by=by)


# What is done to a map whose second stage is divided.
VERBS_WITH_STEPS = {
    "divide another stage": lambda j, p, by: steps.divide(
        j.pk, p("contract").pk, steps=[(NEW, "Форма")], by=by
    ),
    "add a step": lambda j, p, by: columns.add(
        j.pk,
        Stage,
        id=NEW,
        fields={"name": "Визит"},
        after=FIRST,
        parent=p("company_choice").pk,
        by=by,
    ),
    "rename a step": lambda j, p, by: columns.edit(
        j.pk, Stage, SECOND, fields={"name": "Разговор"}, by=by
    ),
    "rename the divided stage": lambda j, p, by: columns.edit(
        j.pk, Stage, p("company_choice").pk, fields={"name": "Выбор", "weight": 5}, by=by
    ),
    "move a step": lambda j, p, by: columns.move(j.pk, Stage, SECOND, after=None, by=by),
    "move the divided stage": lambda j, p, by: columns.move(
        j.pk, Stage, p("company_choice").pk, after=p("delivery").pk, by=by
    ),
    "duplicate a step": lambda j, p, by: columns.duplicate(j.pk, Stage, FIRST, id=NEW, by=by),
    "duplicate the divided stage": lambda j, p, by: columns.duplicate(
        j.pk, Stage, p("company_choice").pk, id=NEW, by=by
    ),
    "delete a step": lambda j, p, by: columns.delete(j.pk, Stage, FIRST, by=by),
    "delete the divided stage": lambda j, p, by: columns.delete(
        j.pk, Stage, p("company_choice").pk, by=by
    ),
    "loop back to a step": lambda j, p, by: columns.edit(
        j.pk, Stage, p("delivery").pk, fields={"loop_to": SECOND, "loop_name": "Снова"}, by=by
    ),
    "say why customers leave": lambda j, p, by: columns.edit(
        j.pk, Stage, SECOND, fields={"exit_reason": "Не дозвонились"}, by=by
    ),
}


def two_personas(journey, part, by):
    """Vasily and Olga; the anxiety of the first stage is hers alone."""
    olga = add_persona(journey.workspace, name="Ольга", language="ru", by=by)
    vasily = journey.personas.get()
    maps.set_personas(journey.pk, [vasily.pk, olga.pk], by=by)
    cards.edit_card(journey.pk, part("emo-01").pk, fields={"persona": olga.pk}, by=by)
    return vasily, olga


VERBS_OF_PERSONAS = {
    "two personas": two_personas,
    "one of two leaves": lambda j, p, by: maps.set_personas(
        j.pk, [two_personas(j, p, by)[0].pk], by=by
    ),
}


@pytest.mark.one_engine
@pytest.mark.parametrize("verb", VERBS_OF_PERSONAS)
def test_screens_agree_on_personas(bouquet, by_anna, part, verb):
    act = VERBS_OF_PERSONAS[verb]
    assert_screens_agree(bouquet, by_anna, lambda: act(bouquet, part, by_anna))
    assert_screens_agree(bouquet, by_anna, lambda: undo.undo(bouquet.pk, by=by_anna))
    assert_screens_agree(bouquet, by_anna, lambda: undo.redo(bouquet.pk, by=by_anna))


@pytest.mark.one_engine
@pytest.mark.parametrize("verb", VERBS_WITH_STEPS)
def test_screens_agree_on_steps(bouquet, by_anna, part, verb):
    divide(bouquet, part, by_anna)
    act = VERBS_WITH_STEPS[verb]
    assert_screens_agree(bouquet, by_anna, lambda: act(bouquet, part, by_anna))
    assert_screens_agree(bouquet, by_anna, lambda: undo.undo(bouquet.pk, by=by_anna))
    assert_screens_agree(bouquet, by_anna, lambda: undo.redo(bouquet.pk, by=by_anna))


def test_a_renamed_stage_is_renamed_where_a_loop_leads_to_it(bouquet, by_anna, part):
    first, last = part("awareness").pk, part("delivery").pk
    columns.edit(bouquet.pk, Stage, last, fields={"loop_to": first}, by=by_anna)
    rename = {"fields": {"name": "Повод"}, "by": by_anna}
    assert_screens_agree(bouquet, by_anna, lambda: columns.edit(bouquet.pk, Stage, first, **rename))


@pytest.mark.parametrize("verb", VERBS)
def test_screens_agree(bouquet, by_anna, part, verb):
    assert_screens_agree(bouquet, by_anna, lambda: VERBS[verb](bouquet, part, by_anna))


# A choice between two versions is the room's, not one person's to take back.
UNDOABLE = [verb for verb in VERBS if not verb.startswith("choose")]


@pytest.mark.one_engine
@pytest.mark.parametrize("verb", UNDOABLE)
def test_screens_agree_on_undo_and_redo(bouquet, by_anna, part, verb):
    VERBS[verb](bouquet, part, by_anna)
    assert_screens_agree(bouquet, by_anna, lambda: undo.undo(bouquet.pk, by=by_anna))
    assert_screens_agree(bouquet, by_anna, lambda: undo.redo(bouquet.pk, by=by_anna))


@pytest.mark.parametrize("key", ["goa-01", "tou-01", "emo-01"])
@pytest.mark.parametrize("what", ["stage", "lane"])
def test_what_is_written_below_something_in_the_bin_is_kept_and_not_shown(
    bouquet, by_anna, part, what, key
):
    card = part(key)
    model, place = {"stage": (Stage, card.stage_id), "lane": (Lane, card.lane_id)}[what]
    columns.delete(bouquet.pk, model, place, by=by_anna)
    write = {"fields": {"text": "Успеть до трёх"}, "by": by_anna}
    assert_screens_agree(bouquet, by_anna, lambda: cards.edit_card(bouquet.pk, card.pk, **write))
    assert_screens_agree(
        bouquet, by_anna, lambda: columns.restore(bouquet.pk, model, place, by=by_anna)
    )
    card.refresh_from_db()
    assert card.text == "Успеть до трёх"


def test_screens_agree_on_the_first_card(flowers, by_anna):
    journey = new_map(template="retail_7", language="ru", workspace=flowers, by=by_anna)
    place = {
        "stage": journey.stages.order_by("position")[0].pk,
        "lane": journey.lanes.order_by("position")[0].pk,
    }
    add = {"id": NEW, "fields": {"text": "Успеть"}, "by": by_anna, **place}
    assert_screens_agree(journey, by_anna, lambda: cards.add_card(journey.pk, **add))


# A map in the bin or in the archive has no board; one card is added as several are.
NO_BOARD = {"delete_map", "restore_map", "archive_map", "unarchive_map"}


def test_every_verb_has_a_screen():
    """A new verb in journeys/edits needs a case above."""
    cases = Path(__file__).read_text(encoding="utf-8")
    for module, name in ((cards, "cards"), (maps, "maps")):
        for verb in _verbs(module) - NO_BOARD:
            assert f"{name}.{verb}(" in cases, f"{name}.{verb}"
    for verb in _verbs(columns):
        for model in ("Stage", "Lane"):
            assert re.search(rf"columns\.{verb}\(\s*j\.pk, {model}", cases), f"{verb} {model}"


def _verbs(module) -> set[str]:
    """The functions of a module that somebody does something by."""
    return {
        name
        for name, found in vars(module).items()
        if isfunction(found)
        and found.__module__ == module.__name__
        and "by" in signature(found).parameters
    }
