"""The whole grid by keyboard."""

import pytest
from playwright.sync_api import expect

from journeys.models import Card

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]


def focused(screen) -> str:
    return screen.page.evaluate("document.activeElement.id")


def walk(screen, *keys: str) -> list[str]:
    """Where each key leads."""
    places = []
    for key in keys:
        screen.press(key)
        places.append(focused(screen))
    return places


def test_arrows_walk_through_cards_and_empty_cells(anna_screen, part):
    (lane, stage, second), card = (
        (part("barriers"), part("awareness"), part("company_choice")),
        part("goa-01"),
    )
    Card.objects.filter(lane=lane, stage=second).update(
        deleted_at=card.journey.created_at, deleted_by="member:1"
    )
    anna_screen.open(card.journey)
    barrier = Card.living.filter(lane=lane, stage=stage).order_by("position").first()
    mine = anna_screen.page.locator(f"#card-{barrier.pk.hex}")
    mine.focus()
    empty = f"cell-{second.pk.hex}-{lane.pk.hex}"
    right, back, header = walk(anna_screen, "ArrowRight", "ArrowLeft", "ArrowLeft")
    assert [right, back, header] == [empty, f"card-{barrier.pk.hex}", f"lane-{lane.pk.hex}"]
    assert walk(anna_screen, "Home") == [f"card-{barrier.pk.hex}"]
    assert walk(anna_screen, "ArrowRight", "Enter") == [empty, ""]
    expect(anna_screen.editor).to_be_focused()
    anna_screen.press("Escape")
    assert focused(anna_screen) == empty


def test_home_end_and_up_to_the_stages(anna_screen, part):
    first, last = part("awareness"), part("relationship")
    anna_screen.page.locator(f"#card-{part('goa-01').pk.hex}").focus()
    end, up, home = walk(anna_screen, "End", "ArrowUp", "Home")
    assert end == f"card-{Card.living.get(stage=last, lane=part('goals')).pk.hex}"
    assert [up, home] == [f"stage-{last.pk.hex}", f"stage-{first.pk.hex}"]


def test_the_grid_is_one_stop_then_the_panel_then_what_lies_beside(anna_screen, part):
    card = anna_screen.page.locator(f"#card-{part('goa-02').pk.hex}")
    card.focus()
    anna_screen.press("Tab")
    expect(anna_screen.page.locator("main > .add-stage")).to_be_focused()
    anna_screen.press("Tab")
    expect(anna_screen.page.locator("main > .add-lane")).to_be_focused()
    anna_screen.press("Shift+Tab", "Shift+Tab")
    expect(card).to_be_focused()
    anna_screen.press("Space")
    expect(anna_screen.page.locator("#details [data-close-panel]")).to_be_focused()
    anna_screen.press("Escape")
    expect(card).to_be_focused()


def test_the_focus_goes_to_a_neighbour_of_what_is_deleted(anna_screen, part):
    first, second = part("act-01"), part("act-02")
    anna_screen.page.locator(f"#card-{first.pk.hex}").focus()
    anna_screen.press("Delete")
    expect(anna_screen.page.locator(f"#card-{second.pk.hex}")).to_be_focused()
    anna_screen.press("Delete")
    anna_screen.all_saved()
    cell = anna_screen.cell(part("awareness"), part("actions"))
    expect(cell).to_be_focused()


@pytest.mark.parametrize(("key", "code"), [("я", "KeyZ"), ("z", "KeyZ"), ("z", "Slash")])
def test_ctrl_z_on_any_keyboard(anna_screen, part, key, code):
    """Russian: Я lies where Z lies. Dvorak: Z lies where the slash lies."""
    card = anna_screen.page.locator(f"#card-{part('goa-01').pk.hex}")
    card.focus()
    anna_screen.press("Delete")
    expect(card).to_have_count(0)
    anna_screen.page.evaluate(
        """([key, code]) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
          { key, code, ctrlKey: true, bubbles: true, cancelable: true }))""",
        [key, code],
    )
    expect(card).to_be_visible()


def test_the_menu_key_opens_the_cards_menu(anna_screen, boris_screen, part):
    card = part("goa-01")
    anna_screen.page.locator(f"#card-{card.pk.hex}").focus()
    anna_screen.press("Shift+F10")
    expect(anna_screen.page.locator("#card-menu")).to_be_visible()
    anna_screen.press("ArrowDown", "ArrowDown", "Enter")
    copies = boris_screen.card("Успеть с подарком")
    expect(copies).to_have_count(2)


def test_a_face_is_a_slider(anna_screen, boris_screen, part):
    card = anna_screen.page.locator(f"#card-{part('emo-01').pk.hex}")
    card.focus()
    anna_screen.press("Tab")
    face = card.get_by_role("slider")
    expect(face).to_be_focused()
    start = int(face.get_attribute("aria-valuenow"))
    anna_screen.press("ArrowUp", "ArrowUp")
    expect(face).to_have_attribute("aria-valuenow", str(start + 2))
    theirs = boris_screen.page.locator(f"#card-{part('emo-01').pk.hex}")
    expect(theirs).to_have_attribute("data-emotion", str(start + 2))
    expect(face).to_be_focused()
    anna_screen.press("Escape")
    expect(card).to_be_focused()
    anna_screen.press("Control+z")  # both steps
    expect(theirs).to_have_attribute("data-emotion", str(start))
