"""A workshop of two hundred phones: they come in, all write and vote, and all see the next step.

A phone is to the server what static/js/workshop/room.js is: a stream, and one more connection for
what it sends and fetches. After the word of the stream it waits as phones do, 0.15 to 0.75 s, and
fetches its screen. A screen's delay is from just before whoever leads presses the button until the
phone has the screen that shows it; the floor (floor.py) says the same word and gives screens of as
many bytes, to phones that wait in the same way.

Prints a table with the goal beside each figure; ends with 1 where something was lost.
"""

import asyncio
import json
import random
import re
import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median, quantiles
from urllib.parse import urlencode
from uuid import uuid4

from live import sse

from .live import floor
from .screens import LATE, text_of
from .site import CSRF, FORM, SITES, Site, machine

WORD = '<hx-partial hx-target="#room-word" hx-swap="innerHTML">room</hx-partial>'
REST, SPREAD = 0.15, 0.6  # seconds: static/js/workshop/room.js, templates/workshops/phone.html
PREPARE = """
import json
from changes.record import Intent
from journeys.models import Journey
from teams.actors import member
from teams.models import Throttle, User
from workshops.agendas import BY_KEY
from workshops.edits import meeting
Throttle.objects.all().delete()  # the limits of one address are not what is measured
boris = member(User.objects.get(name="Boris"))
made = meeting.new_workshop(Journey.objects.get(pk="{map}"), BY_KEY["barriers"], by=boris)
meeting.open_entry(made, by=boris)
steps = [(str(step.pk), step.kind) for step in made.steps.all()]
print(json.dumps({{"id": str(made.pk), "token": made.token, "steps": steps}}))
"""
KEPT = """
from django.db.models import Sum
from workshops.models import Contribution, Vote
of = {{"step__workshop": "{id}"}}
votes = Vote.objects.filter(**of).aggregate(sum=Sum("count"))["sum"] or 0
print(Contribution.objects.filter(**of).count(), votes)
"""

type Answer = tuple[int, dict, bytes]  # status, headers, body
type Row = tuple[str, str, str, bool]


