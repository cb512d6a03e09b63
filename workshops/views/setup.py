"""Preparing a workshop: an agenda is chosen and made one's own."""

import contextlib
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from changes.record import Gone, Refused, Unchanged
from journeys.access import map_to_edit
from journeys.models import Lane
from journeys.reads import stages
from journeys.views.posting import attempt, check_names, intent_of, text_of
from teams.access import actor_of
from teams.models import Workspace
from teams.policy import policy

from .. import access, agendas, limits
from ..edits import agenda as edits
from ..edits import meeting, own_agendas, rehearsal
from ..models import Step, Workshop
from ..reads.setup import setup_of
from .room import number_of


@policy("map:edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_workshop(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which agenda to begin with; or the workshop that the map has already."""
    journey = map_to_edit(request, pk)
    running = journey.workshops.exclude(state=Workshop.State.ENDED).first()
    if running:
        return redirect("lead", running.pk)
    error = ""
    if request.method == "POST":
        agenda = agendas.chosen(request.POST.get("agenda", ""), journey)
        if agenda is None:
            error = _("Choose an agenda.")
        else:
            try:
                workshop = meeting.new_workshop(journey, agenda, by=actor_of(request))
            except Refused as refusal:
                error = str(refusal)
            else:
                for said in agendas.unmatched(agenda, workshop):
                    messages.warning(request, said)
                return redirect("lead", workshop.pk)
    context = {
        "journey": journey,
        "agendas": agendas.AGENDAS,
        "own_agendas": agendas.own_agendas(journey.workspace),
        "last_agenda": agendas.last_agenda(journey),
        "past": journey.workshops.filter(state=Workshop.State.ENDED),
        "error": error,
    }
    return render(request, "workshops/new.html", context, status=422 if error else 200)


@policy("workshop:run")
@require_safe
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether a phone has opened the link; gone once the workshop has begun."""
    workshop = access.workshop_to_run(request, pk)
    if workshop.state != Workshop.State.PREPARING:
        raise Http404
    context = setup_of(request, workshop)
    html = render_to_string("workshops/setup.html#check", context, request)
    return HttpResponse(html, headers={"X-Seq": str(context["seq"])})


class StepForm(forms.ModelForm):
    """A step as the facilitator sets it."""

    class Meta:
        model = Step
        fields = (
            "kind", "name", "question", "instructions", "lane", "stages", "minutes", "hidden",
            "named", "votes", "take", "aspect",
        )  # fmt: skip
        labels = {
            "name": gettext_lazy("Name"),
            "question": gettext_lazy("Question to the room"),
            "instructions": gettext_lazy("Instructions"),
            "minutes": gettext_lazy("Minutes"),
        }

    def __init__(self, *args, journey, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lane"].queryset = Lane.living.filter(journey=journey)  # type: ignore[attr-defined]
        columns = stages.leaves(stages.rows_of(journey))
        self.fields["stages"] = forms.MultipleChoiceField(
            choices=[(stage.pk.hex, stage.name) for stage in columns], required=False
        )
        for name in ("votes", "take"):
            self.fields[name].required = False

    def clean(self) -> dict:
        values = super().clean() or {}
        if values.get("kind") == Step.Kind.RATE and not values.get("aspect"):
            values["aspect"] = Step.Aspect.EMOTION
        lane_free = (Step.Kind.SHOW, Step.Kind.BREAK, None)
        if values.get("kind") not in lane_free and not values.get("lane"):
            raise ValidationError({"lane": _("Choose the lane this step opens.")})
        values["votes"] = min(20, max(1, values.get("votes") or 3))
        values["take"] = min(99, max(1, values.get("take") or 4))
        return values

    def columns(self) -> dict:
        """The form's values as the columns of a step."""
        values = dict(self.cleaned_data)
        lane = values.pop("lane")
        return {**values, "lane_id": lane and lane.pk}


def act(*fields: str, lists: tuple[str, ...] = ()) -> Callable:
    """A view of one change of the agenda, answered by the agenda anew."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def receive(request: HttpRequest, pk: UUID, **ids) -> HttpResponse:
            workshop = access.workshop_to_run(request, pk)

            def edit() -> HttpResponse:
                check_names(request, fields, lists, more=False)
                opened = ""
                with contextlib.suppress(Unchanged):
                    opened = view(
                        request, workshop, by=actor_of(request), intent=intent_of(request), **ids
                    )
                opened = opened if isinstance(opened, str) else ""
                return render(
                    request, "workshops/setup.html#agenda", setup_of(request, workshop, opened)
                )

            return attempt(edit)

        return policy("workshop:run")(require_POST(receive))

    return decorate


@act()
def add_step(request: HttpRequest, workshop: Workshop, *, by, intent):
    last = workshop.steps.last()
    fields = {
        "kind": Step.Kind.WRITE,
        "name": _("New step"),
        "question": _("What do we ask the room?"),
        "lane_id": last.lane_id if last else None,
    }
    if fields["lane_id"] is None:
        lane = Lane.living.filter(journey=workshop.journey).order_by("position").first()
        fields["lane_id"] = lane.pk if lane else None
    return edits.add_step(workshop, fields, by=by, intent=intent).pk.hex


@act(*StepForm.Meta.fields, lists=("stages",))
def edit_step(request: HttpRequest, workshop: Workshop, *, by, intent, step: UUID):
    form = StepForm(request.POST, journey=workshop.journey)
    if not form.is_valid():
        raise ValidationError({name: list(said) for name, said in form.errors.items()})
    edits.edit_step(workshop, step, form.columns(), by=by, intent=intent)
    return step.hex


@act("to")
def move_step(request: HttpRequest, workshop: Workshop, *, by, intent, step: UUID):
    to = max(0, number_of(request, "to") or 0)
    edits.move_step(workshop, step, to, by=by, intent=intent)


@act()
def duplicate_step(request: HttpRequest, workshop: Workshop, *, by, intent, step: UUID):
    edits.duplicate_step(workshop, step, by=by, intent=intent)


@act()
def delete_step(request: HttpRequest, workshop: Workshop, *, by, intent, step: UUID):
    edits.delete_step(workshop, step, by=by, intent=intent)


def way(*fields: str) -> Callable:
    """A view of an act that leads to another page: `view(request, workshop, by=…, intent=…)` gives
    the address."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def receive(request: HttpRequest, pk: UUID) -> HttpResponse:
            workshop = access.workshop_to_run(request, pk)

            def edit() -> HttpResponse:
                check_names(request, fields, (), more=False)
                to = view(request, workshop, by=actor_of(request), intent=intent_of(request))
                return HttpResponse(headers={"HX-Redirect": to})

            return attempt(edit)

        return policy("workshop:run")(require_POST(receive))

    return decorate


@way()
def begin(request: HttpRequest, workshop: Workshop, *, by, intent) -> str:
    """Opens the entry, and with it the workshop."""
    meeting.open_entry(workshop, by=by, intent=intent)
    return reverse("lead", args=[workshop.pk])


@way("until", "expected")
def collect(request: HttpRequest, workshop: Workshop, *, by, intent) -> str:
    """Opens the entry for those who write before the meeting."""
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is None:
        raise ValidationError({"until": [_("Say the day and the hour.")]})
    names = (text_of(request, "expected") or "").splitlines()
    expected = [name for line in names if (name := " ".join(line.split())[: limits.GUEST_NAME])]
    meeting.collect(
        workshop,
        timezone.make_aware(until) if timezone.is_naive(until) else until,
        expected=expected[: limits.GUESTS],
        by=by,
        intent=intent,
    )
    return reverse("lead", args=[workshop.pk])


@way()
def rehearse(request: HttpRequest, workshop: Workshop, *, by, intent) -> str:
    """Runs the agenda with six made-up guests on a copy that is thrown away."""
    return reverse("lead", args=[rehearsal.rehearse(workshop, by=by).pk])


@way()
def close_rehearsal(request: HttpRequest, workshop: Workshop, *, by, intent) -> str:
    """Throws a rehearsal away and goes back to what was rehearsed."""
    if workshop.journey.rehearses_id is None:
        raise Refused(_("Only in a rehearsal."))
    rehearsal.close(workshop.journey)
    return reverse("new_workshop", args=[workshop.journey.rehearses_id])


@way()
def drop(request: HttpRequest, workshop: Workshop, *, by, intent) -> str:
    """Throws a workshop away that nobody has been in."""
    meeting.drop_workshop(workshop, by=by, intent=intent)
    return reverse("map", args=[workshop.journey_id])


# --- agendas of the team -------------------------------------------------------------------------


@policy("workshop:run")
@require_POST
def keep_agenda(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keeps this workshop's agenda under a name, for all maps of the team."""
    workshop = access.workshop_to_run(request, pk)

    def edit() -> HttpResponse:
        check_names(request, ("name",), (), more=False)
        name = text_of(request, "name") or ""
        try:
            kept = own_agendas.keep(workshop, name, by=actor_of(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            said = _("“%(name)s” is kept: a workshop on any map of the team may begin with it.")
            messages.success(request, said % {"name": kept.name})
        return redirect("lead", pk)

    return attempt(edit)


def of_team(*fields: str) -> Callable:
    """A view of one change of an agenda that the team keeps, seen from a map."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def receive(request: HttpRequest, pk: UUID, agenda: UUID) -> HttpResponse:
            journey = map_to_edit(request, pk)

            def edit() -> HttpResponse:
                check_names(request, fields, (), more=False)
                try:
                    view(request, journey.workspace, agenda, by=actor_of(request))
                except Gone:
                    raise
                except Refused as refusal:
                    messages.error(request, str(refusal))
                return redirect("new_workshop", pk)

            return attempt(edit)

        return policy("map:edit")(require_POST(receive))

    return decorate


@of_team("name")
def rename_agenda(request: HttpRequest, workspace: Workspace, agenda: UUID, *, by) -> None:
    own_agendas.rename(workspace, agenda, text_of(request, "name") or "", by=by)


@of_team()
def delete_agenda(request: HttpRequest, workspace: Workspace, agenda: UUID, *, by) -> None:
    own_agendas.delete(workspace, agenda, by=by)
