"""What each answer tells the browser: every route, every error, the stream, the files."""

import http.client
import socket
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings as ours_settings
from django.test import Client

from live.stream import _STREAM
from tests.support.meetings import take_seats
from tests.support.observatory import elsewhere, faults, policy, score
from tests.support.people import signed_in
from tests.support.routes import ROUTES, address, make_world, post_to, undone
from tests.support.servers import until
from tests.teams import test_errors

pytestmark = pytest.mark.one_engine

WANTED = 120
GOOD = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
    "Content-Type": "text/html",
}


@pytest.fixture
def https(settings):
    """Behind a proxy that speaks https, as settings.py sets it then (the last test sees that)."""
    settings.SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.fixture
def ours(anna, flowers) -> SimpleNamespace:
    return make_world(flowers, anna)


def judged(answer, *, public: bool = False) -> list[str]:
    """Everything that is wrong with an answer's headers and page."""
    points = score(answer.headers, answer.cookies.values(), ours_settings.SESSION_COOKIE_NAME)
    found = faults(answer.headers, public=public)
    if points < WANTED:
        found.append(f"only {points} points")
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        found += elsewhere(answer.text)
    if not answer.headers.get("Permissions-Policy"):
        found.append("no permissions policy")
    if answer.headers.get("Cross-Origin-Opener-Policy") != "same-origin":
        found.append("keeps a hand on windows of others")
    return found


def test_every_route(https, anna, ours):
    client = take_seats(signed_in(anna), ours)
    wrong = {}
    for name in ROUTES:
        for method in ("GET", "POST"):
            with undone():
                browser = Client()
                browser.cookies = client.cookies.copy()
                posted = post_to(name, ours) if method == "POST" else None
                answer = browser.generic(method, address(name, ours), secure=True)
                answers = [answer]
                if posted is not None:
                    answers.append(browser.post(address(name, ours), posted, secure=True))
            for one in answers:
                if found := judged(one):
                    wrong[f"{method} {name} {one.status_code}"] = found
    assert wrong == {}


def test_every_way_in_for_a_stranger(https, ours):
    for name in ("sign_in", "join", "sign_in_link", "home", "map"):
        assert judged(Client().get(address(name, ours), secure=True)) == []


@pytest.mark.urls(test_errors.__name__)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_every_error(https, db, headers):
    reader = Client(raise_request_exception=False, headers=headers)
    for path, status in {
        "/raise/403/": 403,
        "/raise/404/": 404,
        "/raise/500/": 500,
        "/raise/503/": 503,
        "/busy/": 503,
        "/nowhere/": 404,
    }.items():
        answer = reader.get(path, secure=True)
        assert (answer.status_code, judged(answer)) == (status, [])
    reader.post("/often/", secure=True)
    answer = reader.post("/often/", secure=True)
    assert (answer.status_code, judged(answer)) == (429, [])
    answer = reader.post(
        "/form/", b"a=1", "application/x-www-form-urlencoded; charset=utf-7", secure=True
    )
    assert (answer.status_code, judged(answer)) == (400, [])
    answer = Client(enforce_csrf_checks=True, headers=headers).post("/form/", secure=True)
    assert (answer.status_code, judged(answer)) == (403, [])


def test_what_the_server_answers_itself(live_server_url, anna, ours):
    """Too large, another host, the stream and its refusals, a file: on a real connection."""
    sessions = signed_in(anna).cookies[ours_settings.SESSION_COOKIE_NAME].value
    cookie = {"Cookie": f"{ours_settings.SESSION_COOKIE_NAME}={sessions}"}
    stream = f"/maps/{ours.map.pk}/stream/"
    asked = [
        ("POST", "/sign-in/", {"Content-Length": str(21 * 1024 * 1024)}, 413),
        ("GET", "/nowhere/%ff%fe/", {}, 404),
        ("GET", "/static/js/queue.js", {}, 200),
        ("GET", "/static/none.js", {}, 404),
        ("GET", stream, {}, 401),
        ("GET", f"/maps/{ours.persona.pk}/stream/", cookie, 404),
        ("POST", stream, {}, 405),
        ("GET", stream, cookie, 200),
    ]
    for method, path, headers, status in asked:
        answer = ask(live_server_url, method, path, headers)
        assert answer.status == status, path
        public = path.endswith(".js") and status == 200
        assert faults(_headers(answer), public=public) == [], path


