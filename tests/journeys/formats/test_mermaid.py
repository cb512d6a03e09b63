"""Mermaid journeys, those that people really wrote among them."""

import json
from pathlib import Path

import pytest
from django.utils.translation import override

from journeys.catalogues import demo_maps
from journeys.formats.mermaid_out import to_mermaid
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, StagePlan, Unreadable
from journeys.formats.read import read
from tests.conftest import DATA_REAL as REAL

pytestmark = pytest.mark.one_engine


def files_with_journeys():
    if not (REAL / "index.json").exists():
        return []
    index = json.loads((REAL / "index.json").read_text(encoding="utf-8"))
    return [file for file in index["files"] if "journeys" in file.get("expect", {})]


def imported(text: str):
    return read("shopping.mmd", text.encode())


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.mark.parametrize("file", files_with_journeys(), ids=lambda file: Path(file["file"]).name)
def test_a_file_found_in_the_wild_comes_in_with_its_counts(file):
    plan, remarks = read(file["file"], (REAL / file["file"]).read_bytes())

    [expected] = file["expect"]["journeys"]
    feelings = [card.emotion for card in plan.cards if card.lane == "emotions"]
    tasks = [card for card in plan.cards if card.lane == "actions"]
    score_of = {-5: 1, -3: 2, 0: 3, 3: 4, 5: 5}
    assert {
        "title": plan.title,
        "sections": len(plan.stages),
        "tasks": len(tasks),
        "bad_tasks": len(tasks) - len(feelings),
        "actors": len(plan.owners) or len(plan.personas),
        "score_sum": sum(score_of[feeling] for feeling in feelings),
    } == expected
    assert sum("not a number" in remark.text for remark in remarks) == expected["bad_tasks"]


def test_the_files_found_in_the_wild_are_there(data_real):
    assert len(files_with_journeys()) == 8


def test_a_score_becomes_a_feeling():
    plan, remarks = imported(
        "journey\nsection Shop\n" + "".join(f"T{n}: {n}\n" for n in range(1, 6))
    )

    assert [card.emotion for card in plan.cards if card.lane == "emotions"] == [-5, -3, 0, 3, 5]
    assert remarks == []


def test_a_score_out_of_range_is_told_with_its_line():
    plan, remarks = imported("journey\nsection Shop\nPay: 9: Me\nWait: -1: Me")

    assert [card.emotion for card in plan.cards if card.lane == "emotions"] == [5, -5]
    assert [str(remark) for remark in remarks] == [
        "Line 3: the score 9 is outside 1 … 5; the nearest end was taken",
        "Line 4: the score -1 is outside 1 … 5; the nearest end was taken",
    ]


def test_one_actor_is_the_persona():
    plan, _remarks = imported("journey\nsection Shop\nPay: 3: Me\nWait: 1: Me")

    assert [persona.name for persona in plan.personas] == ["Me"]
    assert plan.owners == []


def test_several_actors_are_owners():
    plan, remarks = imported("journey\nsection Shop\nPay: 3: Mum, Dad\nWait: 1: Dad")

    names = {owner.key: owner.name for owner in plan.owners}
    assert [names[card.owner] for card in plan.cards if card.lane == "actions"] == ["Mum", "Dad"]
    assert plan.cards[0].extra == {"actors": ["Mum", "Dad"]}
    assert len(remarks) == 1


def test_front_matter_directive_comments_and_descriptions():
    plan, remarks = imported(
        "---\ntitle: 'From front matter'\n---\n%%{ init: {} }%%\n  JOURNEY\n"
        "accTitle: Shopping\naccDescr {\n  Two people\n  go shopping }\n"
        "%% a remark\nsection Shop # here\n\tPay: 4: Me: more\n"
    )

    assert plan.title == "From front matter"
    assert plan.summary == "Two people\ngo shopping"
    assert [(stage.name) for stage in plan.stages] == ["Shop"]
    assert [persona.name for persona in plan.personas] == ["Me"]
    assert remarks == []


def test_a_russian_diagram_gets_russian_lanes():
    plan, _remarks = imported("journey\r\ntitle Покупка\r\nsection Поиск\r\nИщет: 2\r\n")

    assert plan.language == "ru"
    assert [lane.name for lane in plan.lanes] == ["Действия", "Эмоции"]


