"""A server process for the tests: streams whose numbers and frames lie in the test's database.

`python -m tests.live.process SETTINGS` prints its port. The poll is so slow that what arrives
in time was heard through LISTEN.
"""

import os
import socket
import sys
from uuid import UUID

import uvicorn

TABLE = "CREATE TABLE live_test_frame (channel uuid, seq bigint, html text)"


def opened(scope, channel):
    from live.hub import Opened

    heads = head_of([channel])
    return Opened("member:Ana", "Ana", ("team",), heads.get(channel, 0), "first")


def head_of(channels):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT channel, max(seq) FROM live_test_frame WHERE channel = ANY(%s) GROUP BY 1",
            [list(channels)],
        )
        return dict(cursor.fetchall())


def frames_after(channel, seq, limit):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, 'team', html FROM live_test_frame"
            " WHERE channel = %s AND seq > %s ORDER BY seq LIMIT %s",
            [channel, seq, limit],
        )
        return cursor.fetchall()


def main(settings: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django

    django.setup()
    from live import hub
    from live.stream import Stream

    hub.POLL = 60
    stream = Stream(
        hub.Source(opened, frames_after, head_of, lambda channel, audience: (0, ""), build="b1")
    )

    async def app(scope, receive, send):
        await stream(scope, receive, send, UUID(scope["path"].split("/")[2]))

    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    config = uvicorn.Config(app, lifespan="off", log_level="warning", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
