"""The stream of a channel, `text/event-stream`: a plain ASGI function, routed before Django.

(A Django response would keep one thread per viewer for hours.) In this order:

1. the right is asked, once, in a thread; the answer is a stream or 401/403/404/503, never a
   redirect: htmx takes any 2xx for success and would come back twice a second for ever;
2. the viewer joins the hub, then reads what it missed, then drops what comes twice: so nothing
   is lost between the two;
3. `hello` goes out at once, then the missed frames or the word `board`, then what the hub puts
   on the queue. The stream holds no database connection and no thread.

Events: unnamed = a frame under its number; `hello` {build, epoch, seq, screen}; `hb`
{seq, digest} each 15 s; `presence` {count, people}; `again` = come back in a moment;
`bye` {status} = the right is lost, don't come back.
"""

import asyncio
import json
import logging
import random
from itertools import groupby
from urllib.parse import parse_qs
from uuid import UUID

from ui.ids import uuid7

from . import listen, sse
from .hub import BOARD, READ_FRAMES, Frame, Hub, Opened, Source, Viewer, stop_on_signals
from .presence import TICK, Keeper

log = logging.getLogger(__name__)

MOST_STREAMS = 2000  # of one process

_SAFE = [
    (b"cache-control", b"no-store, no-transform"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
]
_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"x-accel-buffering", b"no"),
    *_SAFE,
]
_WORDS = {
    400: b"Bad request",
    401: b"Sign in",
    403: b"Forbidden",
    404: b"Not found",
    405: b"Method not allowed",
    503: b"Try again in a moment",
}


