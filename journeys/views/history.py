"""What stands beside a map: its history in words, its bin, and who answers for what."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from journeys.access import actor_of, card_to_read, map_to_read
from journeys.reads.history import PAGE, bin_of, history_of, people_of
from journeys.reads.owners import owners_of
from journeys.reads.versions import versions_of
from teams.policy import policy


def _before(request: HttpRequest) -> int | None:
    before = request.GET.get("before", "")
    return int(before) if before.isdecimal() and len(before) < 19 else None


@policy("map:read")
@require_GET
def history(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The map's history, newest first: in the panel beside the map, or as a page of its own."""
    journey = map_to_read(request, pk)
    before, by = _before(request), request.GET.get("by", "")[:120]
    context = {
        "journey": journey,
        "entries": history_of(journey, actor_of(request), by=by, before=before),
        "page": PAGE,
        "by": by,
    }
    if before is not None:
        return render(request, "journeys/history.html#entries", context)
    context["versions"] = versions_of(journey)
    if request.headers.get("HX-Request") == "true":
        return render(request, "journeys/history.html", context)
    people = people_of(journey, actor_of(request))
    return render(request, "journeys/history_page.html", {**context, "people": people})


@policy("map:read")
@require_GET
def card_history(request: HttpRequest, pk: UUID, card: UUID) -> HttpResponse:
    """One card's history."""
    found = card_to_read(request, pk, card)
    entries = history_of(found.journey, actor_of(request), target=f"card:{found.pk.hex}")
    return render(
        request, "journeys/history.html#entries", {"journey": found.journey, "entries": entries}
    )


@policy("map:read")
@require_GET
def bin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was deleted from the map in the last 30 days."""
    journey = map_to_read(request, pk)
    return render(
        request, "journeys/bin.html", {"journey": journey, **bin_of(journey, actor_of(request))}
    )


@policy("map:read")
@require_GET
def owners(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who answers for what, stage by stage."""
    journey = map_to_read(request, pk)
    found = owners_of(journey, actor_of(request))
    return render(request, "journeys/owners.html", {"journey": journey, "owners": found})
