"""One tab, without the pixels: it sends, hears and draws as our scripts do.

`Tab` follows static/js/queue.js and stream.js line by line, with their times `PACE` times shorter,
and `Browser`, which shows a map, live.js; the screens of a workshop stand in room.py. What a tab
does and gets is written into its log as it happens; the checker reads that. One thing is left out
on purpose: a board whose digest differs is told, not mended.
"""

import asyncio
import codecs
import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import uuid4

from .page import BOARD, Page, Torn
from .proxy import Proxy
from .wire import Cut, asked

PACE = 0.4
PATIENCE, SPREAD = 1.0 * PACE, 1.0 * PACE
SILENCE, TIMEOUT = 40 * PACE / 4, 20 * PACE  # a server under test beats four times as often
TRIES = 3
CSRF = "c" * 32
BOARD_WORD = "board"


class Log:
    """What one participant did and got: a line of JSON each."""

    def __init__(self, folder: Path, name: str):
        self.name = name
        self.file = (folder / f"{name}.jsonl").open("w")

    def __call__(self, what: str, **said: object) -> None:
        self.file.write(json.dumps({"t": time.time(), "what": what, **said}, default=str) + "\n")

    def close(self) -> None:
        self.file.close()


@dataclass
class Edit:
    path: str
    fields: dict
    about: dict  # for the log: what the checker must know of it
    visit: str
    key: str = field(default_factory=lambda: str(uuid4()))
    tried: int = 0
    broken: int = 0
    left: asyncio.Event = field(default_factory=asyncio.Event)
    ok: bool = False


