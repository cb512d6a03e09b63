"""Reading a file whose format its content tells."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from journeys import limits

from . import map_json, mermaid
from .plan import MapPlan, Remark, Unreadable, decode


def read(name: str, data: bytes) -> tuple[MapPlan, list[Remark]]:
    """Reads a map from a file called `name`. Raises Unreadable with one sentence."""
    if len(data) > limits.REQUEST_BYTES:
        raise Unreadable(limits.REQUEST.sentence)
    if not data.strip():
        raise Unreadable(_("the file is empty"))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return map_json.parse(data)
    text = decode(data)
    if mermaid.found_in(text):
        return mermaid.parse(text, PurePath(name).stem[: limits.TITLE].strip())
    raise Unreadable(
        _("this is neither a map as JSON nor a text with a Mermaid journey diagram"), 1
    )
