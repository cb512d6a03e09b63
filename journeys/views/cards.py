"""Cards: their edits and their details."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import render

from journeys.access import actor_of, card_to_read
from journeys.edits import cards as edits
from journeys.kinds import KINDS
from journeys.reads.details import details_of
from teams.policy import policy

from .posting import edit_view, fields_of, uuid_of


@edit_view
def add_card(request, journey, *, by, intent):
    """One card, or several when `lines` holds more than one line (pasted text)."""
    fields = fields_of(request)
    place = {name: uuid_of(fields, name) for name in ("stage", "lane")}
    after = uuid_of(fields, "after", edits.END) if fields.pop("after", "") != "first" else None
    ids = fields.pop("id", [])
    lines = fields.pop("lines", None)
    fields = {name: value for name, value in fields.items() if name not in place}
    ids = [UUID(pk) for pk in ([ids] if isinstance(ids, str) else ids)]
    texts = [lines] if isinstance(lines, str) else lines
    cards = (
        [(pk, {"text": text}) for pk, text in zip(ids, texts, strict=True)]
        if texts
        else [(ids[0], fields)]
    )
    return edits.add_cards(journey.pk, **place, after=after, cards=cards, by=by, intent=intent)


@edit_view
def edit_card(request, journey, card, *, by, intent):
    return edits.edit_card(
        journey.pk,
        card,
        fields=fields_of(request),
        base=request.POST.get("base"),
        by=by,
        intent=intent,
    )


@edit_view
def move_card(request, journey, card, *, by, intent):
    after = request.POST.get("after", "")
    return edits.move_card(
        journey.pk,
        card,
        stage=uuid_of(request.POST, "stage"),
        lane=uuid_of(request.POST, "lane"),
        after=None if after == "first" else uuid_of(request.POST, "after", edits.END),
        by=by,
        intent=intent,
    )


@edit_view
def duplicate_card(request, journey, card, *, by, intent):
    new = uuid_of(request.POST, "id")
    return edits.duplicate_card(journey.pk, card, id=new, by=by, intent=intent)


@edit_view
def delete_card(request, journey, card, *, by, intent):
    return edits.delete_card(journey.pk, card, by=by, intent=intent)


@edit_view
def restore_card(request, journey, card, *, by, intent):
    return edits.restore_card(
        journey.pk, card, text=request.POST.get("text"), by=by, intent=intent
    )


@edit_view
def solve_conflict(request, journey, conflict, *, by, intent):
    return edits.solve_conflict(
        journey.pk, conflict, choice=request.POST.get("choice", ""), by=by, intent=intent
    )


def card(request: HttpRequest, pk: UUID, card: UUID):
    """POST edits the card, GET shows its details."""
    if request.method == "POST":
        return edit_card(request, pk=pk, card=card)
    found = card_to_read(request, pk, card)
    kind = KINDS[found.lane.content]
    return render(
        request,
        "journeys/details.html",
        {"card": found, "kind": kind, "can_edit": found.journey.can_edit, **details_of(found, actor_of(request))},
    )


card = policy("map:read")(card)
