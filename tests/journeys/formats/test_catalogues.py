"""The catalogues are whole, in both languages."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from journeys import catalogues
from journeys.formats.map_json import CONTENTS
from personas import fields

pytestmark = pytest.mark.one_engine

LANGUAGES = ["ru", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lane_kind_asks_a_question_and_gives_an_example(language):
    kinds = catalogues.lane_kinds(language)

    assert len(kinds) == 28
    assert all(kind.question and kind.example and kind.icon for kind in kinds)
    assert {kind.content for kind in kinds} == set(CONTENTS)


def test_the_usual_eight():
    assert len(catalogues.usual_lanes()) == 8


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_templates_of_lanes_that_exist(language):
    templates = catalogues.templates(language)

    assert len(templates) == 9
    assert all(
        catalogues.lane_kind(key) and template.stages
        for template in templates
        for key in template.lanes
    )


def test_a_stage_that_may_be_left_out_says_so():
    stages = catalogues.template("retail_7").stages

    assert [stage.key for stage in stages if stage.optional] == ["store_visit"]


def test_touchpoints_and_metrics():
    assert len(catalogues.touchpoints()) == 78
    assert len(catalogues.metrics()) == 29
    assert catalogues.metric("bounce_rate").direction == "lower"
    assert catalogues.unit_name("minutes", "ru") == "мин"
    assert catalogues.unit_name("чашки") == "чашки"


def test_words_come_in_the_language_of_the_reader():
    with override("ru"):
        assert catalogues.lane_kind("barriers").name == "Барьеры"
        assert catalogues.content_name("barrier") == "барьер"
        assert catalogues.lane_kind("barriers", "en").name == "Barriers"


def test_a_persona_has_nineteen_fields_in_four_groups():
    assert len(fields.fields("ru")) == 19
    assert [group.name for group in fields.groups("en")] == [
        "Who it is",
        "How they live and act",
        "How they choose",
        "How we know",
    ]


def test_the_demo_maps_are_those_that_were_handed_over():
    given = Path(settings.ROOT).parent / "shared" / "data" / "demo_maps"
    if not given.exists():
        pytest.skip(f"{given} is not on this machine: the demo maps were NOT compared")

    for path in given.glob("*.json"):
        ours, theirs = (
            json.loads(file.read_bytes())
            for file in (catalogues.FOLDER / "demo_maps" / path.name, path)
        )
        for document in (ours, theirs):  # said in words of our own
            del document["notes"]
            for metric in document["metrics"]:
                metric.pop("source", None)
        assert ours == theirs


def test_communications_fears_values_and_payment_are_ready_lanes():
    """Lines 8, 12 and 47 of the method; a message has a channel and somebody who answers for it."""
    contents = {kind.key: kind.content for kind in catalogues.lane_kinds()}
    assert contents["communications"] == "touchpoint"
    assert {contents[key] for key in ("fears", "values", "payment_formats")} == {"text"}
