"""Each benchmark still runs, small: the figures are for a quiet machine (docs/benchmarks.md)."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks import backup, live, memory, page, paste, storms, workshop

pytestmark = pytest.mark.one_engine


def test_an_edit_reaches_the_screens_of_both_servers(capfd):
    live.main(
        [
            "--engines",
            "sqlite",
            "--screens",
            "3",
            "--rate",
            "100",
            "--edits",
            "3",
            "--rounds",
            "1",
            "--settle",
            "0",
        ]
    )
    assert "| 3 | sqlite | " in capfd.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_storms_lose_nothing(capfd):
    few = {"edits": 10, "editors": 3, "guests": 3, "within": 0.1, "idle": 3, "rounds": 1}
    sizes = [f"--{name}={value}" for name, value in (few | {"settle": 0.1}).items()]
    # A browser test that ran before has left its loop in this thread.
    with ThreadPoolExecutor(1) as another, pytest.raises(SystemExit) as end:
        another.submit(storms.main, ["--engines=sqlite", *sizes]).result()
    said = capfd.readouterr().out
    assert end.value.code == 0, said
    assert "10 × 200; 10 changes" in said


def test_a_workshop_of_a_few_loses_nothing(capfd):
    few = {"guests": 3, "within": 0.1, "writing": 0.5, "cards": 1, "rounds": 1}
    sizes = [f"--{name}={value}" for name, value in few.items()]
    # A browser test that ran before has left its loop in this thread.
    with ThreadPoolExecutor(1) as another, pytest.raises(SystemExit) as end:
        another.submit(workshop.main, ["--engines=sqlite", *sizes]).result()
    said = capfd.readouterr().out
    assert end.value.code == 0, said
    assert "what 3 people gave is kept | 12 × 200 | all | met" in said


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_screens_take_memory(capfd):
    memory.main(["--screens", "3", "--settle", "0.1"])
    assert "KB a screen" in capfd.readouterr().out


def test_a_page_is_drawn_warm_and_cold(capfd):
    page.main(["--cards", "12", "--rounds", "1", "--without-browser"])
    assert "server: warm" in capfd.readouterr().out


def test_a_table_is_pasted_and_typed(capfd):
    paste.main(["--cards", "12", "--rounds", "1"])
    assert "cards: one paste" in capfd.readouterr().out


def test_a_year_is_saved_and_brought_back(capfd):
    backup.main(["--engines", "sqlite", "--cards", "30", "--changes", "2"])
    assert "sqlite: restore" in capfd.readouterr().out
