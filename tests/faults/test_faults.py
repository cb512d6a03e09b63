"""The faults that must come to a real installation some day, on both engines where they apply.

Each run is F… of the fault matrix; the seeds are fixed, and one new one is tried each time.
"""

import asyncio
import random
import tempfile
from pathlib import Path

import pytest

from tests.conftest import not_run
from tests.support.postgres import cluster

from . import faults
from .disk import small_disk
from .proxy import in_thread
from .run import Run
from .site import Site, served

pytestmark = pytest.mark.faults


def test_a_run_without_faults_holds(play):
    play(seed=1, seconds=4)


def test_a_new_seed_holds(play):
    """With lines that break, and posts that are lost, late or doubled."""
    play(seed=random.randrange(10**6), faults=faults.bad_lines, bad_posts=0.2, guests=4)


def test_a_process_killed_in_the_middle_of_an_edit_loses_nothing(play):
    play(seed=2, faults=faults.killed_at_each_point, bound=8, counts=False)


def test_a_database_that_restarts_is_waited_for(play, on_postgres):
    report = play(seed=3, faults=faults.database_restarts, bound=10, counts=False)
    assert set(report.answers) <= {200, 409, 410, 422, 503}


def test_a_database_that_crashes_is_waited_for(play, on_postgres):
    report = play(seed=4, faults=faults.database_crashes, bound=10, counts=False)
    assert set(report.answers) <= {200, 409, 410, 422, 503}


def test_listeners_that_are_cut_listen_again(play, on_postgres):
    play(seed=5, faults=faults.listeners_are_cut)


def test_listeners_that_hear_nothing_any_more_are_not_missed(site, on_postgres, tmp_path, tell):
    socket = site.cluster.folder / ".s.PGSQL.5432"
    with in_thread(lambda: asyncio.open_unix_connection(socket)) as (proxy, call):
        url = f"postgresql://postgres@127.0.0.1:{proxy.port}/cjm"
        with site.twin(tmp_path / "twin", url) as twin:
            frozen = faults.listeners_freeze(proxy, call)
            report = Run(twin, tmp_path / "run", 11, faults=frozen).play()
    tell(report)
    assert report.holds, str(report)
    assert report.faults["listeners frozen"] == 2


def test_without_a_hint_the_poll_finds_everything(play):
    report = play(seed=6, faults=faults.hints_are_lost)
    p50, _p95 = report.delay(*(name for name in report.delays if name.startswith("viewer")))
    assert p50 < 1500


def test_who_was_away_too_long_fetches_the_board(play):
    play(seed=7, faults=faults.gone_too_long)


def test_a_slow_reader_holds_nobody_up(play):
    report = play(seed=8, faults=faults.some_read_slowly, viewers=4)
    p50, _p95 = report.delay("viewer0", "viewer1")
    assert p50 < 1000


def test_posts_that_come_twice_late_or_in_another_order_count_once(play):
    report = play(seed=9, bad_posts=0.4)
    assert report.faults["twice"] and report.faults["late"]


def test_a_full_disk_refuses_and_loses_nothing(tmp_path, collected_static, on_sqlite, tell):
    with small_disk(tmp_path / "disk", megabytes=6) as disk:
        folder = disk.folder / "var"
        folder.mkdir()
        (folder / "static").symlink_to(collected_static)
        with served(Site(folder)) as site:
            report = Run(site, tmp_path / "run", 10, faults=faults.full(disk), bound=8).play()
    tell(report, f"disk full: {disk.kind}")
    assert report.holds, str(report)
    assert report.answers[503] and not report.answers[500], report.answers


def test_a_database_without_room_refuses_and_loses_nothing(
    tmp_path, collected_static, on_postgres, tell
):
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "static").symlink_to(collected_static)
    with (
        tempfile.TemporaryDirectory() as outer,
        small_disk(Path(outer) / "disk", megabytes=100) as disk,
    ):
        Path(outer).chmod(0o755)  # PostgreSQL runs as somebody else
        if disk.kind != "tmpfs":
            pytest.skip(not_run("root", "Only root may make a small file system."))
        with (
            cluster(safe=True, within=disk.folder) as postgres,
            served(Site.on(postgres, folder)) as site,
        ):
            fault = faults.full(disk)
            report = Run(site, tmp_path / "run", 12, faults=fault, bound=8, counts=False).play()
    tell(report)
    assert report.holds, str(report)
    assert report.answers[503] and not report.answers[500], report.answers
