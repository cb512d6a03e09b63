"""Pages for what went wrong, each with the sentence that helps, in the reader's language.

A script that posted gets the sentence alone; a person gets a page.
"""

import random
import secrets
import sys
from collections.abc import Callable
from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from django.core.handlers.asgi import ASGIRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language


def _page(
    request: HttpRequest, status: int, context: dict | None = None, *, name: str = ""
) -> HttpResponse:
    template = f"errors/{name or status}.html"
    if request.headers.get("HX-Request") == "true":
        sentence = render_to_string(f"{template}#sentence", context)
        return HttpResponse(f'<p class="refusal">{sentence}</p>', status=status)
    if status in (400, 500, 503):
        # Drawn for nobody: without the request no session and no database is asked.
        context = {**(context or {}), "LANGUAGE_CODE": get_language()}
        return HttpResponse(render_to_string(template, context), status=status)
    return HttpResponse(render_to_string(template, context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def signed_out(request: HttpRequest) -> HttpResponse:
    return _page(request, 401)


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
    # Told by the page and by the line of the log.
    request.reference = secrets.token_hex(4)  # type: ignore[attr-defined]
    return _page(request, 500, {"reference": request.reference})  # type: ignore[attr-defined]


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: too busy, or shutting down; worth another try in a moment, not all in the same one."""
    response = _page(request, 503)
    response.headers["Retry-After"] = str(random.randint(1, 3))
    return response


def outside_django(scope: dict, page: Callable[..., HttpResponse], *more: object) -> HttpResponse:
    """One of these pages in its reader's language, for what did not reach Django."""
    request = ASGIRequest(scope, BytesIO())
    with translation.override(translation.get_language_from_request(request)):
        return page(request, *more)
