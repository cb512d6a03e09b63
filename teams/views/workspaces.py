"""A workspace as a whole: made, renamed; the demo removed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams import edits
from teams.access import actor_of, deleted_workspace_to_manage, workspace_to_manage
from teams.forms import GuestNamesForm, TeamForm
from teams.policy import SIGNED_IN, policy

from .team import team_page


@policy(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def new_workspace(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        workspace = edits.create_workspace(form.cleaned_data["name"], by=actor_of(request))
        return redirect("workspace_home", workspace.slug)
    status = 422 if form.is_bound else 200
    return render(request, "teams/new_workspace.html", {"form": form}, status=status)


@policy("workspace:manage")
@require_POST
def rename_workspace(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = workspace_to_manage(request, slug)
    form = TeamForm(request.POST)
    if not form.is_valid():
        return team_page(request, workspace, status=422, rename_form=form)
    edits.rename_workspace(workspace, form.cleaned_data["name"], by=actor_of(request))
    return redirect("team", slug)


@policy("workspace:manage")
@require_POST
def guest_names(request: HttpRequest, slug: str) -> HttpResponse:
    workspace = workspace_to_manage(request, slug)
    form = GuestNamesForm(request.POST)
    if not form.is_valid():
        return team_page(request, workspace, status=422, guest_names_form=form)
    edits.keep_guest_names(workspace, form.cleaned_data["days"], by=actor_of(request))
    return redirect("team", slug)


@policy("workspace:manage")
@require_http_methods(["GET", "HEAD", "POST"])
def remove_demo(request: HttpRequest, slug: str) -> HttpResponse:
    """Says what goes, then removes it for good."""
    workspace = workspace_to_manage(request, slug)
    if not workspace.is_demo:
        raise Http404
    if request.method == "POST":
        edits.remove_demo(workspace, by=actor_of(request))
        return redirect("home")
    others = workspace.memberships.exclude(user_id=request.user.pk).count()
    return render(request, "teams/remove_demo.html", {"workspace": workspace, "others": others})


@policy("workspace:manage")
@require_POST
def restore_team(request: HttpRequest, slug: str) -> HttpResponse:
    """A deleted team is there again, as it was."""
    workspace = deleted_workspace_to_manage(request, slug)
    edits.restore_workspace(workspace, by=actor_of(request))
    return redirect("workspace_home", slug)
