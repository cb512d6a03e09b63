"""`manage.py serve` on PostgreSQL as people run it: several processes, several hosts, its end."""

import asyncio
import os
import signal
import time

import psycopg
import pytest
from django.db import connection

from benchmarks.meter import below
from tests.conftest import not_run
from tests.live.parts import run, watching
from tests.support import hosts
from tests.support.boris import Boris
from tests.support.servers import ServerProcess, until

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="about PostgreSQL only")


@pytest.fixture
def boris(server_process) -> Boris:
    server_process.environment |= {"CJM_ALLOWED_HOSTS": "*", "CJM_SECRET_KEY": "of all hosts"}
    return Boris(server_process.prepare())


def listeners(server: ServerProcess) -> list[str]:
    """The names of the connections that listen for news."""
    with psycopg.connect(server.environment["DATABASE_URL"]) as database:
        found = database.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND query ~ '^(LISTEN|SELECT 1)'"
            " AND application_name LIKE 'cjm %'"
        )
        return [name for (name,) in found]


def served(server: ServerProcess, workers: int, **at: str) -> tuple[str, int]:
    """Starts it and waits until all workers listen."""
    before = len(listeners(server))
    address = server.serve("--workers", str(workers), **at)
    until(lambda: len(listeners(server)) == before + workers)
    return address


def test_too_many_workers_are_refused_with_the_cure(server_process, boris):
    refused = server_process.run("serve", "--workers", "90")

    assert refused.returncode == 1
    assert "PostgreSQL has too few connections: --workers 90" in refused.stdout
    assert "Set max_connections = " in refused.stdout


def test_the_connections_of_other_hosts_count(server_process, boris, tmp_path):
    """Each of the two would fit alone."""
    most = most_workers(server_process)
    server_process.environment["CJM_POOL_SIZE"] = "40"  # 42 a worker
    served(server_process, 2)
    other = ServerProcess(tmp_path / "other", server_process.environment["DATABASE_URL"])

    refused = other.run("serve", "--workers", str(most))

    assert "too few connections" in refused.stdout


def most_workers(server: ServerProcess) -> int:
    """The number that the refusal of more says would fit."""
    said = server.run("serve", "--workers", "90").stdout
    return int(said.partition("take fewer: --workers ")[2].partition(".")[0])


def test_each_process_listens_once_and_names_its_connections(server_process, boris):
    served(server_process, 3)

    names = listeners(server_process)

    assert len(set(names)) == 3
    assert all(name.endswith(" 14") for name in names)


def test_it_ends_within_six_seconds_and_tells_its_streams_to_return(server_process, boris):
    _host, port = served(server_process, 2)
    last = []

    async def one(ready: asyncio.Barrier):
        async with watching(port, boris.made["map"], "", cookie=boris.cookie) as screen:
            await ready.wait()
            await screen.until(lambda it: it.ended, seconds=6)
            last.append(screen.events[-1])

    async def story():
        ready = asyncio.Barrier(41)
        async with asyncio.TaskGroup() as group:
            for _ in range(40):
                group.create_task(one(ready))
            await ready.wait()
            began = time.monotonic()
            assert await asyncio.to_thread(server_process.stop) == 0
            assert time.monotonic() - began < 6

    run(story())
    assert {event.event for event in last} == {"again"}
    assert len({event.retry for event in last}) > 20
    assert all(500 <= event.retry <= 2500 for event in last)


def test_streams_of_a_worker_that_died_are_counted_no_more(server_process, boris):
    server_process.environment["CJM_METRICS_TOKEN"] = "a key"
    address = served(server_process, 2)
    parent = server_process.process.pid

    def is_told(count: int) -> bool:
        told = boris.get(address, "/metrics", Authorization="Bearer a key").text
        return f"cjm_streams_open {count}.0" in told

    async def story():
        async with watch(address, boris):
            await asyncio.to_thread(until, lambda: is_told(1))
            for worker in below(parent):
                os.kill(worker, signal.SIGKILL)
            await asyncio.to_thread(until, lambda: len(listeners(server_process)) == 2)
            await asyncio.to_thread(until, lambda: is_told(0))

    run(story())


@pytest.fixture(params=["namespaces", "loopback"])
def two_hosts(request):
    """Networks of their own; the loopback only where that can't be."""
    try:
        with hosts.namespaces() as found:
            if request.param == "loopback":
                pytest.skip("ran in network namespaces")
            yield found
    except hosts.NoNamespaces as error:
        if request.param == "namespaces":
            pytest.skip(not_run("namespaces", f"Two networks need root on Linux: {error}"))
        yield hosts.LOOPBACK


def test_two_hosts_on_one_database_show_each_others_edits(
    server_process, boris, two_hosts, tmp_path
):
    here = server_process
    there = ServerProcess(tmp_path / "there", here.environment["DATABASE_URL"])
    there.environment = here.environment | {"CJM_VAR": str(tmp_path / "there")}
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "static").symlink_to(tmp_path / "var" / "static")
    for server, host in zip((here, there), two_hosts, strict=True):
        server.within = host.within
    try:
        first, second = (
            served(server, 2, host=host.address)
            for server, host in zip((here, there), two_hosts, strict=True)
        )

        async def story():
            async with watch(first, boris) as ana, watch(second, boris) as vera:
                for number, at in enumerate((first, second, first, second)):
                    answer = await asyncio.to_thread(boris.edit, at, f"words {number}")
                    assert answer.status == 200, answer.text
                    seq = int(answer.headers["X-Seq"])
                    for screen in (ana, vera):
                        await screen.until(lambda it, seq=seq: it.last >= seq, seconds=1)
                        assert f"words {number}" in screen.frames[-1][1]

        run(story())
        assert there.stop() == here.stop() == 0
    finally:
        there.kill()


def watch(address: tuple[str, int], boris: Boris):
    host, port = address
    return watching(port, boris.made["map"], "", at=host, cookie=boris.cookie)
