"""What the tests themselves stand on: a browser of this machine, and no way out of it."""

import socket

import pytest

pytestmark = pytest.mark.one_engine


@pytest.mark.browser
def test_a_browser_opens_the_real_application(live_server_url, page):
    failed = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)

    page.goto(live_server_url)

    assert page.locator("h1").count() == 1
    assert failed == []


def test_no_test_reaches_the_network():
    with socket.socket() as outside, pytest.raises(RuntimeError, match="may not reach"):
        outside.connect(("192.0.2.1", 80))
