"""How many questions the database is asked: a literal number, whatever the size of the map."""

from uuid import uuid4

import pytest
from django.db import connection

from benchmarks.prepare import plan_of
from journeys import drawing, images
from journeys.edits import cards as edits
from journeys.edits.maps import create_map
from journeys.formats.plan import ImagePlan, MapPlan, PersonaPlan, StagePlan
from tests.support import pictures
from tests.support.people import signed_in

TEXT_EDIT, MAP_PAGE, HOME = 13, 14, 14
SEARCH, OWNERS, HISTORY = 6, 6, 10


def full(cards: int) -> MapPlan:
    """A map of so many cards with personas, steps, a loop, tags and images."""
    plan = plan_of(cards)
    plan.personas += [PersonaPlan("Ольга"), PersonaPlan("Пётр")]
    first = plan.stages[0]
    steps = [StagePlan(f"step-{number}", "Шаг", parent=first.key) for number in (1, 2)]
    plan.stages[1:1] = steps
    plan.stages[-1].loop_to = steps[0].key
    image = images.encode(pictures.file()).image
    for number, card in enumerate(plan.cards):
        card.stage = steps[number % 2].key if card.stage == first.key else card.stage
        card.persona = number % 4 or None
        card.tags = ["срочно", "b2b"]
        card.images = [ImagePlan("Витрина", image)] if number % 5 == 0 else []
    return plan


@pytest.fixture(autouse=True)
def nothing_drawn_before():
    drawing.faces.clear()


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


@pytest.mark.parametrize("cards", [10, pytest.param(3000, marks=pytest.mark.one_engine)])
def test_the_page_of_a_map(boris_opens, flowers, by_boris, cards, django_assert_num_queries):
    journey = create_map(full(cards), workspace=flowers, by=by_boris)
    with django_assert_num_queries(MAP_PAGE):
        assert boris_opens.get(f"/maps/{journey.pk}/").status_code == 200


@pytest.mark.parametrize("changed", [1, 5])
@pytest.mark.parametrize(("page", "queries"), [("owners/", OWNERS), ("history/", HISTORY)])
def test_a_page_beside_a_map(
    boris_opens, flowers, by_boris, changed, page, queries, django_assert_num_queries
):
    journey = create_map(full(60), workspace=flowers, by=by_boris)
    last = journey.stages.last()
    touchpoints = journey.cards.filter(lane__content="touchpoint").exclude(stage=last)
    for card in list(touchpoints[:changed]):
        edits.edit_card(journey.pk, card.pk, fields={"owner": card.pk.hex}, by=by_boris)
        edits.move_card(journey.pk, card.pk, stage=last.pk, lane=card.lane_id, by=by_boris)
    with django_assert_num_queries(queries):
        assert boris_opens.get(f"/maps/{journey.pk}/{page}").status_code == 200


@pytest.mark.parametrize("maps", [1, 3])
def test_finding(boris_opens, flowers, by_boris, maps, django_assert_num_queries):
    for _number in range(maps):
        create_map(full(30), workspace=flowers, by=by_boris)
    with django_assert_num_queries(SEARCH):
        assert boris_opens.get("/w/flowers/search/?find=курьер").status_code == 200


@pytest.mark.parametrize("maps", [1, 3])
def test_the_page_of_a_workspace(boris_opens, flowers, by_boris, maps, django_assert_num_queries):
    for _number in range(maps):
        create_map(full(10), workspace=flowers, by=by_boris)
    with django_assert_num_queries(HOME):
        assert boris_opens.get("/w/flowers/").status_code == 200
