"""The ways in: the link of the QR code, and the code that is typed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from changes.record import Refused
from journeys.views.posting import attempt, check_names
from teams import throttle
from teams.errors import too_many
from teams.policy import PUBLIC, policy

from .. import access, codes
from ..edits import guests
from ..links import is_phone
from ..models import Workshop

# Wrong codes within a quarter of an hour. Whoever types the right one is let in all the same until
# the second limit, so that a room behind one address is never locked out by its own slips.
SLOWED, REFUSED, EVERYWHERE, MINUTES = 20, 600, 5_000, 15


@policy(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
def type_code(request: HttpRequest) -> HttpResponse:
    """The code from the wall leads to the workshop's own page."""
    if request.method != "POST":
        return render(request, "workshops/code.html", {"typed": ""})
    typed = request.POST.get("code", "")
    who = throttle.client_address(request)
    if throttle.counted("code", who) >= REFUSED or throttle.counted("code", "") >= EVERYWHERE:
        return too_many(request, 60 * MINUTES)
    code = codes.fold(typed)
    workshop = (
        Workshop.objects.filter(
            code=code,
            entry_open=True,
            journey__deleted_at=None,
            journey__workspace__deleted_at=None,
        ).first()
        if code
        else None
    )
    if workshop:
        return redirect("enter", workshop.token)
    try:
        throttle.count("code", "", limit=EVERYWHERE, minutes=MINUTES)
        throttle.count("code", who, limit=SLOWED, minutes=MINUTES)
    except throttle.TooMany as refusal:
        return too_many(request, refusal.wait)
    said = _("There is no open workshop with this code. Compare it with the screen.")
    return render(request, "workshops/code.html", {"typed": typed[:20], "error": said}, status=422)


@policy(PUBLIC)
@throttle.limited("enter", posts=600, minutes=15)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Asks for a name, nothing else. Who is in already comes back as themselves."""
    workshop = access.by_token(token)
    known = access.known_guest(request.session, workshop.pk)
    if known:
        return redirect("room", workshop.pk)
    name, heads, error = request.POST.get("name", ""), request.POST.get("heads", "1"), ""
    if request.method == "POST":
        try:
            guest = guests.join(workshop, name, heads=_count(heads))
        except Refused as refusal:
            error = str(refusal)
        else:
            access.remember(request, guest)
            return redirect("room", workshop.pk)
    elif request.user.is_authenticated:
        name = str(request.user)
    return render(
        request,
        "workshops/enter.html",
        {"workshop": workshop, "name": name, "heads": heads[:2], "error": error},
        status=422 if error else 200,
    )


@policy(PUBLIC)
@throttle.limited("phone_seen", posts=120, minutes=15)
@require_POST
def phone_seen(request: HttpRequest, token: str) -> HttpResponse:
    """The page that the link opens while the workshop is prepared says that it has been opened; the
    answer says what whoever leads sees of it."""
    workshop = access.by_token(token)

    def edit() -> HttpResponse:
        check_names(request, (), (), more=False)
        if counts := is_phone(request):
            guests.phone_seen(workshop)
        return render(request, "workshops/enter.html#seen", {"counts": counts, "told": True})

    return attempt(edit)


def _count(said: str) -> int:
    """0 for what is no number: it is refused as 0 people are."""
    return int(said) if said.isdecimal() and len(said) < 3 else 0
