"""Several cards at once: chosen by mouse, keys and finger, then moved, marked, copied, deleted."""

import pytest
from playwright.sync_api import expect

from journeys.models import Card
from tests.browser.test_moving import drag

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

CHOSEN = "#board [data-ui-selected-many]"


@pytest.fixture
def three(part):
    """Goals of three stages that stand side by side."""
    return [part(key) for key in ("goa-01", "goa-02", "goa-03")]


def on(screen, card):
    return screen.page.locator(f"#card-{card.pk.hex}")


def words(screen, card):
    return on(screen, card).locator("p").first


def click(screen, card, *modifiers):
    words(screen, card).click(modifiers=list(modifiers))


def choose(screen, cards):
    for card in cards:
        click(screen, card, "ControlOrMeta")
    expect(screen.page.locator(CHOSEN)).to_have_count(len(cards))


def lane_of(screen, lane):
    return screen.page.locator(f"#row-{lane.pk.hex} .card")


# --- choosing ----------------------------------------------------------------------------------


def test_shift_click_takes_all_between(anna_screen, three):
    click(anna_screen, three[0], "Shift")
    click(anna_screen, three[2], "Shift")
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(3)
    expect(anna_screen.page.locator("#many [data-many-count]")).to_have_text("3 карточки")
    expect(anna_screen.page.locator("#spoken")).to_have_text("Выделено: 3 карточки")
    expect(anna_screen.editor).to_be_hidden()
    click(anna_screen, three[1], "ControlOrMeta")
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(2)


def test_a_rectangle_from_an_empty_place_takes_what_it_touches(anna_screen, part, three):
    box = anna_screen.cell(part("awareness"), part("goals")).bounding_box()
    end = anna_screen.middle(on(anna_screen, three[1]))
    mouse = anna_screen.page.mouse
    mouse.move(box["x"] + 4, box["y"] + box["height"] - 2)
    mouse.down()
    mouse.move(*end, steps=6)
    expect(anna_screen.page.locator(".marquee")).to_be_visible()
    expect(on(anna_screen, three[1])).to_have_attribute("data-ui-selected-many", "")
    mouse.up()
    expect(anna_screen.page.locator(".marquee")).to_have_count(0)
    expect(anna_screen.editor).to_be_hidden()
    assert set(anna_screen.page.locator(CHOSEN).evaluate_all("all => all.map(one => one.id)")) == {
        f"card-{card.pk.hex}" for card in three[:2]
    }


def test_a_click_ends_a_selection_and_the_next_one_types(anna_screen, goals, three):
    choose(anna_screen, three[:2])
    anna_screen.click_free_part(*goals)
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(0)
    expect(anna_screen.editor).to_be_hidden()
    anna_screen.click_free_part(*goals)
    expect(anna_screen.editor).to_be_focused()


def test_the_selection_survives_what_others_write(anna_screen, boris_screen, three):
    choose(anna_screen, three)
    click(boris_screen, three[0])
    boris_screen.type(" и поскорее")
    boris_screen.press("Escape")
    expect(on(anna_screen, three[0])).to_contain_text("поскорее")
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(3)


