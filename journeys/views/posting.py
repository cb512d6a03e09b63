"""How a browser's edit is received: its intent read, its refusals said.

Every edit view is: find through permission, validate, one edit, answer. What can go wrong is the
same for all of them and stands here once.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from changes.record import Forbidden, Gone, Intent, KeyReused, Refused, Repeated, Unchanged
from journeys import fragments
from journeys.access import actor_of, map_to_edit
from journeys.edits.cards import END
from teams.policy import policy
from ui.ids import uuid7

ENVELOPE = {"key", "visit", "base", "csrfmiddlewaretoken"}


def fields_of(request: HttpRequest) -> dict:
    """The posted fields without their envelope; a field posted several times is a list."""
    fields = {}
    for name, values in request.POST.lists():
        if name not in ENVELOPE:
            fields[name] = values if len(values) > 1 else values[0]
    return fields


def uuid_of(data, name: str, default: UUID | None = None) -> UUID | None:
    """A UUID field of the post; `default` when empty. Raises ValidationError."""
    value = data.get(name, "")
    if not value:
        return default
    try:
        return UUID(value)
    except ValueError:
        raise ValidationError({name: [_("This is not an id.")]}) from None


def id_of(data, name: str) -> UUID:
    """A UUID field that must be there. Raises ValidationError."""
    if found := uuid_of(data, name):
        return found
    raise ValidationError({name: [_("An id is missing.")]})


def after_of(request: HttpRequest) -> UUID | None:
    """Behind which sibling: an id, `first`, or nothing for the end."""
    if request.POST.get("after") == "first":
        return None
    return uuid_of(request.POST, "after", END)


def _intent(request: HttpRequest) -> Intent:
    return Intent(
        key=uuid_of(request.POST, "key") or uuid7(),
        body=Intent.digest({"path": request.path, **dict(request.POST.lists())}),
        visit=uuid_of(request.POST, "visit"),
    )


def refusal(status: int, errors: dict[str, list]) -> HttpResponse:
    """One sentence per field (an empty name: the whole), in the reader's language."""
    return HttpResponse(
        render_to_string("journeys/refusal.html", {"errors": errors}), status=status
    )


def edit_view(view: Callable) -> Callable:
    """A view of one edit: called as `view(request, journey, by=…, intent=…, **ids)`, it returns
    the turn; refusals become sentences."""

    @wraps(view)
    def receive(request: HttpRequest, pk: UUID, **ids) -> HttpResponse:
        journey = map_to_edit(request, pk)
        try:
            turn = view(request, journey, by=actor_of(request), intent=_intent(request), **ids)
            return fragments.answer(turn)
        except Repeated as repeated:
            return fragments.answer_again(repeated.change)
        except Unchanged as unchanged:
            return HttpResponse(headers={"X-Seq": str(unchanged.seq)})
        except ValidationError as error:
            errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            return refusal(422, errors)
        except Gone as gone:
            return refusal(410, {"": [str(gone) or _("It was deleted meanwhile.")]})
        except Forbidden:
            return refusal(403, {"": [_("You may read this map but not change it.")]})
        except KeyReused:
            return refusal(409, {"": [_("This edit was sent before with other words.")]})
        except Refused as refused:
            return refusal(409, {"": [str(refused)]})

    return policy("map:edit")(require_POST(receive))
