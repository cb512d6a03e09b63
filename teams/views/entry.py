"""The ways in and out: sign in, by password or by link; the welcome page; sign out."""

import time

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from teams import access, edits, sign_in_links, throttle
from teams.forms import SignInForm, WelcomeForm
from teams.models import User
from teams.policy import PUBLIC, SIGNED_IN, policy

ONE_YEAR = 60 * 60 * 24 * 365
# Whoever came by a link may set a password without the old one for so many seconds.
LINK_COUNTS = 60 * 60


@policy(PUBLIC)
@sensitive_post_parameters()
@throttle.limited("sign-in", posts=200, minutes=15)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By e-mail and password; what is wrong is never said more exactly than "one of the two"."""
    to = _next(request)
    if request.user.is_authenticated:
        return redirect(to or "home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        throttle.count("account", email, limit=10, minutes=15)
        # An unknown address takes as long: Django hashes the password all the same.
        user = authenticate(request, username=email, password=form.cleaned_data["password"])
        if user is not None:
            throttle.forget("account", email)
            return enter(request, user, to)
        form.add_error(None, _("The e-mail or the password isn’t right."))
    status = 422 if form.is_bound else 200
    return render(request, "teams/sign_in.html", {"form": form, "next": to}, status=status)


@policy(PUBLIC)
@throttle.limited("link", posts=100, minutes=15)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button first: programs that preview links in a chat only look, they don't press."""
    if request.method != "POST":
        link = sign_in_links.find(token)
        if link is None:
            return render(request, "teams/link_over.html", status=410)
        return render(request, "teams/sign_in_link.html", {"person": link.user})
    user = sign_in_links.use(token)
    if user is None:
        return render(request, "teams/link_over.html", status=410)
    response = enter(request, user, "account")
    request.session["by_link_at"] = time.time()
    return response


@policy(SIGNED_IN)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The first sign-in: who you are and what your team is called."""
    if access.is_settled(access.person_of(request)):
        return redirect("home")
    # A second copy, so that a refused form doesn't change the person in the page's header.
    form = WelcomeForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        user.language = user.language or get_language()
        try:
            edits.settle(user, form.cleaned_data["team"])
        except edits.Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            return enter(request, user, "home")
    status = 422 if form.is_bound else 200
    return render(request, "teams/welcome.html", {"form": form}, status=status)


@policy(PUBLIC)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    person = request.user
    logout(request)
    if person.is_authenticated:
        edits.sessions_ended(person)
    response = redirect("sign_in")
    response.headers["Clear-Site-Data"] = '"cache"'  # images of maps are kept there
    return response


@policy(SIGNED_IN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To one's own workspace; who has none, or no name yet, is welcomed first."""
    if not access.is_settled(access.person_of(request)):
        return redirect("welcome")
    return redirect("workspace_home", access.workspaces_of(access.person_of(request))[0].slug)


def enter(request: HttpRequest, user, to: str) -> HttpResponse:
    """Signs `user` in and leads to `to`, an address of ours or a route; in the user's language."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    edits.purge()
    if to in ("", "account") and not access.is_settled(user):
        to = "welcome"
    response = redirect(to or "home")
    if user.language:
        remember_language(response, user.language)
    return response


def came_by_link(request: HttpRequest) -> bool:
    """Whether a sign-in link has just proved who this is."""
    return time.time() - request.session.get("by_link_at", 0) < LINK_COUNTS


def remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=ONE_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is the path of a page of ours."""
    to = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if ours and to.startswith("/") else ""
