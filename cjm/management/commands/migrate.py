"""`manage.py migrate`: Django's, freed from the time limits that protect people from slow pages."""

from django.core.management.commands import migrate
from django.db import connections

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


class Command(migrate.Command):
    def handle(self, *args, database: str, **options):
        with connections[database].cursor() as cursor:
            limits = LIMITS if connections[database].vendor == "postgresql" else ()
            for limit in limits:
                cursor.execute(f"SET {limit} = 0")
            try:
                super().handle(*args, database=database, **options)
            finally:
                for limit in limits:
                    cursor.execute(f"RESET {limit}")
