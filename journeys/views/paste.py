"""A table pasted into the map: looked at first, then one edit."""

import json
from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changes.record import Gone
from journeys import limits
from journeys.access import map_to_edit
from journeys.edits import paste as edits
from journeys.edits.paste import Place, Target
from journeys.formats.json_node import is_storable
from journeys.formats.statements import statements
from journeys.models import Card
from journeys.reads.board import lanes_of, stages_of
from teams.policy import policy

from .posting import edit_view, id_of, refusal

ASKED = 10  # so many cards are pasted without a question
CELL = 3  # lines of a cell in the preview


@policy("map:edit")
@require_POST
def look(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a block would do to the map, as a dialog. `X-Ask: no`: there is nothing to ask."""
    journey = map_to_edit(request, pk)
    try:
        rows = _rows(_json(request.POST.get("rows", "")))
        heads = _said(request, "head_row"), _said(request, "head_column")
        together = request.POST.get("together", "1") == "1" and len(rows[0]) == 1 < len(rows)
        stages, lanes = stages_of(journey), lanes_of(journey)
        place = edits.place(
            journey,
            [["\n".join(row[0] for row in rows)]] if together else rows,
            stages=stages,
            lanes=lanes,
            stage=id_of(request.POST, "stage"),
            lane=id_of(request.POST, "lane"),
            heads=heads,
            empty=not Card.living.filter(journey=journey).exists(),
        )
    except ValidationError as error:
        return refusal(422, {"": error.messages})
    except Gone:
        return refusal(410, {"": [_("It was deleted meanwhile.")]})
    new_stages, new_lanes = place.missing
    column = len(rows[0]) == 1 < len(rows)
    ask = column or place.cards > ASKED or any(place.heads) or new_stages or new_lanes
    answer = render(
        request,
        "journeys/paste.html",
        {
            "place": place,
            "journey": journey,
            "column": column,
            "together": together,
            "head_row": place.heads[0],
            "head_column": place.heads[1],
            "new_stages": list(dict.fromkeys(new_stages)),
            "new_lanes": list(dict.fromkeys(new_lanes)),
            "refused": _beyond(journey, place, len(stages), len(lanes)),
            "heading": [_shown(place, target) for target in place.stages],
            "table": [
                (_shown(place, target), [_in_short(cell) for cell in row])
                for target, row in zip(place.lanes, place.rows, strict=True)
            ],
            "block": json.dumps(
                {
                    "stages": [_plain(target) for target in place.stages],
                    "lanes": [_plain(target) for target in place.lanes],
                    "rows": place.rows,
                },
                ensure_ascii=False,
            ),
        },
    )
    answer["X-Ask"] = "yes" if ask else "no"
    return answer


def _said(request: HttpRequest, name: str) -> bool | None:
    return {"1": True, "0": False}.get(request.POST.get(name, ""))


def _beyond(journey, place: Place, stages: int, lanes: int) -> str:
    """The sentence of the limit that the block would break; empty if it breaks none."""
    new_stages = {target.id for target in place.stages if target.name}
    new_lanes = {target.id for target in place.lanes if target.name}
    cards = Card.living.filter(journey=journey).count() + place.cards
    for limit, count in (
        (limits.STAGES, stages + len(new_stages)),
        (limits.LANES, lanes + len(new_lanes)),
        (limits.CARDS, cards),
    ):
        if count > limit.most:
            return limit.sentence
    return "" if place.cards else _("There is no text in this block.")


def _shown(place: Place, target: Target) -> dict:
    return {"name": place.shown.get(target.id, ""), "new": bool(target.name)}


def _in_short(cell: str) -> dict:
    lines = statements(cell)
    return {"lines": [line[:80] for line in lines[:CELL]], "more": max(0, len(lines) - CELL)}


def _plain(target: Target) -> dict[str, str]:
    return {"id": str(target.id), "name": target.name}


@edit_view("block")
def paste_block(request, journey, *, by, intent):
    block = _json(request.POST.get("block", ""))
    if not isinstance(block, dict):
        raise ValidationError(_("This is not a table."))
    rows = _rows(block.get("rows"))
    stages = _list(block.get("stages"), _target, len(rows[0]))
    lanes = _list(block.get("lanes"), _target, len(rows))
    return edits.paste_block(
        journey.pk, stages=stages, lanes=lanes, rows=rows, by=by, intent=intent
    )


def _json(text: str):
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError(_("This is not a table.")) from None


def _list[T](found: object, read: Callable[[object], T], length: int | None = None) -> list[T]:
    if not isinstance(found, list) or not found or (length is not None and len(found) != length):
        raise ValidationError(_("This is not a table."))
    return [read(item) for item in found]


def _text(found: object) -> str:
    if not isinstance(found, str) or not is_storable(found):
        raise ValidationError(_("This is not a table."))
    return found


def _rows(found: object) -> list[list[str]]:
    """Rows of texts, equally wide, within what a map can hold."""
    rows = _list(found, lambda row: _list(row, _text))
    width = max(map(len, rows))
    if len(rows) > limits.LANES.most + 1 and width > 1:
        raise ValidationError(limits.LANES.sentence)
    if width > limits.STAGES.most + 1:
        raise ValidationError(limits.STAGES.sentence)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _target(found: object) -> Target:
    if not isinstance(found, dict):
        raise ValidationError(_("This is not a table."))
    name = " ".join(_text(found.get("name", "")).split())
    if len(name) > limits.TITLE:
        raise ValidationError(limits.characters(limits.TITLE).sentence)
    return Target(id_of({"id": _text(found.get("id"))}, "id"), name)
