"""Django's way in from ASGI, where one thread of a pool answers a whole request.

All our middleware and views are synchronous. Django's own handler takes a request through the
event loop between them, some two dozen changes of thread, and in a thread made for that request
alone, which opens a database connection of its own. Here a request changes threads once, and a
thread keeps the connection it has (docs/benchmarks.md has the figures).
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from typing import IO, cast

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_script_prefix

from teams import errors

PATIENCE = 5.0  # seconds that a request waits for its turn: then it is told to come back


class Handler(ASGIHandler):
    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware()
        self._threads = ThreadPoolExecutor(settings.REQUEST_THREADS, "request")

    async def __call__(self, scope, receive, send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            response = await asyncio.get_running_loop().run_in_executor(
                self._threads, copy_context().run, self._answer, scope, body, time.monotonic()
            )
            with closing(response):
                await self.send_response(response, send)

    def _answer(self, scope: dict, body: IO[bytes], came: float) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        if time.monotonic() - came > PATIENCE:
            return errors.outside_django(scope, errors.unavailable)
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            request, refusal = self.create_request(scope, body)
            if request is None:
                return cast(HttpResponseBase, refusal)
            response = self.get_response(cast(HttpRequest, request))
            scope["told"] = _told(request)
            return response
        finally:
            # Here and not when the answer has been sent: connections belong to this thread.
            close_old_connections()


def _told(request: HttpRequest) -> dict[str, str]:
    """What the log says of a request: the name of its route, never the path, and no person."""
    match = request.resolver_match
    user = getattr(request, "_cached_user", None)  # whoever was asked for, without asking anew
    told = {
        "route": (match.url_name if match else "") or ("static" if _is_static(request) else ""),
        "actor": "member" if user and user.is_authenticated else "anonymous",
    }
    if reference := getattr(request, "reference", ""):
        told["reference"] = reference
    return told


def _is_static(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STATIC_URL)
