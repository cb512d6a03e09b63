"""Images of cards: sent, shown, and what is done to them."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from changes.record import Refused
from journeys import images, limits
from journeys.access import image_to_read, map_to_edit
from journeys.edits import images as edits
from teams.policy import policy
from teams.throttle import limited

from .posting import edit_view, id_of, refusal

A_YEAR = 365 * 24 * 3600


@policy("map:edit")
@require_POST
@limited("image", posts=300, minutes=10)
def send_image(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Takes a file under an id of the browser's choosing, so that it may be sent again; the edit
    that puts it onto a card comes after it."""
    journey = map_to_edit(request, pk)
    file = request.FILES.get("file")
    if file is None:
        return refusal(422, {"file": [_("Choose a file first.")]})
    if (file.size or 0) > limits.IMAGE_BYTES:
        return refusal(413, {"file": [limits.IMAGE.sentence]})
    try:
        image = images.keep(journey, id_of(request.POST, "id"), file.read())
    except ValidationError as error:
        return refusal(422, error.message_dict)
    except Refused as refused:
        return refusal(422, {"file": [str(refused)]})
    return JsonResponse({"id": image.pk, "width": image.width, "height": image.height})


@policy("map:read")
@require_GET
def image(request: HttpRequest, pk: UUID, image: UUID, size: str) -> HttpResponse:
    """The image or its thumbnail. What stands under an id never changes."""
    found = image_to_read(request, pk, image)
    try:
        data = images.read(found.thumbnail if size == "small" else found.file)
    except FileNotFoundError:  # the storage lost it, or a backup came back without it
        raise Http404 from None
    return HttpResponse(
        data,
        headers={
            "Content-Type": images.TYPE,
            "Content-Disposition": "inline",
            "Cache-Control": f"private, max-age={A_YEAR}, immutable",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        },
    )


@edit_view("image")
def add_image(request, journey, card, *, by, intent):
    pk = id_of(request.POST, "image")
    return edits.add_image(journey.pk, card, image=pk, by=by, intent=intent)


@edit_view("alt")
def describe_image(request, journey, card, image, *, by, intent):
    alt = " ".join(request.POST.get("alt", "").replace("\x00", "").split())
    return edits.describe_image(
        journey.pk, card, image=image, alt=alt[: limits.IMAGE_WORDS], by=by, intent=intent
    )


@edit_view()
def remove_image(request, journey, card, image, *, by, intent):
    return edits.remove_image(journey.pk, card, image=image, by=by, intent=intent)
