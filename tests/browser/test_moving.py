"""Cards, stages and lanes are moved: by mouse, by keyboard, by menu."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def drag(screen, what, to, release=True):
    """By the mouse, in steps as a hand does it."""
    mouse = screen.page.mouse
    mouse.move(*screen.middle(what))
    mouse.down()
    mouse.move(*to, steps=8)
    if release:
        mouse.up()


def test_a_card_is_dragged_to_another_stage(anna_screen, boris_screen, part):
    card, stage, lane = part("goa-01"), part("company_choice"), part("goals")
    drag(
        anna_screen,
        anna_screen.page.locator(f"#card-{card.pk.hex}"),
        anna_screen.middle(anna_screen.cell(stage, lane)),
    )
    expect(boris_screen.cell(stage, lane).locator(f"#card-{card.pk.hex}")).to_be_visible()
    expect(anna_screen.editor).to_be_hidden()
    card.refresh_from_db()
    assert card.stage == stage


def test_escape_puts_a_dragged_card_back(anna_screen, part):
    card, stage, lane = part("goa-01"), part("company_choice"), part("goals")
    mine = anna_screen.page.locator(f"#card-{card.pk.hex}")
    drag(anna_screen, mine, anna_screen.middle(anna_screen.cell(stage, lane)), release=False)
    expect(anna_screen.cell(stage, lane).locator(f"#card-{card.pk.hex}")).to_have_count(1)
    anna_screen.press("Escape")
    anna_screen.page.mouse.up()
    home = anna_screen.cell(part("awareness"), lane)
    expect(home.locator(f"#card-{card.pk.hex}")).to_have_count(1)
    card.refresh_from_db()
    assert card.stage == part("awareness")


def test_a_stage_is_dragged_behind_its_neighbour(anna_screen, boris_screen, part):
    first, second = part("awareness"), part("company_choice")
    x, y = anna_screen.middle(anna_screen.page.locator(f"#stage-{second.pk.hex}"))
    drag(anna_screen, anna_screen.page.locator(f"#stage-{first.pk.hex}"), (x + 30, y))
    stages = boris_screen.page.locator("#board [role=columnheader][data-id]")
    expect(stages.nth(1)).to_have_id(f"stage-{first.pk.hex}")


def test_a_lane_is_dragged_below_its_neighbour(anna_screen, boris_screen, part):
    first, second = part("goals"), part("expectations")
    x, y = anna_screen.middle(anna_screen.page.locator(f"#lane-{second.pk.hex}"))
    drag(anna_screen, anna_screen.page.locator(f"#lane-{first.pk.hex}"), (x, y + 20))
    lanes = boris_screen.page.locator("#board [role=rowheader]")
    expect(lanes.nth(1)).to_have_id(f"lane-{first.pk.hex}")
    expect(lanes.nth(0)).to_have_id(f"lane-{second.pk.hex}")


def test_the_tools_of_a_card_stay_within_the_board(anna_screen, part):
    """Never over the stages' names, the lanes' names or the panel."""
    page = anna_screen.page
    page.set_viewport_size({"width": 1200, "height": 800})
    card, tools = page.locator(f"#card-{part('goa-01').pk.hex}"), page.locator("#card-tools")
    card.focus()
    heads = page.locator("#board .heads").bounding_box()
    assert tools.bounding_box()["y"] >= heads["y"] + heads["height"]
    page.locator("#main").evaluate("main => main.scrollTo(180, 0)")
    expect(tools).to_be_hidden()  # the card is under the lanes' names but for a strip
    page.locator("#main").evaluate("main => main.scrollTo(0, 0)")
    card.press("Space")
    panel = page.locator("#details")
    expect(panel).not_to_be_empty()
    page.locator(f"#card-{part('goa-04').pk.hex}").focus()
    on_top = "([x, y]) => !!document.elementFromPoint(x, y).closest('#details')"
    left = panel.bounding_box()["x"]
    for y in range(160, 780, 20):
        assert page.evaluate(on_top, [left + 4, y])


def test_a_face_is_dragged_up(anna_screen, boris_screen, part):
    card = part("emo-01")
    face = anna_screen.page.locator(f"#card-{card.pk.hex} [data-face]")
    face.scroll_into_view_if_needed()
    x, y = anna_screen.middle(face)
    drag(anna_screen, face, (x, y - 200))
    expect(boris_screen.page.locator(f"#card-{card.pk.hex}")).to_have_attribute("data-emotion", "5")


def test_a_whole_edit_by_keyboard_alone(anna_screen, boris_screen, part):
    card = part("goa-01")
    lane = part("goals")
    anna_screen.page.locator(f"#card-{card.pk.hex}").focus()
    anna_screen.press("ArrowRight", "ArrowLeft", "Enter")
    expect(anna_screen.editor).to_have_value(card.text)
    anna_screen.press("End")
    anna_screen.type(" без спешки")
    anna_screen.press("Escape")
    mine = anna_screen.page.locator(f"#card-{card.pk.hex}")
    expect(mine).to_be_focused()
    anna_screen.press("Alt+ArrowRight")
    there = boris_screen.cell(part("company_choice"), lane)
    expect(there.locator(".card", has_text="без спешки")).to_be_visible()
    expect(mine).to_be_focused()
    anna_screen.press("Delete")
    expect(boris_screen.card("без спешки")).to_have_count(0)
    anna_screen.press("Control+z")
    expect(boris_screen.card("без спешки")).to_be_visible()


def test_a_card_is_lifted_moved_and_dropped_by_keys(anna_screen, boris_screen, part):
    card, lane = part("goa-01"), part("goals")
    mine = anna_screen.page.locator(f"#card-{card.pk.hex}")
    mine.focus()
    anna_screen.page.locator("#card-tools [data-grip]").focus()
    anna_screen.press("Space", "ArrowRight", "ArrowRight")
    expect(anna_screen.page.locator("#spoken")).not_to_be_empty()
    home = boris_screen.cell(part("awareness"), lane)
    expect(home.locator(f"#card-{card.pk.hex}")).to_have_count(1)
    anna_screen.press("Space")
    stages = boris_screen.page.locator("#board [role=columnheader][data-id]")
    third = stages.nth(2).get_attribute("data-id").replace("-", "")
    there = boris_screen.page.locator(f"#cell-{third}-{lane.pk.hex} #card-{card.pk.hex}")
    expect(there).to_be_visible()


def test_digits_set_a_barriers_severity(anna_screen, boris_screen, part):
    card = part("b-reviews")
    anna_screen.page.locator(f"#card-{card.pk.hex}").focus()
    anna_screen.press("2")
    theirs = boris_screen.page.locator(f"#card-{card.pk.hex}")
    expect(theirs).to_have_attribute("data-severity", "2")
