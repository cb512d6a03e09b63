"""Telling every process that something is new. A hint may be lost: each process also polls."""

from uuid import UUID

from django.db import connections, transaction

from . import hub
from .listen import TOPIC

FRAME, RIGHTS, PRESENCE = "frame", "rights", "presence"


def announce(channel_id: UUID, kind: str = FRAME, using: str = "default") -> None:
    """Called inside the transaction that makes the news; heard when it commits.

    `frame`: there are new frames. `rights`: somebody may no longer read it. `presence`: who is
    there has changed.
    """
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [TOPIC, f"{kind} {channel_id}"])
    transaction.on_commit(lambda: hub.hint(channel_id, kind), using=using)
