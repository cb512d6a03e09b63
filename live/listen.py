"""Hearing what other processes announce: PostgreSQL's LISTEN, one connection a process.

The connection stands outside the pool, because a transaction pooler makes LISTEN deaf and
because waiting for news occupies it. Any error ends `listen()`; the hub starts it again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from django.db import connections

TOPIC = "live"
PROBE = 10  # seconds of silence before the connection must prove that it is alive


def available(using: str = "default") -> bool:
    """Whether the database can tell news; SQLite has one process, whose hints suffice."""
    return connections[using].vendor == "postgresql"


def call(channel: UUID, using: str = "default") -> None:
    """Says a name that only its own process knows, to see whether it is still heard."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [TOPIC, f"echo {channel}"])


async def listen(
    heard: Callable[[UUID, str], None],
    catch_up: Callable[[], Awaitable[None]],
    using: str = "default",
) -> None:
    """Calls `heard(channel, kind)` for all that is announced, until the connection fails.

    LISTEN comes first and `catch_up` after it, so nothing falls between the two.
    """
    # psycopg is there only where PostgreSQL is used.
    from psycopg import AsyncConnection

    settings = connections[using].get_connection_params()
    settings.pop("cursor_factory")  # Django's cursors are not asynchronous
    connection = await AsyncConnection.connect(**settings, autocommit=True)
    try:
        await connection.execute(f"LISTEN {TOPIC}")
        await catch_up()
        while True:
            async for notice in connection.notifies(timeout=PROBE):
                kind, _, channel = notice.payload.partition(" ")
                heard(UUID(channel), kind)
            async with asyncio.timeout(PROBE):
                await connection.execute("SELECT 1")
    finally:
        await connection.close()
