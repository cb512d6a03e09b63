"""The parts of a live test: a document in memory, a real server, a browser that reads strictly."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

import uvicorn
from django.db import connections

from live import hub
from live.hub import Opened, Source
from live.stream import Stream
from ui.ids import uuid7


@dataclass
class Event:
    data: str
    event: str = ""
    id: int | None = None
    retry: int | None = None

    @property
    def json(self) -> dict:
        return json.loads(self.data)


def parse(text: str) -> list[Event]:
    """A strict reader of server-sent events, after the WHATWG text: what it does not know fails."""
    assert text == "" or text.endswith("\n\n")
    events = []
    for block in text.split("\n\n")[:-1]:
        found: dict = {}
        data = []
        for line in re.split("\r\n|\r|\n", block):
            name, colon, value = line.partition(":")
            assert colon and name in ("data", "event", "id", "retry"), line
            value = value.removeprefix(" ")
            if name == "data":
                data.append(value)
            else:
                assert name not in found
                found[name] = int(value) if name in ("id", "retry") else value
        assert data, "an event without data is never seen"
        events.append(Event("\n".join(data), **found))
    return events


@dataclass
class Journey:
    """A document in memory, as the app that owns the documents would tell of it."""

    id: UUID = field(default_factory=uuid7)
    epoch: str = "first"
    seq: int = 0
    oldest: int = 0  # frames up to here are pruned
    frames: list[tuple[int, str, str]] = field(default_factory=list)
    people: dict[str, int | tuple[str, ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def edit(self, *drawn: tuple[str, str] | str, hint: bool = True) -> int:
        """One change; `drawn` is HTML for the team or (audience, HTML)."""
        number = self.seq + 1
        for one in drawn:
            audience, html = ("team", one) if isinstance(one, str) else one
            self.frames.append((number, audience, html))
        self.seq = number
        if hint:
            hub.hint(self.id)
        return number

    def open(self, scope: dict, channel: UUID) -> Opened | int:
        if channel != self.id:
            return 404
        cookie = dict(scope["headers"]).get(b"cookie", b"name=Ana").decode()
        name = cookie.removeprefix("name=")
        right = self.people.get(name, ("team", f"member:{name}"))
        if isinstance(right, int):
            return right
        return Opened(f"member:{name}", name, right, self.seq, self.epoch)

    def after(self, channel: UUID, seq: int, limit: int) -> list[tuple[int, str, str]] | None:
        self.asked.append(threading.current_thread().name)
        head = self.seq
        if seq < self.oldest or seq > head:
            return None
        rows = [frame for frame in list(self.frames) if seq < frame[0] <= head]
        return rows if len(rows) <= limit and (rows or seq == head) else None

    def heads(self, channels) -> dict[UUID, int]:
        return {self.id: self.seq} if self.id in channels else {}

    def digest(self, channel: UUID, audience: str) -> tuple[int, str]:
        return self.seq, f"{audience}-{self.seq}"

    @property
    def source(self) -> Source:
        return Source(self.open, self.after, self.heads, self.digest, build="b1")


class Server:
    """uvicorn in a thread, with nothing but the stream."""

    def __init__(self, source: Source):
        self.stream = Stream(source)
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.socket.getsockname()[1]
        config = uvicorn.Config(
            self.app,
            interface="asgi3",
            lifespan="off",
            log_level="warning",
            timeout_graceful_shutdown=5,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})

    async def app(self, scope, receive, send) -> None:
        _, _, channel, *_ = scope["path"].split("/")
        await self.stream(scope, receive, send, UUID(channel))

    @property
    def viewers(self) -> int:
        return sum(len(channel.viewers) for channel in self.stream.hub.channels.values())


@contextmanager
def serving(source: Source) -> Iterator[Server]:
    server = Server(source)
    server.thread.start()
    try:
        yield server
    finally:
        server.stream.hub.stop()
        server.server.should_exit = True
        server.thread.join(10)
        assert not server.thread.is_alive()


class Screen:
    """A browser tab's end of the stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self.reader, self.writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self.events: list[Event] = []
        self.ended = False
        self._rest = b""

    async def head(self) -> None:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = dict(line.lower().split(": ", 1) for line in lines[1:-2])

    async def read(self) -> None:
        """One chunk more."""
        size = int(await self.reader.readline(), 16)
        chunk = await self.reader.readexactly(size + 2)
        if not size:
            self.ended = True
            return
        whole, mark, rest = (self._rest + chunk[:-2]).rpartition(b"\n\n")
        self._rest = rest
        self.events += parse((whole + mark).decode())

    async def until(self, enough, seconds: float = 5) -> None:
        """Reads until `enough(self)`."""
        async with asyncio.timeout(seconds):
            while not enough(self):
                await self.read()

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.event == name]

    @property
    def frames(self) -> list[tuple[int, str]]:
        return [(event.id or 0, event.data) for event in self.named("")]

    @property
    def last(self) -> int:
        numbers = [number for number, _ in self.frames]
        assert all(one < two for one, two in pairwise(numbers)), "numbers must rise"
        return numbers[-1] if numbers else -1


@asynccontextmanager
async def watching(
    port: int,
    channel: UUID | str,
    query: str = "since=0&epoch=first",
    name: str = "Ana",
    at: str = "127.0.0.1",
    seconds: float = 5,
    **more: str,
):
    """Opens the stream; the first event, `hello`, has been read where it is one."""
    reader, writer = await asyncio.open_connection(at, port)
    headers = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in more.items())
    writer.write(
        f"GET /maps/{channel}/stream/?{query} HTTP/1.1\r\nHost: x\r\n"
        f"Cookie: name={name}\r\n{headers}\r\n".encode()
    )
    screen = Screen(reader, writer)
    try:
        async with asyncio.timeout(seconds):
            await screen.head()
        if screen.status == 200:
            await screen.until(lambda it: it.events)
        yield screen
    finally:
        writer.transport.abort()


def run(story: Coroutine) -> None:
    """Tells the story on a loop of its own, in a thread of its own: a browser test that ran
    before has left its loop in this one."""

    def tell() -> None:
        try:
            asyncio.run(story)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(tell).result()


async def soon(true, seconds: float = 3) -> None:
    """Waits until `true()`."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


async def in_thread(act, *args):
    """Acts as a request would: in another thread, whose connection is closed."""

    def request():
        try:
            return act(*args)
        finally:
            connections.close_all()

    return await asyncio.to_thread(request)
