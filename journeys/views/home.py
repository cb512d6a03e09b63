"""A workspace's home: its maps, its personas, templates to begin with; and what it deleted."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from changes.record import Forbidden, Refused, Unchanged
from journeys import limits
from journeys.access import actor_of, deleted_map_to_edit, map_to_edit
from journeys.catalogues import templates
from journeys.edits import journeys as edits
from journeys.edits import maps
from journeys.models import Journey
from journeys.reads.home import ARCHIVE, MANY, MAPS, SORTS, home_of, own_templates
from journeys.reads.search import find
from personas.models import Persona
from teams.access import workspace_to_read
from teams.policy import policy

TITLE = forms.CharField(max_length=limits.TITLE)
KEPT_IN_BIN = timedelta(days=30)


@policy("workspace:read")
@require_GET
def workspace_home(request: HttpRequest, slug: str) -> HttpResponse:
    """Maps as small true pictures, personas, templates. htmx gets the tiles alone."""
    return _home(request, slug)


def _home(request: HttpRequest, slug: str, status: int = 200) -> HttpResponse:
    workspace = workspace_to_read(request, slug)
    page = request.GET.get("page", "")
    shelf = ARCHIVE if request.GET.get("shelf") == ARCHIVE else MAPS
    sort = request.GET.get("sort", "")
    sought = request.GET.get("find", "")[:200]
    home = home_of(
        workspace,
        shelf=shelf,
        sort=sort,
        find=sought,
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )
    context: dict[str, Any] = {"workspace": workspace, "home": home}
    fragment = request.headers.get("HX-Request") == "true"
    context |= {"shelf": shelf, "sort": sort, "sought": sought, "fragment": fragment}
    if fragment:
        return render(request, "journeys/home.html#tiles", context)
    context |= {
        "sorts": SORTS,
        "many": MANY,
        "personas": list(
            Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("name")
        ),
        "templates": [*own_templates(workspace), *templates()],
    }
    return render(request, "journeys/home.html", context, status=status)


@policy("workspace:read")
@require_GET
def search(request: HttpRequest, slug: str) -> HttpResponse:
    """Maps, personas and cards that say what was typed: lines for the palette."""
    workspace = workspace_to_read(request, slug)
    found = find(workspace, request.GET.get("find", "")[:200])
    return render(request, "journeys/search.html", {"found": found})


@policy("workspace:read")
@require_GET
def workspace_bin(request: HttpRequest, slug: str) -> HttpResponse:
    """Maps and personas deleted in the last 30 days."""
    workspace = workspace_to_read(request, slug)
    lately = {"workspace": workspace, "deleted_at__gte": timezone.now() - KEPT_IN_BIN}
    return render(
        request,
        "journeys/workspace_bin.html",
        {
            "workspace": workspace,
            "maps": list(Journey.objects.filter(**lately).order_by("-deleted_at")),
            "personas": list(Persona.objects.filter(**lately).order_by("-deleted_at")),
        },
    )


@policy("map:edit")
@require_POST
def rename_map(request: HttpRequest, pk: UUID) -> HttpResponse:
    journey = map_to_edit(request, pk)
    try:
        title = TITLE.clean(request.POST.get("title", ""))
        edits.edit_map(pk, fields={"title": title}, by=actor_of(request))
    except ValidationError as error:
        return _refused(request, journey, error.messages[0], 422)
    except Unchanged:
        pass
    return redirect("workspace_home", journey.workspace.slug)


def _refused(request: HttpRequest, journey: Journey, sentence: str, status: int) -> HttpResponse:
    """The page again, with the sentence on it."""
    messages.error(request, sentence)
    return _home(request, journey.workspace.slug, status)


@policy("map:edit")
@require_POST
def delete_map(request: HttpRequest, pk: UUID) -> HttpResponse:
    journey = map_to_edit(request, pk)
    edits.delete_map(pk, by=actor_of(request))
    messages.success(request, _("“%(map)s” is in the bin for 30 days.") % {"map": journey.title})
    return redirect("workspace_home", journey.workspace.slug)


@policy("map:edit")
@require_POST
def restore_map(request: HttpRequest, pk: UUID) -> HttpResponse:
    journey = deleted_map_to_edit(request, pk)
    edits.restore_map(pk, by=actor_of(request))
    return redirect("map", journey.pk)


@policy("map:edit")
@require_POST
def duplicate_map(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A copy in the same workspace, whole or without its cards."""
    journey = map_to_edit(request, pk)
    try:
        twin = maps.duplicate_map(
            journey, with_cards=request.POST.get("cards") != "no", by=actor_of(request)
        )
    except Forbidden:
        raise
    except Refused as refused:
        return _refused(request, journey, str(refused), 409)
    return redirect("map", twin.pk)


@policy("map:edit")
@require_POST
def archive_map(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Into the archive, or out of it with `out`."""
    journey = map_to_edit(request, pk)
    with suppress(Unchanged):
        if request.POST.get("out"):
            edits.unarchive_map(pk, by=actor_of(request))
            return redirect("map", pk)
        edits.archive_map(pk, by=actor_of(request))
        messages.success(request, _("“%(map)s” is in the archive.") % {"map": journey.title})
    return redirect("workspace_home", journey.workspace.slug)


@policy("map:edit")
@require_POST
def make_to_be(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same map as it should be, beside the one that says how it is."""
    journey = map_to_edit(request, pk)
    return redirect("map", maps.make_to_be(journey, by=actor_of(request)).pk)


@policy("map:edit")
@require_POST
def make_template(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A template of the team's own, with or without the cards."""
    journey = map_to_edit(request, pk)
    with_cards = request.POST.get("cards") == "yes"
    template = maps.make_template(journey, with_cards=with_cards, by=actor_of(request))
    messages.success(request, _("“%(map)s” is among the templates now.") % {"map": template.title})
    return redirect("workspace_home", journey.workspace.slug)
