"""What every answer carries, whatever view made it."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from teams.errors import bad_request

TOO_LARGE = "cjm.too_large"  # said in the scope by asgi.py
_UNUSED = ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
_HEADERS = {
    # Pages are private and live: neither a proxy nor the Back button may show an old one.
    "Cache-Control": "no-store",
    # Nothing of ours may be drawn into a page of another site.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
}


def readable_only(get_response: Callable[[HttpRequest], HttpResponse]):
    """Refuses a body that is too large, and encodings other than UTF-8: they could bring
    characters that no database keeps; browsers send none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if getattr(request, "scope", {}).get(TOO_LARGE):
            return bad_request(request, RequestDataTooBig())
        if (request.encoding or "utf-8").lower().replace("-", "") != "utf8":
            return bad_request(request)
        return get_response(request)

    return middleware


def safe_headers(get_response: Callable[[HttpRequest], HttpResponse]):
    """Headers that a view may replace by its own."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware
