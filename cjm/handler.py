"""Django's way in from ASGI, where one thread of a pool answers a whole request.

All our middleware and views are synchronous. Django's own handler takes a request through the
event loop between them, some two dozen changes of thread, and in a thread made for that request
alone, which opens a database connection of its own. Here a request changes threads once, and a
thread keeps the connection it has (docs/benchmarks.md has the figures).
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from contextvars import copy_context
from typing import IO, cast

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.urls import set_script_prefix

THREADS = 16  # requests answered at once; more wait for their turn


class Handler(ASGIHandler):
    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware()
        self._threads = ThreadPoolExecutor(THREADS, "request")

    async def __call__(self, scope, receive, send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            response = await asyncio.get_running_loop().run_in_executor(
                self._threads, copy_context().run, self._answer, scope, body
            )
            with closing(response):
                await self.send_response(response, send)

    def _answer(self, scope: dict, body: IO[bytes]) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        try:
            request, refusal = self.create_request(scope, body)
            return refusal or self.get_response(cast(HttpRequest, request))
        finally:
            # Here and not when the answer has been sent: connections belong to this thread.
            close_old_connections()
