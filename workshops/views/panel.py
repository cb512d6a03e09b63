"""What whoever leads does, each answered by the panel."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changes.record import Gone, Intent, Refused, Repeated, Unchanged
from journeys.views.posting import attempt, check_names, id_of, intent_of, text_of
from teams.access import actor_of
from teams.actors import Actor
from teams.policy import policy

from .. import access
from ..edits import deciding, grouping, groups, guests, meeting, rehearsal, writing
from ..models import Guest, Workshop
from ..reads.groups import Groups
from ..reads.setup import setup_of
from .room import number_of
from .screens import screen


def act(*fields: str, lists: tuple[str, ...] = ()) -> Callable:
    """A view of one act of whoever leads: `view(request, workshop, by=…, intent=…, **ids)`."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def receive(request: HttpRequest, pk: UUID, **ids) -> HttpResponse:
            workshop = access.workshop_to_run(request, pk)

            def edit() -> HttpResponse:
                check_names(request, fields, lists, more=False)
                with suppress(Repeated, Unchanged):  # what was asked for is so
                    view(request, workshop, by=actor_of(request), intent=intent_of(request), **ids)
                fresh = access.workshop_to_run(request, pk)
                if fresh.state == Workshop.State.PREPARING:  # groups are made before, too
                    return render(request, "workshops/setup.html#groups", setup_of(request, fresh))
                if not fresh.is_live:
                    return HttpResponse(headers={"HX-Refresh": "true"})
                return screen(request, "panel", fresh)

            return attempt(edit)

        return policy("workshop:run")(require_POST(receive))

    return decorate


def _simple(edit: Callable) -> Callable:
    """An act that needs to know nothing but which workshop."""

    @wraps(edit)
    def view(request: HttpRequest, workshop: Workshop, *, by: Actor, intent: Intent):
        return edit(workshop, by=by, intent=intent)

    return act()(view)


open_entry = _simple(meeting.open_entry)
close_entry = _simple(meeting.close_entry)
pause = _simple(meeting.pause)
go_on = _simple(meeting.go_on)
adjourn = _simple(meeting.adjourn)
reveal = _simple(meeting.reveal)
end = _simple(meeting.end)
take_over = _simple(meeting.take_over)


gather = _simple(meeting.gather)


@act()
def play(request: HttpRequest, workshop: Workshop, *, by, intent):
    """A made-up guest of a rehearsal does something."""
    return rehearsal.play(workshop)


@act()
def go_to(request: HttpRequest, workshop: Workshop, *, by, intent, step: UUID):
    return meeting.go_to(workshop, step, by=by, intent=intent)


@act("minutes")
def extend(request: HttpRequest, workshop: Workshop, *, by, intent):
    minutes = number_of(request, "minutes") or 0
    if not 1 <= minutes <= 60:
        raise Refused(_("From one minute to sixty at a time."))
    return meeting.extend(workshop, minutes, by=by, intent=intent)


@act("locked")
def lock(request: HttpRequest, workshop: Workshop, *, by, intent):
    return meeting.lock(workshop, request.POST.get("locked") == "1", by=by, intent=intent)


@act("split")
def split(request: HttpRequest, workshop: Workshop, *, by, intent):
    return meeting.split(workshop, request.POST.get("split") == "1", by=by, intent=intent)


@act("target", "phones")
def spotlight(request: HttpRequest, workshop: Workshop, *, by, intent):
    """`target` is "" or "stage:", "lane:" or "card:<hex>"; `phones` 1 or 0 if it is to be said."""
    target = text_of(request, "target")
    phones = request.POST.get("phones")
    return meeting.spotlight(
        workshop,
        workshop.spotlight if target is None else _target(target, most=2),
        on_phones=None if phones is None else phones == "1",
        by=by,
        intent=intent,
    )


@act("page")
def turn_page(request: HttpRequest, workshop: Workshop, *, by, intent):
    """`page` counts from 0."""
    page = number_of(request, "page") or 0
    if not 0 <= page < 1_000:
        raise ValidationError({"page": [_("There is no such place.")]})
    return meeting.turn_page(workshop, page, by=by, intent=intent)


def _target(said: str, most: int = 1) -> str:
    """A stage, a lane or a card; with `most` 2 perhaps of a persona."""
    kind, *ids = said.split(":")
    if not said:
        return ""
    try:
        if kind in ("stage", "lane", "card") and 1 <= len(ids) <= most:
            return ":".join([kind, *(UUID(one).hex for one in ids)])
    except ValueError:
        pass
    raise ValidationError({"target": [_("There is no such place.")]})


@act("text", lists=("card",))
def join_cards(request: HttpRequest, workshop: Workshop, *, by, intent):
    chosen = [id_of({"card": one}, "card") for one in request.POST.getlist("card")]
    text = text_of(request, "text") or ""
    return grouping.join_cards(workshop, chosen, text=text, by=by, intent=intent)