class Line:
    """A connection that is kept and opened again, as a browser does."""

    def __init__(self, address: tuple[str, int], cookies: dict[str, str]):
        self.address, self.cookies = address, cookies
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, fields: dict | None = None) -> Answer:
        """A GET, or with fields a POST: the status, the headers, the body."""
        kept = self._ends is not None
        try:
            return await self._ask(path, fields)
        except (OSError, EOFError):
            self.close()
            if not kept:
                raise
            return await self._ask(path, fields)

    async def _ask(self, path: str, fields: dict | None) -> Answer:
        if self._ends is None:
            self._ends = await asyncio.open_connection(*self.address, limit=2**20)
        reader, writer = self._ends
        writer.write(self.request(path, fields))
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for line in filter(None, lines):
            name, _colon, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _equals, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
            headers[name.lower()] = value
        if "content-length" in headers:
            body = await reader.readexactly(int(headers["content-length"]))
        else:  # an answer that has no known length
            body = b""
            while size := int((await reader.readuntil(b"\r\n")).strip(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readexactly(2)
        return int(first.split()[1]), headers, body

    def request(self, path: str, fields: dict | None = None) -> bytes:
        body = urlencode(fields).encode() if fields is not None else b""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = [
            f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1",
            f"Host: localhost\r\nCookie: {cookies}\r\nX-CSRFToken: {CSRF}\r\nHX-Request: true",
            f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n\r\n",
        ]
        return "\r\n".join(head).encode() + body

    def close(self) -> None:
        if self._ends:
            self._ends[1].transport.abort()
        self._ends = None


class Phone:
    """Somebody's phone: `screen` is what it fetches, `stream` where it hears of news."""

    def __init__(self, address: tuple[str, int], screen: str = "", stream: str = "/"):
        cookies = {"csrftoken": CSRF}
        self.sends, self.looks = Line(address, cookies), Line(address, cookies)
        self.screen, self.stream = screen, stream
        self.live_at = self.shown_at = 0.0
        self.seq = 0  # of what it shows; the floor counts what was fetched
        self.html = b""
        self.patience = 0  # how often it was told to come again
        self._asking = self._stale = False
        self._tasks: set[asyncio.Task] = set()

    async def join(self, workshop: dict, map: str, name: str) -> None:
        page = f"/room/{workshop['id']}/"
        link = f"/J/{workshop['token']}/"
        status, _headers, _html = await self._ask(self.sends, link, {"name": name})
        assert status == 302, status
        status, _headers, html = await self._ask(self.sends, page)
        assert status == 200, status
        (seq,) = re.findall(rb'data-seq="(\d+)"', html)
        (epoch,) = re.findall(rb'data-epoch="([\w-]+)"', html)
        self.screen = f"{page}screen/"
        self.stream = (
            f"/maps/{map}/stream/?workshop={workshop['id']}&since={int(seq)}&epoch={epoch.decode()}"
        )
        self.listen()

    def listen(self) -> None:
        self._spawn(self._listen())

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection(*self.looks.address, limit=2**20)
        try:
            writer.write(self.looks.request(self.stream))
            assert b" 200 " in await reader.readuntil(b"\r\n\r\n")
            self.live_at = time.monotonic()  # the floor greets nobody
            while line := await reader.readline():
                if b"room-word" in line:
                    self._hear()
        finally:
            writer.transport.abort()

    def _hear(self) -> None:
        self._stale = True
        if not self._asking:
            self._asking = True
            self._spawn(self._look())

    async def _look(self) -> None:
        await asyncio.sleep(REST + random.random() * SPREAD)
        while self._stale:
            self._stale = False
            status, headers, html = await self._ask(self.looks, self.screen)
            assert status == 200, status
            self.draw(headers, html)
        self._asking = False

    def draw(self, headers: dict, html: bytes) -> None:
        self.seq, self.html = int(headers.get("x-seq", self.seq + 1)), html
        self.shown_at = time.monotonic()

    async def send(self, path: str, fields: dict) -> int:
        """What was done on it, answered by its screen; the status."""
        fields = {"key": uuid4(), "visit": uuid4(), **fields}
        return (await self._ask(self.sends, self.screen.replace("screen/", path), fields))[0]

    async def _ask(self, line: Line, path: str, fields: dict | None = None) -> Answer:
        """Again where the server asks for patience."""
        while True:
            status, headers, html = await line.ask(path, fields)
            if status != 503:
                return status, headers, html
            self.patience += 1
            await asyncio.sleep(float(headers.get("retry-after", 1)))

    def _spawn(self, work) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def leave(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.sends.close()
        self.looks.close()


@dataclass
class Seen:
    """When the phones had a new screen, in seconds after the button was pressed."""

    middle: float
    slowest: float
    bytes: int  # of a screen


@dataclass
class Round:
    """One workshop on one server."""

    joined: list[float] = field(default_factory=list)
    all_live: float = 0.0  # from the last one's asking
    seen: dict[str, Seen] = field(default_factory=dict)
    answered: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter = field(default_factory=Counter)
    kept: tuple[int, int] = (0, 0)
    given: tuple[int, int] = (0, 0)
    floor: dict[str, Seen] = field(default_factory=dict)
    patience: int = 0  # how often a phone was told to come again in a moment
    late: float = 0.0

    @property
    def is_void(self) -> bool:
        return self.late > LATE


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.workshop", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--guests", type=int, default=200)
    parser.add_argument("--within", type=float, default=10, help="seconds in which they join")
    parser.add_argument("--writing", type=float, default=20, help="seconds in which all write")
    parser.add_argument("--cards", type=int, default=2, help="of each guest")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    lost = False
    for engine in options.engines.split(","):
        rounds = []
        with SITES[engine]() as site:
            for number in range(options.rounds):
                rounds.append(_round(site, options))
                print(f"{engine}, round {number + 1}: {_told(rounds[-1])}", flush=True)
        print(f"\n| {engine} | figure | goal | |\n|---|---|---|---|")
        for what, figure, goal, is_met in rows(rounds, options):
            print(f"| {what} | {figure} | {goal} | {'met' if is_met else '**missed**'} |")
            lost = lost or (not is_met and goal == "all")
    sys.exit(lost)


def _told(it: Round) -> str:
    seen = "; ".join(
        f"{name} {one.slowest:.2f} s, bare {it.floor[name].slowest:.2f} s ({one.bytes} bytes)"
        for name, one in it.seen.items()
    )
    return f"{seen}; meter late {1000 * it.late:.0f} ms{' VOID' * it.is_void}"


def _round(site: Site, options: Namespace) -> Round:
    workshop = json.loads(
        site.run("manage.py", "shell", "--no-imports", "-c", PREPARE.format(map=site.map))
    )
    it = asyncio.run(_measured(_workshop(site, workshop, options)))
    said = site.run("manage.py", "shell", "--no-imports", "-c", KEPT.format(**workshop))
    cards, votes = said.split()
    it.kept = int(cards), int(votes)
    with floor(sse.encode(WORD, id=1)) as bare:
        for name, seen in it.seen.items():
            late, it.late = it.late, 0.0
            it.floor[name] = asyncio.run(_bare(bare.address, seen.bytes, options.guests, it))
            it.late = max(late, it.late)
    return it


async def _measured(work: Awaitable[Round]) -> Round:
    """Together with how late this process is: a late one measures itself."""
    lag: list[float] = []

    async def tick() -> None:
        while True:
            due = time.monotonic() + 0.02
            await asyncio.sleep(0.02)
            lag.append(time.monotonic() - due)

    meter = asyncio.create_task(tick())
    it = await work
    meter.cancel()
    it.late = quantiles([*lag, 0, 0], n=100)[-1]
    return it


async def _workshop(site: Site, workshop: dict, options: Namespace) -> Round:
    it = Round()
    leads = Line(site.address, dict(one.split("=") for one in site.cookie.split("; ")))
    base = f"/workshops/{workshop['id']}/"
    writing, voting = (
        next(pk for pk, kind in workshop["steps"] if kind == wanted) for wanted in ("write", "vote")
    )
    phones = [Phone(site.address) for _ in range(options.guests)]

    async def press(name: str, path: str) -> None:
        async def button() -> int:
            status, headers, _html = await leads.ask(f"{base}{path}", {})
            assert status == 200, (path, status)
            return int(headers["x-seq"])

        it.seen[name] = await _seen(phones, button)

    await _join(it, phones, site, workshop, options.within)
    await press("a step begins", f"steps/{writing}/go/")
    cards = await _give(it, phones, "a card", options.cards, options.writing, _card)
    await press("cards are opened", "reveal/")
    await press("the vote begins", f"steps/{voting}/go/")
    votes = await _give(it, phones, "a vote", 3, options.writing, _vote)
    await press("the result is shown", "reveal/")
    it.given = cards, votes
    it.patience = sum(phone.patience for phone in phones)
    await leads.ask(f"{base}end/", {})
    await asyncio.gather(*(phone.leave() for phone in phones))
    leads.close()
    return it


async def _join(it: Round, phones: list[Phone], site: Site, workshop: dict, within: float) -> None:
    asked, tasks = [], []
    for number, phone in enumerate(phones):
        asked.append(time.monotonic())
        tasks.append(asyncio.create_task(phone.join(workshop, site.map, f"Guest {number}")))
        await asyncio.sleep(within / len(phones))
    await asyncio.gather(*tasks)
    await _until(lambda: all(phone.live_at for phone in phones))
    it.joined = [phone.live_at - one for phone, one in zip(phones, asked, strict=True)]
    it.all_live = max(phone.live_at for phone in phones) - asked[-1]


async def _seen(phones: list[Phone], button: Callable[[], Awaitable[int]]) -> Seen:
    await asyncio.sleep(1)
    began = time.monotonic()
    seq = await button()
    await _until(lambda: all(phone.seq >= seq for phone in phones))
    taken = [phone.shown_at - began for phone in phones]
    size = round(median(len(phone.html) for phone in phones))
    return Seen(median(taken), max(taken), size)


async def _bare(address: tuple[str, int], size: int, guests: int, it: Round) -> Seen:
    phones = [Phone(address, f"/bytes/{size}") for _ in range(guests)]

    async def run() -> Round:
        for phone in phones:
            phone.listen()
        await _until(lambda: all(phone.live_at for phone in phones))
        leads = Line(address, {})

        async def button() -> int:
            await leads.ask("/", {"text": text_of(1)})
            return 1

        it.floor["now"] = await _seen(phones, button)
        leads.close()
        return it

    await _measured(run())
    await asyncio.gather(*(phone.leave() for phone in phones))
    return it.floor.pop("now")


async def _give(
    it: Round,
    phones: list[Phone],
    name: str,
    times: int,
    seconds: float,
    what: Callable[[Phone], tuple[str, dict]],
) -> int:
    """Each gives so often within these seconds; how many were taken."""
    taken: list[float] = []
    accepted = 0

    async def one(phone: Phone) -> None:
        nonlocal accepted
        for number in range(times):
            await asyncio.sleep(
                max(0, began + seconds * (number + random.random()) / times - now())
            )
            asked = now()
            status = await phone.send(*what(phone))
            taken.append(now() - asked)
            it.statuses[status] += 1
            accepted += status == 200

    now = time.monotonic
    began = now()
    await asyncio.gather(*(one(phone) for phone in phones))
    it.answered[name] = taken
    return accepted


def _card(phone: Phone) -> tuple[str, dict]:
    html = phone.html.decode()
    (step,) = re.findall(r'data-step="([\w-]+)"', html)
    stage = random.choice(re.findall(r'data-panel="([\w-]+)"', html))
    text = f"Ждать приходится долго, и никто не говорит сколько {random.randrange(10**6)}"
    return "cards/", {"id": uuid4(), "step": step, "stage": stage, "text": text}


def _vote(phone: Phone) -> tuple[str, dict]:
    """Another card each time: one vote for each."""
    html = phone.html.decode()
    (step,) = re.findall(r'data-step="([\w-]+)"', html)
    left = getattr(phone, "ballot", None) or re.findall(r'data-card="([\w-]+)" data-count', html)
    card = left.pop(random.randrange(len(left)))
    phone.ballot = left  # type: ignore[attr-defined]
    return "votes/", {"step": step, "card": card, "count": 1}


async def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.01)


def rows(rounds: list[Round], options: Namespace) -> Iterator[Row]:
    """Medians over the rounds; a round in which the meter was late counts for nothing but what
    was lost."""
    good = [one for one in rounds if not one.is_void]
    kept = all(one.kept == one.given and set(one.statuses) == {200} for one in rounds)
    told = Counter(sum((one.statuses for one in rounds), Counter()))
    answers = ", ".join(f"{count} × {status}" for status, count in told.items())
    yield f"what {options.guests} people gave is kept", answers, "all", kept
    waits = sum(one.patience for one in rounds)
    yield "told to come again in a moment", f"{waits}", "0", waits == 0
    if not good:
        yield "times", "void: the meter was late", "", True
        return
    name = f"{options.guests} join within {options.within:g} s"
    p95 = median(quantiles(one.joined, n=20)[-1] for one in good)
    yield f"{name}: from asking to live, p95", f"{p95:.2f} s", "≤ 5 s", p95 <= 5
    live = median(one.all_live for one in good)
    yield f"{name}: all are live after the last has asked", f"{live:.2f} s", "≤ 5 s", live <= 5
    for what in good[0].answered:
        p50 = median(median(one.answered[what]) for one in good)
        p95 = median(quantiles(one.answered[what], n=20)[-1] for one in good)
        figure = f"{1000 * p50:.0f} / {1000 * p95:.0f} ms"
        yield f"{what} of each: answered, p50 / p95", figure, "≤ 1 s", p95 <= 1
    for what in good[0].seen:
        slowest = median(one.seen[what].slowest for one in good)
        ratio = median(one.seen[what].slowest / one.floor[what].slowest for one in good)
        middle = median(one.seen[what].middle for one in good)
        figure = f"{slowest:.2f} s, {ratio:.1f} × the bare server (half of them {middle:.2f} s)"
        yield (
            f"{what}: until the slowest of {options.guests} shows it",
            figure,
            "≤ 3 s",
            slowest <= 3,
        )
    yield "rounds that count", f"{len(good)} of {len(rounds)}", "", True


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main()
