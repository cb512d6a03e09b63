"""What a map is printed as: asked for in a dialog, watched, cancelled, downloaded."""

import re
import time
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from journeys.access import actor_of, map_to_read
from journeys.views.posting import attempt, check_names
from personas.access import persona_to_read
from teams.actors import Actor
from teams.policy import PUBLIC, policy
from teams.throttle import limited
from workshops import access
from workshops.models import Workshop

from . import export, jobs, words
from .forms import PaperForm
from .models import Printout
from .render import Cancelled, RenderError
from .sheets import OUTCOME, PDF, PERSONA, REPORT

CONTENT_TYPES = {"pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml"}
# How long a reader waits for the page of a persona; it takes less than a second.
PATIENCE = 20


@policy("map:read")
@require_http_methods(["GET", "POST"])
def printout(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The dialog that asks which document; posting it begins that, or finds it made."""
    journey = map_to_read(request, pk)
    form = PaperForm(
        request.POST or None,
        personas=journey.personas.filter(deleted_at=None).exists(),
        lanes=journey.lanes(manager="living").all(),
        initial={"format": request.GET.get("format", PDF)},
    )
    if not journey.images.exists():
        del form.fields["images"]
    if request.method == "POST" and form.is_valid():
        return _shown(request, jobs.ask(journey, form.options(), actor_of(request)))
    context = {"journey": journey, "form": form}
    if request.method == "POST":
        return render(request, "reports/printout.html#ask", context, status=422)
    return render(request, "reports/printout.html", context)


@policy("map:read")
@require_GET
def printout_job(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """How far a document is; asked each second."""
    return _shown(request, _find(request, pk, job))


@policy("map:read")
@require_POST
def printout_cancel(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """Stops a document; one that is finished stays."""
    found = _find(request, pk, job)
    jobs.cancel(found)
    found.refresh_from_db()
    return _shown(request, found)


@policy("map:read")
@require_GET
def printout_file(request: HttpRequest, pk: UUID, job: UUID) -> HttpResponse:
    """The PDF, under the map's title."""
    found = _find(request, pk, job)
    if found.state != Printout.State.DONE or not default_storage.exists(found.file):
        raise Http404
    with default_storage.open(found.file) as file:
        data = file.read()
    with translation.override(found.journey.language):
        what = {REPORT: _("report"), PERSONA: _("persona")}.get(found.options.get("document"), "")
    name = file_name(found.journey.title, what, format=found.format)
    return _download(data, name, CONTENT_TYPES[found.format])


@policy("persona:read")
@require_GET
def persona_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One page about a persona, made while its reader waits."""
    persona = persona_to_read(request, pk)
    until = time.monotonic() + PATIENCE
    try:
        pdf = export.pdf_of_persona(persona, go_on=lambda: time.monotonic() < until)
    except Cancelled:
        messages.error(request, _("Many documents are being made. Please ask again in a minute."))
    except RenderError as error:
        messages.error(request, words.failure(error.code))
    else:
        return _download(pdf.data, file_name(persona.name), CONTENT_TYPES[PDF])
    return redirect("persona", pk)


@policy("workshop:read")
@require_POST
def outcome_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What came of a workshop, for paper; made while its reader waits, unless it is there."""
    workshop = access.workshop_to_read(request, pk)
    return _outcome(request, workshop, actor_of(request), redirect("outcome", pk))


@policy(PUBLIC)
@limited("outcome", posts=60, minutes=15)
@require_POST
def shared_outcome_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The same for whoever has the link to the outcome."""
    workshop = access.by_outcome_token(token)
    reader = Actor("link", workshop.pk.hex, "")
    return _outcome(request, workshop, reader, redirect("shared_outcome", token))


def _outcome(
    request: HttpRequest, workshop: Workshop, by: Actor, back: HttpResponse
) -> HttpResponse:
    """The file; `back` where there is none, which that page will say."""

    def made() -> HttpResponse:
        check_names(request, (), (), more=False)
        options = {"document": OUTCOME, "workshop": workshop.pk.hex}
        job = jobs.made(workshop.journey, options, by, seconds=PATIENCE)
        if job.state == Printout.State.DONE:
            with translation.override(workshop.journey.language):
                name = file_name(workshop.journey.title, _("outcome"))
            with default_storage.open(job.file) as file:
                return _download(file.read(), name, CONTENT_TYPES[PDF])
        if job.state == Printout.State.FAILED:
            messages.error(request, words.failure(job.error))
        else:
            said = _("Many documents are being made. Please ask again in a minute.")
            messages.error(request, said)
        return back

    return attempt(made)


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-cache"
    return response


def file_name(title: str, what: str = "", *, format: str = PDF) -> str:
    """A title as the name of a file, without what file systems refuse; `what` tells apart."""
    name = re.sub(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+', " ", title).strip(" .")[:100].strip()
    return f"{name or 'map'}{f' — {what}' if what else ''}.{format}"


def _find(request: HttpRequest, pk: UUID, job: UUID) -> Printout:
    journey = map_to_read(request, pk)
    found = get_object_or_404(Printout, pk=job, journey=journey)
    found.journey = journey
    return found


def _shown(request: HttpRequest, job: Printout) -> HttpResponse:
    failure = ""
    if job.is_lost or job.state == Printout.State.FAILED:
        failure = words.failure("lost" if job.is_lost else job.error)
    return render(
        request,
        "reports/printout.html#job",
        {
            "journey": job.journey,
            "job": job,
            "failure": failure,
            "remarks": [words.warning(code, number) for code, number in job.warnings],
        },
    )
