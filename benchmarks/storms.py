"""Many at once: editors of one card (G3), screens that join and come back (G4), screens that only
look while others open pages (G5).

Prints a table with the goal beside each figure; ends with 1 where something was lost: that is no
matter of speed.
"""

import asyncio
import http.client
import os
import random
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from statistics import median, quantiles
from urllib.parse import urlencode
from uuid import uuid4

from .meter import Load, below, resident
from .screens import Screens
from .site import FORM, SITES, Site, machine

FACTS = """
from changes.models import Change, Conflict, Document
seqs = list(Change.objects.order_by("seq").values_list("seq", flat=True))
print(len(seqs), len(set(seqs)), Document.objects.get(pk="{map}").seq, Conflict.objects.count())
"""


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.storms", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--editors", type=int, default=24)
    parser.add_argument("--guests", type=int, default=200)
    parser.add_argument("--within", type=float, default=10, help="seconds in which they join")
    parser.add_argument("--idle", type=int, default=1000, help="screens that only look")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settle", type=float, default=10, help="seconds of looking on")
    options = parser.parse_args(arguments)
    print(machine(), flush=True)
    lost = False
    for engine in options.engines.split(","):
        with SITES[engine]() as site:
            figures = [
                *idle_screens(site, options.idle, options.settle, options.rounds),
                *joining(site, options.guests, options.within, options.rounds),
                *same_card(site, options.editors, options.edits),
            ]
            complaints = (site.folder / "log").read_text().count("PoolTimeout")
            figures.append(
                ("connections waited for in vain", f"{complaints}", "0", complaints == 0)
            )
        print(f"\n| {engine} | figure | goal | |\n|---|---|---|---|")
        for what, figure, goal, is_met in figures:
            print(f"| {what} | {figure} | {goal} | {'met' if is_met else '**missed**'} |")
            lost = lost or (not is_met and goal == "all")
    sys.exit(lost)


type Row = tuple[str, str, str, bool]


# G3


