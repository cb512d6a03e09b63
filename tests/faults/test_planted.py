"""The checker itself: a server that loses, doubles, tears or tells too much must turn it red.

A bug that shows only where two processes meet is not here: what each process does with what it
hears is the same code on both engines, and one process takes less time to be found out.
"""

import asyncio

import pytest

from .planted import BUGS
from .run import Run

pytestmark = [pytest.mark.faults, pytest.mark.one_engine]


@pytest.fixture
def planted(site, request):
    site.plant(request.param)
    yield BUGS[request.param]
    site.plant()


@pytest.mark.parametrize("planted", BUGS, indirect=True)
def test_a_planted_bug_is_caught(planted, site, tmp_path):
    report = Run(
        site,
        tmp_path / "run",
        seed=7,
        editors=2 if planted.room else 4,
        viewers=1,
        guests=4 if planted.room else 0,
        steps=planted.room,
        seconds=planted.seconds,
        pause=0.1,
        bad_posts=0.3 if planted.room else 0.1,
        bound=1.5,
        hot=1 if planted.caught == "I6" else 0.6,
        counts=planted.caught == "I12",
        acts=planted.acts,
        faults=everybody_is_cut if planted.cuts else None,
    ).play()
    assert planted.caught in report.broken, str(report)


async def everybody_is_cut(run: Run) -> None:
    """All streams break twice, and come back."""
    for _time in range(2):
        await asyncio.sleep(run.seconds / 3)
        for browser in run.browsers:
            browser.proxy.cut()
