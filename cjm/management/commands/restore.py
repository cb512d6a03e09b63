"""manage.py restore FILE [--check]"""

from contextlib import nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from cjm import backup, bootstrap, server


class Command(BaseCommand):
    help = "Restores a backup into an empty folder or an empty PostgreSQL database."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--check", action="store_true", help="only reads the file and says whether it is whole"
        )

        parser.add_argument(
            "--erasures",
            type=Path,
            metavar="FILE",
            help="erasures.txt of the data folder that was: people erased since are erased again",
        )

    def handle(self, *, file: Path, check, erasures, verbosity, **options):
        server.leave_on_signals()  # so that nothing half-made stays behind
        alone = server.is_sqlite() and not check
        with (
            translation.override(bootstrap.language()),
            server.folder_taken(settings.VAR) if alone else nullcontext(),
        ):
            try:
                erased = erasures.read_text().split() if erasures else ()
                manifest = backup.check(file) if check else backup.restore(file, erased)
            except backup.Unusable as refusal:
                raise CommandError(str(refusal)) from refusal
            if verbosity:
                done = _("The backup is whole.") if check else _("Everything is restored.")
                self.stdout.write(f"{done}\n{backup.summary(manifest)}")
