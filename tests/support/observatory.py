"""The headers of an answer, judged as the MDN HTTP Observatory does, without asking anybody.

`score` begins at 100, takes points away and gives some; `faults` says what a page of ours must
have beyond that: no script or style but our own files, and nothing kept by a cache.
"""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from http.cookies import Morsel
from urllib.parse import urlsplit

PRIVATE_REFERRER = {"no-referrer", "same-origin", "strict-origin"}
HALF_A_YEAR = 60 * 60 * 24 * 365 // 2


def policy(headers: Mapping[str, str]) -> dict[str, list[str]]:
    """The content security policy by directive."""
    parts = (part.split() for part in headers.get("Content-Security-Policy", "").split(";"))
    return {name.lower(): values for name, *values in filter(None, parts)}


def score(headers: Mapping[str, str], cookies: Iterable[Morsel] = (), session: str = "") -> int:
    """Above 100 is an A+; bonuses count only where nothing serious is missing."""
    cookies = [one for one in cookies if one["max-age"] != 0]  # not those that it takes away
    minus = sum(points for broken, points in _penalties(headers, cookies, session) if broken)
    bonus = sum(points for found, points in _bonuses(headers, cookies) if found)
    return 100 - minus + (bonus if minus <= 10 else 0)


def _penalties(headers, cookies: list[Morsel], session: str):
    csp = policy(headers)
    scripts = csp.get("script-src", csp.get("default-src", ["*"]))
    styles = csp.get("style-src", csp.get("default-src", ["*"]))
    yield not csp, 25
    yield bool({"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & {*scripts}), 20
    yield "'unsafe-inline'" in styles, 0
    yield any(not one["secure"] for one in cookies), 20
    yield any(one.key == session and not one["httponly"] for one in cookies), 30
    yield "Access-Control-Allow-Origin" in headers, 50
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    yield not age, 20
    yield bool(age) and int(age[1]) < HALF_A_YEAR, 10
    yield headers.get("X-Content-Type-Options") != "nosniff", 5
    framed = "frame-ancestors" in csp or headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN")
    yield not framed, 20
    yield headers.get("Referrer-Policy") in ("unsafe-url", "no-referrer-when-downgrade"), 5
    yield headers.get("Cross-Origin-Resource-Policy") == "cross-origin", 5


def _bonuses(headers, cookies: list[Morsel]):
    csp = policy(headers)
    yield csp.get("default-src") == ["'none'"], 10
    yield bool(cookies) and all(one["samesite"] for one in cookies), 5
    yield headers.get("Referrer-Policy") in PRIVATE_REFERRER, 5
    yield csp.get("frame-ancestors") == ["'none'"], 5
    yield headers.get("Cross-Origin-Resource-Policy") == "same-origin", 10


def faults(headers: Mapping[str, str], *, public: bool = False) -> list[str]:
    """What must not be missing from any answer of ours; a `public` file may be kept by caches."""
    csp = policy(headers)
    given = " ".join(value for values in csp.values() for value in values)
    found = {
        "something unsafe": "unsafe" in given,
        "an origin that is not ours": bool(re.search(r"\*|https?:|//|\w\.\w", given)),
        "no default": csp.get("default-src") != ["'none'"],
        "may be framed": csp.get("frame-ancestors") != ["'none'"],
        "guesses types": headers.get("X-Content-Type-Options") != "nosniff",
        "tells where people come from": headers.get("Referrer-Policy") not in PRIVATE_REFERRER,
        "may be drawn into other sites": headers.get("Cross-Origin-Resource-Policy")
        != "same-origin",
        "may be kept": not public and not _is_private(headers),
        "says what serves it": "Server" in headers or "X-Powered-By" in headers,
        "is open to other origins": "Access-Control-Allow-Origin" in headers,
    }
    return [what for what, there in found.items() if there]


def _is_private(headers: Mapping[str, str]) -> bool:
    said = {word.strip() for word in headers.get("Cache-Control", "").split(",")}
    is_page = headers.get("Content-Type", "").startswith("text/html")
    return "no-store" in said or (not is_page and "private" in said)


class Origins(HTMLParser):
    """Collects what a page loads, leads to or sends to from elsewhere, and what is inline."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("src", "href", "action", "formaction", "poster", "data", "srcset"):
                address = urlsplit(value or "")
                if address.scheme not in ("", "data") or address.netloc:
                    self.found.append(f"<{tag} {name}={value}>")
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}>")
        if tag == "style" or (tag == "script" and not dict(attrs).get("src")):
            self.found.append(f"<{tag}> inline")


def elsewhere(page: str) -> list[str]:
    """What a page takes from another origin, or what its policy would refuse."""
    origins = Origins()
    origins.feed(page)
    return origins.found
