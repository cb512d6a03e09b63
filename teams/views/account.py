"""A person's own page: name, address, language, password."""

from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import edits, personal, throttle
from teams.access import person_of
from teams.forms import AccountForm, DeleteAccountForm, PasswordForm
from teams.models import User
from teams.policy import SIGNED_IN, policy

from .entry import came_by_link, remember_language


@policy(SIGNED_IN)
@throttle.limited("account", posts=30, minutes=15, who=throttle.person)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    form = _account_form(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        try:
            edits.save_person(user)
        except edits.Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            response = redirect("account")
            remember_language(response, user.language)
            return response
    return _page(request, form, _password_form(request))


@policy(SIGNED_IN)
@sensitive_post_parameters()
@throttle.limited("password", posts=10, minutes=15, who=throttle.person)
@require_POST
def password(request: HttpRequest) -> HttpResponse:
    """Other browsers of this person are signed out by it; this one stays."""
    form = _password_form(request, request.POST)
    if not form.is_valid():
        return _page(request, _account_form(request), form)
    edits.set_password(form.user, form.cleaned_data["new"])
    update_session_auth_hash(request, form.user)
    request.session.pop("by_link_at", None)
    return _page(request, _account_form(request), _password_form(request), saved=True)


@policy(SIGNED_IN)
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """Everything that is kept of this person, as a file."""
    response = HttpResponse(personal.export(person_of(request)), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@policy(SIGNED_IN)
@sensitive_post_parameters()
@throttle.limited("delete", posts=10, minutes=15, who=throttle.person)
@require_http_methods(["GET", "HEAD", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, then lets go of the person; the answer is the act of it."""
    user = User.objects.get(pk=request.user.pk)
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            act = personal.erase(user)
        except edits.Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            response = render(request, "teams/erased.html", {"act": act.text()})
            response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
            return response
    context = {"form": form, "alone": personal.left_alone(user)}
    status = 422 if form.is_bound else 200
    return render(request, "teams/delete_account.html", context, status=status)


def _account_form(request: HttpRequest, data=None) -> AccountForm:
    # A second copy, so that a refused form doesn't change the person in the page's header.
    user = User.objects.get(pk=request.user.pk)
    return AccountForm(data, instance=user, initial={"language": get_language()})


def _password_form(request: HttpRequest, data=None) -> PasswordForm:
    return PasswordForm(data, user=person_of(request), ask_old=not came_by_link(request))


def _page(
    request: HttpRequest, form: AccountForm, password_form: PasswordForm, *, saved: bool = False
) -> HttpResponse:
    refused = bool(form.errors or password_form.errors)
    return render(
        request,
        "teams/account.html",
        {
            "form": form,
            "password_form": password_form,
            "password_saved": saved,
            "deleted_teams": edits.deleted_workspaces_of(person_of(request)),
        },
        status=422 if refused else 200,
    )
