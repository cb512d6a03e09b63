"""A table pasted into a map: where it goes, one change, one undo."""

import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from changes.models import Change, Frame
from changes.record import Refused
from journeys import drawing, fragments, limits
from journeys.edits import cards as card_edits
from journeys.edits import paste, undo
from journeys.edits.maps import new_map
from journeys.edits.paste import Target
from journeys.models import Card, Lane, Stage
from journeys.reads.board import lanes_of, stages_of
from tests.support.people import signed_in
from ui.ids import uuid7


@pytest.fixture
def place(bouquet, part):
    """Where a block would go on the shop's map from the first cell of its goals."""

    def find(rows, stage="awareness", lane="goals", journey=bouquet, **options):
        return paste.place(
            journey,
            rows,
            stages=stages_of(journey),
            lanes=lanes_of(journey),
            stage=part(stage).pk,
            lane=part(lane).pk,
            **options,
        )

    return find


@pytest.fixture
def blank(flowers, by_anna):
    """A new map without cards: three stages to be named, the eight usual lanes."""
    return new_map(language="ru", workspace=flowers, by=by_anna)


def put(journey, found, by):
    return paste.paste_block(
        journey.pk, stages=found.stages, lanes=found.lanes, rows=found.rows, by=by
    )


def texts(stage, lane) -> list[str]:
    return list(
        Card.living.filter(stage=stage, lane=lane)
        .order_by("position")
        .values_list("text", flat=True)
    )


# --- where it goes -----------------------------------------------------------------------------


def test_a_block_lies_from_the_cell_to_the_right_and_down(place, part):
    found = place([["а", "б"], ["в", ""]], stage="contract", lane="expectations")

    assert [target.id for target in found.stages] == [part("contract").pk, part("delivery").pk]
    assert [target.id for target in found.lanes] == [part("expectations").pk, part("actions").pk]
    assert (found.cards, found.missing, found.heads) == (3, ([], []), (False, False))


def test_what_lies_beyond_the_edge_is_missing(place):
    found = place([["а", "б", "в"]], stage="relationship", lane="kpi")

    assert found.missing == (["Этап\xa08", "Этап\xa09"], [])


def test_headings_of_the_map_are_found_by_their_names(place, part):
    found = place([["", "доставка", "Возврат"], ["Болевые точки", "а", "б"], ["Погода", "в", "г"]])

    assert found.heads == (True, True)
    assert found.stages[0].id == part("delivery").pk
    assert found.lanes[0].id == part("barriers").pk
    assert found.missing == (["Возврат"], ["Погода"])


def test_a_heading_over_two_columns_is_one_stage(place):
    found = place([["", "Возврат", ""], ["Цели клиента", "а", "б"]])

    assert found.stages[0] == found.stages[1]
    assert len(set(found.missing[0])) == 1


def test_a_person_may_say_that_nothing_is_a_heading(place):
    found = place([["", "Доставка"], ["Цели клиента", "а"]], heads=(False, False))

    assert (found.heads, found.cards) == ((False, False), 3)


def test_on_an_empty_map_the_blocks_names_take_the_nameless_stages(blank):
    stages, lanes = stages_of(blank), lanes_of(blank)
    rows = [["", *(f"Шаг пути {n}" for n in range(4))], ["Цели", "а", "б", "в", "г"]]
    found = paste.place(
        blank, rows, stages=stages, lanes=lanes, stage=stages[0].pk, lane=lanes[0].pk, empty=True
    )

    assert [target.id for target in found.stages[:3]] == [stage.pk for stage in stages]
    assert found.missing[0] == [f"Шаг пути {n}" for n in range(4)]
    assert found.lanes[0].id == lanes[0].pk


# --- putting it there --------------------------------------------------------------------------


def test_cells_become_cards_behind_those_that_are_there(place, bouquet, part, by_anna):
    before = texts(part("awareness"), part("goals"))
    put(bouquet, place([["• раз\n2. два", "три"]]), by_anna)

    assert texts(part("awareness"), part("goals")) == [*before, "раз", "два"]


