"""The shop's map: Vasily buys a bouquet. Anna owns the workspace, Boris edits, Vera reads."""

import pytest

from journeys.catalogues import demo_maps
from journeys.edits.maps import create_map
from journeys.formats.read import read
from journeys.models import Card, Journey, Lane, Stage
from teams.actors import Actor, member


def demo(name: str):
    """The plan of a demo map."""
    (plan,) = [
        plan for plan, _ in (read("map.json", file) for file in demo_maps("ru")) if plan.key == name
    ]
    return plan


@pytest.fixture
def by_anna(anna) -> Actor:
    return member(anna)


@pytest.fixture
def by_boris(boris) -> Actor:
    return member(boris)


@pytest.fixture
def bouquet(flowers, by_anna) -> Journey:
    """The demo map retail_bouquet: 7 stages, 10 lanes, 88 cards."""
    return create_map(demo("retail_bouquet"), workspace=flowers, by=by_anna)


@pytest.fixture
def part(bouquet):
    """`part("goa-01")`, `part("awareness")`, `part("actions")`: a part by its key in the file."""

    def find(key: str):
        for model in (Card, Stage, Lane):
            if row := model.objects.filter(journey=bouquet, key=key).first():
                return row
        raise LookupError(key)

    return find
