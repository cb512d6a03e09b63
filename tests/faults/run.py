"""One run: people at one map, a fault or several, then quiet; and what the checker says of it.

The seed chooses what each person does and when; how it all interleaves is the machine's choice. So
a seed is worth repeating, and a new one worth trying.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

from .browser import Browser, Log, Tab
from .checker import Report, check, parts_of
from .meeting import Facilitator, Guest
from .people import ACTS, Person
from .proxy import Proxy
from .room import Screen
from .site import Site
from .wire import Cut

OURS, THEIRS = "rose", "garagecanary"
PLACES = ("history/", "board/", "history/", "export.json", "bin/", "since/?since=0")


@dataclass
class Run:
    """`faults(run)` is at work while the people are, and they are at least until it ends; `acts`
    is all they do and how often, where it is given; within `bound` seconds of quiet all screens
    must show the same. With `guests` there is a workshop on the map."""

    site: Site
    folder: Path
    seed: int
    editors: int = 6
    viewers: int = 4
    guests: int = 0
    steps: tuple[str, ...] = ()  # the kinds that the workshop goes through, if they are given
    seconds: float = 4
    pause: float = 0.25
    hot: float = 0.3
    bad_posts: float = 0.0
    bound: float = 5
    counts: bool = True  # waits until everybody has left, and looks at what is still held
    acts: dict[str, int] = field(default_factory=dict)
    faults: Callable[["Run"], Awaitable[None]] | None = None

    def __post_init__(self) -> None:
        self.browsers: list[Browser | Screen] = []
        self.room: Room | None = None
        self.proxies: list[Proxy] = []
        self.map: UUID
        self.lag: list[float] = []
        self.trace: Counter[str] = Counter()
        self.chance = Random(f"{self.seed} faults")

    def play(self) -> Report:
        """The whole run, and what is true of it."""
        self.folder.mkdir(parents=True)
        self.log = Log(self.folder, "run")
        try:
            self.map = self.site.new_map()
            theirs = self.site.new_map("Engine", "Gleb")
            held = self.site.held()
            self.log(
                "begins",
                seed=self.seed,
                map=self.map.hex,
                workers=self.site.workers * self.site.hosts,
                held=held,
            )
            if self.guests:
                self.room = Room(self)
                self.log("room", **self.room.workshop)
            self.log("rows", parts=parts_of(self.site.database, self.map.hex))
            # A browser test that ran before has left its loop in this thread.
            with ThreadPoolExecutor(1) as another:
                another.submit(asyncio.run, self._play(theirs)).result()
        finally:
            self.log.close()
        return check(self.folder, self.site.database)

    async def _play(self, theirs: UUID) -> None:
        team, chance = self.site.people["team"], Random(self.seed)
        editors = [one for one in team if one["role"] == "editor"]
        viewers = [one for one in team if one["role"] == "viewer"]
        async with AsyncExitStack() as stack:
            meter = asyncio.create_task(self._meter())

            async def sit[T: Tab](
                name: str, person: dict, of: object, kind: type[T] = Browser
            ) -> T:
                proxy = Proxy(self.connect, Random(f"{self.seed} line {name}"))
                await stack.enter_async_context(proxy)
                log = Log(self.folder, name)
                stack.callback(log.close)
                log("sits", name=name, key=person["key"], of=of, role=person["role"])
                browser = kind(log, person, str(of), proxy, Random(f"{chance.random()}"))
                self.proxies.append(proxy)
                stack.push_async_callback(browser.close)
                return browser

            for number in range(self.editors):
                who = editors[number % len(editors)]
                self.browsers.append(await sit(f"editor{number}", who, self.map))
            for number in range(self.viewers):
                who = viewers[number % len(viewers)]
                self.browsers.append(await sit(f"viewer{number}", who, self.map))
            leaver = await sit("leaver", self.site.take_back(), self.map)
            stranger = await sit("stranger", self.site.people["gleb"], self.map)
            gleb = await sit("gleb", self.site.people["gleb"], theirs)
            if self.room:
                self.browsers += await self.room.sit(sit)
            await asyncio.gather(*(one.open() for one in (*self.browsers, leaver, gleb)))
            await self._knock(stranger)
            for proxy in self.proxies:
                proxy.bad_posts = self.bad_posts
            if self.room:
                await self.room.begin()
            await self._work(leaver, gleb)
            twice = [key.decode() for proxy in self.proxies for key in proxy.twice]
            self.log("quiet", twice=twice)
            self.trace = sum((proxy.did for proxy in self.proxies), self.trace)
            await self._rest()
            meter.cancel()
        lag = sorted(self.lag)[int(len(self.lag) * 0.99)] if self.lag else 0.0
        if self.counts:
            await self._count()
        self.log("ends", trace=self.trace, lag=lag)

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.site.port, limit=2**24)

    async def _work(self, leaver: Browser, gleb: Browser) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.seconds
        faults = self.faults or _nothing

        def goes_on() -> bool:
            return loop.time() < until or not bad.done() or bool(self.room and self.room.goes_on)

        weights = {getattr(Person, act): often for act, often in self.acts.items()} or ACTS
        people = [
            Person(one, Random(f"{self.seed} {number}"), f"{OURS}{number}x", self.hot)
            for number, one in enumerate(self.browsers[: self.editors])
            if isinstance(one, Browser) and hasattr(one, "page")
        ]
        stranger = Person(gleb, Random(f"{self.seed} gleb"), THEIRS, self.hot)
        async with asyncio.TaskGroup() as group:
            bad = group.create_task(faults(self))
            for person in people:
                group.create_task(person.work(goes_on, self.pause, weights))
            if hasattr(gleb, "page"):
                group.create_task(stranger.work(goes_on, 4 * self.pause, weights))
            group.create_task(self._dismiss(leaver, goes_on))
            if self.room:
                for work in self.room.work(goes_on):
                    group.create_task(work)

    async def _dismiss(self, leaver: Browser, goes_on: Callable[[], bool]) -> None:
        """Meanwhile somebody is removed from the team."""
        await asyncio.sleep(self.seconds / 8)
        anna, member = self.site.people["team"][0], leaver.person["member"]
        while goes_on():
            with suppress(OSError):
                path = f"/w/flowers/team/{member}/remove/"
                status, _said = await asyncio.to_thread(self.site.post, anna, path, {})
                if status in (302, 404):
                    leaver.log("removed")
                    return
            await asyncio.sleep(0.3)

    async def _knock(self, stranger: Browser) -> None:
        """Somebody of another team tries every door of the map."""
        stranger.epoch = "x"
        for path in ("", "board/", "since/?since=0", "stream/?since=0", "history/"):
            with suppress(TimeoutError):
                async with asyncio.timeout(2):
                    await self._try(stranger, path)

    async def _try(self, stranger: Browser, path: str) -> None:
        from .wire import asked

        where = stranger.base + path
        async with asked(stranger.port, "GET", where, stranger._headers) as answer:
            stranger.log("knocks", path=path, status=answer.status)
            async for piece in answer.pieces():
                stranger.log("bytes", html=piece.decode(errors="replace"))

    # The end

    async def _rest(self) -> None:
        """Waits until all is sent and all screens stand at the last number, then compares them
        with pages loaded now."""
        sent = await within(30, lambda: not any(one.waiting for one in self.browsers))
        if self.room:
            await self.room.end()
        head = await asyncio.to_thread(self.head)
        last = time.time()
        settled = await within(
            self.bound, lambda: all(one.last == head and one.is_quiet for one in self.browsers)
        )
        self.log(
            "settled",
            sent=sent,
            settled=settled,
            seconds=time.time() - last,
            head=head,
            stand={one.log.name: (one.last, one.is_quiet) for one in self.browsers},
        )
        boards = [one for one in self.browsers if isinstance(one, Browser)]
        if settled:
            await within(2, lambda: all(one.compared == head for one in boards))
        fresh: dict[str, dict] = {}
        for browser in self.browsers:
            if not hasattr(browser, "page"):
                continue
            shown, key = browser.page.shown, f"{browser.base} {browser.person['key']}"
            browser.log("shows", seq=browser.last, live=browser.live, shown=shown)
            if key not in fresh:
                status, html, _headers = await browser.load()
                fresh[key] = {"status": status, "html": html}
            browser.log("fresh", **fresh[key])
        self.log("open", held=await asyncio.to_thread(self.site.held))

    def head(self) -> int:
        sql = "SELECT seq FROM changes_document WHERE id = ?"
        return self.site.database.rows(sql, self.map)[0]["seq"]

    async def _count(self) -> None:
        """What is still held when everybody has left."""
        sql = "SELECT count(*) AS n FROM live_screen WHERE channel = ?"

        def screens() -> int:
            return self.site.database.rows(sql, self.map)[0]["n"]

        await within(4, lambda: screens() == 0)
        self.log("left", held=await asyncio.to_thread(self.site.held), screens=screens())

    async def _meter(self) -> None:
        """How late this process is: a late one measures itself."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.02
            await asyncio.sleep(0.02)
            self.lag.append(loop.time() - due)


