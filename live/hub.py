"""The hub of one process: frames of a channel → every stream that watches it.

New frames are read once a process, encoded once an audience, and the same bytes are put on each
viewer's queue. Hints say when to look; a poll each second finds what a lost hint didn't tell.
Everything but `hint()` and `stop()` happens in the event loop's thread; the database is asked in
a few threads of the hub's own, and no connection outlives its question.
"""

import asyncio
import json
import logging
import random
import signal
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import close_old_connections

from ui.ids import uuid7

from . import sse

log = logging.getLogger(__name__)

MOST_FRAMES = 64  # waiting for one viewer …
MOST_BYTES = 1_000_000  # … and their size: beyond either the stream is dropped and resumes
WRITE_BYTES = 64_000  # joined into one write
READ_FRAMES = 500  # in one reading; whoever is further behind fetches the board
POLL = 1.0
BEAT = 15.0
AGE = 600.0  # of a stream, ±20 %; the right is asked again when it comes back

BOARD = '<hx-partial hx-target="#board-word" hx-swap="innerHTML">board</hx-partial>'

# Kinds of actors that are not told who is there, and don't count as people.
NOT_TOLD = frozenset({"guest", "wall", "desk"})

type Frame = tuple[int, str, str]  # number, audience, html


@dataclass(frozen=True, slots=True)
class Opened:
    """A channel that an actor may watch, as it was when the right was asked.

    The first audience is the one shared by all; the digest in the heartbeat covers that one.
    """

    actor_key: str
    actor_name: str
    audiences: tuple[str, ...]
    seq: int
    epoch: str

    @property
    def kind(self) -> str:
        """What kind of actor it is."""
        return self.actor_key.partition(":")[0]

    @property
    def sees_people(self) -> bool:
        """Whether it is told who else is there: a guest and a wall aren't."""
        return self.kind not in NOT_TOLD


@dataclass(frozen=True)
class Source:
    """What the app that owns the documents tells of them. Plain functions, called in threads."""

    open: Callable[[dict, UUID], Opened | int]  # of an ASGI scope; or the status of the refusal
    frames: Callable[[UUID, int, int], list[Frame] | None]  # after a number; None: too old
    heads: Callable[[Collection[UUID]], dict[UUID, int]]
    digest: Callable[[UUID, str], tuple[int, str]]  # of what an audience sees, and its number
    build: str


class Viewer:
    """One open stream: what waits to be written to it."""

    __slots__ = (
        "channel", "ended", "ends_at", "last", "limit", "opened", "queue", "scope", "screen",
        "size", "waiter",
    )  # fmt: skip

    def __init__(self, scope: dict, opened: Opened):
        self.scope = scope
        self.opened = opened
        self.screen = uuid7()
        self.channel: Channel
        self.limit: asyncio.Timeout | None = None  # interrupts a write that does not return
        self.last = 0  # the last number written
        # Not a deque: an empty one takes 760 bytes, and most queues are empty.
        self.queue: list[tuple[int, bytes]] = []
        self.size = 0
        self.waiter: asyncio.Future | None = None
        self.ended = False
        self.ends_at = asyncio.get_running_loop().time() + AGE * random.uniform(0.8, 1.2)

    def put(self, seq: int, body: bytes) -> None:
        """Queues a frame, or with `seq` 0 a signal. A queue that is full drops the stream:
        never an event, because the screen would not know what it misses."""
        if self.ended:
            return
        self.queue.append((seq, body))
        self.size += len(body)
        if len(self.queue) > MOST_FRAMES or self.size > MOST_BYTES:
            log.info("live: a screen reads too slowly, its stream is dropped")
            self.end()
            if self.limit:
                self.limit.reschedule(asyncio.get_running_loop().time())
        else:
            self._wake()

    def end(self, farewell: bytes = b"") -> None:
        """Ends the stream after what is queued and these last words."""
        if not self.ended:
            self.ended = True
            self.queue.append((0, farewell))
            self._wake()

    def take(self) -> bytes:
        """What is queued, joined, up to one write; what was written before is left out."""
        parts, size, taken = [], 0, 0
        for seq, body in self.queue:
            if size >= WRITE_BYTES:
                break
            taken += 1
            self.size -= len(body)
            if 0 < seq <= self.last:
                continue
            self.last = seq or self.last
            parts.append(body)
            size += len(body)
        del self.queue[:taken]
        return b"".join(parts)

    def something(self) -> asyncio.Future:
        """To be awaited while the queue is empty: done when something is queued."""
        self.waiter = asyncio.get_running_loop().create_future()
        return self.waiter

    def _wake(self) -> None:
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)


