"""A map as CSV and as a workbook: what a table can say of it comes back from the file."""

import csv
import io
import re
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from journeys.catalogues import demo_maps
from journeys.formats.plan import (
    CardPlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    StagePlan,
)
from journeys.formats.read import read
from journeys.formats.table_out import to_csv, to_xlsx

from .conftest import as_told

pytestmark = pytest.mark.one_engine

FIELDS = (
    "emotion",
    "severity",
    "expectation",
    "perception",
    "effort",
    "impact",
    "remedy",
    "owner",
    "status",
    "due_day",
    "channel",
    "mode",
    "importance",
    "moment_of_truth",
    "way_in",
    "factor_kind",
    "cost",
    "source",
    "evidence",
    "answer",
    "tags",
    "figures",
)
WRITERS = {"map.csv": to_csv, "map.xlsx": to_xlsx}


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_demo_map_comes_back(name, number, language):
    plan, _remarks = read("map.json", demo_maps(language)[number])

    back, remarks = read(name, WRITERS[name](plan))

    assert [str(remark) for remark in remarks if remark.kind != "note"] == []
    assert as_told(back, FIELDS) == as_told(plan, FIELDS)


def test_a_workbook_brings_the_figures_of_the_whole_map_too():
    plan, _remarks = read("map.json", demo_maps("ru")[2])

    back, _remarks = read("map.xlsx", to_xlsx(plan))

    assert {
        (metric.name, metric.fact, metric.plan, metric.direction) for metric in back.metrics
    } == {(metric.name, metric.fact, metric.plan, metric.direction) for metric in plan.metrics}


@pytest.mark.parametrize("name", WRITERS)
def test_a_map_of_everything_comes_back_as_far_as_names_go(everything, name):
    back, remarks = read(name, WRITERS[name](everything))

    assert [str(remark) for remark in remarks if remark.kind != "note"] == []
    fields = [field for field in FIELDS if field != "figures"]
    k1 = next(card for card in everything.cards if card.key == "k1")
    k1.text = "Отказы"  # a figure without words is called by its name
    assert as_told(back, fields) == as_told(everything, fields)


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"])
    | st.sampled_from(" \n;,\"'=+-@"),
    max_size=30,
).map(str.strip)
NAMES = st.lists(
    st.text("абвxyz='+\"; ", min_size=1, max_size=8)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: any(map(str.isalpha, text))),
    min_size=1,
    max_size=4,
    unique_by=lambda text: "".join(filter(str.isalpha, text)),
)


@st.composite
def plans(draw) -> MapPlan:
    """A small map with whatever texts, some cells empty."""
    stages = [StagePlan(f"s{n}", name) for n, name in enumerate(draw(NAMES))]
    lanes = [
        LanePlan(f"l{n}", name, draw(st.sampled_from(["text", "emotion", "barrier", "task"])))
        for n, name in enumerate(draw(NAMES))
    ]
    places = st.tuples(st.sampled_from(stages), st.sampled_from(lanes), TEXTS.filter(bool))
    cards = [
        CardPlan(f"c{n}", stage.key, lane.key, text, emotion=draw(st.none() | st.integers(-5, 5)))
        for n, (stage, lane, text) in enumerate(draw(st.lists(places, min_size=1, max_size=6)))
    ]
    plan = MapPlan(
        "Карта", stages=stages, lanes=lanes, owners=[OwnerPlan("o", "Отдел")], cards=cards
    )
    plan.cards = plan.in_order()
    return plan


@settings(max_examples=60, deadline=None)
@given(plans())
def test_any_map_comes_back_from_csv(plan):
    back, _remarks = read("map.csv", to_csv(plan))

    assert as_told(back, ["emotion"]) == as_told(plan, ["emotion"])


@settings(max_examples=15, deadline=None)
@given(plans())
def test_any_map_comes_back_from_a_workbook(plan):
    back, _remarks = read("map.xlsx", to_xlsx(plan))

    assert as_told(back, ["emotion"]) == as_told(plan, ["emotion"])


def test_a_text_like_a_formula_is_calculated_by_nobody():
    plan = MapPlan(
        "Карта",
        stages=[StagePlan("s", "Поиск")],
        lanes=[LanePlan("l", "Цели", "text", "goals")],
        cards=[CardPlan("c", "s", "l", '=HYPERLINK("http://x")')],
    )
    text = to_csv(plan).decode("utf-8-sig")
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(plan)))

    assert "\"'=HYPERLINK" in text
    assert book.get_sheet_by_index(0).to_python()[2][1] == '=HYPERLINK("http://x")'
    assert b"<f>" not in to_xlsx(plan)


SIGNS = [
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "＝",
    "＋",
    "－",
    "＠",
    "'=",
    "''+",
    " =",
    "\t=",
    "\u00a0@",
]
CALCULATED = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def defiant(sign: str) -> MapPlan:
    """A map in which every text that a table has begins like a formula."""
    said = f"{sign}1+1"
    return MapPlan(
        said,
        language="en",
        owners=[OwnerPlan("o", said)],
        stages=[StagePlan("s", said, said, said)],
        lanes=[LanePlan("l", f"{said} l"), LanePlan("t", f"{said} t", "touchpoint")],
        metrics=[MetricPlan("m", said, unit=said)],
        cards=[
            CardPlan("c", "s", "l", said, tags=[said]),
            CardPlan("d", "s", "t", f"{said} d", channel=said, owner="o"),
        ],
    )


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_of_a_table_is_calculated(sign):
    rows = csv.reader(io.StringIO(to_csv(defiant(sign)).decode("utf-8-sig"), newline=""))
    assert [cell for row in rows for cell in row if CALCULATED.match(cell)] == []


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_of_a_workbook_is_calculated(sign):
    with zipfile.ZipFile(io.BytesIO(to_xlsx(defiant(sign)))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "/worksheets/sheet" in name]
        styles = archive.read("xl/styles.xml")
    assert b"<f>" not in b"".join(sheets) and b"quotePrefix" in styles
    # All words are shared strings: a cell says their number, never the words.
    assert b"1+1" not in b"".join(sheets)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("name", WRITERS)
def test_a_text_like_a_formula_comes_back(sign, name):
    """But for the white space round it, which a table does not keep."""
    plan = defiant(sign)
    back, _remarks = read(name, WRITERS[name](plan))
    assert [card.text.strip() for card in back.cards] == [card.text.strip() for card in plan.cards]
    assert back.stages[0].name == " ".join(plan.stages[0].name.split())
    assert back.owners[0].name.strip() == plan.owners[0].name.strip()


def test_russian_excel_gets_semicolons_and_decimal_commas():
    plan, _remarks = read("map.json", demo_maps("ru")[2])
    text = to_csv(plan)

    assert text.startswith("\ufeffЭтап;Дорожка;Текст".encode())
    assert "4,7" in text.decode() and "4.7" not in text.decode()
