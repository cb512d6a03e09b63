"""From sending an edit until the last of 300 screens has it, against the least possible server.

An edit is a real POST with its session, CSRF token and idempotency key through the whole
application: committed before it is sent on. The floor (floor.py) sends the same bytes and does
nothing else. SQLite has one process, PostgreSQL two, with fsync on.
"""

import http.client
import os
import subprocess
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

from live import sse
from tests.support.postgres import postgres

from .screens import Screens, text_of
from .site import ROOT, Site, folder, machine, post

WARM = 20  # edits of each round that are not counted


@dataclass
class Target:
    """A server to be measured: where it is, and how an edit is sent to it."""

    address: tuple[str, int]
    stream: str
    cookie: str
    edit: Callable[[http.client.HTTPConnection, str], object]


@dataclass
class Figures:
    """One round of one server, in milliseconds."""

    p50: float
    p95: float
    answer: float  # p50 until the author has the answer
    late: float  # p99 of the meter's own lateness


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.live", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--screens", type=int, default=300)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--edits", type=int, default=100, help="in a round, counted")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--settle", type=float, default=2, help="seconds until all are told")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        targets = {
            engine: _of_site(stack.enter_context(SITES[engine]()))
            for engine in options.engines.split(",")
        }
        frame = _a_frame(next(iter(targets.values())))
        targets = {"floor": stack.enter_context(_floor(frame)), **targets}
        print(f"{machine()}; a frame of {len(frame)} bytes", flush=True)
        print(
            f"{options.screens} screens, {options.rate:g} edits/s,"
            f" {options.rounds} rounds of {options.edits} edits"
        )
        rounds = []
        for number in range(options.rounds):
            figures = {name: _round(target, options) for name, target in targets.items()}
            rounds.append(figures)
            print(f"round {number + 1}: {_told(figures)}", flush=True)
    _print_ratios(rounds)


@contextmanager
def _sqlite() -> Iterator[Site]:
    with folder() as path, Site(path).served() as site:
        yield site


@contextmanager
def _postgresql() -> Iterator[Site]:
    with folder() as path, postgres(safe=True) as url:
        _create_database(url)
        with Site(path, url).served(workers=2) as site:
            yield site


SITES = {"sqlite": _sqlite, "postgresql": _postgresql}


def _create_database(url: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("/cjm?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE cjm")


def _of_site(site: Site) -> Target:
    return Target(site.address, site.stream, site.cookie, site.edit)


def _a_frame(target: Target) -> bytes:
    """What every screen receives for one edit."""
    connection = http.client.HTTPConnection(*target.address)
    html = target.edit(connection, text_of(0))
    connection.close()
    return sse.encode(str(html), id=1)


@contextmanager
def _floor(frame: bytes) -> Iterator[Target]:
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
            yield Target(address, "/", "", _edit_floor)
        finally:
            process.terminate()


def _edit_floor(connection: http.client.HTTPConnection, text: str) -> str:
    return post(connection, "/", f"text={text}", {})


def _round(target: Target, options: Namespace) -> Figures:
    connection = http.client.HTTPConnection(*target.address)
    sent, answered = {}, []
    with Screens(target.address, target.stream, target.cookie, options.screens) as screens:
        time.sleep(options.settle)
        last = WARM + options.edits
        start = time.monotonic()
        for number in range(1, last + 1):
            time.sleep(max(0, start + number / options.rate - time.monotonic()))
            sent[number] = time.monotonic()
            target.edit(connection, text_of(number))
            answered.append(time.monotonic() - sent[number])
        seen, late = screens.finish(last)
    connection.close()
    taken = [seen[number] - sent[number] for number in range(WARM + 1, last + 1)]
    return Figures(
        p50=1000 * median(taken),
        p95=1000 * quantiles(taken, n=20)[-1],
        answer=1000 * median(answered[WARM:]),
        late=1000 * quantiles(late, n=100)[-1],
    )


def _told(figures: dict[str, Figures]) -> str:
    load = f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return "; ".join(
        [
            *(
                f"{name} {its.p50:.1f}/{its.p95:.1f} ms (answer {its.answer:.1f},"
                f" meter late {its.late:.1f})"
                for name, its in figures.items()
            ),
            load,
        ]
    )


def _print_ratios(rounds: list[dict[str, Figures]]) -> None:
    """The median over the rounds, each round against its own floor."""
    for name in rounds[0]:
        if name != "floor":
            p50 = median(figures[name].p50 / figures["floor"].p50 for figures in rounds)
            p95 = median(figures[name].p95 / figures["floor"].p95 for figures in rounds)
            print(f"{name}: p50 {p50:.1f} x floor, p95 {p95:.1f} x floor (goal: p50 <= 4)")


if __name__ == "__main__":
    main()
