"""The three screens of a workshop: one page each, and its fragment for whoever looks anew."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from changes.models import Document
from journeys.access import map_to_read
from teams.policy import policy

from .. import access
from ..links import join_address, join_link, wall_link
from ..models import Guest, Workshop
from ..post import may_leave
from ..reads.seat import Seat
from ..reads.setup import setup_of
from ..reads.wall import Wall, scene_of

SCREEN = {
    "panel": "workshops/panel.html",
    "phone": "workshops/phone.html",
    "wall": "workshops/wall.html",
}


def context_of(request: HttpRequest, name: str, workshop: Workshop, guest: Guest | None) -> dict:
    """What a screen is drawn from; the number first, so that what slips in between comes twice."""
    seq = Document.objects.values_list("seq", flat=True).get(pk=workshop.journey_id)
    # Two hundred phones look anew at once; of them one reads the room.
    scene = Wall(workshop) if name == "panel" else scene_of(workshop.pk, seq)
    workshop = scene.workshop
    context = {
        "seq": seq,
        "epoch": workshop.journey.epoch,
        "now": timezone.now(),
        "workshop": workshop,
        "journey": workshop.journey,
        "scene": scene,
        "step": scene.step,
        "guest": guest,
    }
    if guest:
        return {
            **context,
            "seat": Seat(guest, scene),
            "wall": _wall_here(request, context) if _sees_wall(request, guest) else "",
            "may_leave_address": may_leave(workshop),
            "address": getattr(guest, "address", None),
        }
    return {
        **context,
        **_ways_in(request, workshop),
        "wall_link": wall_link(request, workshop),
        "actor_key": f"member:{request.user.pk}",
    }


def _ways_in(request: HttpRequest, workshop: Workshop) -> dict:
    return {
        "join_link": join_link(request, workshop),
        "join_address": join_address(request),
    }


def _sees_wall(request: HttpRequest, guest: Guest) -> bool:
    """Whether this browser has the wall beside its own (static/js/workshop/beside.js)."""
    return request.COOKIES.get("wall") == "1" and not guest.removed_at


def _wall_here(request: HttpRequest, context: dict) -> str:
    """The wall as the room sees it, in the room's language."""
    workshop = context["workshop"]
    with translation.override(workshop.journey.language):
        return render_to_string(
            f"{SCREEN['wall']}#here",
            {**context, "guest": None, **_ways_in(request, workshop)},
            request,
        )


def screen(request: HttpRequest, name: str, workshop: Workshop, guest: Guest | None = None):
    """The fragment of a screen, with the number of the map it was read at."""
    context = context_of(request, name, workshop, guest)
    html = render_to_string(f"{SCREEN[name]}#screen", context, request)
    return HttpResponse(html, headers={"X-Seq": str(context["seq"])})


def page(request: HttpRequest, name: str, workshop: Workshop, guest: Guest | None = None):
    return render(request, SCREEN[name], context_of(request, name, workshop, guest))


# --- who leads ---------------------------------------------------------------------------------


@policy("workshop:run")
@require_safe
def lead(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where whoever leads is sent: the agenda while it is prepared, the panel, the outcome."""
    workshop = access.workshop_to_run(request, pk)
    if workshop.state == Workshop.State.ENDED:
        return redirect("outcome", pk)
    if workshop.state == Workshop.State.PREPARING:
        return render(request, "workshops/setup.html", setup_of(request, workshop))
    return page(request, "panel", workshop)


@policy("workshop:run")
@require_safe
def panel_screen(request: HttpRequest, pk: UUID) -> HttpResponse:
    workshop = access.workshop_to_run(request, pk)
    return screen(request, "panel", workshop)


# --- the map -----------------------------------------------------------------------------------


@policy("map:read")
@require_safe
def on_map(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What people at the map are told while a workshop goes on over it; nothing where none does."""
    journey = map_to_read(request, pk)
    workshop = journey.workshops.filter(state__in=Workshop.LIVE).first()
    if workshop is None:
        return HttpResponse()
    guests = workshop.guests.filter(removed_at=None)
    context = {"workshop": workshop, "guests": guests, "may_lead": journey.can_edit}
    return render(request, "workshops/on_map.html", context)


# --- the wall ----------------------------------------------------------------------------------


@policy("wall:see")
@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """What the room sees, for a projector, a shared screen or whoever is elsewhere."""
    workshop = access.by_wall_token(token)
    with translation.override(workshop.journey.language):
        return page(request, "wall", workshop)


@policy("wall:see")
@require_safe
def wall_screen(request: HttpRequest, token: str) -> HttpResponse:
    workshop = access.by_wall_token(token)
    with translation.override(workshop.journey.language):
        return screen(request, "wall", workshop)


# --- a guest -----------------------------------------------------------------------------------


@policy("room:take_part")
@require_safe
def room(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A participant's own screen."""
    guest = access.guest_in(request, pk)
    return page(request, "phone", guest.workshop, guest)


@policy("room:take_part")
@require_safe
def room_screen(request: HttpRequest, pk: UUID) -> HttpResponse:
    guest = access.guest_in(request, pk)
    return screen(request, "phone", guest.workshop, guest)
