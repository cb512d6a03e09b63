"""Anna brings a table from Excel by copying it, and takes one away."""

import pytest
from playwright.sync_api import expect

from journeys.edits.maps import new_map
from journeys.models import Card, Lane, Stage

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><body><table><!--StartFragment-->
 <tr><td></td><td colspan=2>Поиск</td><td>Возврат</td></tr>
 <tr><td>Цели&nbsp;клиента</td><td>Успеть
  к&nbsp;восьми<br>Сэкономить</td><td>Не&nbsp;ждать</td><td></td></tr>
 <tr><td>Погода</td><td><p class=MsoNormal>Дождь</p><p class=MsoNormal>Ветер</p></td>
 <td></td><td>Снег</td></tr>
</table></body></html>"""


@pytest.fixture
def paste(anna_screen):
    def post(html: str = "", text: str = "", screen=anna_screen):
        screen.page.evaluate(
            """([html, text]) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/html", html);
              clipboardData.setData("text/plain", text);
              const options = { clipboardData, bubbles: true, cancelable: true };
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
            }""",
            [html, text],
        )

    return post


@pytest.fixture
def copied(anna_screen):
    """What a real Ctrl+C, or this act of the menu, put on the clipboard."""

    def get(act: str = "") -> dict[str, str]:
        page = anna_screen.page
        page.evaluate(
            """() => addEventListener("copy", ({ clipboardData: data }) => {
              window.copied = { html: data.getData("text/html"), text: data.getData("text/plain") };
            }, { once: true })"""
        )
        if act:
            page.get_by_role("button", name="Ещё о карте").click()
            page.locator("#map-menu [popovertarget=map-take]").click()
            page.locator(f"#map-take [data-act={act}]").click()
        else:
            page.keyboard.press("Control+c")
        return page.evaluate("window.copied")

    return get


def focus(screen, stage, lane):
    screen.cell(stage, lane).evaluate("cell => cell.focus()")


def test_a_table_of_excel_is_asked_about_and_taken_back_at_once(
    anna_screen, boris_screen, paste, part
):
    focus(anna_screen, part("awareness"), part("goals"))
    paste(EXCEL)

    dialog = anna_screen.page.locator("#paste-block")
    expect(dialog).to_contain_text("2 этапа")
    expect(dialog).to_contain_text("Погода")
    dialog.get_by_role("button", name="Добавить и вставить").click()

    expect(boris_screen.card("Снег")).to_be_visible()
    anna_screen.all_saved()
    found = Card.living.filter(stage__name="Поиск").order_by("lane__position", "position")
    assert [card.text for card in found] == [
        "Успеть к\xa0восьми",
        "Сэкономить",
        "Не\xa0ждать",
        "Дождь",
        "Ветер",
    ]
    anna_screen.press("Control+z")
    expect(boris_screen.card("Снег")).to_have_count(0)
    assert not Stage.living.filter(name="Возврат").exists()


def test_a_small_block_of_text_with_tabs_is_pasted_without_a_question(
    anna_screen, boris_screen, paste, part
):
    focus(anna_screen, part("contract"), part("goals"))
    paste(text='Раз\t"Два ""с половиной""\nТри"\r\nЧетыре\t')

    expect(boris_screen.card("Четыре")).to_be_visible()
    assert boris_screen.texts(part("delivery"), part("goals"))[-2:] == ['Два "с половиной"', "Три"]
    assert boris_screen.texts(part("contract"), part("expectations"))[-1] == "Четыре"


def test_a_table_on_a_new_map_names_its_stages(screen_of, anna, flowers, by_anna, paste):
    journey = new_map(language="ru", workspace=flowers, by=by_anna)
    screen = screen_of(anna)
    screen.open(journey)
    focus(screen, journey.stages.order_by("position")[0], journey.lanes.order_by("position")[0])
    paste(EXCEL, screen=screen)
    screen.page.get_by_role("button", name="Добавить и вставить").click()

    expect(screen.card("Снег")).to_be_visible()
    names = list(Stage.living.filter(journey=journey).values_list("name", flat=True))
    assert names == ["Поиск", "Возврат", "Этап\xa03"]


def test_a_column_may_go_down_the_lanes(anna_screen, paste, part):
    focus(anna_screen, part("contract"), part("goals"))
    paste("<table><tr><td>Раз</td></tr><tr><td>Два</td></tr></table>")
    dialog = anna_screen.page.locator("#paste-block")
    dialog.get_by_label("Вниз по дорожкам").check()
    expect(dialog.locator("tbody tr")).to_have_count(2)
    dialog.get_by_role("button", name="Вставить", exact=True).click()

    expect(anna_screen.card("Два")).to_be_visible()
    assert anna_screen.texts(part("contract"), part("expectations"))[-1] == "Два"


def test_cancelled_nothing_is_pasted(anna_screen, paste, part):
    count = Card.objects.count()
    focus(anna_screen, part("awareness"), part("goals"))
    paste(EXCEL)
    anna_screen.page.locator("#paste-block").get_by_role("button", name="Отмена").click()
    anna_screen.all_saved()

    assert Card.objects.count() == count


def test_a_row_is_copied_as_a_table_and_comes_back(anna_screen, copied, paste, part):
    lane = part("emotions")
    anna_screen.page.locator(f"#lane-{lane.pk.hex}").focus()
    row = copied()

    assert row["text"].startswith("\tПоиск информации\tВыбор компании")
    assert "\r\nЭмоции\t−1 Тревога: времени мало\t" in row["text"]
    assert "<td>Эмоции</td><td>−1 Тревога: времени мало</td>" in row["html"]
    focus(anna_screen, part("awareness"), lane)
    paste(**row)
    anna_screen.page.locator("#paste-block").get_by_role("button", name="Вставить").last.click()
    anna_screen.all_saved()
    expect(anna_screen.card("Тревога: времени мало")).to_have_count(2)
    assert Card.living.filter(lane=lane, emotion=-5).count() == 2


def test_a_column_and_a_card_are_copied(anna_screen, copied, part):
    anna_screen.page.locator(f"#stage-{part('contract').pk.hex}").focus()
    assert len(copied()["text"].split("\r\n")) == 11
    anna_screen.page.locator(f"#card-{part('goa-01').pk.hex}").focus()
    assert copied() == {"html": "", "text": "Успеть с подарком ко дню рождения"}


def test_the_whole_map_is_copied_from_the_menu(anna_screen, copied, bouquet):
    table = copied("copy-table")
    assert table["html"].count("<tr>") == Lane.living.filter(journey=bouquet).count() + 1
    outline = copied("copy-text")["text"]
    assert outline.startswith("ПОИСК ИНФОРМАЦИИ\n\nЦели клиента\n— Успеть")
