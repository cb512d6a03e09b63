"""What is said of the map as a whole, and what is added to it: stages and lanes."""

import re

import pytest
from playwright.sync_api import expect

from personas import edits as persona_edits

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def choose_in_map_menu(screen, dialog: str) -> None:
    screen.page.locator("[popovertarget=map-menu]").click()
    screen.page.locator(f"#map-menu [data-open-dialog={dialog}]").click()
    expect(screen.page.locator(f"#{dialog}")).to_be_visible()


def test_the_title_is_edited_in_place(anna_screen, boris_screen):
    anna_screen.page.locator("#map-title").click()
    anna_screen.type("Букет за один вечер")
    anna_screen.press("Enter")
    for screen in (anna_screen, boris_screen):
        expect(screen.page.locator("#map-title")).to_have_text("Букет за\xa0один вечер")
        expect(screen.page).to_have_title("Букет за один вечер")
    expect(anna_screen.page.locator("#map-head")).to_be_focused()


def test_the_aim_of_two_people_is_not_written_over(anna_screen, boris_screen, bouquet):
    for screen, field, words in (
        (anna_screen, "#map-goal", "Больше повторных заказов"),
        (boris_screen, "#map-measure", "Доля повторных за год"),
    ):
        choose_in_map_menu(screen, "aim")
        expect(screen.page.locator("#map-goal")).to_have_value(bouquet.goal)
        screen.page.locator(field).fill(words)
        screen.page.locator("#aim .button-primary").click()
        screen.all_saved()
        bouquet.refresh_from_db()
        expect(boris_screen.page.locator("#map-head")).to_have_attribute("data-goal", bouquet.goal)
    assert bouquet.goal == "Больше повторных заказов"
    assert bouquet.measure == "Доля повторных за год"


def test_what_was_cancelled_is_forgotten(anna_screen, bouquet):
    choose_in_map_menu(anna_screen, "aim")
    anna_screen.page.locator("#map-goal").fill("Раздумали")
    anna_screen.page.locator("#aim .dialog-foot [data-close-dialog]").click()
    choose_in_map_menu(anna_screen, "aim")
    expect(anna_screen.page.locator("#map-goal")).to_have_value(bouquet.goal)


def test_personas_are_chosen_for_all_screens(anna_screen, boris_screen, flowers, bouquet, by_anna):
    persona_edits.add_persona(flowers, name="Марина", language="ru", data={}, by=by_anna)
    anna_screen.open(bouquet)
    choose_in_map_menu(anna_screen, "personas")
    anna_screen.page.get_by_role("checkbox", name="Марина").check()
    anna_screen.page.locator("#personas .button-primary").click()
    for screen in (anna_screen, boris_screen):
        expect(screen.page.locator(".map-persona")).to_contain_text(["Василий", "Марина"])


def test_a_lane_of_ones_own(anna_screen, boris_screen):
    anna_screen.page.locator("main > .add-lane").click()
    dialog = anna_screen.page.locator("#add-lane")
    dialog.get_by_label("Название").fill("Что видит курьер")
    dialog.get_by_label("Подсказка").fill("Глазами доставки")
    dialog.locator("[name=content]").select_option("touchpoint")
    dialog.get_by_role("button", name="Добавить", exact=True).click()
    lane = anna_screen.page.locator("#board [role=rowheader]").last
    expect(lane).to_contain_text("Что видит курьер")
    expect(lane).to_be_focused()
    expect(lane).to_be_in_viewport()
    theirs = boris_screen.page.locator("#board .lane-row").last
    expect(theirs).to_contain_text("Глазами доставки")
    expect(theirs).to_have_attribute("data-content", "touchpoint")


def test_a_stage_is_added_behind_the_last_by_keyboard(anna_screen, boris_screen):
    add = anna_screen.page.locator("main > .add-stage")
    add.focus()
    expect(add).to_be_in_viewport()
    anna_screen.press("Enter")
    expect(anna_screen.page.locator("#stage-form [name=name]")).to_be_focused()
    anna_screen.type("Повторный заказ")
    anna_screen.press("Enter")
    stages = boris_screen.page.locator("#board [role=columnheader][data-id]")
    expect(stages).to_have_count(8)
    expect(stages.last).to_contain_text("Повторный заказ")


def test_who_only_reads_is_offered_nothing_to_add(screen_of, vera, bouquet):
    screen = screen_of(vera)
    screen.open(bouquet)
    buttons = screen.page.locator("#main button:visible").all()
    acts = [button.get_attribute("data-menu") for button in buttons]
    assert acts == ["layers-menu", "zoom-menu"]
    screen.page.locator("#board .card").first.click()
    expect(screen.page.locator("#details")).to_contain_text(re.compile("Успеть с.подарком"))


def test_the_menu_of_the_map_is_walked_with_the_keyboard(anna_screen):
    page = anna_screen.page
    page.locator("[popovertarget=map-menu]").press("Enter")
    further = page.locator("#map-menu [popovertarget=map-take]")
    further.focus()
    anna_screen.press("ArrowRight")
    expect(page.locator("#map-take .menu-item").first).to_be_focused()
    anna_screen.press("ArrowDown", "ArrowLeft")
    expect(page.locator("#map-take")).to_be_hidden()
    expect(further).to_be_focused()
    anna_screen.press("ArrowRight")
    page.locator("#map-take [data-act=copy-text]").press("Enter")
    expect(page.locator("#map-menu")).to_be_hidden()
