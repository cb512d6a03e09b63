"""manage.py export_map ID --format FORMAT --output FILE [--lanes NAME …]"""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from journeys.edits.maps import plan_of
from journeys.formats.write import CONTENT_TYPES, JSON, write
from journeys.models import Journey
from teams.commands import DataCommand

FORMATS = [*CONTENT_TYPES, "report", "persona", "poster", "pdf", "png", "svg"]


class Command(DataCommand):
    help = (
        "Writes a map to a file: JSON without loss, a table, the report, the personas, the poster."
    )

    def add_arguments(self, parser):
        parser.add_argument("id", type=UUID)
        parser.add_argument(
            "--format", choices=FORMATS, required=True, help="pdf, png and svg are the poster"
        )
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--lanes", nargs="+", metavar="NAME", help="print these lanes only")

    def handle(self, *, id: UUID, format: str, output: Path, lanes, **options):
        journey = Journey.objects.filter(pk=id, deleted_at=None).first()
        if journey is None:
            raise CommandError(_("There is no map %(id)s.") % {"id": id})
        if format in CONTENT_TYPES:
            data = write(plan_of(journey, with_images=format == JSON), format)
        else:
            data = _document(journey, format, lanes or ())
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be written: %(why)s") % {"file": output, "why": error.strerror}
            ) from error


def _document(journey: Journey, format: str, lanes: Sequence[str]) -> bytes:
    # Imported here, so that a machine without Pango can write JSON.
    from reports import words
    from reports.export import file_of
    from reports.render import RenderError
    from reports.sheets import PDF, PERSONA, PNG, REPORT, SVG, Options

    if format in (REPORT, PERSONA):
        options = Options(document=format)
    else:
        picture = format if format in (PNG, SVG) else PDF
        options = Options(lanes=_ids(journey, lanes), format=picture)
    if format == PERSONA and not journey.personas.filter(deleted_at=None).exists():
        raise CommandError(_("This map is made for no persona yet."))
    try:
        return file_of(journey, options)
    except RenderError as error:
        raise CommandError(words.failure(error.code)) from error


def _ids(journey: Journey, names: Sequence[str]) -> list[str]:
    """The lanes of these names, as the map writes them, in any case."""
    found = {lane.name.casefold(): lane for lane in journey.lanes(manager="living").all()}
    for name in names:
        if name.casefold() not in found:
            raise CommandError(
                _("There is no lane “%(name)s”; the map has: %(names)s.")
                % {"name": name, "names": ", ".join(lane.name for lane in found.values())}
            )
    return [found[name.casefold()].pk.hex for name in names]