def test_a_finger_chooses_by_a_long_press_then_by_taps(screen_of, anna, bouquet, three):
    screen = screen_of(anna, has_touch=True)
    screen.open(bouquet)
    x, y = screen.middle(words(screen, three[0]))
    touch = screen.context.new_cdp_session(screen.page)
    down = {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
    touch.send("Input.dispatchTouchEvent", down)
    expect(on(screen, three[0])).to_have_attribute("data-ui-selected-many", "")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    words(screen, three[1]).tap()
    expect(screen.page.locator(CHOSEN)).to_have_count(2)
    expect(screen.editor).to_be_hidden()


# --- acting ------------------------------------------------------------------------------------


def test_one_of_three_is_dragged_and_all_go_along(anna_screen, boris_screen, part, three):
    choose(anna_screen, three)
    lane = part("goals")
    stages = list(part("awareness").journey.stages.order_by("position"))
    drag(
        anna_screen,
        words(anna_screen, three[0]),
        anna_screen.middle(anna_screen.cell(stages[1], lane)),
    )
    for card, stage in zip(three, stages[1:4], strict=True):
        there = boris_screen.cell(stage, lane)
        expect(there.locator(f"#card-{card.pk.hex}")).to_have_count(1)
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(3)
    anna_screen.press("Control+z")
    for card, stage in zip(three, stages[:3], strict=True):
        there = boris_screen.cell(stage, lane)
        expect(there.locator(f"#card-{card.pk.hex}")).to_have_count(1)


def test_three_are_deleted_and_one_undo_brings_them_back(anna_screen, boris_screen, three):
    choose(anna_screen, three)
    anna_screen.press("Delete")
    for card in three:
        expect(on(boris_screen, card)).to_have_count(0)
    expect(anna_screen.page.locator("#many")).to_be_hidden()
    anna_screen.press("Control+z")
    for card in three:
        expect(on(boris_screen, card)).to_be_visible()


def test_the_menu_of_one_of_them_is_about_all(anna_screen, boris_screen, part, three):
    choose(anna_screen, three)
    anna_screen.page.locator("#card-tools [data-menu=card-menu]").click()
    anna_screen.page.locator("#card-menu [data-act=duplicate]").click()
    expect(lane_of(boris_screen, part("goals"))).to_have_count(7 + 3)


def test_marked_cards_are_copied_as_lines(anna_screen, three):
    choose(anna_screen, three[:2])
    anna_screen.page.evaluate(
        """() => addEventListener("copy", (event) => {
          window.copied = event.clipboardData.getData("text/plain");
        })"""
    )
    anna_screen.page.locator("#many [data-many=copy]").click()
    copied = anna_screen.page.evaluate("copied")
    assert three[0].text in copied and three[1].text in copied


def test_everything_by_keyboard_alone(anna_screen, boris_screen, part, three):
    on(anna_screen, three[0]).focus()
    anna_screen.press("Shift+ArrowRight", "Shift+ArrowRight")
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(3)
    anna_screen.press("Shift+ArrowLeft")
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(2)
    expect(on(anna_screen, three[1])).to_be_focused()
    anna_screen.press("Control+d")
    expect(lane_of(boris_screen, part("goals"))).to_have_count(7 + 2)
    copies = anna_screen.page.locator(CHOSEN)
    expect(copies).to_have_count(2)
    anna_screen.press("Alt+ArrowRight")
    anna_screen.all_saved()
    assert Card.living.filter(stage=part("company_choice"), lane=part("goals")).count() == 2
    anna_screen.press("Escape")
    expect(copies).to_have_count(0)


def test_control_a_takes_the_lane_then_the_map(anna_screen, part, three):
    on(anna_screen, three[0]).focus()
    anna_screen.press("Control+a")
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(7)
    anna_screen.press("Control+a")
    everything = Card.living.filter(journey=three[0].journey).count()
    expect(anna_screen.page.locator(CHOSEN)).to_have_count(everything)


def test_a_colour_and_a_tag_for_all_and_a_filter_for_oneself(anna_screen, boris_screen, three):
    page = anna_screen.page
    choose(anna_screen, three)
    page.locator("#many [popovertarget=many-color]").click()
    page.locator("#many-color [data-value=teal]").click()
    page.locator("#many [popovertarget=many-tags]").click()
    page.locator("#many-tags input").fill("осень")
    anna_screen.press("Enter")
    for card in three:
        expect(on(boris_screen, card).locator(".card-tags")).to_contain_text("осень")
        expect(on(boris_screen, card)).to_have_attribute("data-color", "teal")
    page.locator("#many [data-many=clear]").click()
    page.locator(".header [data-filter-opener]").click()
    page.locator("#filter-menu [data-filter=tag]", has_text="осень").click()
    expect(page.locator("#board .card:not([data-ui-dimmed])")).to_have_count(3)
    expect(boris_screen.page.locator("[data-ui-dimmed]")).to_have_count(0)
    page.reload()
    expect(page.locator("#board .card:not([data-ui-dimmed])")).to_have_count(3)


def test_tags_are_offered_in_the_details(anna_screen, boris_screen, three):
    Card.objects.filter(pk=three[1].pk).update(tags=["осень"], version=999)
    anna_screen.page.reload()
    on(anna_screen, three[0]).focus()
    anna_screen.press("Space")
    panel = anna_screen.page.locator("#details")
    panel.locator(".details-more summary").click()
    panel.locator("[data-tag-offers] button", has_text="осень").click()
    expect(on(boris_screen, three[0]).locator(".card-tags")).to_contain_text("осень")
    panel.get_by_role("radio", name="Зелёный").check()
    expect(on(boris_screen, three[0])).to_have_attribute("data-color", "green")
