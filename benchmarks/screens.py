"""The screens: one process with raw sockets, so that reading costs little beside the server.

It watches itself too: `late` says how late its own loop came to its ticks. A run in which the
meter was late says nothing about the server.
"""

import selectors
import socket
import time
from collections import Counter
from multiprocessing import get_context
from multiprocessing.connection import Connection

MARK = b"edit-"  # the text of edit 17 is `edit-000017`
DIGITS = 6
TICK = 0.01


def text_of(number: int) -> str:
    return f"{MARK.decode()}{number:0{DIGITS}}"


class Screens:
    """`count` open streams of one address. All clocks are the machine's one monotonic clock."""

    def __init__(self, address: tuple[str, int], path: str, cookie: str, count: int):
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, address, path, cookie, count)
        self._process = context.Process(target=_read, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Screens":
        self._pipe.recv()  # all are open
        return self

    def finish(self, last: int) -> tuple[dict[int, float], list[float]]:
        """Waits for the edit `last`: when the last screen had each edit, and how late the
        reading was at each tick, in seconds."""
        self._pipe.send(last)
        if not self._pipe.poll(15):
            raise RuntimeError("Not every screen received every edit")
        return self._pipe.recv()

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.join()


def _read(pipe: Connection, address: tuple[str, int], path: str, cookie: str, count: int) -> None:
    selector = selectors.DefaultSelector()
    for _number in range(count):
        selector.register(_open(address, path, cookie), selectors.EVENT_READ, [b"", 0])
    pipe.send("open")
    seen: Counter[int] = Counter()
    done: dict[int, float] = {}
    late: list[float] = []
    last = None
    tick = time.monotonic()
    while last is None or last not in done:
        for key, _events in selector.select(max(0, tick - time.monotonic())):
            for number in _new(key.fileobj, key.data):  # type: ignore[arg-type]
                seen[number] += 1
                if seen[number] == count:
                    done[number] = time.monotonic()
        if (now := time.monotonic()) >= tick:
            late.append(now - tick)
            tick = now + TICK
            if pipe.poll():
                last = pipe.recv()
    pipe.send((done, late))


def _open(address: tuple[str, int], path: str, cookie: str) -> socket.socket:
    """A stream whose greeting has been read."""
    screen = socket.create_connection(address, timeout=30)
    screen.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    head = screen.recv(65536)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head[:200].decode())
    screen.setblocking(False)
    return screen


def _new(screen: socket.socket, state: list) -> range:
    """The numbers of edits that this reading brought; a screen receives them in order."""
    data = screen.recv(1 << 18)
    if not data:
        raise RuntimeError("A stream ended")
    tail, last = state
    data = tail + data
    state[0] = data[-(len(MARK) + DIGITS - 1) :]
    at = data.rfind(MARK)
    if 0 <= at > len(data) - len(MARK) - DIGITS:  # cut in the middle; the next reading has it
        at = data.rfind(MARK, 0, at)
    if at < 0:
        return range(0)
    start = at + len(MARK)
    state[1] = newest = int(data[start : start + DIGITS])
    return range(last + 1 if last else newest, newest + 1)
