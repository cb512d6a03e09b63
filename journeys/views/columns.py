"""Stages and lanes: the same verbs for both, told apart by `model` in the URL conf."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journeys import limits
from journeys.catalogues import lane_kind
from journeys.edits import columns as edits
from journeys.edits.cards import END
from journeys.kinds import KINDS
from journeys.models import Lane, Stage

from .posting import edit_view, fields_of, uuid_of

FIELDS = {
    Stage: {
        "name": forms.CharField(label=_("Name"), max_length=limits.TITLE),
        "description": forms.CharField(label=_("Description"), max_length=5000, required=False),
        "duration": forms.CharField(label=_("Duration"), max_length=100, required=False),
    },
    Lane: {
        "name": forms.CharField(label=_("Name"), max_length=limits.TITLE),
        "hint": forms.CharField(label=_("Hint"), max_length=5000, required=False),
    },
}


def _clean(model, fields: dict) -> dict:
    values, errors = {}, {}
    for name, field in FIELDS[model].items():
        if name in fields:
            try:
                values[name] = field.clean(fields[name])
            except ValidationError as error:
                errors[name] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def _after(request):
    after = request.POST.get("after", "")
    return None if after == "first" else uuid_of(request.POST, "after", END)


@edit_view
def add(request, journey, *, model, by, intent):
    fields = fields_of(request)
    values = _clean(model, fields)
    if model is Lane:
        values |= _lane_of(journey, fields, values)
    return edits.add(
        journey.pk,
        model,
        id=uuid_of(request.POST, "id"),
        fields=values,
        after=_after(request),
        by=by,
        intent=intent,
    )


def _lane_of(journey, fields: dict, values: dict) -> dict:
    """The content of a new lane: of its catalogue kind, or chosen for an own lane."""
    if key := fields.get("kind"):
        kind = lane_kind(key, journey.language)
        if kind is None:
            raise ValidationError({"kind": [_("There is no such lane.")]})
        name = values.get("name") or kind.name
        return {"kind": key, "content": kind.content, "name": name}
    if not values.get("name"):
        raise ValidationError({"name": [_("Give the lane a name.")]})
    content = fields.get("content") or "text"
    if content not in KINDS:
        raise ValidationError({"content": [_("There is no such content.")]})
    return {"kind": "", "content": content}


@edit_view
def edit(request, journey, row, *, model, by, intent):
    values = _clean(model, fields_of(request))
    return edits.edit(journey.pk, model, row, fields=values, by=by, intent=intent)


@edit_view
def move(request, journey, row, *, model, by, intent):
    return edits.move(journey.pk, model, row, after=_after(request), by=by, intent=intent)


@edit_view
def duplicate(request, journey, row, *, model, by, intent):
    new = uuid_of(request.POST, "id")
    return edits.duplicate(journey.pk, model, row, id=new, by=by, intent=intent)


@edit_view
def delete(request, journey, row, *, model, by, intent):
    return edits.delete(journey.pk, model, row, by=by, intent=intent)


@edit_view
def restore(request, journey, row, *, model, by, intent):
    return edits.restore(journey.pk, model, row, by=by, intent=intent)
