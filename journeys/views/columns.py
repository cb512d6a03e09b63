"""Stages and lanes: the same verbs for both, told apart by `model` in the URL conf."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys import limits
from journeys.catalogues import lane_kind
from journeys.edits import columns as edits
from journeys.edits import steps
from journeys.kinds import KINDS
from journeys.models import Lane, Stage

from .posting import after_of, edit_view, fields_of, id_of, uuid_of

PLACE = {"id", "after", "parent"}
FIELDS: dict[type, dict[str, forms.Field]] = {
    Stage: {
        "name": forms.CharField(label=_("Name"), max_length=limits.TITLE),
        "description": forms.CharField(label=_("Description"), max_length=5000, required=False),
        "duration": forms.CharField(label=_("Duration"), max_length=100, required=False),
        "weight": forms.IntegerField(
            label=_("Importance"), min_value=1, max_value=5, required=False
        ),
        "loop_to": forms.UUIDField(label=_("Customers come back to"), required=False),
        "loop_name": forms.CharField(
            label=_("Name of the loop"), max_length=limits.TITLE, required=False
        ),
        "exit_reason": forms.CharField(
            label=_("Why customers leave here"), max_length=5000, required=False
        ),
    },
    Lane: {
        "name": forms.CharField(label=_("Name"), max_length=limits.TITLE),
        "hint": forms.CharField(label=_("Hint"), max_length=5000, required=False),
    },
}


def _clean(model, fields: dict, *, whole: bool = False) -> dict:
    """The posted fields, validated; for a `whole` new row a missing name is an error too."""
    values: dict = {}
    errors: dict[str, list] = {}
    names = {name for name, field in FIELDS[model].items() if whole and field.required}
    for name in fields.keys() | names:
        try:
            values[name] = FIELDS[model][name].clean(fields.get(name, ""))
        except ValidationError as error:
            errors[name] = error.messages
        except KeyError:
            errors[name] = [_("There is no such field.")]
    if errors:
        raise ValidationError(errors)
    return values


@edit_view(more=True)
def add(request, journey, *, model, by, intent):
    fields = {name: value for name, value in fields_of(request).items() if name not in PLACE}
    said = _lane_of(journey, fields) if model is Lane else {}
    values = said | _clean(model, fields, whole=True)
    return edits.add(
        journey.pk,
        model,
        id=id_of(request.POST, "id"),
        fields=values,
        after=after_of(request),
        parent=uuid_of(request.POST, "parent"),
        by=by,
        intent=intent,
    )


def _lane_of(journey, fields: dict) -> dict:
    """Kind and content of a new lane, taken out of `fields`: of the catalogue, which also gives
    the name where none was sent, or chosen for an own lane."""
    key, content = fields.pop("kind", ""), fields.pop("content", "")
    if key:
        kind = lane_kind(key, journey.language)
        if kind is None:
            raise ValidationError({"kind": [_("There is no such lane.")]})
        fields["name"] = fields.get("name") or kind.name
        return {"kind": key, "content": kind.content}
    content = content or "text"
    if content not in KINDS:
        raise ValidationError({"content": [_("There is no such content.")]})
    return {"kind": "", "content": content}


@edit_view(more=True)
def edit(request, journey, row, *, model, by, intent):
    values = _clean(model, fields_of(request))
    return edits.edit(journey.pk, model, row, fields=values, by=by, intent=intent)


@edit_view("after", "parent")
def move(request, journey, row, *, model, by, intent):
    return edits.move(
        journey.pk,
        model,
        row,
        after=after_of(request),
        parent=uuid_of(request.POST, "parent"),
        by=by,
        intent=intent,
    )


@edit_view(lists=("id", "name"))
def divide(request, journey, row, *, by, intent):
    """`id` and `name`, as often as there are steps."""
    posted = zip(request.POST.getlist("id"), request.POST.getlist("name"), strict=False)
    named = [
        (id_of({"id": pk}, "id"), _clean(Stage, {"name": name})["name"]) for pk, name in posted
    ]
    if not named:
        raise ValidationError({"id": [gettext("An id is missing.")]})
    if len({pk for pk, _name in named}) < len(named):
        raise ValidationError({"id": [gettext("This exists already.")]})
    return steps.divide(journey.pk, row, steps=named, by=by, intent=intent)


@edit_view("id")
def duplicate(request, journey, row, *, model, by, intent):
    new = id_of(request.POST, "id")
    return edits.duplicate(journey.pk, model, row, id=new, by=by, intent=intent)


@edit_view()
def delete(request, journey, row, *, model, by, intent):
    return edits.delete(journey.pk, model, row, by=by, intent=intent)


@edit_view()
def restore(request, journey, row, *, model, by, intent):
    return edits.restore(journey.pk, model, row, by=by, intent=intent)
