"""The database is locked, full or gone: a page says so and when to return, then all is well."""

import asyncio
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from cjm import handler
from tests.live.parts import run, watching
from tests.support.boris import Boris
from tests.support.servers import ServerProcess, until

is_postgresql = connection.vendor == "postgresql"
on_postgresql = pytest.mark.skipif(not is_postgresql, reason="about PostgreSQL only")
on_sqlite = pytest.mark.skipif(is_postgresql, reason="about SQLite only")


@pytest.fixture
def boris(server_process) -> Boris:
    server_process.environment["CJM_ALLOWED_HOSTS"] = "*"
    return Boris(server_process.prepare())


def assert_busy(answer) -> None:
    """503 with a short wait and a sentence for the reader."""
    assert answer.status == 503, answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 3
    assert "Wait a few seconds and try again" in answer.text


def answers(server: ServerProcess, boris: Boris) -> bool:
    return boris.get(("127.0.0.1", server.port)).status == 200


@contextmanager
def row_locked(server: ServerProcess, map_id: str):
    with psycopg.connect(server.environment["DATABASE_URL"]) as database:
        database.execute("SELECT 1 FROM changes_document WHERE id = %s FOR UPDATE", [map_id])
        yield


@on_postgresql
def test_a_locked_row_keeps_nobody_else_waiting(server_process, boris):
    """More people write in that map than requests are answered at once."""
    address = server_process.serve()
    until(lambda: answers(server_process, boris))

    async def story():
        began = time.monotonic()
        with ThreadPoolExecutor(20) as browsers:
            edits = [
                browsers.submit(boris.edit, address, f"words {number}", **{"Accept-Language": "en"})
                for number in range(settings.REQUEST_THREADS + 2)
            ]
            for _ in range(5):
                opened = time.monotonic()
                screen = watching(address[1], boris.made["map"], "", cookie=boris.cookie)
                async with screen as ana:
                    assert ana.status == 200
                assert time.monotonic() - opened < 1
            done = [await asyncio.wrap_future(edit) for edit in edits]
        for answer in done:
            assert_busy(answer)
        assert time.monotonic() - began < 8  # two rounds of two seconds, and a busy machine

    with row_locked(server_process, boris.made["map"]):
        run(story())
    assert boris.edit(address, "at last").status == 200


@on_postgresql
def test_the_limits_of_a_statement_are_those_we_promise(db):
    with connection.cursor() as cursor:
        found = {}
        for name in (
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
        ):
            cursor.execute(f"SHOW {name}")
            found[name] = cursor.fetchone()[0]
    assert list(found.values()) == ["5s", "2s", "10s"]


@on_postgresql
def test_who_gets_no_connection_is_told_after_two_seconds(transactional_db):
    connection.close()
    connection.close_pool()  # threads of tests before may have died with one of its connections
    connection.ensure_connection()
    connection.close()
    pool = connection.pool
    held: list = []
    try:
        while len(held) < settings.POOL_SIZE:
            held.append(pool.getconn(timeout=20))
        began = time.monotonic()
        client = Client(raise_request_exception=False, headers={"accept-language": "en"})
        client.cookies["sessionid"] = "anybody's"
        answer = client.get("/account/")
        assert time.monotonic() - began < 4
    finally:
        for one in held:
            pool.putconn(one)
    assert answer.status_code == 503
    assert "Wait a few seconds" in answer.text
    assert 1 <= int(answer.headers["Retry-After"]) <= 3


class Gate:
    """The way to PostgreSQL's socket, which can be shut: then it is as if it had stopped."""

    def __init__(self, folder: Path, url: str):
        self.url = url
        self.behind = Path(parse_qs(urlsplit(url).query)["host"][0])
        self.link = folder / "pg"
        self.open()

    def open(self) -> None:
        self.link.symlink_to(self.behind)

    def shut(self) -> None:
        self.link.unlink()
        with psycopg.connect(self.url, autocommit=True) as database:
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@on_postgresql
def test_without_the_database_there_is_a_page_and_afterwards_all_is_well(
    server_process, boris, tmp_path
):
    url = server_process.environment["DATABASE_URL"]
    gate = Gate(tmp_path, url)
    server_process.environment["DATABASE_URL"] = url.partition("?")[0] + f"?host={gate.link}"
    address = server_process.serve()
    until(lambda: answers(server_process, boris))

    gate.shut()
    ends = time.monotonic() + 8  # long enough for a pause between tries to grow
    while time.monotonic() < ends:
        began = time.monotonic()
        assert_busy(boris.get(address, **{"Accept-Language": "en"}))
        assert time.monotonic() - began < 4
    gate.open()

    until(lambda: answers(server_process, boris), seconds=5)
    for number in range(30):  # no connection that was cut is given to anybody
        assert boris.edit(address, f"words {number}").status == 200


@on_sqlite
def test_a_locked_file_is_told_after_five_seconds(server_process, boris):
    address = server_process.serve()
    until(lambda: answers(server_process, boris))
    other = sqlite3.connect(
        Path(server_process.environment["CJM_VAR"]) / "cjm.sqlite3", isolation_level=None
    )
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    try:
        answer = boris.edit(address, "words", **{"Accept-Language": "en"})
    finally:
        other.rollback()
        other.close()

    assert_busy(answer)
    assert time.monotonic() - began < 8
    assert boris.edit(address, "words").status == 200


def test_who_has_waited_too_long_for_a_turn_is_told(live_server_url, monkeypatch):
    monkeypatch.setattr(handler, "PATIENCE", -1)
    port = urlsplit(live_server_url).port

    answer = Boris({"session": "", "map": ""}).get(
        ("127.0.0.1", port), "/sign-in/", **{"Accept-Language": "en"}
    )

    assert_busy(answer)
