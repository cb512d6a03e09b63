"""Images come onto cards by hand, and are looked at."""

import base64
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from journeys.models import Card, Image
from tests.support import pictures

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

# Files as another program or the desktop hands them over.
HAND_OVER = """([target, type, files]) => {
  const data = new DataTransfer();
  for (const { name, mime, body } of files) {
    const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
    data.items.add(new File([bytes], name, { type: mime }));
  }
  const element = target ? document.querySelector(target) : document.activeElement;
  const options = { bubbles: true, cancelable: true };
  const event = type === "paste"
    ? new ClipboardEvent(type, { ...options, clipboardData: data })
    : new DragEvent(type, { ...options, dataTransfer: data });
  element.dispatchEvent(event);
}"""


def file(data: bytes, name: str = "photo.jpg", mime: str = "image/jpeg") -> dict:
    return {"name": name, "mime": mime, "body": base64.b64encode(data).decode()}


def paste(screen, *files) -> None:
    screen.page.evaluate(HAND_OVER, [None, "paste", list(files or [file(pictures.photo())])])


def drop(screen, target: str, *files) -> None:
    for event in ("dragover", "drop"):
        screen.page.evaluate(HAND_OVER, [target, event, list(files or [file(pictures.photo())])])


@pytest.fixture
def goal(part):
    return part("goa-01")


def images_of(screen, card):
    return screen.page.locator(f"#card-{card.pk.hex} img[data-image]")


def focus(screen, selector: str) -> None:
    screen.page.locator(selector).evaluate("element => element.focus()")


def test_an_image_pasted_onto_a_card_is_seen_by_all(anna_screen, boris_screen, goal):
    focus(anna_screen, f"#card-{goal.pk.hex}")
    paste(anna_screen)
    expect(images_of(anna_screen, goal)).to_have_count(1)
    expect(images_of(boris_screen, goal)).to_have_count(1)
    images_of(boris_screen, goal).scroll_into_view_if_needed()
    boris_screen.page.wait_for_function(
        "id => document.querySelector(`#card-${id} img`).naturalWidth > 0", arg=goal.pk.hex
    )
    anna_screen.all_saved()
    assert anna_screen.page.locator("[data-ui-sending]").count() == 0


def test_an_image_pasted_into_a_cell_makes_a_card(anna_screen, boris_screen, part, bouquet):
    stage, lane = part("contract"), part("emotions")
    Card.living.filter(journey=bouquet, stage=stage, lane=lane).delete()
    anna_screen.open(bouquet)
    focus(anna_screen, f"#cell-{stage.pk.hex}-{lane.pk.hex}")
    paste(anna_screen)
    expect(boris_screen.cell(stage, lane).locator("img[data-image]")).to_have_count(1)
    anna_screen.all_saved()
    card = Card.living.get(stage=stage, lane=lane)
    assert (len(card.images), card.emotion) == (1, 0)


def test_an_image_pasted_while_typing_goes_with_the_words(anna_screen, goals):
    anna_screen.click_free_part(*goals)
    anna_screen.type("Витрина утром")
    paste(anna_screen)
    expect(anna_screen.card("Витрина утром").locator("img[data-image]")).to_have_count(1)
    anna_screen.all_saved()
    assert Card.living.filter(text="Витрина утром").count() == 1


def test_a_file_is_dropped_onto_a_card(anna_screen, goal):
    drop(anna_screen, f"#card-{goal.pk.hex} > p")
    expect(images_of(anna_screen, goal)).to_have_count(1)
    drop(
        anna_screen, f"#card-{goal.pk.hex} > p", *[file(pictures.file(), "b.png", "image/png")] * 2
    )
    expect(images_of(anna_screen, goal)).to_have_count(3)


def test_files_dropped_into_a_cell_make_one_card(anna_screen, goals):
    stage, lane = goals
    count = Card.living.count()
    drop(anna_screen, f"#cell-{stage.pk.hex}-{lane.pk.hex}", *[file(pictures.photo())] * 2)
    expect(anna_screen.cell(stage, lane).locator("img[data-image]")).to_have_count(2)
    anna_screen.all_saved()
    assert Card.living.count() == count + 1


def test_what_is_no_image_is_refused_in_words(anna_screen, goals):
    stage, lane = goals
    count = Card.objects.count()
    svg = file(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "image/svg+xml")
    drop(anna_screen, f"#cell-{stage.pk.hex}-{lane.pk.hex}", svg)
    expect(anna_screen.page.locator("#toasts")).to_contain_text("JPEG")
    drop(anna_screen, f"#cell-{stage.pk.hex}-{lane.pk.hex}", file(b"not a photo"))
    expect(anna_screen.page.locator("#toasts")).to_contain_text("photo.jpg")
    anna_screen.all_saved()
    assert anna_screen.page.locator("[data-ui-sending], [data-ui-provisional]").count() == 0
    assert Card.objects.count() == count


