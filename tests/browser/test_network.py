"""The network goes, the server restarts: nothing is lost, and all heals by itself."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from journeys.models import Card

pytestmark = pytest.mark.browser


def test_edits_wait_for_the_network(anna_screen, boris_screen, goals):
    anna_screen.context.set_offline(True)
    anna_screen.click_free_part(*goals)
    for text in ("Без сети раз", "Без сети два"):
        anna_screen.type(text)
        anna_screen.press("Enter")
    anna_screen.press("Escape")
    expect(anna_screen.card("Без сети два")).to_be_visible()
    expect(anna_screen.saved).to_have_attribute("data-state", "offline")
    expect(anna_screen.saved).to_contain_text("2")
    anna_screen.context.set_offline(False)
    expect(boris_screen.card("Без сети раз")).to_be_visible()
    expect(boris_screen.card("Без сети два")).to_be_visible()
    anna_screen.all_saved()
    assert Card.living.filter(text__startswith="Без сети").count() == 2


def test_what_others_did_meanwhile_arrives_on_return(anna_screen, boris_screen, goals):
    anna_screen.context.set_offline(True)
    boris_screen.click_free_part(*goals)
    boris_screen.type("Пока Анны не было")
    boris_screen.press("Enter", "Escape")
    boris_screen.all_saved()
    anna_screen.context.set_offline(False)
    expect(anna_screen.card("Пока Анны не было")).to_be_visible(timeout=10_000)


def test_the_queue_survives_a_closed_tab(anna_screen, boris_screen, bouquet, goals):
    def refuse(route):
        route.abort() if route.request.method == "POST" else route.continue_()

    anna_screen.page.route("**/*", refuse)
    anna_screen.click_free_part(*goals)
    anna_screen.type("Закрытая вкладка")
    anna_screen.press("Enter", "Escape")
    expect(anna_screen.saved).to_have_attribute("data-state", "offline")
    anna_screen.page.close()
    anna_screen.page = anna_screen.context.new_page()
    anna_screen.open(bouquet)
    expect(boris_screen.card("Закрытая вкладка")).to_be_visible(timeout=10_000)


def test_refused_words_are_kept_in_a_list(anna_screen, goals):
    stage, lane = goals
    anna_screen.context.set_offline(True)
    anna_screen.click_free_part(stage, lane)
    anna_screen.type("Куда теперь")
    anna_screen.press("Enter", "Escape")
    stage.deleted_at, stage.deleted_by = stage.journey.created_at, "member:2"
    stage.save()
    anna_screen.context.set_offline(False)
    expect(anna_screen.saved).to_have_attribute("data-state", "refused", timeout=10_000)
    anna_screen.saved.click()
    listed = anna_screen.page.locator("#waiting-list [data-refused]")
    expect(listed).to_contain_text("Куда теперь")
    listed.locator("[data-act=forget-words]").click()
    anna_screen.all_saved()


def test_signed_out_keeps_the_words(anna_screen, goals):
    anna_screen.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    anna_screen.click_free_part(*goals)
    anna_screen.type("После выхода")
    anna_screen.press("Enter", "Escape")
    expect(anna_screen.saved).to_have_attribute("data-state", "signed-out")
    kept = anna_screen.page.evaluate("JSON.stringify({...localStorage})")
    assert "После выхода" in kept
