"""Acts on several cards: one post, one change.

`cards` are ids with commas between them, in the order of the map; `moves` is JSON:
`[{"cards": [id, …], "stage": id, "lane": id, "after": id or "first" or ""}, …]`.
"""

import json
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from journeys.edits import many as edits
from journeys.kinds.kind import Ids, Tags

from .posting import edit_view, fields_of

OWN = {"cards", "tags_add", "tags_remove"}


@edit_view("moves")
def move_cards(request, journey, *, by, intent):
    moves = _moves(request.POST.get("moves", ""))
    return edits.move_cards(journey.pk, moves, by=by, intent=intent)


@edit_view(lists=("tags_add", "tags_remove"), more=True)
def edit_cards(request, journey, *, by, intent):
    fields = fields_of(request)
    return edits.edit_cards(
        journey.pk,
        _ids(request, "cards"),
        fields={name: value for name, value in fields.items() if name not in OWN},
        add_tags=Tags().clean(fields.get("tags_add")),
        remove_tags=Tags().clean(fields.get("tags_remove")),
        by=by,
        intent=intent,
    )


@edit_view("cards", "ids")
def duplicate_cards(request, journey, *, by, intent):
    cards, copies = _ids(request, "cards"), _ids(request, "ids")
    if len(cards) != len(copies):
        raise ValidationError({"ids": [_("An id is missing.")]})
    return edits.duplicate_cards(
        journey.pk, dict(zip(cards, copies, strict=True)), by=by, intent=intent
    )


@edit_view("cards")
def delete_cards(request, journey, *, by, intent):
    return edits.delete_cards(journey.pk, _ids(request, "cards"), by=by, intent=intent)


def _ids(request, name: str) -> list[UUID]:
    try:
        found = Ids().clean(request.POST.get(name, ""))
    except ValidationError:
        raise ValidationError({name: [_("This is not an id.")]}) from None
    if not found:
        raise ValidationError({name: [_("An id is missing.")]})
    return list(dict.fromkeys(found))


def _moves(text: str) -> list[edits.Move]:
    try:
        return [_move(**group) for group in json.loads(text)]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ValidationError({"moves": [_("This is not an id.")]}) from None


def _move(cards: list[str], stage: str, lane: str, after: str = "") -> edits.Move:
    behind = None if after == "first" else UUID(after) if after else edits.END
    return edits.Move([UUID(pk) for pk in cards], UUID(stage), UUID(lane), behind)
