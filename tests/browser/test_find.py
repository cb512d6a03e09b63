"""Finding: in the map with `/`, across the workspace with Ctrl+K, by the address of a card."""

import re

import pytest
from playwright.sync_api import expect

from journeys.edits.maps import new_map

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def test_slash_finds_enter_goes_on_and_escape_stands_on_the_card(anna_screen):
    anna_screen.press("/")
    anna_screen.type("КУРЬЕР")
    count = anna_screen.page.locator("#find [data-count]")
    expect(count).to_have_text("1 из 2")
    anna_screen.press("Enter")
    expect(count).to_have_text("2 из 2")
    anna_screen.press("Escape")
    expect(anna_screen.page.locator("#board .card:focus")).to_contain_text("Курьер")


def test_the_lane_is_found_by_another_name(anna_screen):
    anna_screen.press("/")
    anna_screen.type("боли")
    expect(anna_screen.page.locator("#find [data-count]")).to_have_text("1 из 1")


def test_the_palette_finds_a_card_and_leads_to_it(anna_screen):
    anna_screen.press("Control+k")
    anna_screen.type("sms со статусом")
    expect(anna_screen.page.locator("#palette a[role=option]").first).to_be_visible()
    anna_screen.press("Enter")
    expect(anna_screen.page.locator("#board .card:focus")).to_contain_text("SMS")


def test_the_palette_does_what_the_menus_do(anna_screen):
    anna_screen.press("Control+k")
    anna_screen.type("цель, критерий")
    anna_screen.press("Enter")
    expect(anna_screen.page.locator("#aim")).to_be_visible()


def test_the_home_narrows_while_one_types(anna_screen, flowers, by_anna):
    for number in range(7):
        new_map(title=f"Карта {number}", language="ru", workspace=flowers, by=by_anna)
    page = anna_screen.page
    page.goto(f"{anna_screen.url}/w/flowers/")
    page.get_by_role("searchbox", name=re.compile("Найти карту")).fill("карта 5")
    expect(page.locator("#tiles > .map-tile")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("Найдена 1 карта")