def test_missing_parts_are_made_with_their_kinds(place, bouquet, by_anna):
    put(bouquet, place([["", "Возврат"], ["Мысли", "а"], ["Погода", "б"]]), by_anna)

    assert Stage.living.filter(journey=bouquet).order_by("position").last().name == "Возврат"
    kinds = Lane.living.filter(journey=bouquet, name__in=["Мысли", "Погода"])
    assert dict(kinds.values_list("name", "kind")) == {"Мысли": "thoughts", "Погода": ""}


def test_values_in_the_texts_are_read(place, bouquet, by_anna):
    put(bouquet, place([["-3 злость"]], lane="emotions"), by_anna)
    put(bouquet, place([["Голубь (9/8)"]], lane="touchpoints"), by_anna)

    assert Card.objects.get(text="злость").emotion == -3
    pigeon = Card.objects.get(text="Голубь")
    assert (pigeon.expectation, pigeon.perception) == (9, 8)


def test_one_undo_takes_all_of_it_back_and_redo_brings_it(place, bouquet, by_anna):
    def counted():
        return [model.living.filter(journey=bouquet).count() for model in (Stage, Lane, Card)]

    before = counted()
    put(bouquet, place([["", "Возврат"], ["Мысли", "а\nб"], ["Цели клиента", "в"]]), by_anna)
    after = counted()

    undo.undo(bouquet.pk, by=by_anna)
    assert (counted(), after) == (
        before,
        [count + more for count, more in zip(before, (1, 1, 3), strict=True)],
    )
    undo.redo(bouquet.pk, by=by_anna)
    assert counted() == after


def test_a_renamed_stage_gets_its_name_back(blank, by_anna):
    stages, lanes = stages_of(blank), lanes_of(blank)
    target = Target(stages[0].pk, "Поиск")
    paste.paste_block(
        blank.pk, stages=[target], lanes=[Target(lanes[0].pk)], rows=[["а"]], by=by_anna
    )
    assert stages_of(blank)[0].name == "Поиск"

    undo.undo(blank.pk, by=by_anna)
    assert stages_of(blank)[0].name == "Этап\xa01"


def test_what_somebody_typed_into_a_pasted_stage_stays_in_the_bin_with_it(
    place, bouquet, by_anna, by_boris
):
    found = place([["", "Возврат"], ["Цели клиента", "а"]])
    put(bouquet, found, by_anna)
    stage = Stage.objects.get(journey=bouquet, name="Возврат")
    card_edits.add_card(
        bouquet.pk,
        id=uuid7(),
        stage=stage.pk,
        lane=found.lanes[0].id,
        fields={"text": "Моё"},
        by=by_boris,
    )

    undo.undo(bouquet.pk, by=by_anna)
    stage.refresh_from_db()
    assert stage.deleted_at and Card.living.filter(text="Моё").exists()


def test_500_cards_are_one_change_few_queries_and_the_word_board(place, bouquet, by_anna):
    rows = [["\n".join(f"карточка {n}" for n in range(8))] * 7] * 9
    found = place(rows)
    drawing.faces.clear()
    with CaptureQueriesContext(
        connection,
    ) as pasting:
        put(bouquet, found, by_anna)
    with CaptureQueriesContext(connection) as undoing:
        undo.undo(bouquet.pk, by=by_anna)

    assert found.cards == 504
    assert max(len(pasting), len(undoing)) <= 20
    frames = Frame.objects.filter(document_id=bouquet.pk).order_by("-seq")[:2]
    assert {frame.html for frame in frames} == {fragments.BOARD}
    assert Change.objects.filter(document_id=bouquet.pk, verb="paste_block").count() == 1


