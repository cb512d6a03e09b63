"""The real application on a data folder of its own: set up, served, asked."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from tests.support.postgres import postgres

ROOT = Path(__file__).resolve().parent.parent
CSRF = "b" * 32
FORM = "application/x-www-form-urlencoded"


class Site:
    """One installation with one map, and Boris, who edits it."""

    def __init__(self, folder: Path, database_url: str = "", cards: int = 88):
        self.folder = folder
        self.environment = os.environ | {
            "CJM_VAR": str(folder),
            "CJM_NO_VENV": "1",
            "DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "cjm.settings",
            "LC_ALL": "en_US.UTF-8",
        }
        self.run("manage.py", "migrate", "--verbosity", "0")
        made = json.loads(self.run("-m", "benchmarks.prepare", str(cards)))
        self.map, self.card, self.text = made["map"], made["card"], made["text"]
        self.cookie = f"sessionid={made['session']}; csrftoken={CSRF}"
        self.address = ("", 0)
        self.pid = 0
        self.database_pid = 0

    def run(self, *arguments: str) -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout

    @contextmanager
    def served(self, workers: int = 1) -> Iterator["Site"]:
        """`manage.py serve`, as in production."""
        command = ["manage.py", "serve", "--port", "0", "--workers", str(workers)]
        with (
            (self.folder / "log").open("w") as log,
            subprocess.Popen(
                [sys.executable, "-u", *command],
                cwd=ROOT,
                env=self.environment,
                text=True,
                stdout=subprocess.PIPE,
                stderr=log,
            ) as process,
        ):
            try:
                self.pid = process.pid
                self.address = _address(process)
                _until_it_answers(self.address)
                yield self
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(20)

    @property
    def page(self) -> str:
        return f"/maps/{self.map}/"

    @property
    def stream(self) -> str:
        return f"/maps/{self.map}/stream/"

    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRFToken": CSRF, "HX-Request": "true"}

    def edit(self, connection: http.client.HTTPConnection, text: str) -> str:
        """Boris writes `text` on the card, as a browser would say it; the frame's HTML."""
        fields = {"text": text, "base": self.text, "key": uuid4(), "visit": uuid4()}
        path = f"{self.page}cards/{self.card}/"
        answer = post(connection, path, urlencode(fields), self.headers())
        self.text = text
        return answer


def post(
    connection: http.client.HTTPConnection, path: str, body: str, headers: dict[str, str]
) -> str:
    """One POST of a form that must succeed; the answer's body."""
    connection.request("POST", path, body.encode(), headers | {"Content-Type": FORM})
    response = connection.getresponse()
    answer = response.read().decode()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}: {answer[:500]}")
    return answer


@contextmanager
def folder() -> Iterator[Path]:
    """A data folder that is gone afterwards."""
    path = Path(tempfile.mkdtemp(prefix="cjm-benchmark-"))
    try:
        yield path
    except Exception:
        if (path / "log").exists():
            sys.stderr.write((path / "log").read_text()[-2000:])
        raise
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def on_sqlite() -> Iterator[Site]:
    """One process, as the default installation has."""
    with folder() as path, Site(path).served() as site:
        yield site


@contextmanager
def on_postgresql(workers: int = 2) -> Iterator[Site]:
    """A PostgreSQL of its own that writes to disk as in production."""
    import psycopg

    with folder() as path, postgres(safe=True) as url:
        with psycopg.connect(url.replace("/cjm?", "/postgres?"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE cjm")
        with Site(path, url).served(workers) as site:
            site.database_pid = _postmaster(url)
            yield site


SITES = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def _postmaster(url: str) -> int:
    host = dict(parse_qsl(urlsplit(url).query)).get("host", "")
    return int((_text(f"{host}/data/postmaster.pid") or "0").split()[0])


def _address(process: "subprocess.Popen[str]") -> tuple[str, int]:
    assert process.stdout
    for line in process.stdout:
        if found := re.search(r"http://([\d.]+):(\d+)", line):
            return found[1], int(found[2])
    raise RuntimeError("The server did not start")


def _until_it_answers(address: tuple[str, int]) -> None:
    """The port is open before the workers have loaded the application."""
    connection = http.client.HTTPConnection(*address, timeout=60)
    connection.request("GET", "/readyz")
    connection.getresponse().read()
    connection.close()
    time.sleep(2)  # for the other workers


def machine() -> str:
    """One line for the head of a table."""
    model = re.search(r"model name\s*: (.+)", _text("/proc/cpuinfo"))
    memory = re.search(r"MemTotal:\s*(\d+)", _text("/proc/meminfo"))
    return ", ".join(
        [
            time.strftime("%Y-%m-%d"),
            f"{os.cpu_count()} cores",
            *([model[1]] if model else []),
            *([f"{int(memory[1]) // 2**20} GiB"] if memory else []),
            f"Python {sys.version.split()[0]}",
        ]
    )


def _text(path: str) -> str:
    return Path(path).read_text() if Path(path).exists() else ""
