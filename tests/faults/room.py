"""A screen of a workshop: it hears a word when there is something new, and fetches what it shows.

`Screen` follows static/js/workshop/room.js line by line: a phone, a wall and the facilitator's
panel are the same to it.
"""

import asyncio
import json
import re
from contextlib import suppress
from html import unescape
from random import Random

from .browser import PACE, Log, Tab
from .page import Scene
from .proxy import Proxy
from .wire import Cut, asked

REST, LATER, AGAIN = 0.15 * PACE, 4.0 * PACE, 2.0 * PACE
NOW = re.compile(r">(room|board)<")
ROOM = re.compile(r'<div id="room"([^>]*)>')


class Screen(Tab):
    """`base` is the address of the page."""

    def __init__(self, log: Log, person: dict, base: str, proxy: Proxy, chance: Random):
        super().__init__(log, person, base, proxy, chance)
        self.page: Scene
        self.drawn = 0  # the number of what it shows; `last` is the number it heard of
        self._spread = 0.0
        self._acts = 0
        self._timer: asyncio.TimerHandle | None = None
        self._later_on: asyncio.TimerHandle | None = None
        self._asking = self._stale = False

    @property
    def is_quiet(self) -> bool:  # type: ignore[override]
        return not (self._timer or self._asking or self._stale or self._later_on)

    def show(self, html: str) -> None:
        found = ROOM.search(html)
        if found is None:  # it leads elsewhere by now
            self.stopped = self.stopped or 404
            return
        said = {
            name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', found[1])
        }
        self.page = Scene(html)
        self.last = self.drawn = int(said["seq"])
        self.epoch, self.stream = said["epoch"], said["stream"] + "&"
        self._fragment, self._spread = said["screen"], PACE * int(said.get("spread", 0)) / 1000

    async def close(self) -> None:
        for timer in (self._timer, self._later_on):
            if timer:
                timer.cancel()
        await super().close()

    def apply(self, seq: int, html: str, *, mine: bool = False) -> None:
        """What is older than what stands there is dropped."""
        if seq < self.drawn or not html:
            return
        self.drawn = seq
        self.page = Scene(html)

    def refresh(self, delay: float = 0) -> None:
        self._stale = True
        if self._timer or self._asking:
            return
        self._timer = self._later(delay, lambda: self._spawn(self._ask()))

    async def _ask(self) -> None:
        if self._later_on:
            self._later_on.cancel()
        self._timer = self._later_on = None
        self._asking, self._stale = True, False
        failed = False
        try:
            status, html, headers = await self.get(self._fragment)
            self.log("screen", status=status, seq=headers.get("x-seq"), html=html)
            if status == 200:
                self.apply(int(headers["x-seq"]), html)
            elif status == 404 or 300 <= status < 400:
                self.show((await self.load())[1])
            else:
                failed = True
        except (Cut, TimeoutError):
            failed = True
        finally:
            self._asking = False
        if failed:
            self._later(AGAIN * (1 + self.chance.random()), self.refresh)
            self._stale = True
        elif self._stale:
            self.refresh(REST)

    def _hear(self, event: str, data: str, id: object = None, **_said: object) -> None:
        if event == "message":
            self.last = max(self.last, id if isinstance(id, int) else 0)
            if NOW.search(data):
                self.refresh(REST + self.chance.random() * self._spread)
            elif data and not self._later_on:
                wait = LATER * (1 + self.chance.random())
                self._later_on = self._later(wait, self.refresh)
        elif event == "hello":
            said = json.loads(data)
            if said["epoch"] != self.epoch:
                self.epoch, self.last, self.drawn = said["epoch"], said["seq"], 0
            self.refresh(self.chance.random() * self._spread)
        elif event == "bye":
            self._finish(json.loads(data)["status"])
            self.refresh()

    async def press(self, path: str, fields: dict, verb: str, target: str = "") -> int:
        """A form of the page, sent once and answered by the page itself; its status, 0 where the
        line broke."""
        number, self._acts = self._acts, self._acts + 1
        self.log("act", n=number, verb=verb, target=target, path=path, fields=fields)
        with suppress(Cut, TimeoutError):
            headers = self._headers | {"Connection": "close"}
            async with asked(self.port, "POST", self.base + path, headers, fields) as answer:
                html = await answer.text()
                seq = answer.headers.get("x-seq")
                self.log("acted", n=number, status=answer.status, seq=seq, html=html)
                if answer.status == 200 and seq:
                    self.apply(int(seq), html)
                return answer.status
        return 0
