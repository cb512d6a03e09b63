"""How a browser's edit is received: its intent read, its refusals said.

Every edit view is: find through permission, validate, one edit, answer. What can go wrong is the
same for all of them and stands here once.
"""

from collections.abc import Callable, Collection
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
from journeys.kinds.kind import Text
from teams.policy import policy
from ui.ids import uuid7

# Words of the longest field there is.
_WORDS = Text()
CSRF = "csrfmiddlewaretoken"  # another one on every page
ENVELOPE = {"key", "visit", "base", CSRF}


def fields_of(request: HttpRequest) -> dict:
    """The posted fields without their envelope; a field posted several times is a list."""
    fields = {}
    for name, values in request.POST.lists():
        if name not in ENVELOPE:
            fields[name] = values if len(values) > 1 else values[0]
    return fields


def check_names(request: HttpRequest, once: Collection[str], lists: Collection[str], more: bool):
    """Raises ValidationError for a field nobody asked for, and for one that came twice."""
    errors = {}
    for name, values in request.POST.lists():
        if name in lists:
            continue
        if len(values) > 1:
            errors[name] = [_("This field was sent twice.")]
        elif not more and name not in ENVELOPE and name not in once:
            errors[name] = [_("There is no such field.")]
    if errors:
        raise ValidationError(errors)


def text_of(request: HttpRequest, name: str) -> str | None:
    """Words as they are kept; None where none were sent. Raises ValidationError."""
    if name not in request.POST:
        return None
    try:
        return _WORDS.clean(request.POST[name])
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None


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


def intent_of(request: HttpRequest) -> Intent:
    said = {name: values for name, values in request.POST.lists() if name != CSRF}
    return Intent(
        key=uuid_of(request.POST, "key") or uuid7(),
        body=Intent.digest({"path": request.path, **said}),
        visit=uuid_of(request.POST, "visit"),
    )


def refusal(status: int, errors: dict[str, list]) -> HttpResponse:
    """One sentence per field (an empty name: the whole), in the reader's language."""
    return HttpResponse(
        render_to_string("journeys/refusal.html", {"errors": errors}), status=status
    )


def edit_view(*fields: str, lists: Collection[str] = (), more: bool = False) -> Callable:
    """A view of one edit: called as `view(request, journey, by=…, intent=…, **ids)`, it returns
    the turn; refusals become sentences.

    It is posted `fields` once each and `lists` any number of times; with `more` the names of
    other fields are judged by the view.
    """

    def decorate(view: Callable) -> Callable:
        return policy("map:edit")(require_POST(_receiver(view, fields, lists, more)))

    return decorate


def _receiver(
    view: Callable, fields: Collection[str], lists: Collection[str], more: bool
) -> Callable:
    @wraps(view)
    def receive(request: HttpRequest, pk: UUID, **ids) -> HttpResponse:
        journey = map_to_edit(request, pk)

        def edit() -> HttpResponse:
            check_names(request, fields, lists, more)
            return fragments.answer(
                view(request, journey, by=actor_of(request), intent=intent_of(request), **ids)
            )

        return attempt(edit)

    return receive


def attempt(edit: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to an edit; a refusal becomes a sentence."""
    try:
        return edit()
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
