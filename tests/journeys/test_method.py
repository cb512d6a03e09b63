"""The method on the demo maps gives what was worked out by hand (shared/data/README.md)."""

import pytest

from journeys.edits.maps import create_map
from journeys.models import Card
from journeys.reads.board import board_of
from journeys.reads.method import service_level
from tests.support.maps import demo

pytestmark = pytest.mark.one_engine


@pytest.fixture
def marks_of(flowers, by_anna):
    def read(name):
        journey = create_map(demo(name), workspace=flowers, by=by_anna)
        return board_of(journey, by_anna).marks

    return read


def text(line) -> str:
    return Card.objects.get(pk=line.pk).text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("name", "weakest", "level"),
    [
        ("retail_bouquet", "Консультант по упаковке", -7),
        ("clinic_patient", "Кабинет: руки вымыты до прихода пациентки", -7),
        ("car_jtbd", "Конфигуратор", -3),
    ],
)
def test_weakest_link(marks_of, name, weakest, level):
    found = marks_of(name).weakest
    assert (text(found), service_level(found)) == (weakest, level)


@pytest.mark.parametrize(
    ("name", "count"), [("retail_bouquet", 2), ("clinic_patient", 3), ("car_jtbd", 1)]
)
def test_piles(marks_of, name, count):
    assert len(marks_of(name).piles) == count


def test_a_closed_barrier_leaves_its_pile(bouquet, by_anna, part):
    Card.objects.filter(pk=part("b-absent").pk).update(status="closed")
    before = len(board_of(bouquet, by_anna).marks.piles)
    Card.objects.filter(pk=part("b-absent").pk).update(status="")
    assert len(board_of(bouquet, by_anna).marks.piles) == before + 1
