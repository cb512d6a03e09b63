"""What all commands that work on the data have in common."""

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _


class DataCommand(BaseCommand):
    """A command on a database that is up to date: the embedded one is brought there at once, a
    shared one only by whoever runs it."""

    requires_migrations_checks = True

    def check_migrations(self) -> None:
        executor = MigrationExecutor(connection)
        if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return
        if connection.vendor != "sqlite":
            raise CommandError(
                _("The database is of an older version. First run: python3 manage.py migrate")
            )
        call_command("migrate", interactive=False, verbosity=0)
