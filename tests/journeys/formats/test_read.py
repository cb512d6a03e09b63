"""Whatever a file holds, reading it gives a map or one sentence: never anything else."""

import copy
import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys import limits
from journeys.catalogues import demo_maps
from journeys.formats.map_json import dump
from journeys.formats.plan import Unreadable
from journeys.formats.read import read

pytestmark = pytest.mark.one_engine

DEMO = json.loads(demo_maps("en")[0])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
PLACES = [
    (name, number, key)
    for name in ("owners", "stages", "lanes", "cards", "metrics")
    for number in (0, 40)
    for key in DEMO[name][min(number, len(DEMO[name]) - 1)]
] + [(key,) for key in DEMO]


def tried(data: bytes) -> None:
    try:
        plan, remarks = read("file", data)
    except Unreadable as refused:
        assert str(refused).endswith(".")
    else:
        assert dump(plan)
        assert all(map(str, remarks))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLACES), JSON)
def test_any_value_at_any_place_of_a_map(place, value):
    document = copy.deepcopy(DEMO)
    inner = document
    for step in place[:-1]:
        inner = inner[min(step, len(inner) - 1) if isinstance(step, int) else step]
    inner[place[-1]] = value

    tried(json.dumps(document, indent=1).encode())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["journey", "title", "section", "---", "%%{", "```mermaid", "accDescr {"])
        | st.text("aб :;#,{}%1-9\t\r", max_size=15),
        max_size=12,
    )
)
def test_any_lines_of_a_diagram(lines):
    tried("\n".join(["journey", *lines]).encode())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes(data):
    tried(data)
    tried(b"{" + data)


def test_a_file_beyond_the_limit_is_not_read():
    with pytest.raises(Unreadable):
        read("map.json", b" " * (limits.REQUEST_BYTES + 1))


@pytest.mark.parametrize(
    "piece",
    [
        "<div class=mermaid>",
        "<div class class ",
        "```mermaid\njourney\n```\n",
        "``` ",
        "journey\na: 1\n",
        "journey\nx\n",
        "journey\naccDescr {\nx\n",
    ],
)
def test_a_long_odd_file_takes_no_long_time(piece):
    begun = time.monotonic()

    tried(piece.encode() * (300_000 // len(piece)))

    assert time.monotonic() - begun < 2
