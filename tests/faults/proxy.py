"""A line between two programs that can be bad: cut, slow, frozen, and forgetful with posts.

Everything passes as it is until a fault is set. A frozen line takes bytes and gives none: neither
end is told, as when a laptop sleeps or a router forgets. A post may be lost before or after it
reached the server, come late when its sender has given up, or come twice.
"""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random

type Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]
POSTS = ("lost", "unanswered", "late", "twice")


class Line:
    """One connection through the proxy; `said` is what its client said last."""

    def __init__(self, near: Ends, far: Ends | None = None):
        self.near, self.far = near, far
        self.said = b""
        self.open = asyncio.Event()
        self.open.set()

    def abort(self) -> None:
        for ends in filter(None, (self.near, self.far)):
            ends[1].transport.abort()


class Proxy:
    """`connect` makes the connection to the server. `rate` is in bytes a second."""

    def __init__(self, connect: Callable[[], Awaitable[Ends]], chance: Random | None = None):
        self.connect = connect
        self.chance = chance or Random(0)
        self.lines: set[Line] = set()
        self.delay = 0.0
        self.rate = 0
        self.down = False  # nobody gets through
        self.bad_posts = 0.0  # the share of posts that something happens to
        self.did: Counter[str] = Counter()
        self.twice: list[bytes] = []  # keys of edits that were on their way twice at once
        self.port = 0
        self._server: asyncio.Server
        self._tasks: set[asyncio.Task] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        for line in list(self.lines):
            line.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # Faults

    def cut(self, where: Callable[[Line], bool] = lambda line: True) -> None:
        for line in list(self.lines):
            if where(line):
                self.did["cut"] += 1
                line.abort()

    def freeze(self, where: Callable[[Line], bool] = lambda line: True) -> None:
        """Lines that are open now give no more bytes; new ones do."""
        for line in self.lines:
            if where(line):
                self.did["frozen"] += 1
                line.open.clear()

    def thaw(self) -> None:
        for line in self.lines:
            line.open.set()

    # The line itself

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        line = Line((reader, writer))
        self.lines.add(line)
        try:
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(line)
        finally:
            line.abort()
            self.lines.discard(line)
            self._tasks.discard(task)

    async def _serve(self, line: Line) -> None:
        if self.down:
            self.did["turned away"] += 1
            return
        line.said = await line.near[0].read(2**16)
        if line.said.startswith(b"POST ") and self.chance.random() < self.bad_posts:
            return await self._mistreat(line, await _whole(line))
        line.far = await self.connect()
        line.far[1].write(line.said)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._pump(line, line.near[0], line.far[1], keeps=True))
            both.create_task(self._pump(line, line.far[0], line.near[1]))

    async def _pump(self, line: Line, source, target, keeps: bool = False) -> None:
        while data := await source.read(min(2**16, self.rate // 5 or 2**16)):
            await line.open.wait()
            if keeps:
                line.said = (line.said + data)[-4096:]
            if self.delay:
                await asyncio.sleep(self.delay * self.chance.uniform(0.5, 1.5))
            if self.rate:
                await asyncio.sleep(len(data) / self.rate)
            target.write(data)
            await target.drain()
        line.abort()  # our servers and browsers never close one half alone

    async def _mistreat(self, line: Line, post: bytes) -> None:
        what = self.chance.choice(POSTS)
        self.did[what] += 1
        if what == "lost":
            return
        if what == "late":
            line.abort()
            await asyncio.sleep(self.chance.uniform(0.1, 1.5))
        posts = [self._answer(post)]
        if what == "twice":
            self.twice += re.findall(rb"key=([\w-]+)", post)[:1]
            posts.append(self._answer(post, self.chance.uniform(0, 0.5)))
        answer, *_again = await asyncio.gather(*posts)
        if what == "twice":
            line.near[1].write(answer)
            await line.near[1].drain()

    async def _answer(self, post: bytes, after: float = 0) -> bytes:
        """What the server answers to a post, to its end."""
        await asyncio.sleep(after)
        reader, writer = await self.connect()
        try:
            writer.write(post)
            return await reader.read(-1)
        finally:
            writer.transport.abort()


@contextmanager
def in_thread(connect: Callable[[], Awaitable[Ends]]) -> Iterator[tuple[Proxy, Callable]]:
    """A proxy with a loop of its own, and how something of it is called there."""
    ready, done = threading.Event(), asyncio.Event()
    found: dict = {}

    async def run() -> None:
        async with Proxy(connect) as proxy:
            found.update(proxy=proxy, call=asyncio.get_running_loop().call_soon_threadsafe)
            ready.set()
            await done.wait()

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    ready.wait(10)
    try:
        yield found["proxy"], found["call"]
    finally:
        found["call"](done.set)
        thread.join(10)


async def _whole(line: Line) -> bytes:
    """All of a request whose beginning was read."""
    head, _blank, body = line.said.partition(b"\r\n\r\n")
    (length,) = (
        int(value)
        for name, value in (row.split(b": ", 1) for row in head.split(b"\r\n")[1:])
        if name.lower() == b"content-length"
    )
    return line.said + await line.near[0].readexactly(length - len(body))
