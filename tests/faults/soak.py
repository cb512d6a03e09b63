"""Hours of faults: one run after another on servers that live through all of them.

Each round is a new map, with a fault chosen by the seed; rounds go in turn over the engines.
"""

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

from tests.support.postgres import REMEDY, NoPostgres, cluster

from . import faults
from .checker import Report
from .run import Run
from .site import Site, served

ROUND = 20  # seconds
ANYWHERE = [
    faults.killed_at_each_point,
    faults.killed_at_random,
    faults.hints_are_lost,
    faults.gone_too_long,
    faults.some_read_slowly,
    faults.bad_lines,
]
ON_POSTGRES = [faults.database_restarts, faults.database_crashes, faults.listeners_are_cut]


def soak(minutes: float, seed: int, say: Callable[[str], None]) -> bool:
    """Whether all invariants held in all rounds; the last line said is the figures."""
    chance = Random(seed)
    logs = Path(tempfile.mkdtemp(prefix="cjm-soak-"))
    reports: list[Report] = []
    memory: dict[str, list[int]] = {}  # engine → MB of a process after each round
    with _sites(say) as sites:
        until = time.monotonic() + 60 * minutes
        while time.monotonic() < until:
            site = sites[len(reports) % len(sites)]
            fault = chance.choice([*ANYWHERE, *(ON_POSTGRES if site.cluster else [])])
            report = _round(site, logs / str(len(reports)), chance.randrange(10**6), fault)
            reports.append(report)
            engine = "PostgreSQL" if site.cluster else "SQLite"
            memory.setdefault(engine, []).append(site.held()["memory"] // 1024 // site.workers)
            say(f"{engine}, {fault.__name__}, seed {report.seed}: {report.figures}")
            if report.holds:
                shutil.rmtree(report.folder)
            else:
                say(str(report))
    for engine, seen in memory.items():
        say(f"{engine}: a process takes {seen[0]} MB after the first round, {seen[-1]} at the end")
    held = all(report.holds for report in reports)
    say(f"{len(reports)} rounds, seed {seed}, {'all holds' if held else 'BROKEN'}: {_sum(reports)}")
    return held


def _round(site: Site, folder: Path, seed: int, fault) -> Report:
    dies = fault in (faults.killed_at_each_point, faults.killed_at_random)
    counts = not dies and fault not in ON_POSTGRES
    bad_posts = Random(seed).choice([0, 0, 0.2])
    return Run(
        site,
        folder,
        seed,
        editors=6,
        viewers=4,
        guests=6,
        seconds=ROUND,
        bad_posts=bad_posts,
        bound=10,
        counts=counts,
        faults=fault,
    ).play()


@contextmanager
def _sites(say: Callable[[str], None]) -> Iterator[list[Site]]:
    """A server on each engine there is."""
    folder = Path(tempfile.mkdtemp(prefix="cjm-soak-site-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        sites = [stack.enter_context(served(Site(folder / "sqlite")))]
        try:
            postgres = stack.enter_context(cluster(safe=True))
            sites.append(stack.enter_context(served(Site.on(postgres, folder / "postgres"))))
        except NoPostgres as error:
            say(f"PostgreSQL is not tried: {error}. {REMEDY}")
        yield sites


def _sum(reports: list[Report]) -> str:
    """The figures of all rounds as those of one."""
    ops = sum((report.ops for report in reports), Counter())
    whole = Report(
        folder=Path(os.devnull),
        seed=0,
        broken={},
        ops=ops,
        answers=Counter(),
        conflicts=sum(report.conflicts for report in reports),
        faults=dict(sum((Counter(report.faults) for report in reports), Counter())),
        delays={"all": [one for it in reports for each in it.delays.values() for one in each]},
        settled=max(report.settled for report in reports),
        lag=max(report.lag for report in reports),
    )
    return whole.figures