def test_a_fifth_image_is_refused_in_words(anna_screen, goal):
    drop(anna_screen, f"#card-{goal.pk.hex}", *[file(pictures.photo())] * 5)
    expect(images_of(anna_screen, goal)).to_have_count(4)
    expect(anna_screen.page.locator("#toasts")).to_contain_text("4")


def test_one_is_chosen_in_the_details(anna_screen, goal):
    focus(anna_screen, f"#card-{goal.pk.hex}")
    anna_screen.press("Space")
    with anna_screen.page.expect_file_chooser() as chooser:
        anna_screen.page.locator("[data-act=choose-images]").click()
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo()}
    chooser.value.set_files(photo)
    expect(anna_screen.page.locator("#details .details-image")).to_have_count(1)


def test_an_image_waits_for_the_network_and_survives_a_reload(
    anna_screen, boris_screen, goal, bouquet
):
    def refuse(route):
        route.abort() if route.request.method == "POST" else route.continue_()

    anna_screen.page.route("**/*", refuse)
    drop(anna_screen, f"#card-{goal.pk.hex}")
    expect(anna_screen.saved).to_have_attribute("data-state", "offline")
    sending = anna_screen.page.locator(f"#card-{goal.pk.hex} img[data-ui-sending]")
    expect(sending).to_have_attribute("src", re.compile("^data:image/"))
    anna_screen.open(bouquet)
    expect(sending).to_have_count(1)
    expect(anna_screen.saved).to_have_attribute("data-state", "offline")
    anna_screen.page.unroute("**/*")
    anna_screen.page.evaluate("dispatchEvent(new Event('online'))")
    expect(images_of(boris_screen, goal)).to_have_count(1)
    anna_screen.all_saved()
    assert Image.objects.count() == 1


def test_large_by_keyboard_and_in_words(anna_screen, boris_screen, goal):
    drop(anna_screen, f"#card-{goal.pk.hex}", *[file(pictures.photo())] * 2)
    expect(images_of(anna_screen, goal)).to_have_count(2)
    anna_screen.all_saved()
    focus(anna_screen, f"#card-{goal.pk.hex}")
    anna_screen.press("Space")
    focus(anna_screen, "#details .details-image >> nth=0")
    anna_screen.press("Enter")
    dialog = anna_screen.page.locator("#image-view")
    expect(dialog).to_be_visible()
    large = dialog.locator("[data-large]")
    first = large.get_attribute("src")
    anna_screen.page.keyboard.press("ArrowRight")
    expect(large).not_to_have_attribute("src", first)
    dialog.locator("[data-alt]").fill("Витрина утром")
    anna_screen.press("Escape")
    expect(dialog).to_be_hidden()
    expect(images_of(boris_screen, goal).nth(1)).to_have_attribute("alt", "Витрина утром")
    expect(anna_screen.page.locator("#details .details-image").nth(1)).to_have_attribute(
        "aria-label", "Витрина утром"
    )


def test_a_removed_image_comes_back(anna_screen, boris_screen, goal):
    drop(anna_screen, f"#card-{goal.pk.hex}")
    expect(images_of(boris_screen, goal)).to_have_count(1)
    images_of(anna_screen, goal).click()
    anna_screen.page.locator("[data-act=remove-image]").click()
    expect(images_of(boris_screen, goal)).to_have_count(0)
    focus(anna_screen, f"#card-{goal.pk.hex}")
    anna_screen.press("Control+z")
    expect(images_of(boris_screen, goal)).to_have_count(1)


def test_a_reader_looks_but_changes_nothing(anna_screen, screen_of, vera, goal, bouquet):
    drop(anna_screen, f"#card-{goal.pk.hex}")
    anna_screen.all_saved()
    screen = screen_of(vera)
    screen.open(bouquet)
    images_of(screen, goal).click()
    expect(screen.page.locator("#image-view")).to_be_visible()
    assert screen.page.locator("#image-view input, [data-act=remove-image]").count() == 0


def test_axe_finds_nothing(anna_screen, goal):
    anna_screen.page.emulate_media(reduced_motion="reduce")  # no colour on its way to another
    drop(anna_screen, f"#card-{goal.pk.hex}")
    expect(images_of(anna_screen, goal)).to_have_count(1)
    anna_screen.all_saved()
    anna_screen.page.locator(f"#card-{goal.pk.hex}").press("Space")
    expect(anna_screen.page.locator(".details-image")).to_be_visible()
    for theme in ("light", "dark"):
        anna_screen.page.evaluate("t => document.documentElement.dataset.theme = t", theme)
        for part in ("#details", "#board"):
            found = Axe().run(anna_screen.page, part).response["violations"]
            assert found == []
    anna_screen.page.locator(".details-image").click()
    found = Axe().run(anna_screen.page, "#image-view").response["violations"]
    assert found == []
