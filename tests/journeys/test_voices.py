"""The curve of several personas: a line for each."""

from dataclasses import dataclass

import pytest

from journeys.edits.maps import create_map
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, PersonaPlan, StagePlan
from journeys.reads.curve import points, voices
from journeys.reads.picture import picture_of
from journeys.reads.thumbnails import thumbnails

pytestmark = pytest.mark.one_engine


@dataclass(frozen=True)
class Somebody:
    pk: int


@dataclass(frozen=True)
class Feeling:
    emotion: int | None
    persona_id: int | None = None


VASILY, OLGA, PETR = Somebody(1), Somebody(2), Somebody(3)


def test_one_persona_has_one_line_without_a_name():
    (voice,) = voices([[Feeling(2)], [Feeling(-3, 1)]], [VASILY])
    assert voice == ((), points([[2], [-3]]))


def test_cards_about_all_belong_to_each_line():
    columns = [[Feeling(2)], [Feeling(-3, 1), Feeling(4, 2)]]
    assert voices(columns, [VASILY, OLGA]) == [
        ((VASILY,), points([[2], [-3, None]])),
        ((OLGA,), points([[2], [None, 4]])),
    ]


def test_personas_without_cards_of_their_own_share_a_line():
    columns = [[Feeling(2)], [Feeling(-3, 1)]]
    assert [whose for whose, _line in voices(columns, [VASILY, OLGA, PETR])] == [
        (VASILY,),
        (OLGA, PETR),
    ]


def test_where_no_card_is_about_one_all_have_one_line():
    assert voices([[Feeling(2)]], [VASILY, OLGA]) == [((), points([[2]]))]


def test_a_persona_who_is_not_the_maps_is_about_all():
    assert voices([[Feeling(2, 9)]], [VASILY, OLGA]) == [((), points([[2]]))]


def test_a_thumbnail_has_a_line_for_each(flowers, by_anna):
    plan = MapPlan(
        title="Двое",
        language="ru",
        personas=[PersonaPlan("Василий"), PersonaPlan("Ольга")],
        stages=[StagePlan("a", "A")],
        lanes=[LanePlan("emotions", "Эмоции", "emotion", "emotions")],
        cards=[
            CardPlan("one", "a", "emotions", emotion=2, persona=1),
            CardPlan("two", "a", "emotions", emotion=-3, persona=2),
        ],
    )
    journey = create_map(plan, workspace=flowers, by=by_anna)
    picture = picture_of(thumbnails([journey])[journey.pk])
    assert picture.line
    assert len(picture.others) == 1 and picture.others[0] != picture.line
