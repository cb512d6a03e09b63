"""manage.py export_map ID --format json|csv|xlsx|pdf|png|svg --output FILE [--lanes NAME …]"""

import json
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from journeys import images
from journeys.edits.maps import plan_of
from journeys.formats import map_json, table_out
from journeys.formats.plan import MapPlan
from journeys.models import Journey
from teams.commands import DataCommand


def _json(plan: MapPlan) -> bytes:
    images.fill(plan)
    text = json.dumps(map_json.dump(plan), ensure_ascii=False, indent=1)
    return f"{text}\n".encode()


WRITERS = {"json": _json, "csv": table_out.to_csv, "xlsx": table_out.to_xlsx}
FORMATS = [*WRITERS, "pdf", "png", "svg"]


class Command(DataCommand):
    help = "Writes a map to a file: JSON without loss, a table, or the poster as PDF or picture."

    def add_arguments(self, parser):
        parser.add_argument("id", type=UUID)
        parser.add_argument("--format", choices=FORMATS, required=True)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--lanes", nargs="+", metavar="NAME", help="print these lanes only")

    def handle(self, *, id: UUID, format: str, output: Path, lanes, **options):
        journey = Journey.objects.filter(pk=id, deleted_at=None).first()
        if journey is None:
            raise CommandError(_("There is no map %(id)s.") % {"id": id})
        write = WRITERS.get(format)
        data = write(plan_of(journey)) if write else _poster(journey, format, lanes or ())
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(
                _("%(file)s can't be written: %(why)s") % {"file": output, "why": error.strerror}
            ) from error


def _poster(journey: Journey, format: str, lanes: Sequence[str]) -> bytes:
    # Imported here, so that a machine without Pango can write JSON.
    from reports import words
    from reports.export import poster_pdf
    from reports.render import RenderError
    from reports.sheets import Options

    options = Options(lanes=_ids(journey, lanes), format=format)
    try:
        return poster_pdf(journey, options)
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
