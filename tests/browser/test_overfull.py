"""A map with far too much in it stays a map."""

import pytest
from playwright.sync_api import expect

from journeys.edits.maps import create_map
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, OwnerPlan, StagePlan
from journeys.kinds import KINDS

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

STAGES, LANES, CARDS = 60, 24, 3_000
LONG_WORD = "Рентгеноэлектрокардиографический" * 5 + "a" * 20
LONG_NAME = "Очень долгий разговор о том, как называется то, что происходит дальше. " * 4
TEXTS = [
    LONG_WORD,
    "Слово за словом. " * 2_941,  # 50,000 characters
    "👩‍👩‍👧‍👦🎉" * 30,
    "رحلة العميل من أول مرة يسمع فيها عنا إلى أن يعود " * 3,
    "https://example.org/" + "path/" * 40,
    "",
]
# Within these nothing may be wider than its box; `clip` cuts a line on purpose.
BOXES = "#board .card, #board .cell, #board .stage, #board .lane, #board .corner"
WIDER = """boxes => boxes
  .filter(box => box.scrollWidth > box.clientWidth + 1 && box.clientWidth > 0)
  .map(box => `${box.id} ${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)"""


def overfull() -> MapPlan:
    """Every content, every second lane empty in its first half, names as long as they may be."""
    contents = list(KINDS)
    plan = MapPlan(
        title=LONG_NAME[:300],
        stages=[
            StagePlan(
                f"stage-{n}",
                (LONG_NAME if n % 7 == 0 else LONG_WORD if n % 7 == 1 else f"Этап {n}")[:300],
                description=LONG_NAME if n % 5 == 0 else "",
                duration=LONG_WORD[:100] if n % 5 == 1 else "",
            )
            for n in range(STAGES)
        ],
        lanes=[
            LanePlan(
                f"lane-{n}",
                (LONG_NAME if n % 7 == 0 else LONG_WORD if n % 7 == 1 else f"Дорожка {n}")[:300],
                content=contents[n % len(contents)],
                hint=LONG_WORD if n % 5 == 0 else "",
            )
            for n in range(LANES)
        ],
        owners=[OwnerPlan("owner", LONG_NAME[:200])],
    )
    full = [lane for number, lane in enumerate(plan.lanes) if number % 6 != 5]
    for number in range(CARDS):
        lane = full[number % len(full)]
        stage = plan.stages[number // len(full) * 7 % STAGES]
        plan.cards.append(_card(number, stage.key, lane))
    return plan


def _card(number: int, stage: str, lane: LanePlan) -> CardPlan:
    text = TEXTS[number] if number < len(TEXTS) else TEXTS[number % 6] if number % 50 == 0 else ""
    card = CardPlan(
        f"card-{number}", stage, lane.key, (text or f"Карточка {number}")[:50_000], owner="owner"
    )
    if lane.content == "touchpoint":
        card.expectation, card.perception = 1 + number % 10, 1 + number * 7 % 10
        card.moment_of_truth = number % 3 == 0
        card.way_in = number % 4 == 0
    elif lane.content == "emotion":
        card.emotion = number % 11 - 5
    elif lane.content == "barrier":
        card.severity = 1 + number % 5
    elif lane.content == "solution":
        card.effort, card.impact = 1 + number % 5, 1 + number * 3 % 5
    elif lane.content == "task":
        card.due_day = number % 400
    return card


@pytest.fixture
def heap(flowers, by_anna):
    return create_map(overfull(), workspace=flowers, by=by_anna)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_nothing_leaves_its_box(screen_of, anna, heap, width, height, tmp_path):
    screen = screen_of(anna)
    screen.page.set_default_timeout(60_000)
    screen.page.set_viewport_size({"width": width, "height": height})
    screen.page.goto(f"{screen.url}/maps/{heap.pk}/")
    expect(screen.page.locator("#board")).to_be_visible()
    assert screen.page.locator("#board .card").count() == CARDS
    screen.page.screenshot(path=f"/tmp/overfull-{width}.png")
    assert screen.page.locator(BOXES).evaluate_all(WIDER) == []