class Tab:
    """What every page does: it is loaded, sends what is done on it, and hears its stream."""

    stream: str  # its address, to which `since` and `epoch` are put

    def __init__(self, log: Log, person: dict, base: str, proxy: Proxy, chance: Random):
        self.log, self.person, self.proxy, self.chance = log, person, proxy, chance
        self.port = proxy.port
        self.base = base
        self.last = 0
        self.epoch = ""
        self.waiting: list[Edit] = []
        self.stopped: int | None = None  # the status that ended the stream for good
        self.live = False
        self._streams = 0
        self._failures = 0
        self._hurry = asyncio.Event()
        self._tasks: set[asyncio.Task] = set()

    async def open(self) -> int:
        """Loads the page and opens its stream; the status of the page, 0 for one that is torn."""
        status, html, _headers = await self.load()
        if status == 200:
            self.log("page", html=html)
            try:
                self.show(html)
            except Torn as error:
                self.log("torn", error=str(error))
                return 0
            self._spawn(self._listen())
            self._spawn(self._send_all())
        return status

    # What a page does in its own way

    is_quiet: bool

    def show(self, html: str) -> None:
        """Takes up a page that was loaded. Raises Torn."""
        raise NotImplementedError

    def apply(self, seq: int, html: str, *, mine: bool = False) -> None:
        """What an answer or a frame brings."""
        raise NotImplementedError

    def refresh(self, delay: float = 0) -> None:
        raise NotImplementedError

    def _hear(self, event: str, data: str, id: object = None, **_said: object) -> None:
        raise NotImplementedError

    async def load(self) -> tuple[int, str, dict]:
        """The page, asked for again by a person who waits in vain or is told to come back."""
        for _again in range(5):
            with suppress(Cut, TimeoutError):
                status, html, headers = await self.get(self.base)
                if status != 503:
                    return status, html, headers
            await asyncio.sleep(PACE)
        return await self.get(self.base)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.log("closed")

    def _spawn(self, work) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.log("broken", error=repr(error))

    def _later(self, seconds: float, act: Callable[[], object]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, act)

    @property
    def _headers(self) -> dict[str, str]:
        cookie = f"sessionid={self.person['session']}; csrftoken={CSRF}"
        return {"Cookie": cookie, "X-CSRFToken": CSRF, "HX-Request": "true"}

    async def get(self, path: str) -> tuple[int, str, dict]:
        async with asyncio.timeout(TIMEOUT):
            headers = self._headers | {"Connection": "close"}
            async with asked(self.port, "GET", path, headers) as answer:
                return answer.status, await answer.text(), answer.headers

    # queue.js: the only sender of edits

    def send(self, path: str, fields: dict, visit: str = "", **about: object) -> Edit:
        edit = Edit(path, fields, dict(about), visit or str(uuid4()))
        before = self.waiting[-1] if self.waiting else None
        if before and not before.tried and _absorbs(before, edit):
            base = before.fields.get("base")
            before.fields |= fields | ({} if base is None else {"base": base})
            before.about |= about | {"base": before.about.get("base")}
            return before
        self.waiting.append(edit)
        self._hurry.set()
        return edit

    async def _send_all(self) -> None:
        wait = 0.0
        while wait != float("inf"):
            try:
                async with asyncio.timeout(wait if self.waiting else None):
                    await self._hurry.wait()
                self._failures = 0
            except TimeoutError:
                pass
            self._hurry.clear()
            wait = await self._deliver(self.waiting[0]) if self.waiting else 0
        self.log("signed-out")

    async def _deliver(self, edit: Edit) -> float:
        """How long to wait before the next attempt; 0 when the edit has left the queue."""
        edit.tried += 1
        if edit.tried == 1:
            said = {"at": self.base, "path": edit.path, "fields": edit.fields}
            self.log("op", key=edit.key, **said, **edit.about)
        fields = {"key": edit.key, "visit": edit.visit, **edit.fields}
        try:
            async with asyncio.timeout(TIMEOUT):
                headers = self._headers | {"Connection": "close"}
                async with asked(self.port, "POST", self.base + edit.path, headers, fields) as it:
                    status, seq, text = it.status, it.headers.get("x-seq"), await it.text()
                    retry = it.headers.get("retry-after")
        except (Cut, TimeoutError) as error:
            self.log("cut", key=edit.key, error=repr(error))
            return self._back_off()
        self.log("answer", key=edit.key, status=status, seq=seq and int(seq), html=text)
        if status == 401 or 300 <= status < 400:
            return float("inf")
        if status in (429, 502, 503, 504):
            return float(retry or 0) * PACE / 4 or self._back_off()
        if status >= 500 and edit.broken + 1 < TRIES:
            edit.broken += 1
            return self._back_off()
        self._failures = 0
        self.waiting.remove(edit)
        edit.ok = status < 400
        edit.left.set()
        self.log("left", key=edit.key, status=status)
        if not edit.ok:
            self.refresh()
        elif text:
            self.apply(int(seq or 0), text, mine=True)
        return 0

    def _back_off(self) -> float:
        self._failures += 1
        most = min(10.0, 0.5 * 2 ** (self._failures - 1))
        return PACE * most * self.chance.uniform(0.5, 1)

    # stream.js

    async def _listen(self) -> None:
        failures, retry = 0, 0.5
        while self.stopped is None:
            number, self._streams = self._streams, self._streams + 1
            said = {"n": number, "since": self.last, "epoch": self.epoch}
            path = f"{self.stream}since={self.last}&epoch={self.epoch}"
            self.log("stream", **said)
            try:
                async with asyncio.timeout(SILENCE) as limit:
                    async with asked(self.port, "GET", path, self._headers) as answer:
                        self.log("stream-status", n=number, status=answer.status)
                        if answer.status in (401, 403, 404) or 300 <= answer.status < 400:
                            self._finish(answer.status)
                        elif answer.status == 200:
                            decode = codecs.getincrementaldecoder("utf-8")().decode
                            text = ""
                            async for piece in answer.pieces():
                                limit.reschedule(asyncio.get_running_loop().time() + SILENCE)
                                *events, text = (text + decode(piece)).split("\n\n")
                                for event in events:
                                    self.log("event", n=number, raw=event)
                                    said = _parse(event)
                                    retry = said.get("retry", retry * 1000) / 1000
                                    if said["event"] == "hello":
                                        failures = 0
                                        self.live = True
                                        self._failures = 0
                                        self._hurry.set()
                                    self._hear(**said)
            except (Cut, TimeoutError) as error:
                self.log("stream-cut", n=number, error=repr(error))
            self.live = False
            most = min(5.0, 0.5 * 2**failures) * self.chance.uniform(0.5, 1)
            await asyncio.sleep(PACE * (most if failures else retry))
            failures += 1

    def _finish(self, status: int) -> None:
        self.stopped = status
        self.log("stopped", status=status)


