"""Steps, loops and personas, as people use them."""

import pytest
from playwright.sync_api import expect

from journeys.edits import cards, steps
from journeys.edits import journeys as maps
from journeys.models import Stage
from personas.edits import add_persona
from ui.ids import uuid7

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def header(screen, stage):
    return screen.page.locator(f"#stage-{stage.pk.hex}")


@pytest.fixture
def choice(bouquet, part, by_anna):
    """The second stage with its two steps."""
    stage = part("company_choice")
    named = [(uuid7(), "Отзывы"), (uuid7(), "Звонок")]
    steps.divide(bouquet.pk, stage.pk, steps=named, by=by_anna)
    return stage, *Stage.living.filter(parent=stage)


@pytest.fixture
def olga(bouquet, part, by_anna):
    """The map's second persona; the first goal is Vasily's, the first action hers."""
    olga = add_persona(bouquet.workspace, name="Ольга", language="ru", by=by_anna)
    vasily = bouquet.personas.get()
    maps.set_personas(bouquet.pk, [vasily.pk, olga.pk], by=by_anna)
    for key, persona in (("goa-01", vasily), ("act-01", olga)):
        cards.edit_card(bouquet.pk, part(key).pk, fields={"persona": persona.pk}, by=by_anna)
    return olga


def test_a_stage_is_divided_and_whole_again_by_keyboard(anna_screen, boris_screen, part):
    stage, card = part("company_choice"), part("goa-02")
    mine = header(anna_screen, stage)
    mine.focus()
    anna_screen.press("Shift+F10")
    expect(anna_screen.page.locator("#stage-menu")).to_be_visible()
    anna_screen.page.locator("#stage-menu [data-act=add-step]").focus()
    anna_screen.press("Enter")
    expect(anna_screen.page.locator("#stage-form [name=name]")).to_be_focused()
    anna_screen.type("Отзывы")
    anna_screen.press("Enter")
    theirs = boris_screen.page.locator(f"#board [data-parent='{stage.pk}']")
    expect(theirs).to_have_count(2)
    expect(theirs.first).to_contain_text("Отзывы")
    expect(header(boris_screen, stage)).to_have_attribute("aria-colspan", "2")
    first = theirs.first.get_attribute("data-id")
    home = boris_screen.page.locator(f"[data-stage='{first}'] #card-{card.pk.hex}")
    expect(home).to_be_visible()
    anna_screen.all_saved()
    anna_screen.press("Control+z", "Control+z")
    expect(theirs).to_have_count(0)
    expect(boris_screen.cell(stage, part("goals")).locator(f"#card-{card.pk.hex}")).to_be_visible()


def test_the_keyboard_walks_between_stage_step_and_cell(anna_screen, part, choice):
    stage, first, second = choice
    header(anna_screen, second).focus()
    anna_screen.press("ArrowUp")
    expect(header(anna_screen, stage)).to_be_focused()
    anna_screen.press("ArrowDown")
    expect(header(anna_screen, first)).to_be_focused()
    anna_screen.press("ArrowRight", "ArrowDown")
    expect(anna_screen.cell(second, part("goals"))).to_be_focused()


def test_a_step_is_moved_by_keyboard(anna_screen, boris_screen, choice):
    _stage, first, second = choice
    header(anna_screen, second).focus()
    anna_screen.press("Alt+ArrowLeft")
    their = boris_screen.page.locator("#board .stage-step")
    expect(their.first).to_have_id(f"stage-{second.pk.hex}")
    expect(their.last).to_have_id(f"stage-{first.pk.hex}")


def test_one_step_at_a_time_on_a_phone(anna_screen, choice):
    stage, first, _second = choice
    anna_screen.page.set_viewport_size({"width": 390, "height": 844})
    anna_screen.page.evaluate("document.getElementById('map').dataset.uiStage = 2")
    shown = header(anna_screen, first)
    expect(shown).to_be_visible()
    expect(shown.locator(".stage-of")).to_contain_text("Выбор")
    expect(header(anna_screen, stage)).to_be_hidden()


