"""PostgreSQL's connections: a server says how many it may open, and starts only if they fit.

Each process names its connections `cjm <host> <process> <most>`, so that servers on other hosts,
which know nothing of each other, are counted by whoever starts next.
"""

import os
import socket

from django.conf import settings
from django.core.management import CommandError
from django.db import connection
from django.utils.translation import gettext as _

EACH = settings.POOL_SIZE + 2  # of a process: its pool, its listener, and one to catch up with
SPARE = 5  # for psql, backups, and whoever must look into it while all else is busy

_HELD = """
    SELECT current_setting('max_connections')::int
         - current_setting('superuser_reserved_connections')::int,
           array_agg(DISTINCT application_name) FILTER (WHERE application_name LIKE 'cjm %'),
           count(*) FILTER (WHERE application_name NOT LIKE 'cjm %' AND pid <> pg_backend_pid())
    FROM pg_stat_activity WHERE datid IS NOT NULL
"""


def introduce() -> None:
    """Names the connections of this process; before it opens any."""
    if connection.vendor == "postgresql":
        name = f"cjm {socket.gethostname()[:30]} {os.getpid()} {EACH}"
        connection.settings_dict["OPTIONS"]["application_name"] = name


def refuse_without_room(workers: int) -> None:
    """A clear word now instead of a busy page at noon."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_HELD)
        most, servers, others = cursor.fetchone()
    taken = others + sum(int(name.rpartition(" ")[2]) for name in servers or [])
    needed = workers * EACH + taken + SPARE
    if needed > most:
        fits = (most - taken - SPARE) // EACH
        raise CommandError(
            _(
                "PostgreSQL has too few connections: --workers %(workers)s may need %(needed)s"
                " (%(each)s each, %(taken)s that others have, %(spare)s to spare) of %(most)s."
            )
            % {
                "workers": workers,
                "needed": needed,
                "each": EACH,
                "taken": taken,
                "spare": SPARE,
                "most": most,
            }
            + "\n"
            + _("Set max_connections = %(enough)s in postgresql.conf and start PostgreSQL again.")
            % {"enough": -(-(needed + SPARE) // 50) * 50}
            + (" " + _("Or take fewer: --workers %(fits)s.") % {"fits": fits} if fits > 0 else "")
        )


def let_go() -> None:
    """Closes what the process that looks after the workers opened for its own questions."""
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
