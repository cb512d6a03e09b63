"""What the page shows on which a workshop is prepared."""

from django.http import HttpRequest
from django.utils import timezone

from changes.models import Document
from journeys.models import Lane
from journeys.reads import stages
from ui.network import lan_address

from ..agendas import AGENDAS, BY_KEY
from ..links import base_of, join_link
from ..models import Step, Workshop
from .groups import Groups


def setup_of(request: HttpRequest, workshop: Workshop, open_step: str = "") -> dict:
    """`open_step` is the hex id of the step whose form is open."""
    seq = Document.objects.values_list("seq", flat=True).get(pk=workshop.journey_id)
    workshop.refresh_from_db(fields=["checked_at"])  # not older than its number
    journey = workshop.journey
    steps = list(workshop.steps.select_related("lane"))
    return {
        "seq": seq,
        "epoch": journey.epoch,
        "seen_ago": _ago(workshop),
        "workshop": workshop,
        "journey": journey,
        "steps": steps,
        "minutes": sum(step.minutes for step in steps),
        "agendas": AGENDAS,
        "agenda": _name(workshop.agenda),
        "lanes": list(Lane.living.filter(journey=journey).order_by("position", "id")),
        "stages": stages.leaves(stages.rows_of(journey)),
        "kinds": Step.Kind.choices,
        "open_step": open_step,
        "strip": _strip(steps),
        "aspects": Step.Aspect.choices,
        "groups": Groups(workshop),
        "join_link": join_link(request, workshop),
        "reachable": bool(base_of(request)),
        "lan": lan_address(),
    }


def _name(agenda: str) -> object:
    """A ready agenda's name in the reader's language, or the name of one of the team's."""
    return BY_KEY[agenda].name if agenda in BY_KEY else agenda


def _ago(workshop: Workshop) -> int | None:
    """Milliseconds since a phone has opened the link."""
    if workshop.checked_at is None:
        return None
    return int((timezone.now() - workshop.checked_at).total_seconds() * 1000)


def _strip(steps: list[Step]) -> list[tuple[str, str, str]]:
    """Where each step's bar begins, how long it is, and whose it is; in minutes."""
    bars, begins = [], 0
    for step in steps:
        bars.append((str(begins), f"{max(0.2, step.minutes - 0.25):.2f}", step.pk.hex))
        begins += step.minutes
    return bars