def test_the_stream_is_read_by_nobody_elses_page():
    headers = {name.decode().title(): value.decode() for name, value in _STREAM}
    headers["X-Content-Type-Options"] = headers.pop("X-Content-Type-Options")
    assert faults(headers) == []


def test_behind_https_cookies_never_leave_it(server_process):
    """The real settings: a proxy that speaks https stands in front."""
    server_process.environment |= {
        "CJM_PUBLIC_URL": "https://maps.example.org",
        "CJM_TRUSTED_PROXIES": "1",
    }
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server_process.spawn("start", "--port", str(port), "--no-demo")
    until(lambda: "Ctrl+C" in server_process.output)
    here = f"http://127.0.0.1:{port}"
    proxied = {
        "Host": "maps.example.org",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "1.2.3.4",
        "Accept-Language": "en",
    }
    answer = ask(here, "GET", "/sign-in/", proxied)
    cookies = SimpleCookie("\r\n".join(answer.headers.get_all("Set-Cookie") or []))
    token = cookies["__Host-csrftoken"]
    assert score(_headers(answer), cookies.values()) >= WANTED
    assert faults(_headers(answer)) == []
    link = urlsplit(server_process.output.split("https://maps.example.org")[-1].split()[0]).path
    fields = f"csrfmiddlewaretoken={token.value}"
    more = {
        "Cookie": f"__Host-csrftoken={token.value}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": "https://maps.example.org",
        "Content-Length": str(len(fields)),
    }
    answer = ask(here, "POST", link, proxied | more, fields)
    assert answer.status == 302
    cookies = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie"):
        cookies.load(line)
    session = cookies["__Host-sessionid"]
    assert session["secure"] and session["httponly"] and session["path"] == "/"
    assert session["samesite"] == "Lax" and not session["domain"]
    assert score(_headers(answer), cookies.values(), "__Host-sessionid") >= WANTED
    # Without https nothing binds the browser to it: the same server on plain http says no HSTS.
    plain = ask(here, "GET", "/sign-in/", proxied | {"X-Forwarded-Proto": "http"})
    assert "Strict-Transport-Security" not in plain.headers


# --- the rules themselves: each header that is missing or wrong costs something -----------------


def test_a_good_page_has_no_fault():
    assert faults(GOOD) == []
    assert score(GOOD) == 130


@pytest.mark.parametrize("name", [name for name in GOOD if name != "Content-Type"])
def test_each_header_is_missed(name):
    without = {key: value for key, value in GOOD.items() if key != name}
    assert faults(without) or score(without) < score(GOOD)


@pytest.mark.parametrize(
    "csp",
    [
        "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        "default-src 'none'; script-src 'self' 'unsafe-eval'; frame-ancestors 'none'",
        "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        "default-src 'none'; script-src https://cdn.example; frame-ancestors 'none'",
        "default-src 'none'; img-src *; frame-ancestors 'none'",
        "default-src 'self'; frame-ancestors 'none'",
        "default-src 'none'",
    ],
)
def test_each_hole_in_the_policy_is_seen(csp):
    assert faults(GOOD | {"Content-Security-Policy": csp})


def test_a_session_that_scripts_or_plain_http_can_read_costs_the_mark():
    cookies = SimpleCookie("sessionid=x; SameSite=Lax")
    assert score(GOOD, cookies.values(), "sessionid") < WANTED


@pytest.mark.parametrize(
    "html",
    [
        '<script src="https://cdn.example/x.js"></script>',
        "<script>1</script>",
        '<p style="color: red">',
        '<img src="//example.org/x.png">',
        '<a onclick="x()">',
        '<form action="http://example.org/">',
    ],
)
def test_each_stranger_in_a_page_is_seen(html):
    assert elsewhere(html)


def test_a_policy_is_read_by_directive():
    assert policy(GOOD)["script-src"] == ["'self'"]


def ask(
    url: str, method: str, path: str, headers: dict, body: str = ""
) -> http.client.HTTPResponse:
    server = urlsplit(url)
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body.encode() or None)
        return connection.getresponse()
    finally:
        connection.close()


def _headers(answer: http.client.HTTPResponse) -> dict[str, str]:
    return {name.title(): value for name, value in answer.getheaders()}
