"""A workspace's home: its maps, its personas, templates to begin with; and what it deleted."""

from datetime import timedelta
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
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
from journeys.reads.picture import picture_of
from journeys.reads.thumbnails import thumbnails
from personas.models import Persona
from teams.access import workspace_to_read
from teams.policy import policy

TITLE = forms.CharField(max_length=limits.TITLE)
KEPT_IN_BIN = timedelta(days=30)


@policy("workspace:read")
@require_GET
def workspace_home(request: HttpRequest, slug: str) -> HttpResponse:
    """Maps as small true pictures, personas, templates."""
    return _home(request, slug)


def _home(request: HttpRequest, slug: str, status: int = 200) -> HttpResponse:
    workspace = workspace_to_read(request, slug)
    journeys = list(
        Journey.objects.filter(workspace=workspace, deleted_at=None)
        .prefetch_related(
            Prefetch("personas", Persona.objects.filter(deleted_at=None).order_by("name"))
        )
        .order_by("-changed_at")
    )
    pictures = thumbnails(journeys)
    return render(
        request,
        "journeys/home.html",
        {
            "workspace": workspace,
            "maps": [
                (journey, pictures[journey.pk], picture_of(pictures[journey.pk]))
                for journey in journeys
            ],
            "personas": list(
                Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("name")
            ),
            "templates": templates(),
        },
        status=status,
    )


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