def test_steps_before_the_first_section_have_a_stage_too():
    plan, remarks = imported("journey\nPay: 3\nsection Home\nRest: 5")

    assert [stage.name for stage in plan.stages] == ["Beginning", "Home"]
    assert [str(remark) for remark in remarks] == [
        "Line 2: steps before the first section became a stage of their own"
    ]


def test_what_is_not_understood_is_told():
    _plan, remarks = imported("journey\nsection A\nPay: 3; Wait: 2\njust words")

    assert [str(remark) for remark in remarks] == [
        "Line 3: what stands behind the semicolon was left out",
        "Line 4: “just words” was not understood",
    ]


def test_markdown_with_other_diagrams():
    plan, remarks = imported(
        "# Title\n```mermaid\nflowchart LR\nA --> B\n```\n"
        "~~~mermaid\njourney\ntitle One\nsection S\nPay: x\n~~~\n"
        "```mermaid\njourney\ntitle Two\nsection S\nPay: 1\n```\n"
    )

    assert plan.title == "One"
    assert [str(remark) for remark in remarks] == [
        "The file holds 2 journey diagrams; the first one was read.",
        "Line 10: the score “x” is not a number, so “Pay” has no emotion",
    ]


def test_a_page_of_html():
    plan, _remarks = imported(
        '<html><pre class="mermaid">\njourney\n title Tom &amp; Ann\n section S\n Pay: 1\n</pre>'
    )

    assert plan.title == "Tom & Ann"


def test_a_diagram_without_a_title_is_called_like_its_file():
    plan, _remarks = imported("journey\nsection S\nPay: 1")

    assert plan.title == "shopping"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (
            b"Dear all",
            "This is neither a map as JSON, nor a table of a map, nor a Mermaid journey diagram.",
        ),
        (b"journey\ntitle Nothing", "Line 1: the journey diagram has no steps."),
        (
            f"journey\ntitle T\nsection {'x' * 301}\nPay: 1".encode(),
            "Line 3: This text can have 300 characters at most.",
        ),
        (
            b"journey\n" + b"section S\nPay: 1\n" * 61,
            "Line 122: A map can have 60 columns at most.",
        ),
        (b"journey\nsection \x98", "Line 2: this is not a text in an encoding we know."),
        (b"journey\nsection a\x00b", "Line 2: a character that can't be kept stands here."),
    ],
)
def test_a_file_that_cant_be_read_says_why(data, sentence):
    with pytest.raises(Unreadable) as refused:
        read("file.mmd", data)

    assert str(refused.value) == sentence


def test_what_was_read_is_written_back():
    text = (
        "journey\n    title Shopping\n    section Go\n"
        "      Walk in: 5: Ann, Bob\n      Pay: 1: Ann\n"
    )
    plan, _remarks = imported(text)
    assert to_mermaid(plan).decode() == text


def test_a_feeling_between_the_scores_takes_the_nearest():
    plan = MapPlan(
        "Map",
        stages=[StagePlan("s", "Stage")],
        lanes=[LanePlan("e", "Mood", "emotion")],
        cards=[CardPlan(f"c{n}", "s", "e", f"f{n}", emotion=n) for n in (-4, -1, 0, 2)],
    )
    scores = [
        line.rpartition(":")[2].strip() for line in to_mermaid(plan).decode().splitlines()[3:]
    ]
    assert scores == ["1", "3", "3", "4"]


def test_names_keep_no_sign_that_would_end_them():
    plan = MapPlan(
        "A: b",
        stages=[StagePlan("s", "One; two")],
        lanes=[LanePlan("a", "Actions", "text", "actions")],
        cards=[CardPlan("c", "s", "a", "Call:\n#5; now 100%")],
    )
    again, remarks = imported(to_mermaid(plan).decode())
    assert (
        len(again.stages),
        [card.emotion for card in again.cards if card.lane == "emotions"],
    ) == (1, [0])
    assert remarks == []


def test_a_demo_map_comes_back_with_its_stages_and_actions():
    demo_plan, _said = read("map.json", demo_maps("en")[0])
    again, _remarks = imported(to_mermaid(demo_plan).decode())
    actions = [card.text for card in demo_plan.cards if card.lane == "actions"]
    assert len(again.stages) == len(demo_plan.stages)
    assert len([card for card in again.cards if card.lane == "actions"]) == len(actions)
