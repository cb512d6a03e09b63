"""New maps: from a template or blank. From a file: files.py."""

import json
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from changes.record import Forbidden, Refused
from journeys import limits
from journeys.access import map_to_read
from journeys.catalogues import purposes, template, templates
from journeys.edits import maps
from journeys.reads.home import own_template, own_templates
from journeys.reads.touchpoints import offered
from personas.models import Persona
from teams.access import actor_of, workspace_to_edit
from teams.models import Workspace
from teams.policy import policy

BLANK = "blank"  # in place of a template's key


class NewMap(forms.Form):
    """What a map begins with; the question why may be skipped."""

    title = forms.CharField(
        label=_("What is the map called?"), max_length=limits.TITLE, required=False
    )
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
    actions = forms.BooleanField(required=False)

    def __init__(self, *args, workspace: Workspace, key: str, chosen, **kwargs):
        super().__init__(*args, **kwargs)
        self.key, self.chosen = key, chosen
        personas = Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("pk")
        self.fields["persona"].queryset = personas  # type: ignore[attr-defined]
        name = self.chosen.name if self.chosen else _("New map")
        self.fields["title"].widget.attrs |= {"placeholder": name, "autofocus": True}
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
        initial={"language": (get_language() or "ru")[:2]},
    )
    if request.method == "POST" and form.is_valid():
        persona, actions = (form.cleaned_data.pop(name) for name in ("persona", "actions"))
        begin = {**form.cleaned_data, "personas": [persona] if persona else []}
        begin |= {"stages": begin.pop("stage"), "by": actor_of(request)}
        try:
            if chosen and chosen.kind == "own":
                journey = maps.from_own_template(map_to_read(request, UUID(chosen.key)), **begin)
            else:
                journey = maps.new_map(
                    template=chosen.key if chosen else "",
                    actions=actions,
                    purpose=request.POST.get("purpose", ""),
                    workspace=workspace,
                    **begin,
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
            "purposes": purposes(),
            "blank": key == BLANK,
        },
        status=422 if form.is_bound else 200,
    )


@policy("map:read")
@require_GET
def offered_touchpoints(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The touchpoints offered while typing: those that the team named itself, then the catalogue
    in the map's language."""
    rows = offered(map_to_read(request, pk))
    return HttpResponse(
        json.dumps(rows, ensure_ascii=False),
        content_type="application/json; charset=utf-8",
        headers={"Cache-Control": "private, max-age=60"},
    )
