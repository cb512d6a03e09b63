"""What can go wrong while people work. Each takes the run, does its harm and undoes it."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

from .disk import Disk
from .points import POINTS
from .proxy import Proxy
from .run import Run, within


@asynccontextmanager
async def looked_after(run: Run):
    """A server that dies is started again: by its own parent where it has one."""
    if run.site.workers > 1:
        yield
        return
    keeper = asyncio.create_task(run.site.keep_alive())
    try:
        yield
    finally:
        await within(10, run.site.is_up)
        keeper.cancel()
        with suppress(asyncio.CancelledError):
            await keeper


async def killed_at_each_point(run: Run) -> None:
    """F1: a process dies in the middle of an edit, once at each point of its way."""
    async with looked_after(run):
        for point in POINTS:
            switch = run.site.dies_at(point)
            assert await within(20, lambda switch=switch: not switch.exists()), point
            run.trace[f"killed when {point}"] += 1
            await asyncio.sleep(0.3)


async def killed_at_random(run: Run) -> None:
    """F1: a process dies, whatever it does just now."""
    async with looked_after(run):
        for _time in range(2):
            await asyncio.sleep(run.chance.uniform(0.5, 1.5))
            await within(20, run.site.is_up)  # one that is only starting is nobody's server
            with suppress(ProcessLookupError, IndexError):
                os.kill(run.chance.choice(run.site.pids), signal.SIGKILL)
                run.trace["killed"] += 1
        await asyncio.sleep(1)


async def database_restarts(run: Run) -> None:
    """F3: PostgreSQL is restarted, and sends everybody away."""
    await asyncio.sleep(1)
    await asyncio.to_thread(run.site.cluster.stop, "fast")
    run.trace["database restarted"] += 1
    await asyncio.sleep(0.5)
    await asyncio.to_thread(run.site.cluster.start)
    await asyncio.sleep(2)


async def database_crashes(run: Run) -> None:
    """F3: PostgreSQL's first process is killed, and the others leave without a word."""
    await asyncio.sleep(1)
    os.kill(run.site.cluster.pid, signal.SIGKILL)
    run.trace["database crashed"] += 1
    for _time in range(20):  # the others must have left first
        await asyncio.sleep(0.5)
        with suppress(subprocess.CalledProcessError):
            await asyncio.to_thread(run.site.cluster.start)
            break
    await asyncio.sleep(2)


LISTENERS = (
    r"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^(LISTEN|SELECT 1)'"
)


async def listeners_are_cut(run: Run) -> None:
    """F4: the connections that hear news are ended by the database."""
    for _time in range(2):
        await asyncio.sleep(1)
        found = await asyncio.to_thread(run.site.database.rows, LISTENERS)
        run.trace["listeners cut"] += len(found)
    await asyncio.sleep(1)


def listeners_freeze(proxy: Proxy, call: Callable):
    """F4: the connections that hear news go on in silence, as behind a router that forgot them."""

    async def fault(run: Run) -> None:
        await asyncio.sleep(1)
        call(proxy.freeze, lambda line: b"LISTEN" in line.said)
        await asyncio.sleep(3)
        run.trace["listeners frozen"] += proxy.did["frozen"]

    return fault


async def hints_are_lost(run: Run) -> None:
    """F5: nobody is told anything; only the poll finds it."""
    run.trace["without hints"] += 1
    run.site.plant("hints_are_lost")
    try:
        await asyncio.sleep(4)
    finally:
        run.site.plant()


async def gone_too_long(run: Run) -> None:
    """F8: some are away until their frames are gone, or the map has another past."""
    away = run.browsers[::2]
    for browser in away:
        browser.proxy.down = True
        browser.proxy.cut()
    await asyncio.sleep(1.5)
    forget = "DELETE FROM changes_frame WHERE document_id = ?"
    await asyncio.to_thread(run.site.database.run, forget, run.map)
    for browser in away:
        browser.proxy.down = False
    run.trace["frames forgotten"] += 1
    await asyncio.sleep(1.5)
    another = "UPDATE changes_document SET epoch = ? WHERE id = ?"
    await asyncio.to_thread(run.site.database.run, another, uuid4(), run.map)
    for browser in run.browsers[1::2]:
        browser.proxy.cut()
    run.trace["epoch changed"] += 1
    await asyncio.sleep(1)


async def some_read_slowly(run: Run) -> None:
    """F9: one screen reads a few words a second, another nothing at all."""
    slow, stalled = run.browsers[-2:]
    slow.proxy.rate = 1000
    stalled.proxy.freeze()
    run.trace["slow"] += 1
    await asyncio.sleep(run.seconds)
    slow.proxy.rate = 0
    stalled.proxy.cut()
    slow.proxy.cut()


async def bad_lines(run: Run) -> None:
    """Streams are cut and frozen, now this, now that one."""
    for _time in range(8):
        await asyncio.sleep(run.chance.uniform(0.2, 0.6))
        proxy = run.chance.choice(run.browsers).proxy
        if run.chance.random() < 0.6:
            proxy.cut()
        else:
            proxy.freeze()
        proxy.delay = run.chance.choice([0, 0, 0.05])
    for browser in run.browsers:
        browser.proxy.thaw()
        browser.proxy.delay = 0


def full(disk: Disk):
    """F6: no byte more can be written, for a while."""

    async def fault(run: Run) -> None:
        await asyncio.sleep(1)
        cluster, file = run.site.cluster, run.site.database.file
        longest = 0 if cluster else file.stat().st_size
        await asyncio.to_thread(disk.fill, run.site.pids, longest)
        run.trace["disk full"] += 1
        await asyncio.sleep(2)
        disk.free()
        if cluster:  # one that could not even write its log has ended, and is started again
            with suppress(subprocess.CalledProcessError):
                await asyncio.to_thread(cluster.start)
        await asyncio.sleep(1)

    return fault
