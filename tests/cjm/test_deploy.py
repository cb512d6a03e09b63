"""Behind a real nginx and a real Caddy, set up as docs/deploy says."""

import re
import select
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import closing, contextmanager
from http.client import HTTPResponse, HTTPSConnection
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from live import hub
from teams import throttle
from teams.models import Throttle
from tests.conftest import not_run
from tests.support import proxies

pytestmark = pytest.mark.one_engine

CSRF = "b" * 32
FORM = "application/x-www-form-urlencoded"
MEGABYTE = 1024 * 1024


class Browser:
    """What comes through a proxy, seen from the other side of it."""

    def __init__(self, port: int, session: str = ""):
        self.port = port
        self.cookie = f"sessionid={session}; csrftoken={CSRF}; language=en"

    @contextmanager
    def answer(self, method: str, path: str, body=None, *, of: str = "127.0.0.1", **headers):
        """The answer to a request that the computer with the address `of` makes."""
        connection = HTTPSConnection(
            "localhost",
            self.port,
            timeout=20,
            context=proxies.unverified(),
            source_address=(of, 0),
        )
        with closing(connection):
            said = {
                "Cookie": self.cookie,
                "Origin": f"https://localhost:{self.port}",
                "X-CSRFToken": CSRF,
                "Content-Type": FORM,
            }
            connection.request(method, path, body, said | headers)
            yield connection.getresponse()

    def post(self, path: str, body, **more) -> tuple[int, str]:
        with self.answer("POST", path, body, **more) as answer:
            return answer.status, answer.read().decode()

    def upload(self, path: str, size: int) -> tuple[int, str]:
        """A large post, by a client that listens while it sends, as browsers do."""
        context = proxies.unverified()
        context.maximum_version = ssl.TLSVersion.TLSv1_2  # later ones speak unasked
        connection = HTTPSConnection("localhost", self.port, timeout=20, context=context)
        with closing(connection):
            connection.putrequest("POST", path)
            connection.putheader("Cookie", self.cookie)
            connection.putheader("Origin", f"https://localhost:{self.port}")
            connection.putheader("X-CSRFToken", CSRF)
            connection.putheader("Content-Type", FORM)
            connection.putheader("Content-Length", str(size))
            connection.endheaders(b"email=a%40example.org&next=")
            left = size - len(b"email=a%40example.org&next=")
            while left and not select.select([connection.sock], [], [], 0)[0]:
                piece = min(left, 65536)
                connection.send(b"x" * piece)
                left -= piece
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


def ids(stream: HTTPResponse):
    """The numbers of the frames as they arrive; ends with the stream."""
    for line in iter(stream.readline, b""):
        if found := re.fullmatch(rb"id: (\d+)\n", line):
            yield int(found[1])


@pytest.fixture(params=["nginx", "caddy"])
def name(request) -> str:
    if proxies.find(request.param) is None:
        pytest.skip(not_run(request.param, proxies.REMEDY[request.param]))
    return request.param


@pytest.fixture
def application(live_server_url, settings) -> int:
    """The port of an application that knows of one proxy before it."""
    settings.TRUSTED_PROXIES = 1
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    port = urlsplit(live_server_url).port
    assert port
    return port


@pytest.fixture
def session(anna) -> str:
    browser = Client()
    browser.force_login(anna)
    return browser.cookies["sessionid"].value


@pytest.fixture
def browser(name, application, session, tmp_path):
    with proxies.proxy(name, application, tmp_path) as port:
        yield Browser(port, session)


def test_an_edit_arrives_at_once(browser, bouquet, part):
    took = []
    stream_path = f"/maps/{bouquet.pk}/stream/?since={bouquet.seq}&epoch={bouquet.epoch}"
    with browser.answer("GET", stream_path, Accept="text/event-stream") as stream:
        assert stream.status == 200
        arriving = ids(stream)
        for number in range(20):
            body = urlencode({"text": f"Слово {number}", "key": uuid4()})
            path = f"/maps/{bouquet.pk}/cards/{part('goa-01').pk}/"
            with browser.answer("POST", path, body, HX_Request="true") as answer:
                assert answer.status == 200, answer.read()
                seq = int(answer.headers["X-Seq"])
            began = time.monotonic()
            assert next(one for one in arriving if one == seq)
            took.append(time.monotonic() - began)
    # The goal is 0.3 s for 19 of 20; three times as much on a machine that does other things too.
    assert sorted(took)[18] <= 0.9