def same_card(site: Site, editors: int, edits: int) -> Iterator[Row]:
    """All write on one card, each over what it saw last."""
    before = facts(site)
    answers: Counter[int] = Counter()
    numbers = iter(range(edits))
    lock = threading.Lock()

    def write() -> None:
        connection = http.client.HTTPConnection(*site.address, timeout=60)
        known = site.text
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return connection.close()
            fields = {"text": f"words {number}", "base": known, "key": uuid4(), "visit": uuid4()}
            path = f"{site.page}cards/{site.card}/"
            body = urlencode(fields).encode()
            connection.request("POST", path, body, site.headers() | {"Content-Type": FORM})
            answer = connection.getresponse()
            answer.read()
            with lock:
                answers[answer.status] += 1
            known = fields["text"]

    load, began = Load(site.pid), time.monotonic()
    threads = [threading.Thread(target=write) for _ in range(editors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken, percent = time.monotonic() - began, load.percent()
    changes, numbers_of_them, head, conflicts = (
        now - then for now, then in zip(facts(site), before, strict=True)
    )
    name = f"{edits} edits of one card by {editors}"
    goal = 60 * edits / 10_000
    yield (
        name,
        f"{taken:.1f} s, {edits / taken:.0f}/s, {percent:.0f} % of a core",
        f"≤ {goal:g} s",
        taken <= goal,
    )
    kept = answers == {200: edits} and changes == numbers_of_them == head == edits
    told = ", ".join(f"{count} × {status}" for status, count in answers.items())
    yield f"{name}: kept", f"{told}; {changes} changes, {conflicts} conflicts", "all", kept


def facts(site: Site) -> list[int]:
    """Changes, different numbers, the map's number, conflicts."""
    told = site.run("manage.py", "shell", "--no-imports", "-c", FACTS.format(map=site.map))
    return [int(number) for number in told.split()]


# G4


class Tab:
    """A page that is open: it comes back by itself as htmx does, and knows when it is live."""

    def __init__(self, site: Site):
        self.site = site
        self.retry = 0.5
        self.failures = 0
        self.live_at = 0.0
        self.digest = ""
        self.seq = ""

    async def stay(self) -> None:
        while True:
            with suppress(OSError, EOFError):
                await self._look()
            self.live_at = 0.0
            pause = self.retry * 2 ** min(self.failures, 6) * random.uniform(0.7, 1.3)
            self.failures += 1
            await asyncio.sleep(min(pause, 30))

    async def _look(self) -> None:
        reader, writer = await asyncio.open_connection(*self.site.address)
        try:
            path = self.site.stream
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {self.site.cookie}\r\n"
                f"Last-Event-ID: {self.seq}\r\n\r\n".encode()
            )
            if b" 200 " not in await reader.readline():
                return
            event = ""
            while line := await reader.readline():
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    event = value
                elif name == "retry":
                    self.retry = int(value) / 1000
                elif name == "id":
                    self.seq = value
                elif name == "data" and event == "hello":
                    self.live_at, self.failures = time.monotonic(), 0
                elif name == "data" and event == "hb":
                    self.digest = value
                elif not name:
                    event = ""
        finally:
            writer.transport.abort()


def joining(site: Site, guests: int, within: float, rounds: int) -> Iterator[Row]:
    """They come within some seconds; then, where another starts them again, all workers die."""
    found = [asyncio.run(_joined(site, guests, within)) for _ in range(rounds)]
    joined = [one for join, _, _ in found for one in join]
    if site.database_pid:
        back = [max(one) for _, one, _ in found]
        yield (
            f"{guests} are back after all workers died, the last",
            f"{median(back):.1f} s",
            "≤ 10 s",
            median(back) <= 10,
        )
    p95 = quantiles(joined, n=20)[-1]
    name = f"{guests} join within {within:g} s"
    yield f"{name}: from asking to live, p95", f"{1000 * p95:.0f} ms", "≤ 5 s", p95 <= 5
    same = [digests for _, _, digests in found]
    yield f"{name}: all show the same", f"{same}", "all", all(one == 1 for one in same)


async def _joined(site: Site, guests: int, within: float) -> tuple[list[float], list[float], int]:
    """How long each took to join, and to come back; how many digests there are at last."""
    tabs = [Tab(site) for _ in range(guests)]
    tasks = []
    asked = []
    for tab in tabs:
        asked.append(time.monotonic())
        tasks.append(asyncio.create_task(tab.stay()))
        await asyncio.sleep(within / guests)
    await _until(lambda: all(tab.live_at for tab in tabs))
    joined = [tab.live_at - one for tab, one in zip(tabs, asked, strict=True)]
    back = [0.0]
    if site.database_pid:
        killed = time.monotonic()
        for worker in below(site.pid):
            os.kill(worker, signal.SIGKILL)
        await asyncio.sleep(0.2)
        await _until(lambda: all(tab.live_at > killed for tab in tabs))
        back = [tab.live_at - killed for tab in tabs]
    connection = http.client.HTTPConnection(*site.address, timeout=30)
    await asyncio.to_thread(site.edit, connection, f"after the storm {uuid4().hex}")
    connection.close()
    for tab in tabs:
        tab.digest = ""
    await _until(lambda: all(tab.digest for tab in tabs))
    digests = len({tab.digest for tab in tabs})
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return joined, back, digests


async def _until(true, seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.02)


# G5


def idle_screens(site: Site, count: int, settle: float, rounds: int) -> Iterator[Row]:
    with Screens(site.address, site.stream, site.cookie, 20):  # warms the code, not the heap
        _pages(site)
    time.sleep(1)
    alone = median(_pages(site) for _ in range(rounds))
    memory = resident(site.pid)
    with Screens(site.address, site.stream, site.cookie, count):
        time.sleep(settle / 2)
        each = (resident(site.pid) - memory) / count
        load = Load(site.pid)
        time.sleep(settle)
        percent = load.percent()
        beside = median(_pages(site) for _ in range(rounds))
        if site.database_pid:
            held = _connections(site)
    name = f"{count} screens look"
    yield f"{name}: of one core", f"{percent:.1f} %", "≤ 10 %", percent <= 10
    yield f"{name}: memory each", f"{each:.1f} KB", "≤ 100 KB", each <= 100
    ratio = beside / alone
    figure = f"{1000 * beside:.0f} ms, {ratio:.2f} × alone"
    yield f"{name}: a page of the map, p50", figure, "≤ 1.5 ×", ratio <= 1.5
    if site.database_pid:
        most = 2 * (12 + 1) + 2
        yield f"{name}: database connections", f"{held}", f"≤ {most}", held <= most


def _pages(site: Site, count: int = 20) -> float:
    """Seconds that a page takes, the middle one of several."""
    connection = http.client.HTTPConnection(*site.address, timeout=60)
    taken = []
    for _ in range(count):
        began = time.monotonic()
        connection.request("GET", site.page, headers={"Cookie": site.cookie})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
        taken.append(time.monotonic() - began)
    connection.close()
    return median(taken)


def _connections(site: Site) -> int:
    import psycopg

    with psycopg.connect(site.environment["DATABASE_URL"]) as database:
        (held,) = database.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        ).fetchone() or (0,)
    return held


if __name__ == "__main__":
    main()
