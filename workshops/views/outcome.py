"""What came of a workshop, as a page, as a link for readers, as a table."""

import csv
import secrets
from collections.abc import Iterator
from io import StringIO
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from changes.record import Refused
from journeys.formats.table_out import in_csv
from journeys.views.posting import attempt, check_names
from teams.access import actor_of
from teams.policy import PUBLIC, policy

from .. import access, post
from ..edits import meeting
from ..edits.guests import forget_names
from ..links import base_of
from ..models import ASPECTS, STANDINGS, Workshop
from ..reads.outcome import Outcome


@policy("workshop:read")
@require_safe
def outcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    workshop = access.workshop_to_read(request, pk)
    forget_names(workshop.journey.workspace)
    return render(
        request,
        "workshops/outcome.html",
        {
            "workshop": workshop,
            "journey": workshop.journey,
            "outcome": Outcome(workshop),
            "is_shared_page": False,
            **(_for_others(request, workshop) if workshop.journey.can_edit else {}),
        },
    )


def _for_others(request: HttpRequest, workshop: Workshop) -> dict:
    """What whoever edits the map sees of showing it to others: the link, and how many have asked
    for it by mail, never who."""
    base = base_of(request) or f"{request.scheme}://{request.get_host()}"
    found: dict = {"shared_base": base}
    if post.may_leave(workshop) and workshop.state == Workshop.State.ENDED:
        found["waiting"] = post.waiting(workshop).count()
        found["is_sending"] = bool(found["waiting"]) and post.is_sending(workshop)
        found["letter"] = post.letter(workshop, "", translation.get_language() or "en")
    return found


@policy(PUBLIC)
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The outcome for whoever has the link; in the map's language, without a control."""
    workshop = access.by_outcome_token(token)
    forget_names(workshop.journey.workspace)
    with translation.override(workshop.journey.language):
        return render(
            request,
            "workshops/outcome.html",
            {
                "workshop": workshop,
                "journey": workshop.journey,
                "outcome": Outcome(workshop),
                "is_shared_page": True,
            },
        )


@policy("workshop:run")
@require_POST
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Makes a link to the outcome, or takes it back."""
    workshop = access.workshop_to_run(request, pk)
    token = "" if workshop.outcome_token else secrets.token_urlsafe(16)
    meeting.share_outcome(workshop, token, by=actor_of(request))
    return redirect("outcome", pk)


@policy("workshop:run")
@require_POST
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sends it to those who left an address."""
    workshop = access.workshop_to_run(request, pk)

    def sent() -> HttpResponse:
        check_names(request, (), (), more=False)
        if not post.may_leave(workshop):
            raise Refused(_("No mail server is set up."))
        meeting.send_outcome(workshop, by=actor_of(request))
        post.begin(workshop.pk)
        return redirect("outcome", pk)

    return attempt(sent)


@policy("workshop:read")
@require_safe
def votes_csv(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Votes and ratings as a table that a spreadsheet opens; nobody's name in it."""
    workshop = access.workshop_to_read(request, pk)
    with translation.override(workshop.journey.language):
        table = list(_table(Outcome(workshop)))
    russian = workshop.journey.language == "ru"
    sheet = StringIO(newline="")
    writer = csv.writer(sheet, delimiter=";" if russian else ",", lineterminator="\r\n")
    writer.writerows([in_csv(value, russian) for value in row] for row in table)
    data = sheet.getvalue().encode("utf-8-sig")
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="votes.csv"'
    return response


def _table(outcome: Outcome) -> Iterator[list]:
    yield [
        *(_("Step"), _("Stage"), _("Card"), _("Question"), _("Who they are")),
        *(pgettext("in a workshop", "People"), _("Answers")),
        *(_("Result"), _("Lowest"), _("Highest")),
    ]
    for vote in outcome.votes:
        for one in vote.ranked:
            about = [vote.step.name, one.card.stage, one.card.text, _("Votes")]
            yield [*about, "", vote.voters, "", one.votes, "", ""]
            for standing, votes in one.parts:
                yield [*about, str(STANDINGS[standing]), "", "", votes, "", ""]
    for step, rated in outcome.rated:
        for found in rated:
            for aspect, spread in found.spreads:
                place = [step.name, found.subject.beside, found.subject.name]
                for standing, part in [("", spread), *spread.parts]:
                    who = STANDINGS[standing] if part is not spread else ""
                    yield [
                        *(*place, str(ASPECTS[aspect]), str(who), "", part.n),
                        *(float(part.median), part.low, part.high),
                    ]
