"""What a guest does, each answered by their own screen."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changes.record import Forbidden, Gone, Refused, Repeated, Unchanged
from journeys.views.posting import attempt, check_names, id_of, intent_of, text_of
from teams import throttle
from teams.policy import policy

from .. import access, post
from ..actors import actor_of
from ..edits import guests, voting, writing
from ..models import Guest
from .screens import screen


def act(*fields: str, lists: tuple[str, ...] = ()) -> Callable:
    """A view of one act of a guest: `view(request, guest, by=…, intent=…, **ids)`."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def receive(request: HttpRequest, pk: UUID, **ids) -> HttpResponse:
            guest = access.guest_in(request, pk)

            def edit() -> HttpResponse:
                check_names(request, fields, lists, more=False)
                if guest.removed_at:
                    raise Gone(_("You are no longer in this workshop."))
                try:
                    view(request, guest, by=actor_of(guest), intent=intent_of(request), **ids)
                except (Repeated, Unchanged):
                    pass  # what was asked for is so
                except Forbidden:
                    raise Refused(_("The workshop is over.")) from None
                fresh = access.guest_in(request, pk)
                return screen(request, "phone", fresh.workshop, fresh)

            return attempt(edit)

        return policy("room:take_part")(require_POST(receive))

    return decorate


def number_of(request: HttpRequest, name: str, *, empty: bool = False) -> int | None:
    """A whole number of the post. Raises ValidationError."""
    value = request.POST.get(name, "")
    if empty and value == "":
        return None
    try:
        return int(value) if len(value) < 6 else _no_number(name)
    except ValueError:
        return _no_number(name)


def _no_number(name: str) -> int:
    raise ValidationError({name: [_("A whole number, please.")]})


@act("id", "step", "stage", "text", lists=("lifts",))
def add(request: HttpRequest, guest: Guest, *, by, intent):
    return writing.add_card(
        guest,
        id=id_of(request.POST, "id"),
        step=id_of(request.POST, "step"),
        stage=id_of(request.POST, "stage"),
        text=text_of(request, "text") or "",
        lifts=[id_of({"lifts": one}, "lifts") for one in request.POST.getlist("lifts") if one],
        by=by,
        intent=intent,
    )


@act("text")
def edit(request: HttpRequest, guest: Guest, *, by, intent, card: UUID):
    return writing.edit_card(
        guest,
        card,
        text_of(request, "text") or "",
        base=text_of(request, "base"),
        by=by,
        intent=intent,
    )


@act()
def delete(request: HttpRequest, guest: Guest, *, by, intent, card: UUID):
    return writing.delete_card(guest, card, by=by, intent=intent)


@act("done")
def done(request: HttpRequest, guest: Guest, *, by, intent):
    return guests.say_done(guest, request.POST.get("done") == "1", by=by, intent=intent)


@act("name")
def rename(request: HttpRequest, guest: Guest, *, by, intent):
    return guests.rename_self(guest, text_of(request, "name") or "", intent=intent)


@act("email", "agreed")
def leave_address(request: HttpRequest, guest: Guest, *, by, intent):
    """Where one wants the outcome sent to; only with the tick that says so."""
    if request.POST.get("agreed") != "1":
        raise ValidationError({"agreed": [_("Tick the box: without it we keep no address.")]})
    post.leave(guest, text_of(request, "email") or "", language=translation.get_language() or "en")


leave_address = throttle.limited("address", posts=300, minutes=15)(leave_address)


@act()
def take_address_back(request: HttpRequest, guest: Guest, *, by, intent):
    post.take_back(guest)


@act("heads")
def heads(request: HttpRequest, guest: Guest, *, by, intent):
    return guests.say_heads(guest, number_of(request, "heads") or 0, intent=intent)


@act("step", "card", "count")
def vote(request: HttpRequest, guest: Guest, *, by, intent):
    return voting.vote(
        guest,
        step=id_of(request.POST, "step"),
        card=id_of(request.POST, "card"),
        count=number_of(request, "count") or 0,
        intent=intent,
    )


@act("step", "subject", "aspect", "value")
def rate(request: HttpRequest, guest: Guest, *, by, intent):
    return voting.rate(
        guest,
        step=id_of(request.POST, "step"),
        subject=text_of(request, "subject") or "",
        aspect=text_of(request, "aspect") or "",
        value=number_of(request, "value", empty=True),
        intent=intent,
    )
