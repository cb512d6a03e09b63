"""New maps: from a template, blank, or from a file; and a map as a file."""

import json
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from changes.record import Forbidden, Refused
from journeys import limits
from journeys.access import map_to_read
from journeys.catalogues import template, templates, touchpoints
from journeys.edits import maps
from journeys.formats import map_json
from journeys.formats.plan import Unreadable
from journeys.formats.read import read
from journeys.reads.home import own_template, own_templates
from personas.models import Persona
from teams.access import actor_of, workspace_to_edit
from teams.models import Workspace
from teams.policy import policy

BLANK = "blank"  # in place of a template's key


class NewMap(forms.Form):
    """What a map begins with; the question why may be skipped."""

    title = forms.CharField(label=_("What is the map called?"), max_length=limits.TITLE)
    language = forms.ChoiceField(
        label=_("Language of the map"), choices=[("ru", "Русский"), ("en", "English")]
    )
    goal = forms.CharField(
        label=_("Why this map?"),
        max_length=limits.CARD_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    measure = forms.CharField(
        label=_("How shall we know it worked?"),
        max_length=limits.CARD_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    persona = forms.ModelChoiceField(
        Persona.objects.none(), label=_("For whom?"), empty_label=_("Nobody yet"), required=False
    )
    stage = forms.MultipleChoiceField(required=False)

    def __init__(self, *args, workspace: Workspace, key: str, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.key, self.chosen = key, chosen
        personas = Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("pk")
        self.fields["persona"].queryset = personas  # type: ignore[attr-defined]
        stages = self.chosen.stages if self.chosen else ()
        self.fields["stage"].choices = [(one.key, one.name) for one in stages]  # type: ignore[attr-defined]

    def clean(self) -> dict:
        if self.key not in ("", BLANK) and not self.chosen:
            raise forms.ValidationError(_("There is no such template."))
        return super().clean() or {}

    @property
    def kept(self) -> list[str]:
        """The stages that are ticked."""
        if self.is_bound:
            return self["stage"].value() or []
        return [one.key for one in self.chosen.stages if not one.optional] if self.chosen else []


@policy("workspace:edit")
@require_http_methods(["GET", "POST"])
def new_map(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a template (or none), tick off stages that don't fit, say why; then the map opens."""
    workspace = workspace_to_edit(request, slug)
    key = request.GET.get("template", "") or request.POST.get("template", "")
    chosen = template(key) or own_template(workspace, key)
    form = NewMap(
        request.POST or None,
        workspace=workspace,
        key=key,
        chosen=chosen,
        initial={"language": (get_language() or "ru")[:2], "title": chosen.name if chosen else ""},
    )
    if request.method == "POST" and form.is_valid():
        persona = form.cleaned_data.pop("persona")
        begin = {**form.cleaned_data, "personas": [persona] if persona else []}
        begin |= {"stages": begin.pop("stage"), "by": actor_of(request)}
        try:
            if chosen and chosen.kind == "own":
                journey = maps.from_own_template(map_to_read(request, UUID(chosen.key)), **begin)
            else:
                journey = maps.new_map(
                    template=chosen.key if chosen else "", workspace=workspace, **begin
                )
            return redirect("map", journey.pk)
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        "journeys/new.html",
        {
            "workspace": workspace,
            "form": form,
            "templates": [*own_templates(workspace), *templates()],
            "chosen": chosen,
            "blank": key == BLANK,
        },
        status=422 if form.is_bound else 200,
    )


@policy("workspace:edit")
@require_http_methods(["GET", "POST"])
def import_map(request: HttpRequest, slug: str) -> HttpResponse:
    """A map from a file. What was understood in part is listed before the map is opened."""
    workspace = workspace_to_edit(request, slug)
    error = ""
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            error = str(_("Choose a file first."))
        else:
            try:
                plan, remarks = read(file.name or "", file.read())
                journey = maps.create_map(plan, workspace=workspace, by=actor_of(request))
            except Forbidden:
                raise
            except (Unreadable, Refused) as problem:
                error = str(problem)
            else:
                if not remarks:
                    return redirect("map", journey.pk)
                return render(
                    request,
                    "journeys/imported.html",
                    {"workspace": workspace, "journey": journey, "remarks": remarks},
                )
    return render(
        request,
        "journeys/import.html",
        {"workspace": workspace, "error": error},
        status=422 if error else 200,
    )


@policy("map:read")
@require_GET
def export_json(request: HttpRequest, pk) -> HttpResponse:
    """The whole map as a JSON file."""
    journey = map_to_read(request, pk)
    text = json.dumps(map_json.dump(maps.plan_of(journey)), ensure_ascii=False, indent=1)
    name = f"{get_valid_filename(journey.title)[:80] or 'map'}.json"
    return HttpResponse(
        text + "\n",
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name) or ""},
    )


@policy("signed_in")
@require_GET
def touchpoint_catalogue(request: HttpRequest, language: str) -> HttpResponse:
    """The touchpoints offered while typing, in the map's language."""
    if language not in ("ru", "en"):
        raise Http404
    rows = [
        {"key": row.key, "name": row.name, "channel": row.channel, "mode": row.mode}
        for row in touchpoints(language)
    ]
    return HttpResponse(
        json.dumps(rows, ensure_ascii=False),
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "private, max-age=3600"},
    )
