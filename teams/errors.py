"""Pages for what went wrong, each with the sentence that helps, in the reader's language.

A script that posted gets the sentence alone; a person gets a page. The pages for 400, 500 and
503 stand on `errors/bare.html`, which asks nothing of the database or the session.
"""

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(
    request: HttpRequest, status: int, context: dict | None = None, *, name: str = ""
) -> HttpResponse:
    template = f"errors/{name or status}.html"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(render_to_string(f"{template}#refusal", context), status=status)
    # The bare pages get no request, so that no context processor can fail in them.
    page = render_to_string(template, context, None if status in (400, 500, 503) else request)
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is too old, or a browser that keeps no cookies."""
    return _page(request, 403, name="csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429, with the time to wait in words and in `Retry-After` (`wait` is in seconds)."""
    response = _page(request, 429, {"minutes": -(-wait // 60)})
    response.headers["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """503 when the database could not serve us just now (it may soon), else 500."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return unavailable(request)
    return _page(request, 500)


def unavailable(request: HttpRequest, wait: int = 5) -> HttpResponse:
    """503: too busy, or shutting down; worth another try in `wait` seconds."""
    response = _page(request, 503)
    response.headers["Retry-After"] = str(wait)
    return response
