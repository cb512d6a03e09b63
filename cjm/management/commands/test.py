"""`manage.py test`: the whole suite on SQLite, then the same suite on a real PostgreSQL.

What is about pages, paper and files and not about a database (marked `one_engine`) runs once."""

import os
import subprocess
import sys
from argparse import ArgumentParser
from typing import Never

from django.conf import settings
from django.core.management import BaseCommand
from django.core.management.color import color_style


class Command(BaseCommand):
    help = "Runs all tests; what is added goes to pytest. --engine sqlite or postgres runs on one."

    def run_from_argv(self, argv: list[str]) -> Never:
        """Everything we don't know is pytest's."""
        parser = ArgumentParser(prog="manage.py test", description=self.help)
        parser.add_argument("--engine", choices=["sqlite", "postgres"])
        ours, pytests = parser.parse_known_args(argv[2:])
        outcomes = []
        if ours.engine != "postgres":
            outcomes.append(_on_sqlite(pytests))
        if ours.engine != "sqlite":
            again = [] if ours.engine or "-m" in pytests else ["-m", "not one_engine"]
            outcomes.append(_on_postgres([*pytests, *again]))
        style = color_style(force_color=sys.stdout.isatty() or "CI" in os.environ)
        for line, good in outcomes:
            self.stdout.write((style.SUCCESS if good else style.ERROR)(line))
        required = os.environ.get("CJM_REQUIRE", "").split(",")
        failed = [
            line
            for line, good in outcomes
            if not good and ("NOT RUN" not in line or "postgres" in required)
        ]
        sys.exit(1 if failed else 0)


def _on_sqlite(arguments: list[str]) -> tuple[str, bool]:
    return _pytest("SQLite", arguments, {"DATABASE_URL": ""})


def _on_postgres(arguments: list[str]) -> tuple[str, bool]:
    from tests.support.postgres import REMEDY, NoPostgres, postgres

    try:
        with postgres() as url:
            # The databases go with the whole server.
            kept = ["--reuse-db", "--create-db"]
            return _pytest("PostgreSQL", [*kept, *arguments], {"DATABASE_URL": url})
    except NoPostgres as error:
        return f"!!!! PostgreSQL: NOT RUN, the whole suite. {error}. {REMEDY}", False


def _pytest(engine: str, arguments: list[str], environment: dict[str, str]) -> tuple[str, bool]:
    """The suite on two processors, unless pytest was told otherwise or one test is named."""
    print(f"\n== {engine} ==", flush=True)
    few = any(
        "::" in argument or argument.startswith(("-n", "-x", "--pdb")) for argument in arguments
    )
    command = [sys.executable, "-m", "pytest", *([] if few else ["-n", "2"]), *arguments]
    # manage.py has named the real settings, with the real data folder, in the environment.
    environment["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    code = subprocess.call(command, cwd=settings.ROOT, env=os.environ | environment)
    return f"{engine}: {'passed' if code == 0 else f'FAILED (pytest says {code})'}", code == 0
