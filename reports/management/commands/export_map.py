"""manage.py export_map ID --format json|pdf|png|svg --output FILE [--lanes NAME …]"""

import json
from collections.abc import Sequence
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
    help = "Writes a map to a file: JSON without loss, or the poster as PDF or picture."

    def add_arguments(self, parser):
        parser.add_argument("id", type=UUID)
        parser.add_argument("--format", choices=["json", "pdf", "png", "svg"], required=True)
        parser.add_argument("--output", type=Path, required=True, metavar="FILE")
        parser.add_argument("--lanes", nargs="+", metavar="NAME", help="print these lanes only")

    def handle(self, *, id: UUID, format: str, output: Path, lanes, **options):
        journey = Journey.objects.filter(pk=id, deleted_at=None).first()
        if journey is None:
            raise CommandError(_("There is no map %(id)s.") % {"id": id})
        data = _json(journey) if format == "json" else _poster(journey, format, lanes or ())
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