@act()
def part_cards(request: HttpRequest, workshop: Workshop, *, by, intent, card: UUID):
    return grouping.part_cards(workshop, card, by=by, intent=intent)


@act("subject", "aspect", "value")
def take_value(request: HttpRequest, workshop: Workshop, *, by, intent):
    if workshop.step is None:
        raise Refused(_("Show the answers first."))
    return deciding.take_value(
        workshop,
        workshop.step,
        subject=_target(text_of(request, "subject") or "", most=2),
        aspect=text_of(request, "aspect") or "",
        value=number_of(request, "value") or 0,
        by=by,
        intent=intent,
    )


@act("solution", "text", "owner", "due")
def add_task(request: HttpRequest, workshop: Workshop, *, by, intent):
    said = request.POST.get("due", "")
    try:
        due = parse_date(said) if said else None
    except ValueError:
        due = None
    if said and due is None:
        raise ValidationError({"due": [_("This is not a date.")]})
    return deciding.add_task(
        workshop,
        solution=id_of(request.POST, "solution"),
        text=text_of(request, "text") or "",
        owner=(text_of(request, "owner") or "")[:200],
        due=due,
        by=by,
        intent=intent,
    )


# --- people ------------------------------------------------------------------------------------


@act("name")
def add_by_hand(request: HttpRequest, workshop: Workshop, *, by, intent):
    """Somebody without a phone: whoever leads types for them."""
    return guests.join(workshop, text_of(request, "name") or "", by_hand=True, by=by)


@act("name")
def rename_guest(request: HttpRequest, workshop: Workshop, *, by, intent, guest: UUID):
    return guests.rename(
        _guest(workshop, guest), text_of(request, "name") or "", by=by, intent=intent
    )


@act("close_entry")
def remove_guest(request: HttpRequest, workshop: Workshop, *, by, intent, guest: UUID):
    close = request.POST.get("close_entry") == "1"
    return guests.remove(workshop, guest, close_entry=close, by=by, intent=intent)


@act()
def forget_guest(request: HttpRequest, workshop: Workshop, *, by, intent, guest: UUID):
    """Also asked for on the outcome page."""
    return guests.forget_name(workshop, guest, by=by, intent=intent)


@act()
def let_guest_back(request: HttpRequest, workshop: Workshop, *, by, intent, guest: UUID):
    return guests.let_back(workshop, guest, by=by, intent=intent)


@act("standing", "observes", "heads")
def describe_guest(request: HttpRequest, workshop: Workshop, *, by, intent, guest: UUID):
    standing = text_of(request, "standing")
    if standing and standing not in Guest.Standing.values:
        raise ValidationError({"standing": [_("There is no such choice.")]})
    observes = request.POST.get("observes")
    return guests.describe(
        workshop,
        guest,
        standing=standing,
        observes=None if observes is None else observes == "1",
        heads=number_of(request, "heads") if "heads" in request.POST else None,
        by=by,
        intent=intent,
    )


@act("group")
def move_guest(request: HttpRequest, workshop: Workshop, *, by, intent, guest: UUID):
    group = id_of(request.POST, "group") if request.POST.get("group") else None
    return groups.move_guest(workshop, guest, group, by=by, intent=intent)


add_group = _simple(groups.add_group)
share_out = _simple(groups.share_out)


@act("name", "persona", lists=("stages",))
def edit_group(request: HttpRequest, workshop: Workshop, *, by, intent, group: UUID):
    may = Groups(workshop)
    chosen = request.POST.getlist("stages")
    if not {one.pk.hex for one in may.stages} >= set(chosen):
        raise ValidationError({"stages": [_("There is no such choice.")]})
    persona = id_of(request.POST, "persona") if request.POST.get("persona") else None
    if persona and persona not in {one.pk for one in may.personas}:
        raise ValidationError({"persona": [_("There is no such choice.")]})
    return groups.edit_group(
        workshop,
        group,
        name=text_of(request, "name") or "",
        stages=chosen,
        persona=persona,
        by=by,
        intent=intent,
    )


@act()
def delete_group(request: HttpRequest, workshop: Workshop, *, by, intent, group: UUID):
    return groups.delete_group(workshop, group, by=by, intent=intent)


@act("id", "guest", "stage", "text")
def write_for(request: HttpRequest, workshop: Workshop, *, by, intent):
    """A card that somebody said aloud."""
    step = workshop.step
    if step is None:
        raise Refused(_("The room is at no step yet."))
    return writing.add_card(
        _guest(workshop, id_of(request.POST, "guest")),
        id=id_of(request.POST, "id"),
        step=step.pk,
        stage=id_of(request.POST, "stage"),
        text=text_of(request, "text") or "",
        by=by,
        intent=intent,
    )


def _guest(workshop: Workshop, pk: UUID) -> Guest:
    found = workshop.guests.filter(pk=pk).select_related("workshop").first()
    if found is None:
        raise Gone(_("There is nobody like this in the room."))
    return found
