"""Anna fills a map by typing."""

import pytest
from playwright.sync_api import expect

from journeys.models import Card

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def test_boris_sees_what_anna_types(anna_screen, boris_screen, goals):
    anna_screen.click_free_part(*goals)
    anna_screen.type("Купить до вечера")
    anna_screen.press("Enter", "Escape")
    expect(boris_screen.card("Купить до вечера")).to_be_visible()
    anna_screen.all_saved()


def test_enter_makes_the_next_card_and_escape_leaves(anna_screen, goals):
    before = anna_screen.texts(*goals)
    anna_screen.click_free_part(*goals)
    for text in ("Первое", "Второе"):
        anna_screen.type(text)
        anna_screen.press("Enter")
    anna_screen.press("Escape")
    expect(anna_screen.editor).to_be_hidden()
    anna_screen.all_saved()
    assert anna_screen.texts(*goals) == [*before, "Первое", "Второе"]
    assert Card.living.filter(text__in=["Первое", "Второе"]).count() == 2


def test_an_empty_new_card_vanishes(anna_screen, goals):
    count = Card.objects.count()
    anna_screen.click_free_part(*goals)
    anna_screen.press("Escape")
    anna_screen.all_saved()
    assert Card.objects.count() == count


def test_shift_enter_breaks_the_line(anna_screen, goals):
    anna_screen.click_free_part(*goals)
    anna_screen.type("Раз")
    anna_screen.press("Shift+Enter")
    anna_screen.type("два")
    anna_screen.press("Enter", "Escape")
    anna_screen.all_saved()
    assert Card.living.filter(text="Раз\nдва").exists()


def test_a_click_on_words_edits_them(anna_screen, boris_screen, part):
    card = part("goa-01")
    anna_screen.page.locator(f"#card-{card.pk.hex} > p").click()
    anna_screen.press("End")
    anna_screen.type(" жены")
    anna_screen.press("Escape")
    expect(boris_screen.card("рождения жены")).to_be_visible()


def test_a_rest_of_a_second_saves_what_is_typed(anna_screen, boris_screen, goals):
    anna_screen.click_free_part(*goals)
    anna_screen.type("Ещё пишу")
    expect(boris_screen.card("Ещё пишу")).to_be_visible()
    expect(anna_screen.editor).to_be_visible()


def test_pasted_lines_become_cards(anna_screen, boris_screen, goals):
    before = anna_screen.texts(*goals)
    anna_screen.click_free_part(*goals)
    anna_screen.paste("• Раз\n2. Два\n— Три\n\n4) Четыре 5")
    expect(boris_screen.card("Четыре 5")).to_be_visible()
    anna_screen.press("Escape")
    assert boris_screen.texts(*goals) == [*before, "Раз", "Два", "Три", "Четыре 5"]
    anna_screen.press("Control+z")
    expect(boris_screen.card("Четыре 5")).to_have_count(0)
    assert boris_screen.texts(*goals) == before


def test_ctrl_z_right_after_pasting_takes_it_back(anna_screen, boris_screen, goals):
    """The editor of the next card is open and empty: there is nothing else to undo in it."""
    before = anna_screen.texts(*goals)
    anna_screen.cell(*goals).locator(".card").first.focus()
    anna_screen.paste("1. Раз\n2. Два\n3. Три")
    expect(anna_screen.editor).to_be_focused()
    expect(boris_screen.card("Три")).to_be_visible()
    anna_screen.press("Control+z")
    expect(boris_screen.card("Три")).to_have_count(0)
    expect(anna_screen.editor).to_be_hidden()
    assert boris_screen.texts(*goals) == before


def test_the_catalogue_offers_touchpoints(anna_screen, part):
    anna_screen.click_free_part(part("awareness"), part("touchpoints"))
    anna_screen.type("рассыл")
    option = anna_screen.page.locator("#suggestions li").first
    name = option.inner_text()
    anna_screen.press("ArrowDown", "Enter", "Escape")
    anna_screen.all_saved()
    card = Card.living.get(text=name)
    assert card.catalogue_key
    assert card.channel


def test_the_whole_catalogue_is_a_checklist(anna_screen, part):
    def offer(name):
        return anna_screen.page.get_by_role("dialog").get_by_role("button", name=name)

    def open_catalogue(stage):
        anna_screen.click_free_part(part(stage), part("touchpoints"))
        anna_screen.page.locator("#suggestions li").click()

    open_catalogue("awareness")
    anna_screen.page.get_by_role("searchbox", name="Найти точку контакта").fill("офис")
    expect(anna_screen.page.locator("#all-touchpoints section:visible")).to_have_count(1)
    offer("Офис: парковка").click()
    offer("Офис: вывеска").click()
    anna_screen.press("Escape")
    anna_screen.all_saved()
    assert anna_screen.texts(part("awareness"), part("touchpoints"))[-2:] == [
        "Офис: парковка",
        "Офис: вывеска",
    ]
    open_catalogue("contract")
    expect(offer("Офис: парковка")).to_have_attribute("aria-description", "Уже на карте")
    expect(offer("Офис: приветствие")).not_to_have_attribute("data-ui-used", "")


def test_tab_goes_on_from_a_new_barrier_to_its_severity(anna_screen, boris_screen, part):
    anna_screen.click_free_part(part("awareness"), part("barriers"))
    anna_screen.type("Нет телефона на сайте")
    anna_screen.press("Tab")
    expect(anna_screen.page.locator("#details [data-field=severity]").first).to_be_focused()
    anna_screen.press("ArrowRight", "ArrowRight")
    expect(boris_screen.card("Нет телефона")).to_have_attribute("data-severity", "3")