@pytest.mark.parametrize(("beat", "lives"), [(0.5, True), (60, False)])
def test_a_silent_stream_lives_by_its_heartbeat(
    application, session, bouquet, tmp_path, monkeypatch, beat, lives
):
    """The idle timeout of our file, shortened to two seconds as the heartbeat is to a half."""
    if proxies.find("nginx") is None:
        pytest.skip(not_run("nginx", proxies.REMEDY["nginx"]))
    monkeypatch.setattr(hub, "BEAT", beat)
    short = {"proxy_read_timeout 60s;": "proxy_read_timeout 2s;"}
    with proxies.proxy("nginx", application, tmp_path, **short) as port:
        path = f"/maps/{bouquet.pk}/stream/?since={bouquet.seq}&epoch={bouquet.epoch}"
        with Browser(port, session).answer("GET", path) as stream:
            began = time.monotonic()
            for _line in iter(stream.readline, b""):
                if time.monotonic() > began + 5:
                    break
            assert (time.monotonic() > began + 5) is lives


def test_limits_meet_the_person_and_not_the_proxy(browser):
    """Each address of this machine is somebody else; what they say of themselves counts nothing."""
    browser.cookie = f"csrftoken={CSRF}"
    throttle.count("sign-in", "127.0.0.2", limit=1, minutes=15)
    Throttle.objects.update(count=1_000_000)
    wrong = urlencode({"username": "anna@example.org", "password": "wrong"})
    forged = {"X-Forwarded-For": "127.0.0.9"}
    assert browser.post("/sign-in/", wrong, of="127.0.0.2")[0] == 429
    assert browser.post("/sign-in/", wrong, of="127.0.0.2", **forged)[0] == 429
    assert browser.post("/sign-in/", wrong, of="127.0.0.3")[0] != 429


def test_signing_in_works_and_its_cookie_goes_over_https_alone(browser, anna):
    browser.cookie = f"csrftoken={CSRF}"
    right = urlencode({"email": anna.email, "password": "tulips in the morning"})
    with browser.answer("POST", "/sign-in/", right) as answer:
        assert answer.status == 302, answer.read().decode()
        cookies = answer.headers.get_all("Set-Cookie")
    (session,) = [cookie for cookie in cookies if cookie.startswith("sessionid=")]
    assert "Secure" in session


def test_a_large_file_passes(browser):
    browser.cookie = f"csrftoken={CSRF}"
    status, _page = browser.upload("/sign-in/", 19 * MEGABYTE)
    assert status == 422, "it reached the form, which misses a password"


@pytest.mark.parametrize("size", [21 * MEGABYTE, 27 * MEGABYTE])
def test_what_is_too_large_gets_a_page(browser, size):
    """Of the program, or of the proxy for what it doesn't read any more."""
    browser.cookie = f"csrftoken={CSRF}; language=en"
    status, page = browser.upload("/sign-in/", size)
    assert status == 413
    assert "One request may hold up to 20" in page


def test_a_server_that_is_away_is_told(name, tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        there = nobody.getsockname()[1]
        with (
            proxies.proxy(name, there, tmp_path) as port,
            Browser(port).answer("GET", "/") as answer,
        ):
            assert answer.status == 502
            assert "Сервер перезапускается" in answer.read().decode()


def test_what_is_for_the_operator_stays_inside(browser):
    for path in ("/livez", "/readyz", "/metrics", "/metrics/"):
        with browser.answer("GET", path) as answer:
            assert (answer.status, len(answer.read()) < 200) == (404, True)


def test_one_connection_serves_many_maps(browser):
    context = proxies.unverified()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", browser.port)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


def test_the_units_are_sound():
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd here")
    names = ("cjm.service", "cjm-backup.service", "cjm-backup.timer")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(proxies.DEPLOY / name for name in names)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    # Whether this machine has /usr/bin/python3 is not their fault.
    told = [line for line in done.stdout.splitlines() if "is not executable" not in line]
    assert told == []
