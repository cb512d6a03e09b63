"""Hostile texts on paper and in files: every word stands there, nothing is loaded, nothing runs."""

import re
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from weasyprint import CSS, HTML

from journeys.edits.maps import create_map, plan_of
from journeys.formats import mermaid
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, OwnerPlan, PersonaPlan, StagePlan
from journeys.formats.write import write
from journeys.models import Journey
from reports.assets import Assets, Forbidden
from reports.export import file_of
from reports.render import make_document
from reports.sheets import PERSONA, PNG, REPORT, SVG, Options
from reports.story import story_of
from reports.views import file_name
from tests.support.payloads import PAYLOADS, URLS
from tests.support.people import signed_in

from .conftest import read, words
from .proof import squeezed

pytestmark = pytest.mark.one_engine

# How a text would make the engine load an address, if it were believed.
PAGES = [
    '<img src="{}" alt="">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<style>@import url("{}");</style>',
    "<p style=\"background: url('{}')\">a</p>",
    '<style>p::before {{ content: url("{}") }}</style><p>a</p>',
    "<style>@font-face {{ font-family: A; src: url('{}') }} p {{ font-family: A }}</style><p>a</p>",
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{}" width="9" height="9"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="{}"/></svg>',
]


@pytest.fixture
def hostile(flowers, by_anna) -> Journey:
    """Every address and fifty payloads, over every text that is printed."""
    texts = [*URLS, *PAYLOADS[::7]]
    half = len(URLS) // 2
    plan = MapPlan(
        title=URLS[0],
        language="en",
        summary=PAYLOADS[0],
        goal=URLS[19],
        measure=URLS[24],
        personas=[PersonaPlan(PAYLOADS[7], "en", data={"segment": URLS[1], "quotes": URLS[2:6]})],
        owners=[OwnerPlan("o", URLS[25])],
        stages=[
            StagePlan(f"s{n}", URLS[n], URLS[n + 1], "a", exit_reason=URLS[n]) for n in range(4)
        ],
        lanes=[
            LanePlan("text", URLS[26], "text", hint=URLS[30]),
            LanePlan("touchpoint", URLS[27], "touchpoint"),
            LanePlan("barrier", URLS[28], "barrier"),
            LanePlan("owner", "Owners", "owner"),
        ],
    )
    plan.cards = [
        CardPlan(
            f"c{number}",
            f"s{number % 4}",
            plan.lanes[number % 3].key,
            text,
            owner="o" if number % 3 == 1 else "",
            channel=URLS[number % half] if number % 3 == 1 else "",
            tags=[text[:30]],
        )
        for number, text in enumerate(texts)
    ]
    return create_map(plan, workspace=flowers, by=by_anna)


@pytest.mark.parametrize("url", URLS)
def test_no_address_is_loaded(url):
    with pytest.raises(Forbidden):
        Assets().fetch(url)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_brings_the_engine_to_load_one(page):
    """Were a text ever to become markup, the document fails instead."""
    asked = Counted()
    for url in ("http://127.0.0.1/a", "file:///etc/passwd", "data:text/css,a", "asset:css/../a"):
        html = f"<html><body>{page.format(url)}"
        with suppress(Forbidden):
            HTML(string=html, url_fetcher=asked, base_url=None).write_pdf()
    assert asked.allowed == []


def test_the_counter_does_count():
    asked = Counted()
    CSS(url="asset:css/poster.css", url_fetcher=asked)
    assert asked.allowed == ["asset:css/poster.css"]


class Counted(Assets):
    """Our fetcher, which writes down what it let through."""

    def __init__(self) -> None:
        super().__init__()
        self.allowed: list[str] = []

    def fetch(self, url, headers=None):
        found = super().fetch(url, headers)
        self.allowed.append(url)
        return found


def test_paper_shows_every_word_and_loads_nothing(hostile):
    story = story_of(hostile, timezone.localdate())
    poster = make_document(story, Options()).data
    report = make_document(story, Options(document=REPORT)).data
    make_document(story, Options(document=PERSONA))
    said = squeezed(words(read(poster)))
    for card in hostile.cards.exclude(text__contains="\u202e"):  # is set from right to left
        assert squeezed(card.text) in said, card.text
    for pdf in (poster, report):
        assert not re.search(rb"/(JavaScript|JS|Launch|SubmitForm|EmbeddedFile|URI)\b", pdf)


def test_a_drawing_holds_no_script_and_no_address(hostile):
    tree = ElementTree.fromstring(file_of(hostile, Options(format=SVG)))
    for element in tree.iter():
        tag = element.tag.rpartition("}")[2]
        assert tag not in ("script", "foreignObject", "a", "animate", "set"), tag
        if tag == "style":  # our typeface
            assert re.findall(r"url\(([^,)]*)", element.text or "") == ["data:font/woff2;base64"]
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name.endswith("href"):
                assert value.startswith(("#", "data:image/")), value
    assert file_of(hostile, Options(format=PNG)).startswith(b"\x89PNG")


def test_a_drawing_can_be_read_whatever_is_typed(flowers, by_anna):
    """A hyphen at the end of a line, and signs that XML has no word for."""
    words = "One-two-three-four-five-six-seven-eight-nine-ten " * 6 + "\x01\x0b\ufffe"
    plan = MapPlan("Bell \x07", "en", stages=[StagePlan("s", "S")], lanes=[LanePlan("l", "L")])
    plan.cards = [CardPlan("c", "s", "l", words)]
    data = file_of(create_map(plan, workspace=flowers, by=by_anna), Options(format=SVG))
    said = "".join(ElementTree.fromstring(data).itertext())
    assert squeezed("five-six-seven") in squeezed(said)


def test_a_diagram_keeps_its_lines(hostile):
    plan = plan_of(hostile)
    text = write(plan, "mmd").decode()
    tasks = [line for line in text.splitlines() if line.startswith("      ")]
    assert len(tasks) == sum(card.lane == "text" for card in plan.cards)
    again, remarks = mermaid.parse(text, "Map")
    assert [card.text for card in again.cards if card.lane == again.lanes[0].key]
    assert remarks == []


@pytest.mark.parametrize("title", PAYLOADS[::3])
def test_the_name_of_a_file_is_one_name(title):
    name = file_name(title)
    assert not re.search(r'[\x00-\x1f/\\:*?"<>|]', name)
    assert 5 <= len(name) <= 110 and not name.startswith(".")


def test_a_file_is_sent_under_a_name_and_no_other_header(anna, hostile):
    client = signed_in(anna)
    for format in ("json", "csv", "mmd", "xlsx"):
        answer = client.get(f"/maps/{hostile.pk}/export.{format}")
        said = answer.headers["Content-Disposition"]
        assert said.startswith("attachment") and said.count(";") <= 2, said
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
