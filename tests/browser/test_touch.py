"""By finger: on a tablet everything, on a phone one stage at a time."""

import pytest
from playwright.sync_api import expect

from journeys.models import Card

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

FINGER = {"has_touch": True, "is_mobile": True}
TABLET = FINGER | {"viewport": {"width": 1180, "height": 820}}
PHONE = FINGER | {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def tablet(screen_of, anna, bouquet):
    screen = screen_of(anna, **TABLET)
    screen.open(bouquet)
    return screen


@pytest.fixture
def phone(screen_of, anna, bouquet):
    screen = screen_of(anna, **PHONE)
    screen.open(bouquet)
    return screen


def test_a_card_is_dragged_by_its_grip(tablet, boris_screen, part):
    card, stage, lane = part("goa-01"), part("company_choice"), part("goals")
    tablet.page.locator(f"#card-{card.pk.hex}").tap()
    grip = tablet.page.locator("#card-tools [data-grip]")
    tablet.slide(tablet.middle(grip), tablet.middle(tablet.cell(stage, lane)))
    expect(boris_screen.cell(stage, lane).locator(f"#card-{card.pk.hex}")).to_be_visible()
    expect(tablet.editor).to_be_hidden()


def test_the_first_tap_chooses_a_card_the_second_writes(tablet, part):
    words = tablet.page.locator(f"#card-{part('exp-01').pk.hex} .card-words")
    words.tap()
    expect(tablet.page.locator("#card-tools")).to_be_visible()
    expect(tablet.editor).to_be_hidden()
    words.tap(position={"x": 5, "y": 5})
    expect(tablet.editor).to_be_focused()


def test_a_stage_is_moved_by_its_menu(tablet, boris_screen, part):
    first = part("awareness")
    header = tablet.page.locator(f"#stage-{first.pk.hex}")
    header.tap()
    header.locator("[data-menu]").tap()
    tablet.page.locator("#stage-menu [data-act=move-right]").tap()
    stages = boris_screen.page.locator("#board [role=columnheader][data-id]")
    expect(stages.nth(1)).to_have_id(f"stage-{first.pk.hex}")


def test_a_face_follows_the_finger(tablet, boris_screen, part):
    card = part("emo-01")
    face = tablet.page.locator(f"#card-{card.pk.hex} [data-face]")
    face.scroll_into_view_if_needed()
    x, y = tablet.middle(face)
    tablet.slide((x, y), (x, y - 200))
    theirs = boris_screen.page.locator(f"#card-{card.pk.hex}")
    expect(theirs).to_have_attribute("data-emotion", "5")


def test_a_phone_turns_stages_by_dots_and_swipe(phone, part):
    page = phone.page
    header = page.locator("#board .stage:visible")
    expect(header).to_have_id(f"stage-{part('awareness').pk.hex}")
    page.locator(".stage-dots > button").nth(6).tap()
    expect(header).to_contain_text("7 из 7")
    expect(page.locator(".stage-dots [aria-current=step]")).to_have_attribute("data-number", "7")
    phone.slide((80, 500), (300, 500))
    expect(header).to_contain_text("6 из 7")
    phone.slide((300, 500), (80, 500))
    expect(header).to_contain_text("7 из 7")
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("place", ["", "team/", "new/", "bin/"])
def test_all_of_the_header_is_within_reach_on_a_phone(phone, bouquet, live_server_url, place):
    page = phone.page
    page.goto(f"{live_server_url}/w/{bouquet.workspace.slug}/{place}")
    for control in page.locator(".header a:visible, .header button:visible").all():
        control.tap(trial=True, timeout=2000)


def test_a_card_is_added_on_a_phone(phone, boris_screen, goals):
    stage, lane = goals
    before = phone.texts(stage, lane)
    phone.cell(stage, lane).locator("[data-act=add]").tap()
    phone.type("С телефона")
    phone.page.locator("#editor [data-act=next-card]").tap()
    expect(phone.editor).to_have_value("")
    expect(phone.editor).to_be_focused()
    phone.type("И ещё одна")
    phone.page.locator("#editor [data-act=done]").tap()
    expect(phone.editor).to_be_hidden()
    expect(boris_screen.card("И ещё одна")).to_be_visible()
    assert boris_screen.texts(stage, lane) == [*before, "С телефона", "И ещё одна"]


def test_a_barrier_gets_its_severity_over_the_keyboard(phone, part, bouquet):
    stage, lane = part("awareness"), part("barriers")
    phone.cell(stage, lane).locator("[data-act=add]").tap()
    phone.type("Негде присесть")
    severity = phone.page.locator(".editor-severity")
    severity.get_by_role("button", name="2").tap()
    expect(severity.locator("[aria-pressed=true]")).to_have_count(2)
    phone.page.locator("#editor [data-act=done]").tap()
    phone.all_saved()
    card = Card.living.get(text="Негде присесть")
    assert card.severity == 2
    phone.card("Негде присесть").locator(".card-words").tap()
    severity.get_by_role("button", name="4").tap()
    phone.all_saved()
    card.refresh_from_db()
    assert card.severity == 4


def test_details_are_read_on_a_phone_by_who_only_reads_too(phone, screen_of, vera, bouquet, part):
    card = f"#card-{part('goa-01').pk.hex}"
    phone.page.locator(card).tap()
    phone.page.locator("#card-tools [data-act=details]").tap()
    reader = screen_of(vera, **PHONE)
    reader.open(bouquet)
    reader.page.locator(card).tap()
    for screen in (phone, reader):
        panel = screen.page.locator("#details")
        expect(panel.locator(".details-title")).to_contain_text("Успеть с подарком")
        assert panel.bounding_box()["width"] == 390
        panel.locator("[data-close-panel]").tap()
        expect(panel).to_be_empty()