class Stream:
    """`await stream(scope, receive, send, channel_id)`. Begins with `start()` or the first."""

    def __init__(self, source: Source):
        self.hub = Hub(source)
        self.keeper = Keeper(self.hub)
        self.open = 0
        self.lag = 0.0  # of what is announced until it is heard, when last tried
        self._me = uuid7()
        self._echo: asyncio.Future[None] | None = None

    async def __call__(self, scope: dict, receive, send, channel_id: UUID) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        if self.hub.stopping or self.open >= MOST_STREAMS:
            self.hub.counts["refused"] += 1
            await _refuse(send, 503)
            return
        self.open += 1
        try:
            self.start()
            opened = await self._ask_right(scope, channel_id)
            if isinstance(opened, int):
                await _refuse(send, opened)
            else:
                await self._stream(Viewer(scope, opened), receive, send, channel_id)
        finally:
            self.open -= 1

    def start(self) -> None:
        """Begins to listen and to poll, in the running loop; nothing where it has begun."""
        if self.hub.loop is None:
            self.hub.start()
            self.hub.every(TICK, self.keeper.tick)
            if listen.available():
                self.hub.every(1, self._listen)
            stop_on_signals()

    async def _listen(self) -> None:
        await listen.listen(self._heard, self.hub.catch_up)

    def _heard(self, channel_id: UUID, kind: str) -> None:
        if channel_id != self._me:
            self.hub.heard(channel_id, kind)
        elif self._echo and not self._echo.done():
            self._echo.set_result(None)

    async def echo(self, seconds: float) -> bool:
        """Calls itself through the database: whether that is heard within so many seconds. How
        long it took stands in `lag`. True where there is nothing to listen to."""
        if not listen.available():
            return True
        loop = asyncio.get_running_loop()
        began = loop.time()
        if self._echo is None or self._echo.done():
            self._echo = loop.create_future()
        try:
            async with asyncio.timeout(seconds):
                while not self._echo.done():
                    await self.hub.ask(listen.call, self._me)
                    await asyncio.wait({self._echo}, timeout=0.5)
        except Exception:
            self.lag = seconds
            return False
        self.lag = loop.time() - began
        return True

    async def _ask_right(self, scope: dict, channel_id: UUID) -> Opened | int:
        try:
            opened = await self.hub.ask_at_door(self.hub.source.open, scope, channel_id)
        except Exception:
            log.exception("live: a stream could not be opened")
            return 503
        return 503 if self.hub.stopping else opened  # it may have stopped meanwhile

    async def _stream(self, viewer: Viewer, receive, send, channel_id: UUID) -> None:
        self.hub.join(channel_id, viewer)
        self.keeper.arrive(viewer)
        watch = asyncio.create_task(_watch(receive, viewer))
        try:
            async with asyncio.timeout(None) as viewer.limit:
                await self._write(viewer, send)
        except TimeoutError:
            self.hub.counts["dropped"] += 1
            _cut(send)
            await asyncio.wait({watch}, timeout=1)  # until the server knows too
        finally:
            self.hub.leave(viewer)
            self.keeper.leave(viewer)
            watch.cancel()

    async def _write(self, viewer: Viewer, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
        await _body(send, self._hello(viewer))
        await _body(send, await self._missed(viewer))
        while viewer.queue or not viewer.ended:
            if not viewer.queue:
                await viewer.something()
            await _body(send, viewer.take())
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _hello(self, viewer: Viewer) -> bytes:
        hello = {
            "build": self.hub.source.build,
            "epoch": viewer.opened.epoch,
            "seq": viewer.opened.seq,
            "screen": str(viewer.screen),
        }
        return sse.encode(json.dumps(hello), event="hello", retry=sse.retry_ms())

    async def _missed(self, viewer: Viewer) -> bytes:
        """What lies between the number the screen knows and what the hub will send."""
        since, epoch = _asked(viewer.scope)
        opened, channel = viewer.opened, viewer.channel
        if since is None:
            return _board(viewer)
        self.hub.counts["resumed"] += 1
        if epoch != opened.epoch or since > max(opened.seq, channel.last):
            self.hub.counts["reset"] += 1
            return _board(viewer)
        viewer.last = since
        if since >= channel.last:
            return b""
        try:
            frames = await self.hub.ask_at_door(
                self.hub.source.frames, channel.id, since, READ_FRAMES
            )
        except Exception:
            log.exception("live: what a screen missed could not be read")
            viewer.end(sse.again())
            return b""
        if frames is None:
            self.hub.counts["reset"] += 1
            return _board(viewer)
        return _replay(viewer, frames)


def _asked(scope: dict) -> tuple[int | None, str]:
    """The last number the screen knows, and of which epoch."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    said = query.get("since", [])[:1] + [
        value.decode("latin-1") for name, value in scope["headers"] if name == b"last-event-id"
    ]
    known = [int(text) for text in said if text.isdecimal() and len(text) < 19]
    return max(known, default=None), query.get("epoch", [""])[0]


def _board(viewer: Viewer) -> bytes:
    viewer.last = max(viewer.opened.seq, viewer.channel.last)
    return sse.encode(BOARD, id=viewer.last)


def _replay(viewer: Viewer, frames: list[Frame]) -> bytes:
    parts = []
    for seq, group in groupby(frames, lambda frame: frame[0]):
        if seq != viewer.last + 1:
            return _board(viewer)
        mine = [html for _, audience, html in group if audience in viewer.opened.audiences]
        parts.append(sse.encode("".join(mine), id=seq))
        viewer.last = seq
    return b"".join(parts)


async def _watch(receive, viewer: Viewer) -> None:
    """Ends the stream as soon as the browser is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.end()


async def _body(send, body: bytes) -> None:
    if body:
        await send({"type": "http.response.body", "body": body, "more_body": True})


def _cut(send) -> None:
    """Breaks the connection of a reader that doesn't read.

    ASGI has no word for it, and a polite close would wait for that reader; uvicorn's `send` is a
    method of the object that holds the connection.
    """
    if transport := getattr(getattr(send, "__self__", None), "transport", None):
        transport.abort()


async def _refuse(send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_SAFE]
    if status == 503:
        headers.append((b"retry-after", b"%d" % random.randint(1, 5)))
    if status == 405:
        headers.append((b"allow", b"GET"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    body = _WORDS.get(status, b"Refused")
    await send({"type": "http.response.body", "body": body, "more_body": False})
