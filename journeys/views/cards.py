"""Cards: their edits and their details."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journeys.access import actor_of, card_to_read
from journeys.edits import cards as edits
from journeys.kinds import kind_of
from journeys.reads.details import details_of
from journeys.reads.history import who_deleted
from teams.policy import policy

from .posting import after_of, edit_view, fields_of, id_of, refusal, text_of

PLACE = {"id", "stage", "lane", "after"}


@edit_view(lists=("id", "lines", "resolves", "tags", "images"), more=True)
def add_card(request, journey, *, by, intent):
    """One card, or several when `lines` holds more than one line (pasted text)."""
    fields = fields_of(request)
    stage, lane = id_of(fields, "stage"), id_of(fields, "lane")
    ids = _ids(request.POST.getlist("id"))
    lines = request.POST.getlist("lines")
    if len(ids) != (len(lines) or 1):
        raise ValidationError({"id": [_("Each card needs an id of its own.")]})
    if lines:
        cards = [(pk, {"text": line}) for pk, line in zip(ids, lines, strict=True)]
    else:
        said = {name: value for name, value in fields.items() if name not in PLACE}
        cards = [(ids[0], said)]
    return edits.add_cards(
        journey.pk,
        stage=stage,
        lane=lane,
        after=after_of(request),
        cards=cards,
        by=by,
        intent=intent,
    )


def _ids(posted: list[str]) -> list[UUID]:
    if not posted:
        raise ValidationError({"id": [_("An id is missing.")]})
    return [id_of({"id": pk}, "id") for pk in posted]


@edit_view(lists=("resolves", "tags", "images"), more=True)
def edit_card(request, journey, card, *, by, intent):
    return edits.edit_card(
        journey.pk,
        card,
        fields=fields_of(request),
        base=text_of(request, "base"),
        by=by,
        intent=intent,
    )


@edit_view("stage", "lane", "after")
def move_card(request, journey, card, *, by, intent):
    return edits.move_card(
        journey.pk,
        card,
        stage=id_of(request.POST, "stage"),
        lane=id_of(request.POST, "lane"),
        after=after_of(request),
        by=by,
        intent=intent,
    )


@edit_view("id")
def duplicate_card(request, journey, card, *, by, intent):
    new = id_of(request.POST, "id")
    return edits.duplicate_card(journey.pk, card, id=new, by=by, intent=intent)


@edit_view()
def delete_card(request, journey, card, *, by, intent):
    return edits.delete_card(journey.pk, card, by=by, intent=intent)


@edit_view("text")
def restore_card(request, journey, card, *, by, intent):
    return edits.restore_card(journey.pk, card, text=text_of(request, "text"), by=by, intent=intent)


@edit_view("choice")
def solve_conflict(request, journey, conflict, *, by, intent):
    choice = request.POST.get("choice", "")
    if choice not in edits.CHOICES:
        raise ValidationError({"choice": [_("Choose one of the two versions, or both.")]})
    base = text_of(request, "base")
    return edits.solve_conflict(
        journey.pk, conflict, choice=choice, base=base, by=by, intent=intent
    )


@policy("map:read", post="map:edit")
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, pk: UUID, card: UUID):
    """POST edits the card, GET shows its details."""
    if request.method == "POST":
        return edit_card(request, pk=pk, card=card)
    found = card_to_read(request, pk, card)
    for part in (found, found.stage, found.stage.parent, found.lane):
        if part and part.deleted_at is not None:
            return refusal(410, {"": [who_deleted(part) or _("It was deleted meanwhile.")]})
    kind = kind_of(found.lane)
    return render(
        request,
        "journeys/details.html",
        {
            "card": found,
            "kind": kind,
            "can_edit": found.journey.can_edit,
            **details_of(found, actor_of(request)),
        },
    )
