"""manage.py export_map ID --format json|report|poster|persona --output FILE"""

import json
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from journeys.edits.maps import plan_of
from journeys.formats import map_json
from journeys.models import Journey
from teams.commands import DataCommand


class Command(DataCommand):
    help = (
        "Writes a map to a file: JSON without loss; the report, the poster or its personas as PDF."
    )

    def add_arguments(self, parser):
        parser.add_argument("id", type=UUID)
        parser.add_argument(
            "--format",
            choices=["json", "report", "poster", "persona", "pdf"],
            required=True,
            help="pdf is the poster",
        )
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *, id: UUID, format: str, output: Path, **options):
        journey = Journey.objects.filter(pk=id, deleted_at=None).first()
        if journey is None:
            raise CommandError(_("There is no map %(id)s.") % {"id": id})
        data = _json(journey) if format == "json" else _pdf(journey, format)
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be written: %(why)s") % {"file": output, "why": error.strerror}
            ) from error


def _json(journey: Journey) -> bytes:
    text = json.dumps(map_json.dump(plan_of(journey)), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


def _pdf(journey: Journey, format: str) -> bytes:
    # Imported here, so that a machine without Pango can write JSON.
    from reports import words
    from reports.export import pdf_of
    from reports.render import RenderError
    from reports.sheets import PERSONA, POSTER, Options

    if format == PERSONA and not journey.personas.filter(deleted_at=None).exists():
        raise CommandError(_("This map is made for no persona yet."))
    try:
        return pdf_of(journey, Options(document=POSTER if format == "pdf" else format))
    except RenderError as error:
        raise CommandError(words.failure(error.code)) from error
