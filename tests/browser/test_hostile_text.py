"""Three hundred hostile texts in every field, in a real Chromium: they are words and nothing else.

Whatever runs, breaks the page's policy, or asks another host is caught by the browser itself; at
the end nothing was. The last test shows that the trap does catch what is let in.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from changes.models import Conflict
from journeys import images
from journeys.edits import cards as card_edits
from journeys.edits.images import add_image
from journeys.edits.maps import create_map, plan_of
from journeys.formats import map_json
from journeys.formats.plan import (
    CardPlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    PersonaPlan,
    StagePlan,
)
from journeys.kinds import KINDS
from journeys.models import Card, Journey
from personas.fields import fields
from teams.actors import member
from tests.browser.conftest import Screen
from tests.support import pictures
from tests.support.payloads import LINES, PAYLOADS
from tests.support.people import signed_in
from tests.support.servers import until
from ui.ids import uuid7

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

WATCH = """
window.x = (...all) => caught("a script ran " + all);
window.alert = window.confirm = window.prompt = () => caught("a box was shown");
document.addEventListener("securitypolicyviolation", (event) =>
  caught(`against the policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# As drawn: spaces that were bound and hyphens that were offered are the typography's.
SHOWN = """elements => elements.map(one => one.textContent
  .replaceAll("\\u00a0", " ").replaceAll("\\u00ad", "").replace(/^[ \\n]+|[ \\n]+$/g, ""))"""
SWAP = """async ([text, target]) => {
  await window.htmx.swap({ text, target, swap: "innerHTML", sourceElement: document.body });
}"""


@dataclass
class Trap:
    """A browser that tells what was tried in it."""

    screen: Screen
    caught: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.screen.page

    def go(self, path: str) -> None:
        self.page.goto(f"{self.screen.url}{path}")

    def shown(self, selector: str) -> list[str]:
        return self.page.locator(selector).evaluate_all(SHOWN)


def watched(context: BrowserContext, ours: str) -> list[str]:
    """What is tried in this browser from now on."""
    caught: list[str] = []

    def look(request) -> None:
        if not request.url.startswith((ours, "data:", "blob:", "about:")):
            caught.append(f"asked elsewhere: {request.url}")

    context.expose_binding("caught", lambda _source, what: caught.append(what))
    context.add_init_script(WATCH)
    context.on("request", look)
    return caught


@pytest.fixture
def trap(screen_of, boris) -> Callable[[], Trap]:
    """Set up when the names of people are what they shall be."""

    def set_up() -> Trap:
        screen = screen_of(boris, marked=True)
        return Trap(screen, watched(screen.context, screen.url))

    return set_up


def next_of(size: int = 0) -> Iterator[str]:
    """The payloads one after another, for ever; only those that fit."""
    return cycle([one for one in PAYLOADS if not size or len(one) <= size])


@pytest.fixture
def hostile(flowers, anna, by_anna) -> Journey:
    """A map in which every text that a form takes is a payload; the cards take all of them."""
    texts, short, tags = next_of(), next_of(60), next_of(30)
    plan = MapPlan(
        title=next(texts),
        language="en",
        summary=next(texts),
        goal=next(texts),
        measure=next(texts),
        notes=[next(texts)],
        personas=[
            PersonaPlan(
                next_text,
                "en",
                data={
                    one.key: [next(texts), next(texts)] if one.multiple else next(texts)
                    for one in fields()
                    if one.key != "name"
                },
            )
            for next_text in islice(next_of(100), 3)
        ],
        owners=[OwnerPlan(f"o{number}", next(texts)) for number in range(40)],
        stages=[
            StagePlan(
                f"s{number}",
                next(texts),
                next(texts),
                next(short),
                weight=5,
                loop_name=next(texts),
                loop_to="s0" if number else "",
                exit_reason=next(texts),
            )
            for number in range(6)
        ],
        lanes=[
            *(
                LanePlan(content, next(texts), content, hint=next(texts))
                for content in KINDS
                if content != "question"
            ),
            LanePlan("question", next(texts), "text", "questions", next(texts)),
        ],
        metrics=[
            MetricPlan(f"m{number}", next(texts), "s0", unit=next(short)) for number in range(6)
        ],
    )
    for number, text in enumerate(PAYLOADS):
        lane = plan.lanes[number % len(plan.lanes)]
        plan.cards.append(
            CardPlan(
                f"c{number}",
                f"s{number % 6}",
                lane.key,
                text,
                tags=[next(tags), f"{next(tags)}{number % 10}"],
                channel=next(short) if lane.content == "touchpoint" else "",
                answer=next(texts) if lane.key == "question" else "",
                source=next(short) if lane.content == "barrier" else "",
                owner=f"o{number % 40}" if lane.content in ("touchpoint", "owner") else "",
                metric=f"m{number % 6}" if lane.content == "metric" else "",
            )
        )
    journey = create_map(plan, workspace=flowers, by=by_anna)
    for card in Card.objects.filter(journey=journey, lane__content="text")[:8]:
        image = images.Image.objects.create(**images.store(journey, images.encode(pictures.file())))
        add_image(journey.pk, card.pk, image=image.pk, by=by_anna)
        client = signed_in(anna)
        path = f"/maps/{journey.pk}/cards/{card.pk}/images/{image.pk}/describe/"
        assert client.post(path, {"alt": next(texts)}).status_code == 200
    return journey


def test_what_is_typed_arrives_on_other_screens_as_typed(trap, anna, flowers, by_anna):
    """By the stream, letter by letter; then after a reload."""
    plan = MapPlan("Map", "en", stages=[StagePlan("s", "Stage")], lanes=[LanePlan("l", "Lane")])
    journey = create_map(plan, workspace=flowers, by=by_anna)
    trap = trap()
    trap.screen.open(journey)
    stage, lane = journey.stages.get(), journey.lanes.get()
    client = signed_in(anna)
    wanted: list[str] = []
    for first in range(0, len(PAYLOADS), 100):
        lines = PAYLOADS[first : first + 100]
        ids = [str(uuid7()) for _line in lines]
        fields = {"stage": stage.pk, "lane": lane.pk, "id": ids, "lines": lines}
        assert client.post(f"/maps/{journey.pk}/cards/", fields).status_code == 200
        wanted += [line.strip(" ") for line in lines]
    words = "#board .card .card-words"
    expect(trap.page.locator(words)).to_have_count(len(wanted), timeout=20_000)
    assert trap.shown(words) == wanted
    trap.page.reload()
    assert trap.shown(words) == wanted
    for text in LINES:
        fields = {"stage": stage.pk, "lane": lane.pk, "id": uuid7(), "text": text}
        assert client.post(f"/maps/{journey.pk}/cards/", fields).status_code == 200
    expect(trap.page.locator(words)).to_have_count(len(wanted) + len(LINES), timeout=20_000)
    kept = list(Card.objects.filter(journey=journey).values_list("text", flat=True))
    assert kept == [*PAYLOADS, *(text.replace("\r\n", "\n") for text in LINES)]
    assert trap.caught == []


def test_every_sink_shows_words(trap, hostile, anna, boris, flowers, by_anna):
    for person, name in ((anna, "<img src=x onerror=x()>"), (boris, '"><svg/onload=x()>')):
        person.name = name
        person.save()
    flowers.name = "</title><script>x()</script>"
    flowers.save()
    by_anna = member(anna)
    card = Card.objects.filter(journey=hostile, lane__content="text").first()
    Conflict.objects.create(
        document=hostile,
        target=f"card:{card.pk.hex}",
        field="text",
        base="<b>",
        mine=PAYLOADS[0],
        theirs=PAYLOADS[7],
        by=member(boris).key,
        by_name=boris.name,
        theirs_name=anna.name,
    )
    gone = Card.objects.filter(journey=hostile, lane__content="barrier").first()
    card_edits.delete_card(hostile.pk, gone.pk, by=by_anna)
    deleted = create_map(MapPlan(PAYLOADS[8]), workspace=flowers, by=by_anna)
    signed_in(anna).post(f"/maps/{deleted.pk}/delete/")
    trap = trap()
    trap.screen.open(hostile)
    assert trap.page.title().strip() == hostile.title.strip()
    shown = {*trap.shown("#board .card .card-words")}
    assert {one.strip(" ") for one in PAYLOADS if one != gone.text} <= shown
    _use_the_map(trap)
    _swap_the_fragments(trap, hostile, anna)
    here, persona = f"/maps/{hostile.pk}", hostile.personas.first()
    for path in (
        f"{here}/history/",
        "/w/flowers/",
        "/w/flowers/?find=" + quote(PAYLOADS[7]),
        "/w/flowers/bin/",
        "/w/flowers/team/",
        "/w/flowers/new/",
        "/w/flowers/" + quote("<img src=x onerror=x()>"),
        "/account/",
        f"/personas/{persona.pk}/",
        f"/personas/{persona.pk}/?edit",
    ):
        trap.go(path)
    trap.go(f"/personas/{persona.pk}/")
    trap.page.locator("form[data-confirm] button").click()
    expect(trap.page.locator("dialog[open]")).to_contain_text(persona.name.strip())
    _import(trap, hostile)
    trap.screen.context.clear_cookies()
    for payload in PAYLOADS[::20]:
        trap.go("/sign-in/?next=" + quote(payload))
    assert trap.caught == []


def _use_the_map(trap: Trap) -> None:
    """What scripts draw from the texts of the board."""
    page = trap.page
    trap.screen.press("Control+k")
    trap.screen.type("x()")
    expect(page.locator("#palette a[role=option]").first).to_be_visible()
    page.evaluate("document.getElementById('palette').close()")
    page.locator("#board .card").first.focus()
    trap.screen.press("/")
    expect(page.locator("#find input")).to_be_focused()
    trap.screen.type("<img src")
    expect(page.locator("#find [data-count]")).not_to_be_empty()
    trap.screen.press("Escape")
    page.locator("[data-filter-opener]:visible").first.click()
    expect(page.locator("#filter-menu [data-name]").first).to_be_visible()
    trap.screen.press("Escape")
    page.locator("#board .two-versions").first.dispatch_event("click")
    expect(page.locator("#versions")).to_contain_text("<script>")
    trap.screen.press("Escape")
    card = page.locator("#board .card-touchpoint").first
    card.focus()
    trap.screen.press("Enter")
    expect(trap.screen.editor).to_be_visible()
    trap.screen.type(" <b")
    trap.screen.press("Escape")


def _swap_the_fragments(trap: Trap, journey: Journey, anna) -> None:
    """Every fragment that the map's page fetches, put into it as it does it."""
    client = signed_in(anna)
    here = f"/maps/{journey.pk}"
    paths = [f"{here}/{name}/" for name in ("history", "bin", "owners", "board", "pdf")]
    paths += [f"/w/flowers/search/?find={quote(one[:20])}" for one in PAYLOADS[::40]]
    cards = list(Card.objects.filter(journey=journey))[::6]
    paths += [f"{here}/cards/{card.pk}/" for card in cards]
    paths += [f"{here}/cards/{card.pk}/history/" for card in cards[::8]]
    trap.page.evaluate(
        "document.body.append(Object.assign(document.createElement('div'), {id: 'probe'}))"
    )
    for path in paths:
        answer = client.get(path, headers={"HX-Request": "true"})
        assert answer.status_code == 200, path
        trap.page.evaluate(SWAP, [answer.text, "#probe"])
        if path.endswith(f"{cards[0].pk}/"):
            value = trap.page.locator("#probe textarea").first.input_value()
            assert value == cards[0].text


def _import(trap: Trap, journey: Journey) -> None:
    """A file whose texts are hostile, whose name is, and which was understood only in part."""
    plan = map_json.dump(plan_of(journey))
    plan["unknown <img src=x onerror=x()>"] = PAYLOADS[3]
    plan["cards"][0]["severity"] = "<svg onload=x()>"
    trap.go("/w/flowers/import/")
    trap.page.locator("input[type=file]").set_input_files(
        {
            "name": "<img src=x onerror=x()>.json",
            "mimeType": "application/json",
            "buffer": json.dumps(plan).encode(),
        }
    )
    trap.page.locator("main form button.button-primary").click()
    trap.page.wait_for_load_state()


def test_the_trap_catches_what_is_let_in(browser, live_server_url):
    """The same texts as HTML: the policy stops most, and each try is told."""
    context = browser.new_context()
    caught = watched(context, live_server_url)
    page = context.new_page()
    page.goto(f"{live_server_url}/sign-in/")
    live = [one for one in PAYLOADS if one.startswith("<") and "evil.example" in one]
    live = [one for one in live if not any(away in one for away in ("<meta", "<form", "<base"))]
    for payload in live:
        page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", payload)
    page.evaluate("x(1)")
    until(lambda: "a script ran 1" in caught)
    assert len(caught) > len(live) / 2
    context.close()