class Channel:
    """A document that at least one stream of this process watches."""

    __slots__ = (
        "beat_at", "digests", "hinted", "id", "last", "people", "people_stale", "reading",
        "viewers",
    )  # fmt: skip

    def __init__(self, id: UUID, seq: int):
        self.id = id
        self.last = seq  # the last number given to the viewers
        self.viewers: dict[Viewer, None] = {}
        self.hinted = False
        self.reading = False
        self.beat_at = asyncio.get_running_loop().time() + BEAT * random.random()
        self.digests: dict[str, tuple[int, str]] = {}
        self.people = b""  # the presence event its viewers have
        self.people_stale = False

    def put(self, seq: int, body: bytes) -> None:
        """The same bytes to every viewer."""
        for viewer in self.viewers:
            viewer.put(seq, body)

    def end(self, farewell: Callable[[], bytes]) -> None:
        for viewer in self.viewers:
            viewer.end(farewell())


class Hub:
    def __init__(self, source: Source):
        self.source = source
        self.channels: dict[UUID, Channel] = {}
        self.loop: asyncio.AbstractEventLoop | None = None
        self.stopping = False
        self.counts: Counter[str] = Counter()  # of what happened to streams, for whoever watches
        self.at_stop: Callable[[], object] = lambda: None  # may ask the database
        self._tasks: set[asyncio.Task] = set()
        # Apart, so that a storm of joining screens doesn't hold up those that watch.
        self._threads = ThreadPoolExecutor(2, "live")
        self._door = ThreadPoolExecutor(2, "live-open")

    def start(self) -> None:
        """Begins to poll, in the running loop."""
        self.loop = asyncio.get_running_loop()
        _hubs.append(self)
        self.every(POLL, self.poll)
        self.every(1, self.beat)

    def every(self, seconds: float, job: Callable[[], Awaitable[None]]) -> None:
        """Runs `job` again and again; one that fails is logged and runs again."""

        async def run() -> None:
            while True:
                try:
                    await job()
                except Exception:
                    log.exception("live: %s failed, it runs again", job.__qualname__)
                await asyncio.sleep(seconds * random.uniform(0.8, 1.2))

        self.spawn(run())

    def spawn(self, work: Coroutine) -> asyncio.Task:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def ask[T](self, question: Callable[..., T], *args: Any) -> T:
        """Asks the database in a thread of the hub."""
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, _and_let_go, question, *args
        )

    async def ask_at_door[T](self, question: Callable[..., T], *args: Any) -> T:
        """The same for a screen that is just joining."""
        return await asyncio.get_running_loop().run_in_executor(
            self._door, _and_let_go, question, *args
        )

    # Viewers come and go

    def join(self, channel_id: UUID, viewer: Viewer) -> Channel:
        """From now on all that is newer than the channel's `last` reaches the viewer's queue."""
        channel = self.channels.get(channel_id)
        if channel is None:
            channel = self.channels[channel_id] = Channel(channel_id, viewer.opened.seq)
        viewer.channel = channel
        channel.viewers[viewer] = None
        if viewer.opened.seq > channel.last:
            self.heard(channel_id, "frame")
        if channel.people and viewer.opened.sees_people:
            viewer.put(0, channel.people)
        return channel

    def leave(self, viewer: Viewer) -> None:
        channel = viewer.channel
        channel.viewers.pop(viewer, None)
        if not channel.viewers and self.channels.get(channel.id) is channel:
            del self.channels[channel.id]

    # News

    def hint(self, channel_id: UUID, kind: str) -> None:
        """Something is new; from any thread."""
        self._soon(self.heard, channel_id, kind)

    def stop(self) -> None:
        """Ends every stream; from any thread and from a signal."""
        self.stopping = True
        self._soon(self._end_all)

    def _soon(self, act: Callable[..., None], *args: Any) -> None:
        try:
            if self.loop:
                self.loop.call_soon_threadsafe(act, *args)
        except RuntimeError:  # its loop is closed
            if self in _hubs:
                _hubs.remove(self)

    def _end_all(self) -> None:
        for channel in self.channels.values():
            channel.end(sse.again)
        # Unwatched, because the loop may end first; and the database forgets by itself in time.
        self._threads.submit(_and_let_go, self.at_stop)

    def heard(self, channel_id: UUID, kind: str) -> None:
        channel = self.channels.get(channel_id)
        if channel is None:
            return
        if kind == "presence":
            channel.people_stale = True
        elif kind == "rights":
            for viewer in channel.viewers:
                self.spawn(self._ask_right_again(viewer))
        else:
            channel.hinted = True
            if not channel.reading:
                channel.reading = True
                self.spawn(self._read(channel))

    async def poll(self) -> None:
        """The truth: compares each channel's number with the database's."""
        if self.channels:
            heads = await self.ask(self.source.heads, list(self.channels))
            for channel in list(self.channels.values()):
                if heads.get(channel.id, channel.last) != channel.last:
                    self.heard(channel.id, "frame")

    async def catch_up(self) -> None:
        """After a time in which nothing was heard: hints about rights have no poll behind them."""
        await self.poll()
        for channel in list(self.channels):
            self.heard(channel, "rights")

    async def _read(self, channel: Channel) -> None:
        try:
            while channel.hinted and channel.viewers:
                channel.hinted = False
                frames = await self.ask(self.source.frames, channel.id, channel.last, READ_FRAMES)
                if frames is None:
                    heads = await self.ask(self.source.heads, [channel.id])
                    self._start_over(channel, heads.get(channel.id, channel.last))
                else:
                    self._deliver(channel, frames)
        except Exception:
            log.exception("live: frames of %s not read, the poll will ask again", channel.id)
        finally:
            channel.reading = False

    def _start_over(self, channel: Channel, head: int) -> None:
        """The frames can't be had: every screen fetches the board."""
        self.counts["reset"] += len(channel.viewers)
        if head > channel.last:
            channel.put(head, sse.encode(BOARD, id=head))
        elif head < channel.last:  # a backup was restored; the epoch is asked on the way back
            channel.end(sse.again)
        channel.last = head

    def _deliver(self, channel: Channel, frames: list[Frame]) -> None:
        for seq, group in groupby(frames, lambda frame: frame[0]):
            if seq != channel.last + 1:  # a number without frames
                self._start_over(channel, frames[-1][0])
                return
            drawn = {audience: html for _, audience, html in group}
            bodies: dict[tuple[str, ...], bytes] = {}
            for viewer in channel.viewers:
                seen = tuple(name for name in drawn if name in viewer.opened.audiences)
                if seen not in bodies:
                    bodies[seen] = sse.encode("".join(drawn[name] for name in seen), id=seq)
                viewer.put(seq, bodies[seen])
            channel.last = seq

    async def _ask_right_again(self, viewer: Viewer) -> None:
        now: Opened | int
        try:
            now = await self.ask_at_door(self.source.open, viewer.scope, viewer.channel.id)
        except Exception:
            log.exception("live: right not asked, the stream ends")
            now = 503
        if isinstance(now, int) and now < 500 and now != 401:
            viewer.end(sse.encode(json.dumps({"status": now}), event="bye"))
        elif (
            isinstance(now, int)  # 401: this session is over, the browser may have a newer one
            or now.actor_key != viewer.opened.actor_key
            or now.audiences != viewer.opened.audiences
        ):
            viewer.end(sse.again())

    # Heartbeat

    async def beat(self) -> None:
        """Ends streams that are old, and sends the heartbeats that are due."""
        now = asyncio.get_running_loop().time()
        for channel in self.channels.values():
            for viewer in channel.viewers:
                if viewer.ends_at <= now:
                    viewer.end(sse.again())
            if channel.beat_at <= now:
                channel.beat_at = now + BEAT
                self.spawn(self._beat(channel))

    async def _beat(self, channel: Channel) -> None:
        for shared in {viewer.opened.audiences[0] for viewer in channel.viewers}:
            known = channel.digests.get(shared)
            if known is None or known[0] != channel.last:
                try:
                    known = await self.ask(self.source.digest, channel.id, shared)
                    channel.digests[shared] = known
                except Exception:  # the heart beats on: the screen must not take us for dead
                    log.exception("live: no digest of %s", channel.id)
            seq, digest = known or (channel.last, None)
            body = sse.encode(json.dumps({"seq": seq, "digest": digest}), event="hb")
            for viewer in channel.viewers:
                if viewer.opened.audiences[0] == shared:
                    viewer.put(0, body)


def _and_let_go[T](question: Callable[..., T], *args: Any) -> T:
    """Answers, then gives the thread's connections back, in that very thread."""
    try:
        return question(*args)
    finally:
        close_old_connections()


# The hubs that run in this process: one, except in tests.
_hubs: list[Hub] = []


def hint(channel_id: UUID, kind: str = "frame") -> None:
    """Tells this process that a channel has news; from any thread, after the commit."""
    for hub in tuple(_hubs):
        hub.hint(channel_id, kind)


def stop() -> None:
    """Ends every stream of this process; from any thread and from a signal."""
    for hub in tuple(_hubs):
        hub.stop()


def stop_on_signals() -> None:
    """Ends the streams before the server's own handler begins to wait for them.

    The lifespan's shutdown would come too late: uvicorn sends it after the last response.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        servers = signal.getsignal(number)
        if callable(servers):
            signal.signal(number, _stop_then(servers))


def _stop_then(servers: Callable[[int, Any], Any]) -> Callable[[int, Any], None]:
    def handle(number: int, frame: Any) -> None:
        stop()
        servers(number, frame)

    return handle
