"""`manage.py quality`: everything about the sources that a machine can judge."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand

from cjm import translations

PROGRAMS = Path(sys.executable).parent


def _program(name: str, *arguments: str) -> Callable[[], str]:
    """A step that is another program: its output where it complains, else nothing."""

    def step() -> str:
        command = [str(PROGRAMS / name), *arguments]
        done = subprocess.run(
            command, cwd=settings.ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        return done.stdout + f"\n({name}: exit code {done.returncode})" if done.returncode else ""

    return step


def _templates() -> str:
    found = sorted(map(str, (settings.ROOT / "templates").rglob("*.html")))
    return _program("djade", "--target-version", "6.1", "--check", *found)() if found else ""


def _translations() -> str:
    if translations.can_extract():
        return "\n".join(translations.faults(translations.extracted(), translations.russian()))
    told = f"NOT RUN: xgettext is missing: {translations.XGETTEXT_REMEDY}"
    if os.environ.get("CJM_REQUIRE"):
        return told
    print(told)
    return ""


STEPS = {
    "format": _program("ruff", "format", "--check", "."),
    "lint": _program("ruff", "check", "."),
    "templates": _templates,
    "types": _program("mypy"),
    "imports": _program("lint-imports"),
    "migrations": _program("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "translations": _translations,
}


class Command(BaseCommand):
    help = "Format, lint, templates, types, import contracts, migrations, translations."

    def handle(self, **options):
        failed = False
        for name, step in STEPS.items():
            complaint = step()
            failed = failed or bool(complaint)
            if complaint:
                self.stdout.write(complaint)
            mark = self.style.ERROR("✗") if complaint else self.style.SUCCESS("✓")
            self.stdout.write(f"{mark} {name}")
            self.stdout.flush()
        if failed:
            sys.exit(1)
