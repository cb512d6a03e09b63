"""The reader's preferences, and the gallery of components."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .gallery import samples

THEMES = ("light", "dark")
YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remembers the language in this browser, and for the user on every other."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("This language is not offered."))
    if request.user.is_authenticated:
        request.user.language = language
        request.user.save(update_fields=["language"])
    return _remember(_back(request), settings.LANGUAGE_COOKIE_NAME, language)


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remembers light or dark in this browser; anything else follows the system again."""
    theme = request.POST.get("theme", "")
    response = _back(request)
    if theme in THEMES:
        return _remember(response, "theme", theme)
    response.delete_cookie("theme")
    return response


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for whoever builds or judges a page."""
    return render(request, "ui/gallery.html", samples())


def _back(request: HttpRequest) -> HttpResponse:
    """To the page the reader came from, if it is one of ours."""
    page = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        page = "/"
    return HttpResponseRedirect(page)


def _remember(response: HttpResponse, name: str, value: str) -> HttpResponse:
    response.set_cookie(
        name,
        value,
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
