"""manage.py export_map ID --format json|pdf --output FILE"""

import json
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from journeys import images
from journeys.edits.maps import plan_of
from journeys.formats import map_json
from journeys.models import Journey
from teams.commands import DataCommand


class Command(DataCommand):
    help = "Writes a map to a file: JSON without loss, or the poster as PDF."

    def add_arguments(self, parser):
        parser.add_argument("id", type=UUID)
        parser.add_argument("--format", choices=["json", "pdf"], required=True)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")

    def handle(self, *, id: UUID, format: str, output: Path, **options):
        journey = Journey.objects.filter(pk=id, deleted_at=None).first()
        if journey is None:
            raise CommandError(_("There is no map %(id)s.") % {"id": id})
        data = _json(journey) if format == "json" else _pdf(journey)
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be written: %(why)s") % {"file": output, "why": error.strerror}
            ) from error


def _json(journey: Journey) -> bytes:
    plan = plan_of(journey)
    images.fill(plan)
    text = json.dumps(map_json.dump(plan), ensure_ascii=False, indent=1)
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
