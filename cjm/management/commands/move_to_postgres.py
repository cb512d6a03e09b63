"""manage.py move_to_postgres DATABASE_URL"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from cjm import backup, bootstrap, server


class Command(BaseCommand):
    help = "Moves everything from the embedded SQLite into an empty PostgreSQL database."

    def add_arguments(self, parser):
        parser.add_argument("url", metavar="DATABASE_URL", help="postgresql://user@host/name")

    def handle(self, *, url: str, **options):
        server.leave_on_signals()
        with translation.override(bootstrap.language()):
            if not server.is_sqlite():
                raise CommandError(_("The data are in PostgreSQL already (DATABASE_URL)."))
            if urlsplit(url).scheme not in ("postgres", "postgresql"):
                raise CommandError(_("The address must begin with postgresql://"))
            with (
                server.folder_taken(settings.VAR),
                TemporaryDirectory(prefix="moving-", dir=settings.VAR) as folder,
            ):
                manifest = self._move(url, Path(folder) / "all.zip")
            self.stdout.write(
                _(
                    "Everything is in PostgreSQL now. From now on start the server with\n"
                    "  DATABASE_URL=%(url)s\n"
                    "Everybody signs in again. Keep %(file)s until you are content; it is not"
                    " used any more."
                )
                % {"url": _without_password(url), "file": settings.DATABASES["default"]["NAME"]}
            )
            self.stdout.write(backup.summary(manifest))

    def _move(self, url: str, file: Path) -> backup.Manifest:
        """A backup here, restored there by a process that has the other database; the images stay
        where they are."""
        try:
            manifest = backup.write(file)
        except backup.Unusable as refusal:
            raise CommandError(str(refusal)) from refusal
        command = [sys.executable, "manage.py", "restore", str(file), "--verbosity", "0"]
        there = subprocess.run(command, cwd=settings.ROOT, env=os.environ | {"DATABASE_URL": url})
        if there.returncode:
            sys.exit(there.returncode)
        return manifest


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":…@") if password else url
