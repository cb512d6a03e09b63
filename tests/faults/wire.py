"""HTTP by hand: a request that may be cut, and a stream whose bytes are kept as they came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

LIMIT = 2**24  # of a line: a board is one


class Cut(Exception):
    """The connection broke, or was never made: nobody knows what the server did."""


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    reader: asyncio.StreamReader

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises Cut."""
        try:
            if self.headers.get("transfer-encoding") == "chunked":
                while size := int((await self.reader.readuntil(b"\r\n")).strip(), 16):
                    yield (await self.reader.readexactly(size + 2))[:-2]
            else:
                yield await self.reader.readexactly(int(self.headers.get("content-length", 0)))
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            raise Cut(str(error)) from error

    async def text(self) -> str:
        return b"".join([piece async for piece in self.pieces()]).decode()


@asynccontextmanager
async def asked(
    port: int, method: str, path: str, headers: dict[str, str], fields: dict | None = None
) -> AsyncIterator[Answer]:
    """One request on a connection of its own. Raises Cut."""
    writer = None
    try:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=LIMIT)
            body = urlencode(fields, doseq=True).encode() if fields is not None else b""
            form = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            sent = {"Host": "127.0.0.1", "Content-Length": len(body), **form, **headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
            writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
            await writer.drain()
            answer = await _head(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            raise Cut(str(error)) from error
        yield answer
    finally:
        if writer:
            writer.transport.abort()


async def _head(reader: asyncio.StreamReader) -> Answer:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    named = (line.partition(": ") for line in lines if line)
    headers = {name.lower(): value for name, _colon, value in named}
    return Answer(int(first.split()[1]), headers, reader)
