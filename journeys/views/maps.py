"""The page of a map, its board, and what is done to the map as a whole."""

import re
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from changes import frames
from changes import undo as undoing
from changes.models import Document
from journeys import drawing, limits
from journeys.access import actor_of, map_to_read
from journeys.edits import journeys as edits
from journeys.edits import undo as history
from journeys.models import Journey
from live import presence
from personas.models import Persona
from teams.policy import policy
from ui.build import BUILD

from .posting import edit_view, fields_of, id_of, refusal, text_of

METHODS = [
    ("", gettext_lazy("Not said")),
    ("observed", gettext_lazy("We follow real customers and rate each point")),
    ("logical", gettext_lazy("We lay out the logic of the purchase")),
]
FIELDS = {
    "title": forms.CharField(label=gettext_lazy("Title"), max_length=limits.TITLE),
    "summary": forms.CharField(max_length=limits.CARD_TEXT, required=False),
    "goal": forms.CharField(
        label=gettext_lazy("Why this map"), max_length=limits.CARD_TEXT, required=False
    ),
    "measure": forms.CharField(
        label=gettext_lazy("How we shall know it worked"),
        max_length=limits.CARD_TEXT,
        required=False,
    ),
    "plan_starts": forms.DateField(label=gettext_lazy("The plan starts on"), required=False),
    "language": forms.ChoiceField(choices=[("ru", ""), ("en", "")]),
    "kind": forms.ChoiceField(choices=Journey.Kind.choices),
    "method": forms.ChoiceField(choices=METHODS, required=False),
}


def _snapshot(journey: Journey, actor):
    """The number first, then the rows: what slips in between comes twice and does no harm.

    On PostgreSQL one repeatable read sees a single moment; SQLite reads without a transaction,
    which would make readers wait for writers.
    """

    def read():
        seq, epoch = Document.objects.values_list("seq", "epoch").get(pk=journey.pk)
        return seq, epoch, *drawing.board(journey, actor)

    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return read()
    return read()


@policy("map:read")
@require_GET
def map_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The map."""
    journey = map_to_read(request, pk)
    seq, epoch, html, board = _snapshot(journey, actor_of(request))
    return render(
        request,
        "journeys/map.html",
        {
            "journey": journey,
            "personas": board.personas,
            "twins": list(
                Journey.objects.filter(
                    Q(pk=journey.copied_from_id) | Q(copied_from=journey), deleted_at=None
                ).order_by("created_at")
            ),
            "all_personas": list(
                Persona.objects.filter(workspace=journey.workspace, deleted_at=None)
            ),
            "methods": METHODS,
            "board_html": html,
            "board": board,
            "seq": seq,
            "epoch": epoch,
            "actor": actor_of(request),
        },
    )


@policy("map:read")
@require_GET
def board(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The board alone, for a screen that asks for it anew; its number is in `X-Seq`."""
    journey = map_to_read(request, pk)
    seq, epoch, html, _board = _snapshot(journey, actor_of(request))
    return HttpResponse(html, headers={"X-Seq": str(seq), "X-Epoch": str(epoch), "X-Build": BUILD})


@policy("map:read")
@require_GET
def since(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The frames after a number: `{"frames": [[seq, html], …]}`, or `{"board": true}`."""
    journey = map_to_read(request, pk)
    seq = request.GET.get("since", "")
    known = seq.isdecimal() and len(seq) < 19
    rows = frames.after(journey.pk, int(seq)) if known else None
    if rows is None:
        return JsonResponse({"board": True})
    audiences = actor_of(request).audiences
    # A change that the reader may not see still has its number, or the screen would miss it.
    seen: dict[int, str] = {}
    for number, who, html in rows:
        seen[number] = seen.get(number, "") + (html if who in audiences else "")
    return JsonResponse({"frames": [*seen.items()]})


@policy("map:read")
@require_POST
def be_present(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Which card this screen is writing in, and whether it is looked at: a hint with a lease."""
    journey = map_to_read(request, pk)
    target = request.POST.get("target", "")
    try:
        screen = id_of(request.POST, "screen")
    except ValidationError as error:
        return refusal(422, error.message_dict)
    if not re.fullmatch(r"([0-9a-f]{32})?", target):
        return refusal(422, {"target": [_("This is not an id.")]})
    away = request.POST.get("away") == "1"
    known = presence.touch(screen, journey.pk, actor_of(request).key, target=target, away=away)
    return HttpResponse(status=204) if known else refusal(404, {"": [_("This page is not open.")]})


@edit_view(more=True)
def edit_map(request, journey, *, by, intent):
    values, errors = {}, {}
    for name, value in fields_of(request).items():
        try:
            values[name] = FIELDS[name].clean(value)
        except ValidationError as error:
            errors[name] = error.messages
        except KeyError:
            errors[name] = [_("A map has no such field.")]
    if errors:
        raise ValidationError(errors)
    return edits.edit_map(
        journey.pk, fields=values, base=text_of(request, "base"), by=by, intent=intent
    )


@edit_view(lists=("persona",))
def set_personas(request, journey, *, by, intent):
    try:
        chosen = [UUID(pk) for pk in request.POST.getlist("persona") if pk]
    except ValueError:
        raise ValidationError({"persona": [_("This is not an id.")]}) from None
    return edits.set_personas(journey.pk, chosen, by=by, intent=intent)


@policy("map:read")
@require_GET
def steps(request: HttpRequest, pk: UUID) -> JsonResponse:
    """Whether there is anything of the person's own to undo, and to redo."""
    journey, by = map_to_read(request, pk), actor_of(request).key
    can = {"undo": undoing.last_step(journey.pk, by), "redo": undoing.last_undo(journey.pk, by)}
    return JsonResponse({name: bool(found) for name, found in can.items()})


@edit_view()
def undo(request, journey, *, by, intent):
    return history.undo(journey.pk, by=by, intent=intent)


@edit_view()
def redo(request, journey, *, by, intent):
    return history.redo(journey.pk, by=by, intent=intent)
