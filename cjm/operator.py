"""The page of whoever runs the server: which teams and people there are, and what room they take.

It counts what is in the maps and shows nothing of it: an operator is no member.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.db.models import Aggregate, Count, Max, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from journeys import limits
from journeys.models import Card, Image, Journey
from teams import edits
from teams.access import operator_of
from teams.models import Membership, User, Workspace
from teams.policy import OPERATOR, policy
from ui.text import folded

MOST = 100  # rows of a table; the others are found by name


@policy(OPERATOR)
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    operator_of(request)
    sought = request.GET.get("find", "")[:200]
    context = {
        "sought": sought,
        "workspaces": _found(_workspaces(), sought, lambda one: one.name),
        "people": _found(_people(), sought, lambda one: f"{one.name} {one.email}"),
        "facts": _facts(),
        "limits": [one.sentence for one in vars(limits).values() if isinstance(one, limits.Limit)],
    }
    return render(request, "operator/page.html", context)


@policy(OPERATOR)
@require_POST
def close_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    by = operator_of(request)
    person = get_object_or_404(User, pk=pk)
    try:
        edits.close_account(person, by=by)
    except edits.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The account of %(name)s is closed.") % {"name": person})
    return redirect("operator")


@policy(OPERATOR)
@require_POST
def open_account(request: HttpRequest, pk: UUID) -> HttpResponse:
    by = operator_of(request)
    person = get_object_or_404(User, pk=pk)
    edits.open_account(person, by=by)
    messages.success(request, _("The account of %(name)s is open again.") % {"name": person})
    return redirect("operator")


@dataclass(frozen=True)
class Found:
    """The rows to show, and how many there are."""

    rows: list
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.rows)


def _found(rows: QuerySet, sought: str, words) -> Found:
    # Compared here, because SQLite knows large and small letters of English only.
    there = [row for row in rows if folded(sought) in folded(words(row))]
    return Found(there[:MOST], len(there))


def _workspaces() -> QuerySet[Workspace]:
    """With the figures of each; the one that was changed last first."""
    maps = Journey.objects.filter(deleted_at=None, rehearses=None)
    return Workspace.objects.annotate(
        people=_each(Membership.objects.all(), "workspace", Count("pk")),
        maps=_each(maps, "workspace", Count("pk")),
        changed_at=_each(maps, "workspace", Max("changed_at")),
        cards=_each(
            Card.living.filter(journey__deleted_at=None), "journey__workspace", Count("pk")
        ),
        bytes=_each(Image.objects.all(), "journey__workspace", Sum("bytes")),
    ).order_by("-changed_at", "name")


def _each(rows: QuerySet, workspace: str, figure: Aggregate) -> Subquery:
    """A figure of the rows that belong to a workspace."""
    own = rows.filter(**{workspace: OuterRef("pk")}).order_by().values(workspace)
    return Subquery(own.annotate(figure=figure).values("figure"))


def _people() -> QuerySet[User]:
    return User.objects.annotate(teams=Count("memberships")).order_by("-last_login", "-joined_at")


def _facts() -> dict[str, int]:
    return {
        "database": _size_of_database(),
        "images": Image.objects.aggregate(all=Sum("bytes"))["all"] or 0,
        "free": shutil.disk_usage(settings.VAR).free,
    }


def _size_of_database() -> int:
    if connection.vendor != "postgresql":
        return Path(connection.settings_dict["NAME"]).stat().st_size
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]
