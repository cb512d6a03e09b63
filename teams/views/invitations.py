"""The page that an invitation opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from teams import edits
from teams.access import actor_of
from teams.forms import NewPersonForm
from teams.models import Invitation, User
from teams.policy import PUBLIC, policy
from teams.throttle import limited

from .entry import enter


@policy(PUBLIC)
@sensitive_post_parameters()
@limited("join", posts=200, minutes=15)
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites where; one press for a member of the house, a short form for a newcomer."""
    invitation = (
        edits.open_invitations()
        .filter(token=token)
        .select_related("workspace", "created_by")
        .first()
    )
    if invitation is None:
        return render(request, "teams/invitation_over.html", status=410)
    if request.user.is_authenticated:
        if request.method != "POST":
            return _page(request, invitation, None)
        try:
            edits.join(invitation, by=actor_of(request))
        except edits.Refused:
            return render(request, "teams/invitation_over.html", status=410)
        return redirect("workspace_home", invitation.workspace.slug)
    form = NewPersonForm(request.POST or None, instance=User(language=get_language()))
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        try:
            edits.join_as_new(invitation, user)
        except edits.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return enter(request, user, reverse("workspace_home", args=[invitation.workspace.slug]))
    return _page(request, invitation, form)


def _page(request: HttpRequest, invitation: Invitation, form: NewPersonForm | None) -> HttpResponse:
    taken = form is not None and form.has_error("email", "taken")
    return render(
        request,
        "teams/join.html",
        {"invitation": invitation, "form": form, "taken": taken},
        status=422 if form is not None and form.is_bound else 200,
    )
