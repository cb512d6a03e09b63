"""From sending an edit until the last of N screens has it, against a bare server (G1, G2).

An edit is a real POST with its session, CSRF token and idempotency key through the whole
application: committed before it is sent on. The floor (floor.py) sends the same bytes and does
nothing else. SQLite has one process, PostgreSQL two, with fsync on. All of them and the meter share
the processors of this machine: how much each took stands in the table.
"""

import http.client
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from live import sse

from .meter import Load
from .screens import LATE, Screens, text_of
from .site import ROOT, SITES, Site, machine, post

WARM = 20  # edits of each round that are not counted


@dataclass
class Target:
    """A server to be measured: where it is, and how an edit is sent to it."""

    address: tuple[str, int]
    stream: str
    cookie: str
    edit: Callable[[http.client.HTTPConnection, str], object]
    pid: int
    database: int = 0  # the process of its database, if that is another


@dataclass
class Figures:
    """One round of one server: milliseconds, and percent of one core."""

    p50: float
    p95: float
    p99: float
    answer: float  # p50 until the author has the answer
    load: float
    database: float
    late: float  # p99 of the meter's own lateness

    @property
    def is_void(self) -> bool:
        return self.late > 1000 * LATE


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.live", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--screens", default="10,100,300,1000")
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--edits", type=int, default=100, help="in a round, counted")
    parser.add_argument("--rounds", type=int, default=5, help="at least three")
    parser.add_argument("--settle", type=float, default=2, help="seconds until all are told")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        targets = {
            engine: _of_site(stack.enter_context(SITES[engine]()))
            for engine in options.engines.split(",")
        }
        frame = _a_frame(next(iter(targets.values())))
        targets = {"floor": stack.enter_context(floor(frame)), **targets}
        print(f"{machine()}; a frame of {len(frame)} bytes", flush=True)
        print(f"{options.rate:g} edits/s, {options.rounds} rounds of {options.edits} edits")
        table = []
        for screens in map(int, options.screens.split(",")):
            rounds = []
            for number in range(options.rounds):
                figures = {
                    name: _round(target, screens, options) for name, target in targets.items()
                }
                rounds.append(figures)
                print(f"{screens} screens, round {number + 1}: {_told(figures)}", flush=True)
            table += _rows(screens, rounds)
    print("\n".join([HEAD, *table]))
    print("(goal: p50 <= 4 x floor with 300 screens, <= 1.7 x with 1,000)")


def _of_site(site: Site) -> Target:
    return Target(site.address, site.stream, site.cookie, site.edit, site.pid, site.database_pid)


def _a_frame(target: Target) -> bytes:
    """What every screen receives for one edit."""
    connection = http.client.HTTPConnection(*target.address)
    html = target.edit(connection, text_of(0))
    connection.close()
    return sse.encode(str(html), id=1)


@contextmanager
def floor(frame: bytes) -> Iterator[Target]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.floor"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdin and process.stdout
        try:
            process.stdin.write(frame)
            process.stdin.close()
            address = ("127.0.0.1", int(process.stdout.readline()))
            yield Target(address, "/", "", _edit_floor, process.pid)
        finally:
            process.terminate()


def _edit_floor(connection: http.client.HTTPConnection, text: str) -> str:
    return post(connection, "/", f"text={text}", {})


def _round(target: Target, screens: int, options: Namespace) -> Figures:
    connection = http.client.HTTPConnection(*target.address)
    sent, answered, late = {}, [], []
    with Screens(target.address, target.stream, target.cookie, screens) as meter:
        time.sleep(options.settle)
        last = WARM + options.edits
        server, database = Load(target.pid), Load(target.database)
        start = time.time()
        for number in range(1, last + 1):
            wait = start + number / options.rate - time.time()
            time.sleep(max(0, wait))
            sent[number] = time.time()
            if wait > 0:  # else it is the server that keeps its author waiting
                late.append(sent[number] - start - number / options.rate)
            target.edit(connection, text_of(number))
            answered.append(time.time() - sent[number])
        seen, late_to_read = meter.finish(last)
        load, of_database = server.percent(), database.percent()
    connection.close()
    taken = [seen[number] - sent[number] for number in range(WARM + 1, last + 1)]
    hundredths = quantiles(taken, n=100)
    return Figures(
        p50=1000 * median(taken),
        p95=1000 * hundredths[94],
        p99=1000 * hundredths[98],
        answer=1000 * median(answered[WARM:]),
        load=load,
        database=of_database,
        late=1000 * max(quantiles(late_to_read, n=100)[-1], quantiles([*late, 0, 0], n=100)[-1]),
    )


def _told(figures: dict[str, Figures]) -> str:
    return "; ".join(
        f"{name} {its.p50:.1f}/{its.p95:.1f} ms{' VOID' * its.is_void} (meter late {its.late:.1f})"
        for name, its in figures.items()
    )


HEAD = """
| screens | server | p50 ms | p95 | p99 | p50 × floor | p95 × floor | answer p50 ms | server's \
processor | database's | meter late p99 ms | rounds |
|---|---|---|---|---|---|---|---|---|---|---|---|"""


def _rows(screens: int, rounds: list[dict[str, Figures]]) -> list[str]:
    """Medians over the rounds; each ratio against the floor of the same round. A round in which
    the meter was late counts for nothing."""
    rows = []
    for name in rounds[0]:
        good = [
            (one[name], one["floor"])
            for one in rounds
            if not (one[name].is_void or one["floor"].is_void)
        ]
        if not good:
            rows.append(f"| {screens} | {name} | void: the meter was late |")
            continue

        def middle(of: Callable[[Figures, Figures], float], digits: int = 1, good=good) -> str:
            return f"{median(of(its, floor) for its, floor in good):.{digits}f}"

        rows.append(
            f"| {screens} | {name} | {middle(lambda its, _: its.p50)}"
            f" | {middle(lambda its, _: its.p95)} | {middle(lambda its, _: its.p99)}"
            f" | {middle(lambda its, floor: its.p50 / floor.p50)}"
            f" | {middle(lambda its, floor: its.p95 / floor.p95)}"
            f" | {middle(lambda its, _: its.answer)} | {middle(lambda its, _: its.load, 0)} %"
            f" | {middle(lambda its, _: its.database, 0)} %"
            f" | {middle(lambda its, _: its.late)} | {len(good)} of {len(rounds)} |"
        )
    return rows


if __name__ == "__main__":
    main()
