from types import SimpleNamespace

import pytest

from ui.icons import CHANNELS, CONTENTS, LANES, channel_icon, icon, lane_hue, lane_icon
from ui.people import person_hue

pytestmark = pytest.mark.one_engine


def lane(kind, content="text"):
    return SimpleNamespace(kind=kind, content=content)


@pytest.mark.parametrize("name", sorted({*LANES.values(), *CONTENTS.values(), *CHANNELS.values()}))
def test_every_icon_is_in_the_set(name):
    assert icon(name).startswith("<svg")


def test_an_icon_is_an_ornament_unless_it_has_a_label():
    assert 'aria-hidden="true"' in icon("x")
    assert 'role="img" aria-label="Закрыть"' in icon("x", label="Закрыть")


def test_colour_is_for_five_kinds_of_lane():
    assert lane_hue(lane("touchpoints", "touchpoint")) == "hue-touchpoint"
    assert lane_hue(lane("questions")) == "hue-question"
    assert lane_hue(lane("goals")) == "hue-grey"


def test_a_teams_own_lane_looks_like_its_content():
    assert lane_icon(lane("", "barrier")) == LANES["barriers"]
    assert lane_hue(lane("", "barrier")) == "hue-barrier"


def test_a_channel_of_ones_own_has_an_icon_too():
    assert channel_icon("дрон") == "circle"


def test_a_person_keeps_the_hue():
    assert person_hue("Анна") == person_hue("Анна")
    assert {person_hue(f"Гость {n}") for n in range(60)} == {f"person-{n}" for n in range(6)}
