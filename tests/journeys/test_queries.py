"""How many questions the database is asked: a literal number, whatever the size of the map."""

from uuid import uuid4

import pytest
from django.db import connection

from benchmarks.prepare import plan_of
from journeys import fragments
from journeys.edits.maps import create_map
from tests.support.people import signed_in

TEXT_EDIT, MAP_PAGE, HOME = 13, 14, 13


@pytest.fixture(autouse=True)
def nothing_drawn_before():
    fragments.faces.clear()


@pytest.fixture
def boris_opens(boris):
    """Boris's browser."""
    return signed_in(boris)


def test_the_text_of_a_card(boris_opens, bouquet, part, django_assert_num_queries):
    card = part("goa-01")
    edit = {"text": "Успеть к восьми", "base": card.text, "key": uuid4(), "visit": uuid4()}
    savepoint = 2  # in place of BEGIN and COMMIT, within the test's own transaction
    notify = int(connection.vendor == "postgresql")
    with django_assert_num_queries(TEXT_EDIT + savepoint + notify):
        assert boris_opens.post(f"/maps/{bouquet.pk}/cards/{card.pk}/", edit).status_code == 200


@pytest.mark.parametrize("cards", [10, 3000])
def test_the_page_of_a_map(boris_opens, flowers, by_boris, cards, django_assert_num_queries):
    journey = create_map(plan_of(cards), workspace=flowers, by=by_boris)
    with django_assert_num_queries(MAP_PAGE):
        assert boris_opens.get(f"/maps/{journey.pk}/").status_code == 200


@pytest.mark.parametrize("maps", [1, 3])
def test_the_page_of_a_workspace(boris_opens, flowers, by_boris, maps, django_assert_num_queries):
    for _number in range(maps):
        create_map(plan_of(10), workspace=flowers, by=by_boris)
    with django_assert_num_queries(HOME):
        assert boris_opens.get("/w/flowers/").status_code == 200
