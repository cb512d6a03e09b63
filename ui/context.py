"""What every page's template knows."""

from django.http import HttpRequest

from .build import BUILD
from .views import THEMES


def page(request: HttpRequest) -> dict:
    """`theme` is empty while the reader follows the system; `build` names the product's files."""
    theme = request.COOKIES.get("theme", "")
    return {"theme": theme if theme in THEMES else "", "build": BUILD}