class Room:
    """The workshop of a run: who leads it, its guests, and two walls."""

    def __init__(self, run: Run):
        self.run, self.site = run, run.site
        self.workshop = self.site.new_workshop(run.map)
        self.screens: list[Screen] = []
        self.outcast: Screen  # who is shown out in the middle

    async def sit(self, sit: Callable) -> list[Screen]:
        """All take their seats; those whose screens must agree in the end."""
        anna, pk = self.site.people["team"][0], UUID(self.workshop["id"])
        nobody = {"session": "", "key": "wall", "role": "wall"}
        self.panel = await sit("panel", anna, f"/workshops/{pk}/", Screen)
        wall = f"/wall/{self.workshop['wall_token']}/"
        walls = [await sit(f"wall{number}", nobody, wall, Screen) for number in range(2)]
        phones = []
        for number in range(self.run.guests):
            who = self.site.join(self.workshop, f"guest {number}")
            phones.append(await sit(f"guest{number}", who, f"/room/{pk}/", Screen))
            phones[-1].log("act", verb="join")
        *self.phones, self.outcast = phones
        await self.outcast.open()
        await self.panel.open()
        return [*walls, *self.phones]

    async def begin(self) -> None:
        """The line of who leads breaks, but it doesn't double what she presses."""
        self.panel.proxy.bad_posts = 0
        chance = Random(f"{self.run.seed} leads")
        self.facilitator = Facilitator(self.panel, chance, self.workshop["steps"], self.run.steps)
        await self.facilitator.go(self.facilitator.plan[0])

    def work(self, goes_on: Callable[[], bool]) -> list[Coroutine]:
        seed, pause = self.run.seed, self.run.pause
        guests = [
            Guest(screen, Random(f"{seed} guest {number}"), number)
            for number, screen in enumerate([*self.phones, self.outcast])
        ]
        return [
            self.facilitator.work(goes_on, self.run.seconds),
            self._show_out(),
            self._spy(goes_on),
            *(guest.work(goes_on, pause) for guest in guests),
        ]

    @property
    def goes_on(self) -> bool:
        return not self.facilitator.been_through

    async def _show_out(self) -> None:
        """Meanwhile somebody is shown out."""
        await asyncio.sleep(self.run.seconds / 3)
        guest = self.outcast.person["key"].removeprefix("guest:")
        if await self.facilitator.remove(guest):
            self.outcast.log("removed")

    async def _spy(self, goes_on: Callable[[], bool]) -> None:
        """An editor looks wherever hidden words might stand."""
        while goes_on():
            for path in PLACES:
                await self._peek(path)
                await asyncio.sleep(0.1)

    async def _peek(self, path: str) -> None:
        spy = self.run.browsers[0]
        with suppress(Cut, TimeoutError):
            status, html, _headers = await spy.get(f"{spy.base}{path}")
            spy.log("peek", path=path, status=status, html=html)

    async def end(self) -> None:
        for path in PLACES:
            await self._peek(path)
        await self.facilitator.finish()
        status, html = 0, ""
        path = f"/workshops/{UUID(self.workshop['id'])}/outcome.csv"
        with suppress(Cut, TimeoutError):
            status, html, _headers = await self.panel.get(path)
        self.run.log("outcome", status=status, html=html)


async def _nothing(run: Run) -> None:
    """The fault of a run without faults."""


async def within(seconds: float, true: Callable[[], bool]) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        await asyncio.sleep(0.02)
    return True
