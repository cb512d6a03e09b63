"""What happens to the database when a newer version of the program is started on it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models.signals import pre_migrate

from tests.support.servers import until


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        return cursor.fetchone()[0]


def test_a_migration_may_take_its_time_and_a_page_may_not(postgres_only, db):
    seen = []

    def look(**_more):
        seen.append(limit())

    pre_migrate.connect(look)
    try:
        call_command("migrate", verbosity=0)
    finally:
        pre_migrate.disconnect(look)
    assert set(seen) == {"0"}
    assert limit() == "5s"


@pytest.fixture
def older(server_process):
    """A database as an earlier version left it: without the tables of the reports."""
    server_process.manage("migrate", "-v", "0")
    server_process.manage("migrate", "reports", "zero", "-v", "0")
    return server_process


def test_the_embedded_start_brings_its_database_up_to_date(older):
    older.start()
    older.stop()
    assert "No planned migration operations" in older.manage("migrate", "--plan")


def test_a_server_on_an_older_database_refuses_and_names_the_cure(older):
    refused = older.run("serve", "--port", "0")
    assert refused.returncode == 1
    assert "First run: python3 manage.py migrate" in refused.stdout
    older.manage("migrate", "-v", "0")
    older.spawn("serve", "--port", "0")
    until(lambda: "Serving at" in older.output)
