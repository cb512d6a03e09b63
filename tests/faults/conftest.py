"""A site for each of pytest's processes, on the engine under test; maps are new for each run."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.support.postgres import NoPostgres, cluster

from .run import Run
from .site import Site, served


@pytest.fixture(scope="session")
def site(tmp_path_factory, collected_static):
    """The real server: one process on SQLite, two workers on a PostgreSQL that writes to disk."""
    folder = tmp_path_factory.mktemp("site") / "var"
    shutil.copytree(collected_static, folder / "static")
    if not os.environ.get("DATABASE_URL"):
        with served(Site(folder)) as site:
            yield site
        return
    try:
        with cluster(safe=True) as postgres, served(Site.on(postgres, folder)) as site:
            yield site
    except NoPostgres as error:
        pytest.skip(f"NOT RUN [postgres] These tests stop and kill a server of their own. {error}")


@pytest.fixture
def on_postgres(site):
    """For what SQLite has no part in."""
    if site.cluster is None:
        pytest.skip("about PostgreSQL only")


@pytest.fixture
def on_sqlite():
    if os.environ.get("DATABASE_URL"):
        pytest.skip("about SQLite only")


@pytest.fixture
def tell(record_property, request):
    """Figures of a run, which are told at the end of all tests."""

    def told(report, what: str = "") -> None:
        name = what or request.node.name.removeprefix("test_").replace("_", " ")
        record_property(f"{name}, seed {report.seed}", report.figures)

    return told


@pytest.fixture
def play(site, tell):
    """`play(seed, …)` is one run that must hold; see `Run`. Its logs stay if it does not."""

    def run(seed: int, **options):
        folder = Path(tempfile.mkdtemp(prefix="cjm-faults-"))
        report = Run(site, folder / "logs", seed, **options).play()
        tell(report)
        assert report.holds, str(report)
        shutil.rmtree(folder)
        return report

    return run
