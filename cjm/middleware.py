"""What every answer carries, whatever view made it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from teams.errors import bad_request


def utf8_only(get_response: Callable[[HttpRequest], HttpResponse]):
    """Other encodings could bring characters that no database keeps; browsers send none."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower().replace("-", "") != "utf8":
            return bad_request(request)
        return get_response(request)

    return middleware


def no_store(get_response: Callable[[HttpRequest], HttpResponse]):
    """Pages are private and live: neither a proxy nor the Back button may show an old one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
