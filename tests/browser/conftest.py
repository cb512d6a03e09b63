"""Two people at one map, each in a browser of their own, on the real server."""

from collections import defaultdict
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from journeys.models import Journey


@dataclass
class Screen:
    """What one person has before them."""

    page: Page
    context: BrowserContext
    url: str

    def open(self, journey: Journey) -> None:
        self.page.goto(f"{self.url}/maps/{journey.pk}/")
        # The stream has said hello: from here on everything arrives by itself.
        expect(self.page.locator("#people .avatar").first).to_be_visible()

    def card(self, text: str) -> Locator:
        return self.page.locator("#board .card", has_text=text)

    def cell(self, stage, lane) -> Locator:
        return self.page.locator(f"#cell-{stage.pk.hex}-{lane.pk.hex}")

    def texts(self, stage, lane) -> list[str]:
        """The cell's cards, read as people read them."""
        cards = self.cell(stage, lane).locator(".card-words").all_inner_texts()
        return [text.replace("\xa0", " ").replace("\xad", "") for text in cards]

    def click_free_part(self, stage, lane) -> None:
        """Below the last card of a cell."""
        cell = self.cell(stage, lane)
        cell.scroll_into_view_if_needed()
        box = cell.bounding_box()
        assert box
        cell.click(position={"x": box["width"] / 2, "y": box["height"] - 3})

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def paste(self, text: str) -> None:
        """As if copied elsewhere: the browser's own clipboard asks for a permission."""
        self.page.evaluate(
            """text => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/plain", text);
              const options = { clipboardData, bubbles: true, cancelable: true };
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
            }""",
            text,
        )

    @staticmethod
    def middle(locator: Locator) -> tuple[float, float]:
        box = locator.bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def slide(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A finger that goes from one point to another."""
        session = self.context.new_cdp_session(self.page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            touched = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})

        touch("touchStart", start)
        for step in range(1, 11):
            (x, y), (to_x, to_y) = start, end
            touch("touchMove", (x + (to_x - x) * step / 10, y + (to_y - y) * step / 10))
        touch("touchEnd")

    @property
    def editor(self) -> Locator:
        return self.page.locator("#editor textarea")

    @property
    def saved(self) -> Locator:
        return self.page.locator("#saved")

    def all_saved(self) -> None:
        expect(self.saved).to_have_attribute("data-state", "saved")


# All that a page may leave behind, but for the hundred files that every page is made of: to fetch
# them again is more than half of what most tests take.
LEFT_BEHIND = "cookies,local_storage,indexeddb,cache_storage,service_workers"


@pytest.fixture(scope="session")
def browsers(browser):
    """`browsers.lend(**options)`: one without a past; `take_back` makes it so again."""
    return Browsers(browser)


class Browsers:
    """Browsers that go from test to test with the files of the product at hand."""

    def __init__(self, browser: Browser):
        self.browser = browser
        self.free: dict[str, list[BrowserContext]] = defaultdict(list)
        self.made_with: dict[BrowserContext, str] = {}

    def lend(self, **options) -> BrowserContext:
        """One as the browser's `new_context(**options)` makes it."""
        waiting = self.free[repr(options)]
        context = waiting.pop() if waiting else self.browser.new_context(**options)
        self.made_with[context] = repr(options)
        return context

    def take_back(self, context: BrowserContext, url: str) -> None:
        """For the next who asks for the same options."""
        for page in context.pages:
            page.close()
        context.set_offline(False)
        context.clear_permissions()
        page = context.new_page()
        context.new_cdp_session(page).send(
            "Storage.clearDataForOrigin", {"origin": url, "storageTypes": LEFT_BEHIND}
        )
        context.clear_cookies()
        page.close()
        self.free[self.made_with[context]].append(context)


@pytest.fixture
def screen_of(browsers, live_server_url):
    """`screen_of(anna)`: her browser, signed in. What a page complains of fails the test.
    `screen_of(anna, marked=True)`: the test does to it what can't be undone."""
    complaints: list[str] = []
    contexts: list[tuple[BrowserContext, bool]] = []

    def complain(message: ConsoleMessage) -> None:
        # A refusal of the server or a dead network is logged by the browser itself.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def sign_in(person, *, marked: bool = False, **options) -> Screen:
        client = Client()
        client.force_login(person)
        options = {"viewport": {"width": 1440, "height": 900}, "locale": "ru-RU"} | options
        context = browsers.lend(**options)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server_url}]
        )
        contexts.append((context, marked))
        page = context.new_page()
        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return Screen(page, context, live_server_url)

    yield sign_in
    for context, marked in contexts:
        if marked:
            context.close()
        else:
            browsers.take_back(context, live_server_url)
    assert complaints == []


@pytest.fixture
def anna_screen(screen_of, anna, bouquet) -> Screen:
    screen = screen_of(anna)
    screen.open(bouquet)
    return screen


@pytest.fixture
def boris_screen(screen_of, boris, bouquet) -> Screen:
    screen = screen_of(boris)
    screen.open(bouquet)
    return screen


@pytest.fixture
def goals(part):
    """Where most is written: the goals of the first stage."""
    return part("awareness"), part("goals")
