"""Whether this process lives and is ready: answered beside Django, so also when all its threads
wait for the database.

`/livez` is for whoever restarts a process: its loop turns. `/readyz` is for whoever sends it
visitors: it can write, its tables are those of its code, it hears the other processes, its disk has
room. Both are public, and say nothing but which of these is amiss.
"""

import asyncio
import json
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.utils import timezone

from live.stream import Stream
from teams.models import Throttle
from teams.policy import PUBLIC, policy
from ui.ids import uuid7

LOOP_LAG = 1.0  # seconds, from which the process counts as stuck
LISTENER_LAG = 3.0
DATABASE = 4.0  # seconds that a write may take
DISK = 500_000_000  # bytes free
KEPT = 1.0  # seconds that an answer is given again: asking often costs nothing
TICK = 0.25


class Pulse:
    """How late the event loop comes to what it has to do."""

    def __init__(self) -> None:
        self.late = 0.0
        self.due = 0.0

    async def beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self.due = loop.time() + TICK
            await asyncio.sleep(TICK)
            self.late = loop.time() - self.due

    @property
    def lag(self) -> float:
        overdue = time.monotonic() - self.due if self.due else 0.0
        return max(self.late, overdue, 0.0)


class Health:
    def __init__(self, stream: Stream):
        self.stream = stream
        self.pulse = Pulse()
        self._id = uuid7()
        self._thread = ThreadPoolExecutor(1, "health")
        self._asking: asyncio.Task[dict[str, bool]] | None = None
        self._asked_at = 0.0

    @policy(PUBLIC)
    async def livez(self, scope: dict) -> HttpResponse:
        return _told({"loop": self.pulse.lag < LOOP_LAG})

    @policy(PUBLIC)
    async def readyz(self, scope: dict) -> HttpResponse:
        now = time.monotonic()
        if self._asking is None or (self._asking.done() and now - self._asked_at > KEPT):
            self._asked_at = now
            self._asking = asyncio.create_task(self._ask())
        return _told(await asyncio.shield(self._asking))

    async def _ask(self) -> dict[str, bool]:
        database, migrations, heard = await asyncio.gather(
            self._within(DATABASE, self._write),
            self._within(DATABASE, are_migrations_applied),
            self.stream.echo(LISTENER_LAG),
        )
        return {
            "database": database,
            "migrations": migrations,
            "listener": heard,
            "disk": shutil.disk_usage(settings.VAR).free >= DISK,
            "serving": not self.stream.hub.stopping,
        }

    async def _within(self, seconds: float, question: Callable[[], bool]) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.get_running_loop().run_in_executor(
                    self._thread, _and_let_go, question
                )
        except Exception:  # whatever it is: not now
            return False

    def _write(self) -> bool:
        """Writes a row, in the table whose rows are swept when their time is over."""
        row = Throttle(key=f"ready:{self._id}", count=0)
        row.window_ends_at = timezone.now() + timedelta(minutes=10)
        Throttle.objects.bulk_create(
            [row], update_conflicts=True, unique_fields=["key"], update_fields=["window_ends_at"]
        )
        return True


def are_migrations_applied() -> bool:
    global _migrations
    if _migrations is None:
        _migrations = set(MigrationLoader(None).disk_migrations)
    return _migrations <= set(MigrationRecorder(connection).applied_migrations())


_migrations: set[tuple[str, str]] | None = None  # of the code; read from disk once


def _and_let_go(question: Callable[[], bool]) -> bool:
    try:
        return question()
    finally:
        close_old_connections()


def _told(checks: dict[str, bool]) -> HttpResponse:
    well = all(checks.values())
    words = {name: "ok" if ok else "failed" for name, ok in checks.items()}
    return HttpResponse(json.dumps(words), "application/json", 200 if well else 503)
