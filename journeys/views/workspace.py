"""A workspace with all that is in it: taken away as one file, and deleted once that was done."""

import json
import re
import tempfile
import time
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO
from zipfile import ZIP_STORED, ZipFile

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from journeys import images
from journeys.edits.maps import plan_of
from journeys.formats.write import JSON, write
from journeys.models import Journey
from personas.models import Persona
from teams import edits
from teams.access import actor_of, workspace_to_manage
from teams.forms import DeleteTeamForm
from teams.models import Workspace
from teams.policy import policy

TAKEN = "teams_taken_away"  # in the session: address → when
COUNTS_FOR = 24 * 60 * 60
PIECE = 1 << 16


@policy("workspace:manage")
@require_safe
def export_team(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """All maps that are not in the bin, with their images, and all personas. Written to disk first:
    a team's images may be more than fits into memory."""
    workspace = workspace_to_manage(request, slug)
    headers = {"Content-Disposition": content_disposition_header(True, f"{slug}.zip") or ""}
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip", headers=headers)
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
        _write(file, workspace)
    path = Path(file.name)
    request.session[TAKEN] = request.session.get(TAKEN, {}) | {slug: time.time()}
    answer = StreamingHttpResponse(_pieces(path), content_type="application/zip", headers=headers)
    weakref.finalize(answer, path.unlink, missing_ok=True)  # sent or not
    return answer


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _write(file: IO[bytes], workspace: Workspace) -> None:
    with ZipFile(file, "w", ZIP_STORED) as archive:
        living = Journey.objects.filter(
            workspace=workspace, deleted_at=None, rehearses=None
        ).order_by("created_at")
        for number, journey in enumerate(living, 1):
            folder = f"{number:03} {_plain(journey.title)}"
            archive.writestr(f"{folder}/map.json", write(plan_of(journey, with_images=True), JSON))
            for image in journey.images.all():
                try:
                    data = images.read(image.file)
                except FileNotFoundError:  # the storage lost it
                    continue
                archive.writestr(f"{folder}/images/{image.pk}.webp", data)
        personas = Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("name")
        told = list(personas.values("name", "language", "data"))
        archive.writestr("personas.json", json.dumps(told, ensure_ascii=False, indent=1))


def _plain(title: str) -> str:
    """A title as the name of a folder."""
    return re.sub(r"[^\w -]+", " ", title).strip()[:60].strip() or "map"


@policy("workspace:manage")
@require_http_methods(["GET", "HEAD", "POST"])
def delete_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Only who has taken everything away may delete it, and types what it is called."""
    workspace = workspace_to_manage(request, slug)
    taken = time.time() - request.session.get(TAKEN, {}).get(slug, 0) < COUNTS_FOR
    form = DeleteTeamForm(request.POST or None, team=workspace.name)
    if request.method == "POST" and taken and form.is_valid():
        edits.delete_workspace(workspace, by=actor_of(request))
        return redirect("account")
    return render(
        request,
        "journeys/delete_team.html",
        {
            "workspace": workspace,
            "form": form,
            "taken": taken,
            "maps": Journey.objects.filter(
                workspace=workspace, deleted_at=None, rehearses=None
            ).count(),
            "others": workspace.memberships.exclude(user_id=request.user.pk).count(),
        },
        status=422 if request.method == "POST" else 200,
    )
