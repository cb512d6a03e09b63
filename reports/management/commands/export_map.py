"""manage.py export_map ID --format json|csv|xlsx|pdf --output FILE"""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from journeys.edits.maps import plan_of
from journeys.formats import map_json, table_out
from journeys.models import Journey
from teams.commands import DataCommand


def _json(journey: Journey) -> bytes:
    text = json.dumps(map_json.dump(plan_of(journey)), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _pdf(journey: Journey) -> bytes:
    # Imported here, so that a machine without Pango can write JSON.
    from reports import words
    from reports.export import poster_pdf
    from reports.render import RenderError

    try:
        return poster_pdf(journey)
    except RenderError as error:
        raise CommandError(words.failure(error.code)) from error


WRITERS: dict[str, Callable[[Journey], bytes]] = {
    "json": _json,
    "csv": lambda journey: table_out.to_csv(plan_of(journey)),
    "xlsx": lambda journey: table_out.to_xlsx(plan_of(journey)),
    "pdf": _pdf,
}


class Command(DataCommand):
    help = "Writes a map to a file: JSON without loss, tables as CSV or XLSX, or the poster as PDF."

    def add_arguments(self, parser):
        parser.add_argument("id", type=UUID)
        parser.add_argument("--format", choices=list(WRITERS), required=True)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *, id: UUID, format: str, output: Path, **options):
        journey = Journey.objects.filter(pk=id, deleted_at=None).first()
        if journey is None:
            raise CommandError(_("There is no map %(id)s.") % {"id": id})
        data = WRITERS[format](journey)
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be written: %(why)s") % {"file": output, "why": error.strerror}
            ) from error
