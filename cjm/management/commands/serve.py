"""`manage.py serve`: production, behind a reverse proxy."""

from contextlib import nullcontext

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation
from django.utils.translation import gettext as _

from cjm import bootstrap, budget, metrics, server


class Command(BaseCommand):
    help = "Serves in several processes on PostgreSQL; makes neither demo maps nor users."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1)

    def handle(self, *, host, port, workers, **options):
        server.leave_on_signals()  # from the first word on, whoever stops it
        with translation.override(bootstrap.language()):
            if server.is_sqlite() and workers > 1:
                raise CommandError(
                    _(
                        "SQLite serves from one process. For --workers %(count)s set DATABASE_URL"
                        " to a PostgreSQL database."
                    )
                    % {"count": workers}
                )
            one_server = server.folder_taken(settings.VAR) if server.is_sqlite() else nullcontext()
            with one_server, server.bind(host, port) as bound, metrics.gathered():
                refuse_old_schema()
                budget.refuse_without_room(workers)
                server.collect_static()
                address = server.address_of(bound)
                self.stdout.write(_("Serving at %s") % address)
                self.stdout.flush()
                budget.let_go()
                if workers > 1:
                    server.serve_with_workers(bound, workers)
                else:
                    server.serve(bound)


def refuse_old_schema() -> None:
    """With several hosts somebody decides when the database changes: not each process."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(
            _("The database is of an older version. First run: python3 manage.py migrate")
        )
