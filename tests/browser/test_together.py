"""Anna and Boris at the same card."""

import pytest
from playwright.sync_api import expect

from changes.models import Conflict
from journeys.edits import columns
from journeys.models import Card, Stage
from journeys.reads.digest import digest_of

pytestmark = pytest.mark.browser


def edit(screen, card):
    """Opens the editor on a card's words, the caret behind them."""
    screen.page.locator(f"#card-{card.pk.hex} > p").click()
    expect(screen.editor).to_be_visible()


def test_different_words_of_one_text_are_joined(anna_screen, boris_screen, part):
    card = part("goa-01")  # «Успеть с подарком ко дню рождения»
    edit(anna_screen, card)
    edit(boris_screen, card)
    anna_screen.editor.fill("Точно успеть с подарком ко дню рождения")
    boris_screen.editor.fill("Успеть с подарком ко дню рождения жены")
    anna_screen.press("Escape")
    anna_screen.all_saved()
    boris_screen.press("Escape")
    boris_screen.all_saved()
    for screen in (anna_screen, boris_screen):
        expect(screen.card("рождения жены")).to_be_visible()
    card.refresh_from_db()
    assert card.text.endswith("с подарком ко дню рождения жены")
    assert card.text.startswith("Точно")


def test_what_arrives_leaves_the_open_editor_alone(anna_screen, boris_screen, part):
    card = part("goa-01")
    edit(boris_screen, card)
    boris_screen.editor.fill("Борис ещё думает")
    edit(anna_screen, card)
    anna_screen.editor.fill("Совсем другое")
    anna_screen.press("Escape")
    expect(boris_screen.page.locator(f"#card-{card.pk.hex}")).to_have_attribute(
        "data-text", "Совсем другое"
    )
    expect(boris_screen.editor).to_have_value("Борис ещё думает")
    expect(boris_screen.editor).to_be_focused()


def test_the_same_words_wait_for_a_choice(anna_screen, boris_screen, part):
    card = part("goa-01")
    edit(anna_screen, card)
    edit(boris_screen, card)
    anna_screen.editor.fill("Подарить розы")
    boris_screen.editor.fill("Подарить тюльпаны")
    anna_screen.press("Escape")
    anna_screen.all_saved()
    boris_screen.press("Escape")
    boris_screen.all_saved()
    choose = anna_screen.page.locator("[data-act=choose]")
    expect(choose).to_be_visible()
    choose.click()
    versions = anna_screen.page.locator("#versions")
    expect(versions.locator("[data-choice=mine] mark")).to_have_text("тюльпаны")
    expect(versions.locator("[data-choice=theirs] mark")).to_have_text("розы")
    on_card = "[...CSS.highlights.get('disputed')].map(String)"
    assert anna_screen.page.evaluate(on_card) == ["розы"]
    anna_screen.press("3")
    for screen in (anna_screen, boris_screen):
        expect(screen.page.locator("[data-act=choose]")).to_have_count(0)
        expect(screen.card("Подарить розы")).to_be_visible()
        expect(screen.card("Подарить тюльпаны")).to_be_visible()
    assert Conflict.objects.get().solved_by == f"member:{_user('anna')}"


def _user(name: str):
    from teams.models import User

    return User.objects.get(email__startswith=name).pk


def test_a_card_deleted_under_the_editor_comes_back_with_its_words(anna_screen, boris_screen, part):
    card = part("goa-01")
    edit(boris_screen, card)
    boris_screen.editor.fill("Мысль Бориса")
    anna_screen.page.locator(f"#card-{card.pk.hex}").focus()
    anna_screen.press("Delete")
    back = boris_screen.page.locator("[data-act=bring-back]")
    expect(back).to_be_visible()
    expect(boris_screen.page.locator("[data-gone]")).to_contain_text("Anna")
    expect(boris_screen.editor).to_have_value("Мысль Бориса")
    back.click()
    expect(anna_screen.card("Мысль Бориса")).to_be_visible()


def test_a_stage_deleted_under_the_editor_comes_back_with_the_words(
    anna_screen, boris_screen, bouquet, part, by_anna
):
    card = part("goa-01")
    edit(boris_screen, card)
    boris_screen.editor.fill("Мысль Бориса")
    columns.delete(bouquet.pk, Stage, card.stage_id, by=by_anna)
    expect(boris_screen.page.locator("[data-gone]")).to_contain_text(card.stage.name)
    boris_screen.page.locator("[data-act=bring-back]").click()
    expect(anna_screen.card("Мысль Бориса")).to_be_visible()


