"""The people of a workspace: members with their roles, and invitations."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from teams import edits
from teams.access import actor_of, workspace_to_manage, workspace_to_read
from teams.forms import GuestNamesForm, InviteForm, RoleForm, TeamForm
from teams.models import Invitation, Membership, Role, Workspace
from teams.policy import policy


@policy("workspace:read")
@require_safe
def team(request: HttpRequest, slug: str) -> HttpResponse:
    return team_page(request, workspace_to_read(request, slug))


@policy("workspace:manage")
@require_POST
def change_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    membership = _member(request, slug, pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _refused(request, membership, str(form.errors["role"][0]), status=422)
    try:
        edits.change_role(membership, form.cleaned_data["role"], by=actor_of(request))
    except edits.Refused as refusal:
        return _refused(request, membership, str(refusal))
    return redirect("team", slug)


@policy("workspace:manage")
@require_POST
def remove_member(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    membership = _member(request, slug, pk)
    try:
        edits.remove_member(membership, by=actor_of(request))
    except edits.Refused as refusal:
        return _refused(request, membership, str(refusal))
    return redirect("team", slug)


@policy("workspace:manage")
@require_POST
def reset_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The link is shown on this one answer and kept nowhere, so there is no redirect."""
    membership = _member(request, slug, pk)
    try:
        link = edits.reset_link(membership, by=actor_of(request))
    except edits.Refused as refusal:
        return _refused(request, membership, str(refusal))
    return team_page(
        request,
        membership.workspace,
        reset={"pk": membership.pk, "link": request.build_absolute_uri(link)},
    )


@policy("workspace:read")
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = workspace_to_read(request, slug)
    membership = get_object_or_404(Membership, workspace=workspace, user_id=request.user.pk)
    membership.workspace = workspace
    try:
        edits.leave(membership)
    except edits.Refused as refusal:
        return _refused(request, membership, str(refusal))
    return redirect("home")


@policy("workspace:manage")
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = workspace_to_manage(request, slug)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return team_page(request, workspace, status=422, invite_form=form)
    edits.invite(workspace, form.cleaned_data["role"], by=actor_of(request))
    return redirect(reverse("team", args=[slug]) + "#invitations")


@policy("workspace:manage")
@require_POST
def revoke_invitation(request: HttpRequest, slug: str, pk: UUID) -> HttpResponse:
    workspace = workspace_to_manage(request, slug)
    edits.revoke(get_object_or_404(Invitation, workspace=workspace, pk=pk), by=actor_of(request))
    return redirect(reverse("team", args=[slug]) + "#invitations")


def team_page(
    request: HttpRequest, workspace: Workspace, *, status: int = 200, **more
) -> HttpResponse:
    """The page; `more` is what an answer adds to it: a bound form, a refusal, a link."""
    members = list(workspace.memberships.select_related("user").order_by("created_at", "pk"))
    owners = sum(one.role == Role.OWNER for one in members)
    invitations = []
    if workspace.can_manage:
        invitations = list(
            edits.open_invitations()
            .filter(workspace=workspace)
            .select_related("created_by")
            .order_by("-created_at")
        )
        for invitation in invitations:
            path = reverse("join", args=[invitation.token])
            invitation.link = request.build_absolute_uri(path)
    context = {
        "workspace": workspace,
        "members": members,
        "only_owner": owners == 1,
        "roles": Role.choices,
        "invitations": invitations,
        "rename_form": TeamForm(initial={"name": workspace.name}),
        "guest_names_form": GuestNamesForm(initial={"days": workspace.guest_names_days}),
        "invite_form": InviteForm(),
    }
    return render(request, "teams/team.html", context | more, status=status)


def _member(request: HttpRequest, slug: str, pk: int) -> Membership:
    workspace = workspace_to_manage(request, slug)
    membership = get_object_or_404(
        Membership.objects.select_related("user"), workspace=workspace, pk=pk
    )
    # The one found through permission carries what the page needs to know of the reader.
    membership.workspace = workspace
    return membership


def _refused(
    request: HttpRequest, membership: Membership, sentence: str, *, status: int = 409
) -> HttpResponse:
    """The page again, with the sentence at the member it is about."""
    refusal = {"pk": membership.pk, "sentence": sentence}
    return team_page(request, membership.workspace, status=status, refusal=refusal)
