"""In which language a page is answered, and what a stranger's script is told."""

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils.cache import patch_vary_headers

from .errors import signed_out


class LanguageMiddleware(LocaleMiddleware):
    """The `language` cookie (set at sign-in and by the switch), else Accept-Language, else ours.

    Django's own does all this and sets Content-Language; it only forgets that the cookie decides.
    """

    def process_response(self, request, response):
        patch_vary_headers(response, ("Cookie",))
        return super().process_response(request, response)


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Sends strangers to sign in; their scripts get 401, as they'd take that page for an answer."""

    def handle_no_permission(self, request, view_func):
        if request.headers.get("HX-Request") == "true":
            return signed_out(request)
        return super().handle_no_permission(request, view_func)
