"""A site for each of pytest's processes, on the engine under test; maps and people are new for
each run."""

import os
import shutil

import pytest

from tests.support.postgres import cluster

from .run import Run
from .site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory, collected_static):
    """The real server: one process on SQLite, two workers on a PostgreSQL that writes to disk."""
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(collected_static, folder / "static")
    if not os.environ.get("DATABASE_URL"):
        yield from _served(Site(folder))
        return
    with cluster(safe=True) as postgres:
        yield from _served(Site.on(postgres, folder))


def _served(site: Site):
    try:
        site.set_up()
        site.start()
        yield site
    finally:
        site.remove()


@pytest.fixture
def play(site, tmp_path):
    """`play(seed, …)` is one run that must hold; see `Run`."""

    def run(seed: int, **options):
        report = Run(site, tmp_path / "run", seed, **options).play()
        assert report.holds, str(report)
        print(report.figures)
        return report

    return run
