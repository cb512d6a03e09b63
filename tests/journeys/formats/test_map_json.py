"""JSON: nothing is lost on the way out and back, and a wrong file says where it is wrong."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.catalogues import FOLDER, lane_kinds
from journeys.formats.columns import EVIDENCE, MODES
from journeys.formats.map_json import CONTENTS, dump, parse
from journeys.formats.plan import (
    CardPlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    PersonaPlan,
    StagePlan,
    Unreadable,
)

pytestmark = pytest.mark.one_engine

DEMO_MAPS = sorted((FOLDER / "demo_maps").glob("*.json"))


def parsed(document) -> MapPlan:
    return parse(json.dumps(document, ensure_ascii=False).encode())[0]


@pytest.mark.parametrize("path", DEMO_MAPS, ids=lambda path: path.stem)
def test_a_demo_map_is_written_as_it_was_read(path):
    plan, remarks = parse(path.read_bytes())

    assert dump(plan) == json.loads(path.read_bytes())
    assert remarks == []


def test_a_map_with_everything_comes_back_whole(everything):
    document = dump(everything)

    assert document["schema_version"] == 2
    assert parsed(json.loads(json.dumps(document))) == everything


word = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
name = word.filter(str.strip)
small = st.none() | st.integers(1, 5)
number = st.none() | st.floats(allow_nan=False, allow_infinity=False)
extra = st.dictionaries(st.sampled_from(["x-a", "x-б"]), st.none() | word | st.lists(st.integers()))


def keyed(strategy):
    return st.lists(strategy, max_size=3, unique_by=lambda row: row.key)


@st.composite
def plans(draw):
    """Any map: parts that name parts which are there."""
    key = st.text("abcdef", min_size=1, max_size=3)
    tops = draw(keyed(st.builds(StagePlan, key, name, word, word, small, extra=extra)))
    stages = []
    for top in tops:
        stages.append(top)
        for number_of_step in range(draw(st.integers(0, 2))):
            stages.append(StagePlan(f"{top.key}-{number_of_step}", draw(name), parent=top.key))
    divided = {stage.parent for stage in stages}
    columns = [stage.key for stage in stages if stage.key not in divided]
    kinds = ["", *(kind.key for kind in lane_kinds("en"))]
    lanes = draw(
        keyed(
            st.builds(
                LanePlan, key, name, st.sampled_from(CONTENTS), st.sampled_from(kinds), word, extra
            )
        )
    )
    owners = draw(keyed(st.builds(OwnerPlan, key, name, extra)))
    personas = draw(
        st.lists(
            st.builds(
                PersonaPlan,
                name,
                st.sampled_from(["ru", "en"]),
                st.just("") | key,
                st.fixed_dictionaries(
                    {}, optional={"segment": name, "pains": st.lists(word, min_size=1)}
                ),
                extra,
            ),
            max_size=3,
        )
    )
    metrics = draw(
        keyed(
            st.builds(
                MetricPlan,
                key,
                name,
                st.sampled_from(["", *(stage.key for stage in stages)]),
                st.sampled_from(["", "bounce_rate", "own"]),
                direction=st.sampled_from(["higher", "lower"]),
                plan=number,
                fact=number,
                facts=st.dictionaries(st.dates(date(2000, 1, 1)), st.floats(-9, 9), max_size=2).map(
                    lambda facts: sorted(facts.items())
                ),
                extra=extra,
            )
        )
    )
    keys = draw(st.lists(key, max_size=5, unique=True)) if columns and lanes else []
    among = st.sampled_from(["", *keys])
    cards = [
        draw(
            st.builds(
                CardPlan,
                st.just(one),
                st.sampled_from(columns),
                st.sampled_from([lane.key for lane in lanes]),
                word,
                evidence=st.sampled_from(["", *EVIDENCE]),
                mode=st.sampled_from(["", *MODES]),
                importance=small,
                moment_of_truth=st.booleans(),
                way_in=st.booleans(),
                emotion=st.none() | st.integers(-5, 5),
                status=st.sampled_from(["", "todo", "closed"]),
                cost=st.none() | st.decimals(0, 10**11, places=2),
                due_day=st.none() | st.integers(-99, 99),
                persona=st.none() | st.integers(1, len(personas)) if personas else st.none(),
                owner=st.sampled_from(["", *(owner.key for owner in owners)]),
                touchpoint=among,
                solution=among,
                metric=st.sampled_from(["", *(metric.key for metric in metrics)]),
                resolves=st.lists(st.sampled_from(keys), unique=True),
                extra=extra,
            )
        )
        for one in keys
    ]
    plan = draw(
        st.builds(
            MapPlan,
            title=name,
            language=st.sampled_from(["ru", "en"]),
            kind=st.sampled_from(["as_is", "to_be"]),
            goal=word,
            plan_starts=st.none() | st.dates(),
            notes=st.lists(word, max_size=2),
            personas=st.just(personas),
            owners=st.just(owners),
            stages=st.just(stages),
            lanes=st.just(lanes),
            metrics=st.just(metrics),
            cards=st.just(cards),
            extra=extra,
        )
    )
    plan.cards = plan.in_order()
    return plan


@settings(max_examples=60, deadline=None)
@given(plans())
def test_any_map_comes_back_whole(plan):
    assert parsed(dump(plan)) == plan


def small_map(**changes):
    return {
        "schema_version": 1,
        "kind": "journey_map",
        "lang": "en",
        "title": "Bouquet",
        "stages": [{"key": "search", "name": "Search"}],
        "lanes": [{"key": "goals", "type": "goals", "name": "Goals"}],
        "cards": [{"id": "c1", "stage": "search", "lane": "goals", "text": "In time"}],
        **changes,
    }


def test_the_least_that_a_file_needs():
    assert parsed(small_map()).cards == [CardPlan("c1", "search", "goals", "In time")]


def test_order_says_the_order():
    stages = [{"key": "b", "name": "B", "order": 2}, {"key": "a", "name": "A", "order": 1}]

    assert [stage.key for stage in parsed(small_map(stages=stages, cards=[])).stages] == ["a", "b"]


def test_keys_nobody_knows_are_kept_and_told_once():
    document = small_map(mood="calm", stages=[{"key": "search", "name": "Search", "tempo": 3}])
    plan, remarks = parse(json.dumps(document).encode())

    assert (plan.extra, plan.stages[0].extra) == ({"mood": "calm"}, {"tempo": 3})
    assert [remark.where for remark in remarks] == ["stages.tempo", "mood"]


def test_a_lane_of_a_type_nobody_knows_becomes_an_own_lane():
    lanes = [{"key": "goals", "type": "weather", "name": "Weather"}]
    plan, remarks = parse(json.dumps(small_map(lanes=lanes)).encode())

    assert (plan.lanes[0].kind, plan.lanes[0].content) == ("", "text")
    assert dump(plan)["lanes"][0]["type"] == "weather"
    assert [remark.where for remark in remarks] == ["lanes[0].type"]


def card(**fields):
    return {"cards": [{"id": "c1", "stage": "search", "lane": "goals", **fields}]}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "catalogue"}, "Line 1: this JSON is not a journey map."),
        ({"schema_version": 3}, "Line 2: schema_version: this file was made by a newer version."),
        ({"title": " "}, "Line 5: title: this text is required."),
        ({"title": 5}, "Line 5: title: a text in quotes was expected."),
        (
            {"title": "x" * 301},
            "Line 5: title: This text can have 300 characters at most.",
        ),
        (card(stage="pay"), "Line 22: cards[0].stage: there is no “pay” in this file."),
        (
            card(emotion=6),
            "Line 24: cards[0].emotion: a whole number from -5 to 5 was expected.",
        ),
        (
            card(emotion=True),
            "Line 24: cards[0].emotion: a whole number from -5 to 5 was expected.",
        ),
        (
            card(mode="by mail"),
            "Line 24: cards[0].mode: one of online, offline, both was expected.",
        ),
        (card(cost=1.005), "Line 24: cards[0].cost: a sum with at most two decimals was expected."),
        (card(resolves=["c9"]), "Line 25: cards[0].resolves[0]: there is no “c9” in this file."),
        (
            card(text="a\x00b"),
            "Line 24: cards[0].text: a character that can't be kept stands here.",
        ),
        (card(tags=["x" * 41]), "Line 24: cards[0].tags: too many tags, or too long ones."),
        (card(x="\ud800"), "Line 24: cards[0].x: a character that can't be kept stands here."),
        (
            {"plan_starts": "2026-02-30"},
            "Line 27: plan_starts: a date like 2026-09-01 was expected.",
        ),
        ({"stages": [7]}, "Line 7: stages[0]: an object { … } was expected."),
        (
            {"stages": [{"key": str(n), "name": "S"} for n in range(61)], "cards": []},
            "Line 6: stages: A map can have 60 columns at most.",
        ),
        (
            {"owners": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]},
            "Line 33: owners[1].key: “a” is there twice.",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line(changes, sentence):
    text = json.dumps(small_map(**changes), indent=1)

    with override("en"), pytest.raises(Unreadable) as refused:
        parse(text.encode())

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b'{\n "title": "A",\n}', "Line 2: this is not JSON: a mistake at column 14."),
        (b'{"a":\n"\xff"}', "Line 2: the file is not encoded in UTF-8."),
        (b'{"a":\n NaN}', "Line 2: a: a number was expected."),
        (b'{"a": 1e999}', "Line 1: a: a number was expected."),
        (b'{"a": ' + b"9" * 5000 + b"}", "This JSON is nested too deep or has too long numbers."),
        (b'{"a":' * 200_000, "This JSON is nested too deep or has too long numbers."),
    ],
)
def test_a_broken_text_is_named_with_its_line(data, sentence):
    with override("en"), pytest.raises(Unreadable) as refused:
        parse(data)

    assert str(refused.value) == sentence


def test_money_is_exact():
    assert parsed(small_map(**card(cost=0.1))).cards[0].cost == Decimal("0.10")


def test_tags_of_a_file_follow_the_rule_of_the_board():
    plan, _remarks = parse(json.dumps(small_map(**card(tags=["b2b, срочно", " B2B "]))).encode())

    assert plan.cards[0].tags == ["b2b", "срочно"]
