"""Versions of a map: kept under a name, looked at, restored."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from changes.record import Forbidden, Refused
from journeys.access import actor_of, map_to_edit, map_to_read
from journeys.edits import versions as edits
from journeys.models import Version
from journeys.reads.versions import table_of
from teams.policy import policy

LABEL = forms.CharField(max_length=edits.LABEL)


@policy("map:edit")
@require_POST
def keep_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keeps how the map is now."""
    map_to_edit(request, pk)
    try:
        label = LABEL.clean(request.POST.get("label", ""))
        version = edits.keep_version(pk, label, by=actor_of(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The version “%(label)s” is kept.") % {"label": version.label})
    return redirect("history", pk)


@policy("map:read")
@require_GET
def version(request: HttpRequest, pk: UUID, version: UUID) -> HttpResponse:
    """How the map was, as a table to be read."""
    journey = map_to_read(request, pk)
    found = get_object_or_404(Version, pk=version, journey=journey)
    context = {"journey": journey, "version": found, "table": table_of(found)}
    return render(request, "journeys/version.html", context)


@policy("map:edit")
@require_POST
def back_to_version(request: HttpRequest, pk: UUID, version: UUID) -> HttpResponse:
    """Brings the map back to how it was."""
    journey = map_to_edit(request, pk)
    found = get_object_or_404(Version.objects.defer("snapshot"), pk=version, journey=journey)
    try:
        edits.restore_version(pk, found.pk, by=actor_of(request))
    except Forbidden:
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("history", pk)
    messages.success(request, _("The map is as in “%(label)s” again.") % {"label": found.label})
    return redirect("map", pk)
