"""Who answers for what."""

import pytest

from journeys.edits import cards, columns
from journeys.models import Stage
from journeys.reads.owners import owners_of
from tests.support.people import signed_in


@pytest.fixture
def owners(bouquet, by_anna):
    return lambda: owners_of(bouquet, by_anna)


def texts(row):
    return [part.card.text for cell in row.cells for part in cell]


def parts(found):
    """All points of the page, whoever answers for them."""
    rows = [*found.rows, *([found.nobody] if found.nobody else [])]
    return [one for row in rows for cell in row.cells for one in cell]


def test_everything_somebody_answers_for_stands_in_their_row(owners, bouquet, part, by_anna):
    task = part("mar-01")
    cards.edit_card(bouquet.pk, task.pk, fields={"owner": "Директор"}, by=by_anna)
    (row,) = [row for row in owners().rows if row.name == "Директор"]
    assert texts(row) == [task.text]


def test_what_nobody_answers_for_is_a_row_of_its_own(owners, bouquet, part, by_anna):
    cards.edit_card(bouquet.pk, part("mar-01").pk, fields={"owner": ""}, by=by_anna)
    assert part("mar-01").text in texts(owners().nobody)


def test_a_touchpoint_says_its_level_and_its_open_barriers(owners, part):
    barred = part("b-absent").touchpoint_id
    (empty_desk,) = [one for one in parts(owners()) if one.card.pk == barred]
    assert (empty_desk.level, empty_desk.barriers) == (-6, 2)


def test_the_page_leads_to_the_cards(boris, bouquet, part):
    page = signed_in(boris).get(f"/maps/{bouquet.pk}/owners/").text
    assert f"#card-{part('mar-01').pk.hex}" in page


def test_barriers_of_a_deleted_stage_are_not_counted(owners, bouquet, part, by_anna):
    barrier = part("b-absent")
    other = part("relationship")
    cards.move_card(bouquet.pk, barrier.pk, stage=other.pk, lane=barrier.lane_id, by=by_anna)
    columns.delete(bouquet.pk, Stage, other.pk, by=by_anna)
    counts = {one.card.pk: one.barriers for one in parts(owners())}
    assert counts[barrier.touchpoint_id] == 1
