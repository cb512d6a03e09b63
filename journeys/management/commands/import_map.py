"""manage.py import_map FILE --workspace SLUG [--dry-run]"""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils.translation import gettext as _

from changes.record import Refused
from journeys.edits.maps import create_map
from journeys.formats.plan import Remark, Unreadable, understood
from journeys.formats.read import read
from teams.actors import system
from teams.commands import DataCommand
from teams.models import Workspace


class Command(DataCommand):
    help = (
        "Reads a map from a file (JSON, a table as CSV or XLSX, Mermaid journey)"
        " and prints the id of the new map."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--workspace", required=True, metavar="SLUG", help="made if there is none"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only says what was understood; makes nothing"
        )

    def handle(self, *, file: Path, workspace: str, dry_run: bool, **options):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be opened: %(why)s") % {"file": file, "why": error.strerror}
            ) from error
        try:
            plan, remarks = read(file.name, data)
            if dry_run:
                self.stdout.write(understood(plan))
                self.tell(remarks)
                return
            with transaction.atomic():
                journey = create_map(plan, workspace=_workspace(workspace), by=system("import_map"))
        except (Unreadable, Refused) as error:
            raise CommandError(f"{file.name}: {error}") from error
        self.tell(remarks)
        self.stdout.write(str(journey.pk))

    def tell(self, remarks: list[Remark]) -> None:
        for remark in remarks:
            refused = remark.kind == "refused"
            self.stdout.write(
                _("Left out: %(what)s") % {"what": remark} if refused else str(remark)
            )


def _workspace(slug: str) -> Workspace:
    if found := Workspace.objects.filter(slug=slug).first():
        return found
    try:
        validate_slug(slug)
        made = Workspace(slug=slug, name=slug)
        made.full_clean()
    except ValidationError as error:
        raise CommandError(
            _("“%(slug)s” can't be the address of a workspace: only Latin letters, digits and -")
            % {"slug": slug}
        ) from error
    made.save()
    return made