def test_one_sees_where_the_other_writes(anna_screen, boris_screen, part):
    card = part("goa-01")
    expect(anna_screen.page.locator("#people .avatar")).to_have_count(2)
    edit(boris_screen, card)
    boris_screen.type("!")
    mine = anna_screen.page.locator(f"#card-{card.pk.hex}")
    expect(mine).to_have_attribute("data-ui-writer", "Boris пишет")
    boris_screen.press("Escape")
    expect(mine).not_to_have_attribute("data-ui-writer", "Boris пишет")


def test_undo_takes_back_a_whole_sitting_and_redo_brings_it_again(anna_screen, boris_screen, goals):
    anna_screen.click_free_part(*goals)
    anna_screen.type("Одно")
    expect(boris_screen.card("Одно")).to_be_visible()
    anna_screen.type(" и другое")
    anna_screen.press("Escape")
    expect(boris_screen.card("Одно и другое")).to_be_visible()
    anna_screen.press("Control+z")
    expect(boris_screen.card("Одно")).to_have_count(0)
    anna_screen.press("Control+Shift+z")
    expect(boris_screen.card("Одно и другое")).to_be_visible()


def test_undo_and_redo_are_offered_when_there_is_something(anna_screen, boris_screen, goals):
    def offered(screen) -> list[bool]:
        buttons = [screen.page.locator(f"#{name}") for name in ("undo", "redo")]
        return [button.get_attribute("aria-disabled") == "false" for button in buttons]

    undo, redo = anna_screen.page.locator("#undo"), anna_screen.page.locator("#redo")
    anna_screen.click_free_part(*goals)
    anna_screen.type("Ступенька")
    anna_screen.press("Enter", "Escape")
    anna_screen.all_saved()
    assert offered(anna_screen) == [True, False]
    undo.click()
    expect(redo).to_have_attribute("aria-disabled", "false")
    expect(boris_screen.card("Ступенька")).to_have_count(0)
    assert offered(boris_screen) == [False, False]
    redo.click()
    expect(redo).to_have_attribute("aria-disabled", "true")
    expect(boris_screen.card("Ступенька")).to_be_visible()
    assert offered(anna_screen) == [True, False]


def test_details_post_what_is_changed(anna_screen, boris_screen, part):
    card = part("b-reviews")
    anna_screen.page.locator(f"#card-{card.pk.hex}").focus()
    anna_screen.press("Space")
    severity = anna_screen.page.locator("#details [data-field=severity][value='2']")
    severity.check()
    expect(boris_screen.page.locator(f"#card-{card.pk.hex}")).to_have_attribute(
        "data-severity", "2"
    )
    anna_screen.press("Escape")
    expect(anna_screen.page.locator("#details")).to_be_empty()
    expect(anna_screen.page.locator(f"#card-{card.pk.hex}")).to_be_focused()
    assert Card.objects.get(pk=card.pk).severity == 2


def test_a_renamed_and_an_added_stage_reach_the_other_screen(anna_screen, boris_screen, part):
    stage = part("awareness")
    anna_screen.page.locator(f"#stage-{stage.pk.hex}").dblclick()
    anna_screen.page.locator("#stage-form [name=name]").fill("Вспоминает о дате")
    anna_screen.press("Enter")
    expect(boris_screen.page.locator(f"#stage-{stage.pk.hex}")).to_contain_text("Вспоминает")
    anna_screen.page.locator(f"#stage-{stage.pk.hex}").hover()
    anna_screen.page.locator(f"#stage-{stage.pk.hex} [data-menu]").click()
    anna_screen.page.locator("#stage-menu [data-act=add-after]").click()
    name = anna_screen.page.locator("#stage-form [name=name]")
    expect(name).to_be_focused()
    anna_screen.type("Раздумье")
    anna_screen.press("Enter")
    second = boris_screen.page.locator("#board [role=columnheader][data-id]").nth(1)
    expect(second).to_contain_text("Раздумье")


def test_the_browser_reckons_the_servers_digest(anna_screen, bouquet):
    """Else every heartbeat would fetch the board anew."""
    reckoned = anna_screen.page.evaluate(
        """async () => (await import("/static/js/digest.js")).digestOf(
          document.getElementById("board"))"""
    )
    assert (bouquet.seq, reckoned) == digest_of(bouquet.pk, "team")