class Browser(Tab):
    """A page of a map."""

    def __init__(self, log: Log, person: dict, map_id: str, proxy: Proxy, chance: Random):
        super().__init__(log, person, f"/maps/{map_id}/", proxy, chance)
        self.stream = f"{self.base}stream/?"
        self.compared = -1  # the number at which its digest was last compared
        self._early: dict[int, str] = {}  # number → HTML that came before its turn
        self._fetching = False
        self._planned: asyncio.TimerHandle | None = None
        self._asking: asyncio.TimerHandle | None = None

    @property
    def is_quiet(self) -> bool:  # type: ignore[override]
        return not (self._early or self._fetching or self._planned)

    def show(self, html: str) -> None:
        self.page = Page(html)
        self.last, self.epoch = int(self.page.map["data-seq"]), self.page.map["data-epoch"]

    async def close(self) -> None:
        for timer in (self._planned, self._asking):
            if timer:
                timer.cancel()
        await super().close()

    # live.js: the one gate

    def apply(self, seq: int, html: str, *, mine: bool = False) -> None:
        if seq <= self.last:
            return
        if BOARD.search(html):
            if rest := BOARD.sub("", html):
                self._draw(rest)
            html = BOARD_WORD
        self._early[seq] = html
        self._drain(0 if mine else self.chance.random() * SPREAD)

    def refresh(self, delay: float = 0) -> None:
        if self._fetching:
            return
        if self._planned:
            if self._planned.when() <= asyncio.get_running_loop().time() + delay:
                return
            self._planned.cancel()
        self._planned = self._later(delay, lambda: self._spawn(self._fetch_board()))

    def _drain(self, delay: float = 0) -> None:
        if self._fetching:
            return
        self._early = {seq: html for seq, html in self._early.items() if seq > self.last}
        while self._early.get(self.last + 1, BOARD_WORD) != BOARD_WORD:
            self.last += 1
            self._draw(self._early.pop(self.last))
        if self._asking:
            self._asking.cancel()
            self._asking = None
        if BOARD_WORD in self._early.values():
            self.refresh(delay)
        elif self._early:
            self._asking = self._later(PATIENCE, lambda: self._spawn(self._ask()))

    def _draw(self, html: str) -> None:
        try:
            self.page.apply(html)
        except Torn as error:
            self.log("torn", error=str(error), seq=self.last, html=html)
            self.refresh(SPREAD)

    async def _ask(self) -> None:
        self._asking = None
        self.log("asks", since=self.last)
        try:
            status, text, _headers = await self.get(f"{self.base}since/?since={self.last}")
            told = json.loads(text) if status == 200 else {}
            if told.get("board"):
                return self.refresh()
            for seq, html in told["frames"]:
                self._early[seq] = BOARD_WORD if BOARD.search(html) else html
            self._drain()
            if self._early:
                self.refresh()
        except (Cut, TimeoutError, ValueError, KeyError):
            self._asking = self._later(PATIENCE, lambda: self._spawn(self._ask()))

    async def _fetch_board(self) -> None:
        self._planned = None
        self._fetching = True
        failed = False
        try:
            status, html, headers = await self.get(f"{self.base}board/")
            if status != 200:
                raise Cut(str(status))
            self.page.show_board(html)
            self.last, self.epoch = int(headers["x-seq"]), headers["x-epoch"]
            self.log("board", seq=self.last, epoch=self.epoch, html=html)
        except (Cut, TimeoutError):
            failed = True
        finally:
            self._fetching = False
        if failed:
            self.refresh(SPREAD * self.chance.uniform(1, 3))
        else:
            self._drain()

    def _hear(self, event: str, data: str, id: object = None, **_said: object) -> None:
        if event == "message":
            self.apply(id if isinstance(id, int) else 0, data)
        elif event == "bye":
            self._finish(json.loads(data)["status"])
        elif event == "hello" and json.loads(data)["epoch"] != self.epoch:
            self.epoch = json.loads(data)["epoch"]
            self._early.clear()
            self.refresh()
        elif event == "hb":
            self._compare(**json.loads(data))

    def _compare(self, seq: int, digest: str | None) -> None:
        if digest and seq == self.last and self.is_quiet:
            self.log("digest", seq=seq, told=digest, mine=self.page.digest)
            self.compared = seq


def _absorbs(before: Edit, edit: Edit) -> bool:
    """More typing in the same sitting, while the last save of it has not left yet."""
    is_card = re.fullmatch("cards/[^/]+/", edit.path)
    return bool(before.path == edit.path and before.visit == edit.visit and is_card)


def _parse(lines: str) -> dict:
    said: dict = {"event": "message"}
    data = []
    for line in lines.split("\n"):
        found = re.match(r"(\w+): ?(.*)$", line)
        if found and found[1] == "data":
            data.append(found[2])
        elif found:
            number = found[1] in ("id", "retry") and found[2].isdecimal()
            said[found[1]] = int(found[2]) if number else found[2]
    return said | {"data": "\n".join(data)}
