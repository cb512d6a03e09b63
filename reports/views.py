"""The poster of a map: asked for in a dialog, watched, cancelled, downloaded."""

import re
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import actor_of, map_to_read
from teams.policy import policy

from . import jobs, words
from .forms import PosterForm
from .models import Poster
from .sheets import PDF

CONTENT_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}


@policy("map:read")
@require_http_methods(["GET", "POST"])
def poster(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The dialog that asks for paper; posting it begins the poster, or finds it made."""
    journey = map_to_read(request, pk)
    form = PosterForm(
        request.POST or None,
        lanes=journey.lanes(manager="living").all(),
        initial={"format": request.GET.get("format", PDF)},
    )
    if not journey.images.exists():
        del form.fields["images"]
    if request.method == "POST" and form.is_valid():
        return _shown(request, jobs.ask(journey, form.cleaned_data, actor_of(request)))
    context = {"journey": journey, "form": form}
    if request.method == "POST":
        return render(request, "reports/poster.html#ask", context, status=422)
    return render(request, "reports/poster.html", context)


@policy("map:read")
@require_GET
def poster_job(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """How far a poster is; asked each second."""
    return _shown(request, _find(request, pk, job))


@policy("map:read")
@require_POST
def poster_cancel(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """Stops a poster; one that is finished stays."""
    found = _find(request, pk, job)
    jobs.cancel(found)
    found.refresh_from_db()
    return _shown(request, found)


@policy("map:read")
@require_GET
def poster_file(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """The PDF, under the map's title."""
    found = _find(request, pk, job)
    if found.state != Poster.State.DONE or not default_storage.exists(found.file):
        raise Http404
    with default_storage.open(found.file) as file:
        response = HttpResponse(file.read(), content_type=CONTENT_TYPES[found.format])
    response["Content-Disposition"] = content_disposition_header(
        True, file_name(found.journey.title, found.format)
    )
    response["Cache-Control"] = "private, no-cache"
    return response


def file_name(title: str, format: str) -> str:
    """A map's title as the name of a file, without what file systems refuse."""
    name = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+', " ", title).strip(" .")
    return f"{name[:100].strip() or 'map'}.{format}"


def _find(request: HttpRequest, pk: UUID, job: UUID) -> Poster:
    journey = map_to_read(request, pk)
    found = get_object_or_404(Poster, pk=job, journey=journey)
    found.journey = journey
    return found


def _shown(request: HttpRequest, job: Poster) -> HttpResponse:
    failure = ""
    if job.is_lost or job.state == Poster.State.FAILED:
        failure = words.failure("lost" if job.is_lost else job.error)
    return render(
        request,
        "reports/poster.html#job",
        {
            "journey": job.journey,
            "job": job,
            "failure": failure,
            "remarks": [words.warning(code, number) for code, number in job.warnings],
        },
    )
