"""A year of work saved and brought back: 50,000 cards with ten changes each.

Beside it, on the same data in the same run, stands what copies the bytes and proves nothing: the
online backup of SQLite, `pg_dump` and `pg_restore` of PostgreSQL.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .site import ROOT, folder, machine

LAYERS = 1000  # cards of one map


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.backup", description=__doc__)
    parser.add_argument("--engines", default="sqlite,postgres")
    parser.add_argument("--cards", type=int, default=50_000)
    parser.add_argument("--changes", type=int, default=10, help="of each card")
    options = parser.parse_args(arguments)
    print(machine())
    for engine in options.engines.split(","):
        with folder() as path, _database(engine) as (url, other):
            _Year(path / "var", url, options.cards, options.changes).measure(engine, path, other)
    print("(goals: a backup within 60 s, a restore within 120 s)")


@contextmanager
def _database(engine: str) -> Iterator[tuple[str, str]]:
    """Two addresses: of the data, and of the empty place for the restore."""
    if engine == "sqlite":
        yield "", ""
        return
    from tests.support.postgres import postgres

    with postgres(safe=True) as url:
        for name in ("cjm", "restored"):
            _psql(url, f"CREATE DATABASE {name}")
        yield url, url.replace("/cjm?", "/restored?")


def _psql(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("/cjm?", "/postgres?"), autocommit=True) as connection:
        connection.execute(statement)


class _Year:
    def __init__(self, var: Path, url: str, cards: int, changes: int):
        self.var, self.url = var, url
        self.manage("manage.py", "migrate", "--verbosity", "0")
        self.manage("-m", "benchmarks.year", str(cards), str(changes))

    def manage(self, *arguments: str, var: Path | None = None, url: str | None = None) -> str:
        """Runs it; what it took of the machine."""
        environment = os.environ | {
            "CJM_VAR": str(var or self.var),
            "CJM_NO_VENV": "1",
            "DATABASE_URL": self.url if url is None else url,
            "DJANGO_SETTINGS_MODULE": "cjm.settings",
        }
        with subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        ) as process:
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{arguments} ended with {process.returncode}")
        return f"{usage.ru_utime + usage.ru_stime:.1f} s of a core, {usage.ru_maxrss / 1024:.0f} MB"

    def measure(self, engine: str, path: Path, other: str) -> None:
        ours, raw = path / "ours.zip", path / "raw"
        data = self.var / "cjm.sqlite3"
        of = f" of {data.stat().st_size / 1e6:.0f} MB of data" if data.exists() else ""
        floor = _timed(lambda: self.copy(raw))
        saved = _timed(lambda: self.manage("manage.py", "backup", str(ours)))
        _tell(engine, "backup", saved, floor, f"{ours.stat().st_size / 1e6:.0f} MB{of}")
        back = path / "back"
        restored = _timed(
            lambda: self.manage("manage.py", "restore", str(ours), var=back, url=other)
        )
        floor = _timed(lambda: self.copy_back(raw, path, other))
        _tell(engine, "restore", restored, floor, "read again and compared")

    def copy(self, raw: Path) -> None:
        if self.url:
            _program("pg_dump", "-Fc", "-Z1", "-f", str(raw), self.url)
            return
        with (
            closing(sqlite3.connect(self.var / "cjm.sqlite3")) as source,
            closing(sqlite3.connect(raw)) as target,
        ):
            source.backup(target)

    def copy_back(self, raw: Path, path: Path, other: str) -> None:
        if not other:
            shutil.copyfile(raw, path / "copied")
            return
        _psql(self.url, "DROP DATABASE restored")
        _psql(self.url, "CREATE DATABASE restored")
        _program("pg_restore", "--no-owner", "-d", other, str(raw))


def _program(*command: str) -> None:
    subprocess.run(command, check=True)


def _timed(act: Callable[[], str | None]) -> tuple[float, str]:
    """Seconds, and what else it says."""
    began = time.monotonic()
    said = act()
    return time.monotonic() - began, said or ""


def _tell(
    engine: str, what: str, ours: tuple[float, str], floor: tuple[float, str], remark: str
) -> None:
    print(
        f"{engine}: {what} {ours[0]:.1f} s ({ours[1]} of memory), {ours[0] / floor[0]:.1f} × the"
        f" bare copy of {floor[0]:.1f} s; {remark}",
        flush=True,
    )


if __name__ == "__main__":
    main()
