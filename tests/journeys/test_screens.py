"""Each verb: a screen that receives the frame shows what a fresh page shows."""

import re
from datetime import date
from inspect import isfunction, signature
from pathlib import Path
from uuid import UUID

import pytest

from changes.models import Conflict
from journeys.edits import cards, columns, undo
from journeys.edits import journeys as maps
from journeys.edits.maps import new_map
from journeys.models import Card, Lane, Stage
from teams.actors import system
from tests.support.screens import assert_screens_agree
from ui.ids import uuid7

NEW = UUID("0190aaaa-0000-7000-8000-000000000001")


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
    "delete the weakest link": lambda j, p, by: cards.delete_card(
        j.pk, Card.objects.get(journey=j, text="Консультант по упаковке").pk, by=by
    ),
    "delete a solution": lambda j, p, by: cards.delete_card(j.pk, p("s-seo").pk, by=by),
    "rename a stage": lambda j, p, by: columns.edit(
        j.pk, Stage, p("contract").pk, fields={"name": "Оплата", "duration": "5 минут"}, by=by
    ),
    "rename a lane": lambda j, p, by: columns.edit(
        j.pk, Lane, p("goals").pk, fields={"name": "Чего хочет"}, by=by
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


@pytest.mark.parametrize("verb", VERBS)
def test_screens_agree(bouquet, by_anna, part, verb):
    assert_screens_agree(bouquet, by_anna, lambda: VERBS[verb](bouquet, part, by_anna))


# A choice between two versions is the room's, not one person's to take back.
UNDOABLE = [verb for verb in VERBS if not verb.startswith("choose")]


@pytest.mark.parametrize("verb", UNDOABLE)
def test_screens_agree_on_undo_and_redo(bouquet, by_anna, part, verb):
    VERBS[verb](bouquet, part, by_anna)
    assert_screens_agree(bouquet, by_anna, lambda: undo.undo(bouquet.pk, by=by_anna))
    assert_screens_agree(bouquet, by_anna, lambda: undo.redo(bouquet.pk, by=by_anna))


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