def test_a_loop_is_drawn_for_everybody(anna_screen, boris_screen, part):
    start, end = part("delivery"), part("awareness")
    header(anna_screen, start).focus()
    anna_screen.press("Shift+F10")
    anna_screen.page.locator("#stage-menu [data-act=stage-loop]").click()
    form = anna_screen.page.locator("#stage-more")
    expect(form.locator("[name=loop_to]")).to_be_focused()
    expect(form.locator("[name=loop_to] option")).to_have_count(6)  # five earlier ones, and none
    form.locator("[name=loop_to]").select_option(str(end.pk))
    form.locator("[name=loop_name]").fill("Петля лояльности")
    anna_screen.press("Enter")
    expect(boris_screen.page.locator(".loop-name")).to_have_text("Петля лояльности")
    expect(header(boris_screen, start)).to_contain_text("Поиск")


def test_one_persona_is_looked_at_and_remembered(anna_screen, bouquet, part, olga):
    anna_screen.page.reload()
    page = anna_screen.page
    his, hers = (page.locator(f"#card-{part(key).pk.hex}") for key in ("goa-01", "act-01"))
    chip = page.locator(f"[data-filter-persona='{olga.pk}']")
    chip.click()
    expect(his).to_have_attribute("data-ui-dimmed", "")
    expect(hers).not_to_have_attribute("data-ui-dimmed", "")
    expect(page.locator("#spoken")).to_contain_text("Показано")
    page.reload()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(his).to_have_attribute("data-ui-dimmed", "")
    chip.click()
    expect(his).not_to_have_attribute("data-ui-dimmed", "")


def test_a_persona_is_looked_at_on_a_phone(anna_screen, part, olga):
    page = anna_screen.page
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.locator("[popovertarget=map-menu]").click()
    page.locator("#map-menu [data-filter-opener]").click()
    page.locator("#filter-menu [data-filter=persona]", has_text="Ольга").click()
    his, hers = (page.locator(f"#card-{part(key).pk.hex}") for key in ("goa-01", "act-01"))
    expect(his).to_have_attribute("data-ui-dimmed", "")
    expect(hers).not_to_have_attribute("data-ui-dimmed", "")
    page.keyboard.press("Escape")
    page.locator(".header [data-filter-opener]").click()
    page.locator("[data-filter-none]").click()
    expect(his).not_to_have_attribute("data-ui-dimmed", "")


def test_personas_come_and_go_without_a_reload(anna_screen, boris_screen, bouquet, by_anna):
    olga = add_persona(bouquet.workspace, name="Ольга", language="ru", by=by_anna)
    maps.set_personas(bouquet.pk, [bouquet.personas.get().pk, olga.pk], by=by_anna)
    for screen in (anna_screen, boris_screen):
        expect(screen.page.locator("[data-filter-persona]")).to_have_count(2)
    maps.set_personas(bouquet.pk, [], by=by_anna)
    expect(boris_screen.page.locator(".add-persona")).to_be_visible()


def test_a_card_is_given_a_persona_in_its_details(anna_screen, boris_screen, part, olga):
    anna_screen.page.reload()
    card = part("goa-02")
    anna_screen.page.locator(f"#card-{card.pk.hex}").press("Space")
    anna_screen.page.locator("#field-persona").select_option(str(olga.pk))
    ring = boris_screen.page.locator(f"#card-{card.pk.hex} .persona-ring")
    expect(ring).to_have_attribute("title", "Ольга")


def test_chosen_cards_go_to_a_step_not_to_the_stage_over_it(
    anna_screen, boris_screen, part, choice
):
    stage, _first, second = choice
    card = part("goa-01")
    page = anna_screen.page
    page.reload()
    page.locator(f"#card-{card.pk.hex}").press("x")
    page.locator("#many [popovertarget=many-move]").click()
    offered = page.locator("#many-move [data-many=stage]")
    expect(offered).to_have_count(8)  # seven stages, one of them as two steps
    expect(offered.nth(2)).to_have_text(f"{stage.name} · {second.name}")
    offered.nth(2).click()
    expect(boris_screen.cell(second, part("goals")).locator(f"#card-{card.pk.hex}")).to_be_visible()


def test_what_is_faded_is_not_selected(anna_screen, part, olga):
    page = anna_screen.page
    page.reload()
    page.locator(f"[data-filter-persona='{olga.pk}']").click()
    faded = page.locator(f"#card-{part('goa-01').pk.hex}")
    faded.press("x")
    expect(page.locator("#board [data-ui-selected-many]")).to_have_count(0)
    faded.press("Control+a")
    expect(page.locator("#many [data-many-count]")).to_be_visible()
    expect(faded).not_to_have_attribute("data-ui-selected-many", "")
