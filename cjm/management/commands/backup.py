"""manage.py backup FILE"""

from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cjm import backup, bootstrap, server


class Command(BaseCommand):
    help = "Writes everything into one file, while people work: rows, images, what must be in it."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="a new file, or a folder for a dated one"
        )

    def handle(self, *, file: Path, **options):
        server.leave_on_signals()  # so that nothing half-made stays behind
        with translation.override(bootstrap.language()):
            if file.is_dir():
                file /= f"cjm-{timezone.localtime():%Y-%m-%d-%H%M%S}.zip"
            try:
                manifest = backup.write(file)
            except backup.Unusable as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"{file}\n{backup.summary(manifest)}")
            if manifest.missing:
                self.stderr.write(
                    _("Images whose files are missing here, and so in the backup: %(names)s")
                    % {"names": ", ".join(manifest.missing)}
                )
