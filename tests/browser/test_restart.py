"""The server goes and comes back under two open screens."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.conftest import not_run
from tests.support import proxies
from tests.support.servers import until

pytestmark = pytest.mark.browser

PASSWORD = "букет к семи вечера"
MAP = settings.ROOT / "journeys/catalogues/demo_maps/retail_bouquet.ru.json"


def sign_in_for_the_first_time(page: Page, link: str) -> str:
    """Through the link that the server printed; gives the new team's short name."""
    page.goto(link)
    page.locator("main .button-primary").click()
    wanted = {"name": "Анна", "email": "anna@example.org", "team": "Цветы", "password": PASSWORD}
    for name, value in wanted.items():
        page.locator(f"main input[name={name}]").fill(value)
    page.locator("main .button-primary").click()
    page.wait_for_url(re.compile("/w/"))
    return page.url.rstrip("/").split("/w/")[1].split("/")[0]


def write(page: Page, text: str) -> None:
    """A card into the first cell."""
    page.locator("#board [role=gridcell]").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def write_and_send(page: Page, text: str) -> None:
    """The same, until the server has it."""
    with page.expect_response(lambda answer: "/cards/" in answer.url and answer.ok):
        write(page, text)


def test_both_screens_come_back_after_a_restart(context, server_process):
    address = server_process.start()
    first, second = context.new_page(), context.new_page()
    slug = sign_in_for_the_first_time(first, server_process.sign_in_link)
    made = server_process.manage("import_map", str(MAP), "--workspace", slug)
    for page in (first, second):
        page.goto(f"{address}/maps/{made.split()[-1]}/")
        expect(page.locator("#people .avatar")).to_have_count(1)

    server_process.stop()
    first.bring_to_front()
    write(first, "Пока сервера не было")
    expect(first.locator("#saved")).to_have_attribute("data-state", "offline")
    server_process.start()

    expect(second.locator(".card", has_text="Пока сервера")).to_be_visible(timeout=15_000)
    expect(first.locator("#saved")).to_have_attribute("data-state", "saved")
    write(second, "И снова вместе")
    expect(first.locator(".card", has_text="И снова вместе")).to_be_visible(timeout=15_000)


@pytest.mark.one_engine
def test_behind_a_proxy_what_is_written_during_a_restart_is_sent_after_it(
    browser, server_process, tmp_path
):
    if proxies.find("nginx") is None:
        pytest.skip(not_run("nginx", proxies.REMEDY["nginx"]))
    server_process.port = proxies.free_port()
    with (
        proxies.proxy("nginx", server_process.port, tmp_path) as port,
        browser.new_context(ignore_https_errors=True) as context,
    ):
        address = f"https://localhost:{port}"
        server_process.environment |= {"CJM_PUBLIC_URL": address, "CJM_TRUSTED_PROXIES": "1"}
        server_process.spawn("start", "--port", str(server_process.port), "--no-demo")
        until(lambda: "Ctrl+C" in server_process.output)
        page = context.new_page()
        link = server_process.manage("sign_in_link").split()[-1]
        slug = sign_in_for_the_first_time(page, link)
        made = server_process.manage("import_map", str(MAP), "--workspace", slug).split()[-1]
        page.goto(f"{address}/maps/{made}/")
        expect(page.locator("#people .avatar")).to_have_count(1)

        server_process.stop()
        write(page, "Пока сервера не было")
        expect(page.locator("#saved")).to_have_attribute("data-state", "waiting")
        server_process.spawn("start", "--port", str(server_process.port), "--no-demo")

        expect(page.locator("#saved")).to_have_attribute("data-state", "saved", timeout=30_000)
        page.reload()
        expect(page.locator(".card", has_text="Пока сервера не было")).to_be_visible()


SIGN_IN = (
    "from django.test import Client; from teams.models import User; browser = Client();"
    "browser.force_login(User.objects.get(email='anna@example.org'));"
    "print(browser.cookies['sessionid'].value)"
)


def test_an_open_screen_starts_over_after_a_restore(context, new_server, tmp_path):
    """What was written after the backup is gone, from the screen too; then work goes on."""
    old, new, file = new_server("old"), new_server("new"), str(tmp_path / "all.zip")
    page = context.new_page()
    address = old.start()
    slug = sign_in_for_the_first_time(page, old.sign_in_link)
    made = old.manage("import_map", str(MAP), "--workspace", slug)
    page.goto(f"{address}/maps/{made.split()[-1]}/")
    expect(page.locator("#people .avatar")).to_have_count(1)
    write_and_send(page, "До копии")
    old.manage("backup", file)
    write_and_send(page, "После копии")
    expect(page.locator(".card", has_text="После копии")).to_be_visible()

    context.set_offline(True)
    old.stop()
    new.manage("restore", file)
    new.port = old.port
    new.start()
    session = new.manage("shell", "--no-imports", "-c", SIGN_IN).splitlines()[-1]
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    context.set_offline(False)

    expect(page.locator(".card", has_text="После копии")).to_have_count(0, timeout=15_000)
    expect(page.locator(".card", has_text="До копии")).to_be_visible()
    write_and_send(page, "И дальше")
    page.reload()
    expect(page.locator(".card", has_text="И дальше")).to_be_visible()