@pytest.mark.parametrize(
    ("limit", "rows"),
    [
        (limits.STAGES, [["", *(f"С{n}" for n in range(60))], ["Цели клиента", *"а" * 60]]),
        (limits.LANES, [["", "Доставка"], *([f"Л{n}", "а"] for n in range(40))]),
        (limits.CARDS, [["\n".join("а" * 4950)]]),
    ],
)
def test_beyond_a_limit_nothing_is_pasted(place, bouquet, by_anna, limit, rows):
    before = Card.objects.count()
    with pytest.raises(Refused) as refused:
        put(bouquet, place(rows), by_anna)

    assert str(refused.value) == limit.sentence
    assert Card.objects.count() == before


# --- as a browser does it ----------------------------------------------------------------------


@pytest.fixture
def look(anna, bouquet, part):
    def post(rows, **choices):
        cell = {"stage": part("awareness").pk, "lane": part("goals").pk}
        data = {"rows": rows if isinstance(rows, str) else json.dumps(rows), **cell, **choices}
        return signed_in(anna).post(f"/maps/{bouquet.pk}/paste/look/", data)

    return post


def test_a_small_block_is_not_asked_about(look):
    assert look([["а", "б"]])["X-Ask"] == "no"


@pytest.mark.parametrize(
    "rows",
    [
        [["а\n" * 11, "б"]],
        [["", "Доставка"], ["Цели клиента", "а"]],
        [[*"абвгдежз"]],
        [["а"], ["б"]],
    ],
)
def test_a_larger_one_is(look, rows):
    assert look(rows)["X-Ask"] == "yes"


def test_a_column_goes_into_the_cell_unless_said_otherwise(look):
    def lanes(answer):
        block = json.loads(unescape(re.search(r'data-block="([^"]*)"', answer.text)[1]))
        return len(block["lanes"])

    assert lanes(look([["а"], ["б"], ["в"]])) == 1
    assert lanes(look([["а"], ["б"], ["в"]], together="0")) == 3


def test_what_was_looked_at_is_pasted_once(look, anna, bouquet):
    answer = look([["", "Возврат"], ["Мысли", "а\nб"]])
    block = unescape(re.search(r'data-block="([^"]*)"', answer.text)[1])
    post = {"block": block, "key": str(uuid7())}
    first, second = (signed_in(anna).post(f"/maps/{bouquet.pk}/paste/", post) for _time in range(2))

    assert (first.status_code, first["X-Seq"]) == (200, second["X-Seq"])
    assert Card.objects.filter(stage__name="Возврат").count() == 2


def test_a_limit_is_said_before_anything_is_pasted(look):
    answer = look([["\n".join("а" * 4950), "б"]])

    assert "5000" in answer.text.replace("\xa0", "") and "disabled" in answer.text


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "{}",
        "[]",
        "[[]]",
        "[[1]]",
        '[["\\u0000"]]',
        '[["\\ud800"]]',
        "[" * 3000,
        '[["a"], "b"]',
        json.dumps([["a"], *[["b", "c"]] * 50]),
    ],
)
def test_what_is_no_table_is_one_sentence(look, anna, bouquet, rows):
    assert look(rows).status_code == 422
    answer = signed_in(anna).post(f"/maps/{bouquet.pk}/paste/", {"block": rows})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "odd",
    [
        {"stages": [{"id": str(uuid7()), "name": "\ud800"}]},
        {"rows": [["\udfff"]]},
        {"rows": [["a"]] * 30_000, "lanes": [{"id": str(uuid7()), "name": "b"}] * 30_000},
    ],
)
def test_an_odd_block_is_one_sentence(anna, bouquet, part, odd):
    block = {
        "stages": [{"id": str(part("awareness").pk)}],
        "lanes": [{"id": str(part("goals").pk)}],
        "rows": [["a"]],
    }
    answer = signed_in(anna).post(
        f"/maps/{bouquet.pk}/paste/", {"block": json.dumps({**block, **odd})}
    )
    assert answer.status_code in (409, 413, 422) and "refusal" in answer.text


def test_a_reader_may_not_paste(vera, bouquet):
    for path in ("paste/", "paste/look/"):
        assert signed_in(vera).post(f"/maps/{bouquet.pk}/{path}", {}).status_code == 403
