"""A line that dies in silence, a hidden tab, a closed lid: nothing is lost, and all is there again
on return. A plain loss of the network is test_network's."""

import asyncio
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from changes.models import Change
from journeys.models import Card
from tests.browser.conftest import Screen
from tests.faults.proxy import in_thread

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.one_engine]

HIDE = """hidden => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def timed(screen_of, anna, bouquet):
    """Anna's screen, whose time can be wound on."""
    screen = screen_of(anna, marked=True)
    screen.page.clock.install()
    screen.open(bouquet)
    return screen


def writes(screen: Screen, place, text: str) -> None:
    screen.click_free_part(*place)
    screen.type(text)
    screen.press("Enter", "Escape")
    screen.all_saved()


def test_a_line_that_died_in_silence_is_noticed(
    timed, boris_screen, bouquet, goals, live_server_url
):
    port = urlsplit(live_server_url).port
    with in_thread(lambda: asyncio.open_connection("127.0.0.1", port)) as (proxy, call):
        timed.url = f"http://127.0.0.1:{proxy.port}"
        timed.open(bouquet)
        timed.click_free_part(*goals)
        timed.type("Ещё не дописано")
        call(proxy.freeze)
        writes(boris_screen, goals, "Пока линия молчала")
        expect(timed.card("Пока линия молчала")).to_have_count(0)
        timed.page.clock.fast_forward("01:00")
        expect(timed.card("Пока линия молчала")).to_be_visible(timeout=15_000)
        expect(timed.editor).to_have_value("Ещё не дописано")
        timed.press("Escape")
        expect(boris_screen.card("Ещё не дописано")).to_have_count(1, timeout=15_000)


def test_a_hidden_tab_gives_its_stream_back_and_catches_up(timed, boris_screen, goals):
    timed.page.evaluate(HIDE, True)
    timed.page.clock.fast_forward("02:00")
    expect(boris_screen.page.locator("#people .avatar")).to_have_count(1, timeout=15_000)
    writes(boris_screen, goals, "Пока вкладка спала")
    expect(timed.card("Пока вкладка спала")).to_have_count(0)
    timed.page.evaluate(HIDE, False)
    expect(timed.card("Пока вкладка спала")).to_be_visible(timeout=10_000)


def test_a_lid_that_was_closed_over_typing_loses_nothing(timed, boris_screen, goals):
    timed.click_free_part(*goals)
    timed.context.set_offline(True)
    timed.type("Перед сном")
    timed.press("Enter")
    timed.type("и ещё")
    writes(boris_screen, goals, "Пока крышка была закрыта")
    timed.page.clock.fast_forward("10:00:00")
    timed.context.set_offline(False)
    expect(timed.card("Пока крышка была закрыта")).to_be_visible(timeout=15_000)
    expect(timed.editor).to_have_value("и ещё")
    timed.press("Escape")
    for text in ("Перед сном", "и ещё"):
        expect(boris_screen.card(text)).to_have_count(1, timeout=15_000)
    timed.all_saved()
    assert Card.living.filter(text__in=["Перед сном", "и ещё"]).count() == 2


def test_an_edit_whose_answer_was_lost_counts_once(anna_screen, boris_screen, goals):
    lost = []

    def lose_the_first(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    anna_screen.page.route("**/cards/**", lose_the_first)
    writes(anna_screen, goals, "Один раз")
    assert lost == [200]
    expect(boris_screen.card("Один раз")).to_have_count(1)
    expect(anna_screen.card("Один раз")).to_have_count(1)
    assert Change.objects.filter(verb="add_card").count() == 1


def test_a_page_whose_first_stream_is_refused_comes_alive(screen_of, anna, boris_screen, goals):
    anna_screen = screen_of(anna)
    journey = goals[0].journey
    anna_screen.page.route("**/stream/**", lambda route: route.abort())
    with anna_screen.page.expect_event("requestfailed"):
        anna_screen.page.goto(f"{anna_screen.url}/maps/{journey.pk}/")
    anna_screen.page.unroute_all()
    writes(boris_screen, goals, "Уже слышно")
    expect(anna_screen.card("Уже слышно")).to_be_visible(timeout=10_000)
