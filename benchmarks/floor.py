"""The least a server can do: no Django, no database, no rights. A POST's bytes go to every stream.

`python -m benchmarks.floor` reads one frame from standard input, prints its port, and answers
each POST by that frame with the edit's number put in. GET /bytes/1000 is a page of so many.
"""

import asyncio
import re
import sys

import uvloop

from .screens import DIGITS, MARK

OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
NUMBER = re.compile(MARK + rb"\d{%d}" % DIGITS)


class Floor(asyncio.Protocol):
    frame = b""
    screens: set[asyncio.WriteTransport] = set()

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.received = b""

    def connection_lost(self, error: Exception | None) -> None:
        self.screens.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, end, body = self.received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if not end or (length and len(body) < int(length[1])):
            return
        self.received = b""
        if size := re.match(rb"GET /bytes/(\d+) ", head):
            self._give(b"x" * int(size[1]))
        elif head.startswith(b"GET"):
            self.transport.write(OPEN)
            self.screens.add(self.transport)
        else:
            found = NUMBER.search(body)
            assert found
            self._tell(NUMBER.sub(found[0], self.frame))

    def _give(self, body: bytes) -> None:
        self.transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    def _tell(self, frame: bytes) -> None:
        self._give(frame)
        chunk = b"%x\r\n%s\r\n" % (len(frame), frame)
        for screen in self.screens:
            screen.write(chunk)


async def serve() -> None:
    Floor.frame = sys.stdin.buffer.read()
    server = await asyncio.get_running_loop().create_server(Floor, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(serve())
