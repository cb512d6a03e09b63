"""What went wrong, and what a reader should know of a finished PDF, in words."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from .render import how_to_install_pango


def failure(code: str) -> str:
    """Why there is no PDF, and what to do."""
    if code == "pango":
        return how_to_install_pango()
    return {
        "timeout": _("The map was not set within a minute. Choose several sheets or larger paper."),
        "lost": _("The server was restarted meanwhile. Please ask again."),
    }.get(code) or _("The PDF could not be made. The server's log says why.")


def warning(code: str, number: float) -> str:
    """A remark on a finished PDF."""
    if code == "small":
        return _(
            "The smallest type is %(size)s pt: hard to read. Choose larger paper or several sheets."
        ) % {"size": number_format(number, 1)}
    if code == "tight":
        return _(
            "A card's type is %(size)s pt: fine at arm's length. For a wall choose larger paper"
            " or several sheets."
        ) % {"size": number_format(number, 1)}
    return _("The map did not fit on one page and goes on over several.")
