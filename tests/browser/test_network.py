"""The network goes, the server restarts: nothing is lost, and all heals by itself."""

import dataclasses
import sys

import pytest
from django.conf import settings
from playwright.sync_api import expect

from changes.models import Change, Document, Frame
from journeys.models import Card
from tests.browser.conftest import Screen
from ui.ids import uuid7

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


def test_two_tabs_of_one_person_send_one_queue(anna_screen, boris_screen, bouquet, goals):
    """Both were offline and both wrote: all arrives once, in the order it was written."""
    second = Screen(anna_screen.context.new_page(), anna_screen.context, anna_screen.url)
    second.open(bouquet)
    before = boris_screen.texts(*goals)
    anna_screen.context.set_offline(True)
    written = []
    for number, tab in enumerate((anna_screen, second, anna_screen, second), 1):
        tab.page.bring_to_front()
        tab.click_free_part(*goals)
        tab.type(f"Вкладка {number}")
        tab.press("Enter", "Escape")
        written.append(f"Вкладка {number}")
    for tab in (anna_screen, second):
        expect(tab.saved).to_contain_text("4")
    anna_screen.context.set_offline(False)
    for screen in (boris_screen, anna_screen, second):
        for text in written:
            expect(screen.card(text)).to_have_count(1, timeout=10_000)
    for tab in (anna_screen, second):
        expect(tab.saved).to_have_attribute("data-state", "saved", timeout=10_000)
    assert boris_screen.texts(*goals) == [*before, *written]


def test_a_full_browser_keeps_the_words_in_the_page(anna_screen, boris_screen, goals):
    """And asks before the page is closed with them."""
    page = anna_screen.page
    page.evaluate(
        """() => {
          for (let size = 2 ** 22; size >= 1; size /= 2) {
            try {
              for (;;) localStorage.setItem(`filler-${Math.random()}`, "x".repeat(size));
            } catch {}
          }
        }"""
    )
    anna_screen.context.set_offline(True)
    anna_screen.click_free_part(*goals)
    anna_screen.type("Места нет")
    anna_screen.press("Enter", "Escape")
    expect(anna_screen.card("Места нет")).to_be_visible()
    anna_screen.saved.click()
    expect(page.locator("#waiting-list [data-unkept]")).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    anna_screen.context.set_offline(False)
    expect(boris_screen.card("Места нет")).to_be_visible(timeout=10_000)
    anna_screen.all_saved()


def test_a_restored_backup_starts_the_numbers_over(anna_screen, bouquet, goals):
    """Another epoch: the screen forgets its number, and shows what the server has now."""
    copied = bouquet.seq
    anna_screen.click_free_part(*goals)
    anna_screen.type("После копии")
    anna_screen.press("Enter", "Escape")
    anna_screen.all_saved()
    for later in (Change, Frame):
        later.objects.filter(document=bouquet, seq__gt=copied).delete()
    Card.objects.filter(text="После копии").delete()
    Document.objects.filter(pk=bouquet.pk).update(epoch=uuid7(), seq=copied)
    anna_screen.page.evaluate("dispatchEvent(new Event('offline'))")  # it connects anew
    expect(anna_screen.card("После копии")).to_have_count(0, timeout=10_000)
    anna_screen.click_free_part(*goals)
    anna_screen.type("И дальше")
    anna_screen.press("Enter", "Escape")
    expect(anna_screen.card("И дальше")).to_have_attribute("data-v", str(copied + 1))


def test_a_new_build_is_offered_once_nobody_writes(anna_screen, bouquet, goals, monkeypatch):
    asgi = sys.modules["cjm.asgi"]
    source = dataclasses.replace(asgi.stream.hub.source, build="another")
    monkeypatch.setattr(asgi.stream.hub, "source", source)
    anna_screen.click_free_part(*goals)
    anna_screen.type("Пишу")
    anna_screen.context.set_offline(True)
    expect(anna_screen.saved).to_have_attribute("data-state", "offline", timeout=10_000)
    anna_screen.context.set_offline(False)
    anna_screen.all_saved()
    offer = anna_screen.page.locator("#toasts .toast", has_text="новая версия")
    expect(anna_screen.saved).to_have_attribute("data-state", "saved", timeout=10_000)
    expect(offer).to_have_count(0)
    anna_screen.press("Escape")
    expect(offer).to_be_visible()
    offer.get_by_role("button").click()
    expect(anna_screen.card("Пишу")).to_be_visible()
