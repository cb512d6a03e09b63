"""The screens: one process with raw sockets, so that reading costs little beside the server.

When an edit arrived is what the kernel wrote on its last byte, not when we came to read it: so the
meter may read at leisure, every few milliseconds, and takes no processor from the server just when
that writes. It still watches itself: `late` says how late its own loop came to its ticks. A run in
which the meter was late says nothing about the server.
"""

import select
import socket
import struct
import sys
import time
from collections import Counter
from multiprocessing import get_context
from multiprocessing.connection import Connection

MARK = b"edit-"  # the text of edit 17 is `edit-000017`
DIGITS = 6
TAIL = len(MARK) + DIGITS - 1  # of a mark that is cut in two
TICK = 0.005
LATE = 0.05  # seconds; a run whose meter was later, at the 99th percentile, is void
STAMPS = 35 if sys.platform == "linux" else 0  # SO_TIMESTAMPNS: when a segment came in
STAMP = struct.Struct("qq")


def text_of(number: int) -> str:
    return f"{MARK.decode()}{number:0{DIGITS}}"


class Screens:
    """`count` open streams of one address. All times are the machine's one clock, `time.time()`."""

    def __init__(self, address: tuple[str, int], path: str, cookie: str, count: int):
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, address, path, cookie, count)
        self._process = context.Process(target=_read, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Screens":
        if (said := self._pipe.recv()) != "open":
            raise RuntimeError(said)
        return self

    def finish(self, last: int, seconds: float = 30) -> tuple[dict[int, float], list[float]]:
        """Waits for the edit `last`: when the last screen had each edit, and how late the
        reading was at each tick, in seconds."""
        self._pipe.send(last)
        if not self._pipe.poll(seconds):
            raise RuntimeError("Not every screen received every edit")
        answer = self._pipe.recv()
        if isinstance(answer, str):
            raise RuntimeError(answer)
        return answer

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.join()


class Screen:
    """One open stream: its socket, what is left of a mark, and the last edit seen."""

    __slots__ = ("last", "socket", "tail")

    def __init__(self, opened: socket.socket):
        self.socket = opened
        self.tail = b""
        self.last = 0


def _read(pipe: Connection, *arguments) -> None:
    try:
        if STAMPS:  # each stream is an open file
            import resource

            most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        _read_all(pipe, *arguments)
    except Exception as error:
        pipe.send(f"The meter failed: {error!r}")


def _read_all(
    pipe: Connection, address: tuple[str, int], path: str, cookie: str, count: int
) -> None:
    ready = select.epoll() if STAMPS else select.poll()
    screens: dict[int, Screen] = {}
    for _number in range(count):
        screen = Screen(_open(address, path, cookie))
        screens[screen.socket.fileno()] = screen
        ready.register(screen.socket, select.POLLIN)
    pipe.send("open")
    seen: Counter[int] = Counter()
    done: dict[int, float] = {}
    late: list[float] = []
    last = None
    buffer = bytearray(1 << 18)  # one for all: a new one each time would cost more than reading
    while last is None or seen[last] < count:
        tick = time.monotonic() + TICK
        for number, _event in ready.poll(0):
            came, new = _new(screens[number], buffer)
            for edit in new:
                seen[edit] += 1
                done[edit] = max(done.get(edit, 0.0), came)
        time.sleep(max(0.0, tick - time.monotonic()))
        late.append(time.monotonic() - tick)
        if pipe.poll():
            last = pipe.recv()
    pipe.send((done, late))


def _open(address: tuple[str, int], path: str, cookie: str) -> socket.socket:
    """A stream whose greeting has been read."""
    screen = socket.create_connection(address, timeout=30)
    if STAMPS:
        screen.setsockopt(socket.SOL_SOCKET, STAMPS, 1)
    screen.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
    head = screen.recv(65536)
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head[:200].decode())
    screen.setblocking(False)
    return screen


def _new(screen: Screen, buffer: bytearray) -> tuple[float, range]:
    """When what is read now came in, and the numbers of edits that it brought; a screen receives
    them in order."""
    held = len(screen.tail)
    buffer[:held] = screen.tail
    size, more, _flags, _from = screen.socket.recvmsg_into([memoryview(buffer)[held:]], 64)
    if not size:
        raise RuntimeError("A stream ended")
    came = time.time()
    for _level, kind, data in more:
        if kind == STAMPS:
            seconds, nanoseconds = STAMP.unpack(data)
            came = seconds + nanoseconds / 1e9
    end = held + size
    screen.tail = bytes(buffer[max(0, end - TAIL) : end])
    at = buffer.rfind(MARK, 0, end)
    if 0 <= at > end - len(MARK) - DIGITS:  # cut in the middle; the next reading has it
        at = buffer.rfind(MARK, 0, at)
    if at < 0:
        return came, range(0)
    start = at + len(MARK)
    newest = int(buffer[start : start + DIGITS])
    first = screen.last + 1 if screen.last else newest
    screen.last = newest
    return came, range(first, newest + 1)
