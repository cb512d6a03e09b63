"""The page of a persona."""

import contextlib
from collections.abc import Iterable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from changes.record import Unchanged
from teams.access import actor_of, workspace_to_edit
from teams.policy import policy

from . import edits
from .access import deleted_persona_to_edit, persona_to_edit, persona_to_read
from .fields import Field, groups
from .models import Persona


class Lines(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def clean(self, value):
        text = super().clean(value)
        return [line for line in (part.strip() for part in text.splitlines()) if line]

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value


def _form_field(field: Field) -> forms.Field:
    required = field.key == "name"  # the rest may be found out later
    if field.multiple:
        made: forms.Field = Lines(max_length=edits.LONGEST, required=required)
    elif field.type == "longtext":
        made = forms.CharField(max_length=edits.LONGEST, required=required, widget=forms.Textarea)
    else:
        limit = edits.NAME if field.key == "name" else 2_000
        made = forms.CharField(max_length=limit, required=required)
    made.label, made.help_text = field.label, field.hint
    if isinstance(made.widget, forms.Textarea):
        made.widget.attrs["rows"] = 3
    return made


class PersonaForm(forms.Form):
    """All fields of the catalogue, in the reader's language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields |= {
            field.key: _form_field(field) for group in groups() for field in group.fields
        }

    @property
    def groups(self) -> Iterable[tuple[str, list]]:
        """Group name and bound fields, for the page."""
        return [(group.name, [self[field.key] for field in group.fields]) for group in groups()]


@policy("workspace:edit")
@require_http_methods(["GET", "POST"])
def new_persona(request: HttpRequest, slug: str) -> HttpResponse:
    """A persona begins with a name; everything else can follow."""
    workspace = workspace_to_edit(request, slug)
    form = PersonaForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = {key: value for key, value in form.cleaned_data.items() if value and key != "name"}
        persona = edits.add_persona(
            workspace,
            name=form.cleaned_data["name"],
            language=(get_language() or "ru")[:2],
            data=data,
            by=actor_of(request),
        )
        return redirect("persona", persona.pk)
    status = 422 if form.is_bound else 200
    return render(
        request, "personas/edit.html", {"workspace": workspace, "form": form}, status=status
    )


@policy("persona:read", post="persona:edit")
@require_http_methods(["GET", "POST"])
def persona(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the persona, with `?edit` its form; POST saves it.

    Each field posts the text it was written over (`base-<field>`), so that two people who fill
    in different words lose none.
    """
    if request.method == "POST":
        return _save(request, pk)
    found = persona_to_read(request, pk)
    context = {"persona": found, "workspace": found.workspace}
    if "edit" in request.GET:
        found = persona_to_edit(request, pk)
        form = PersonaForm(initial={"name": found.name, **found.data})
        return render(request, "personas/edit.html", {**context, "form": form})
    journeys = found.journeys.filter(deleted_at=None, rehearses=None).order_by("title")
    return render(
        request,
        "personas/persona.html",
        {**context, "groups": list(_told(found)), "journeys": list(journeys)},
    )


def _told(persona: Persona) -> Iterable[tuple[str, list[tuple[Field, list[str]]]]]:
    """What is known of the persona, group by group; what nobody has said is left out."""
    for group in groups():
        known = []
        for field in group.fields:
            value = persona.data.get(field.key)
            if field.key == "quotes" and isinstance(value, list):
                value = value[1:]  # the first one stands at the top of the page
            if value and field.key != "name":
                known.append((field, value if isinstance(value, list) else [value]))
        if known:
            yield group.name, known


def _save(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = persona_to_edit(request, pk)
    form = PersonaForm(request.POST)
    if not form.is_valid():
        context = {"persona": found, "workspace": found.workspace, "form": form}
        return render(request, "personas/edit.html", context, status=422)
    base = {}
    for name, field in form.fields.items():
        if (was := request.POST.get(f"base-{name}")) is not None:
            was = was.replace("\r\n", "\n")
            base[name] = was.split("\n") if isinstance(field, Lines) else was
    with contextlib.suppress(Unchanged):
        edits.edit_persona(pk, fields=form.cleaned_data, base=base, by=actor_of(request))
    return redirect("persona", pk)


@policy("persona:edit")
@require_POST
def delete_persona(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = persona_to_edit(request, pk)
    edits.delete_persona(pk, by=actor_of(request))
    messages.success(
        request, _("“%(persona)s” is in the bin for 30 days.") % {"persona": found.name}
    )
    return redirect("workspace_home", found.workspace.slug)


@policy("persona:edit")
@require_POST
def restore_persona(request: HttpRequest, pk: UUID) -> HttpResponse:
    deleted_persona_to_edit(request, pk)
    edits.restore_persona(pk, by=actor_of(request))
    return redirect("persona", pk)
