"""Two server processes on one PostgreSQL: what one writes, the screens of both see."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection, transaction

from live.announce import announce
from ui.ids import uuid7

from . import process
from .parts import in_thread, run, watching

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL"),
]


@pytest.fixture
def frames(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(process.TABLE)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE live_test_frame")


@pytest.fixture
def processes(frames):
    """Two processes and their ports."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@/{at['NAME']}?host={at['HOST']}"
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.live.process", os.environ["DJANGO_SETTINGS_MODULE"]],
            env={**os.environ, "DATABASE_URL": f"{url}&port={at['PORT']}"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    yield [(one, int(one.stdout.readline())) for one in running]
    for one in running:
        one.terminate()
        one.wait(10)
        one.stdout.close()


def edit(channel, seq: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO live_test_frame VALUES (%s, %s, %s)", [channel, seq, f"n{seq}"])
        announce(channel)


def listeners() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE query ~ '^(LISTEN|SELECT 1)'"
            " AND datname = current_database()"
        )
        return [pid for (pid,) in cursor.fetchall()]


async def eventually(true) -> None:
    async with asyncio.timeout(5):
        while not await in_thread(true):
            await asyncio.sleep(0.05)


def test_both_processes_hear_an_edit(processes):
    channel = uuid7()

    async def story():
        (_, one), (_, two) = processes
        async with watching(one, channel) as ana, watching(two, channel) as boris:
            await eventually(lambda: len(listeners()) == 2)
            for seq in range(1, 21):
                await in_thread(edit, channel, seq)
            for screen in (ana, boris):
                await screen.until(lambda it: it.last == 20, seconds=1)
                assert screen.frames == [(n, f"n{n}") for n in range(1, 21)]

    run(story())


def test_a_broken_listener_comes_back_and_catches_up(processes):
    channel = uuid7()

    def kill():
        for pid in listeners():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])

    async def story():
        _, port = processes[0]
        async with watching(port, channel) as ana:
            await eventually(lambda: len(listeners()) == 1)
            await in_thread(kill)
            await in_thread(edit, channel, 1)
            await ana.until(lambda it: it.last == 1, seconds=3)

    run(story())


def test_sigterm_ends_streams_and_process_at_once(processes):
    channel = uuid7()

    async def story():
        one, port = processes[0]
        async with watching(port, channel) as ana:
            began = time.monotonic()
            one.send_signal(signal.SIGTERM)
            await ana.until(lambda it: it.ended, seconds=1)
            assert ana.events[-1].event == "again"
            await asyncio.to_thread(one.wait, 3)
            assert time.monotonic() - began < 2

    run(story())
