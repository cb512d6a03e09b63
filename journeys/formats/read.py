"""Reading a file whose format its content tells."""

from pathlib import PurePath

from django.utils.translation import gettext as _

from journeys import limits

from . import map_json, mermaid, sheets, table
from .plan import MapPlan, Remark, Unreadable


def read(name: str, data: bytes) -> tuple[MapPlan, list[Remark]]:
    """Reads a map from a file called `name`. Raises Unreadable with one sentence."""
    if len(data) > limits.REQUEST_BYTES:
        raise Unreadable(limits.REQUEST.sentence)
    if not data.strip():
        raise Unreadable(_("the file is empty"))
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return map_json.parse(data)
    title = PurePath(name).stem[: limits.TITLE].strip()
    if not data.startswith((sheets.ZIP, sheets.OLE)):
        text, _encoding = sheets.decoded(data)
        if mermaid.found_in(text):
            return mermaid.parse(text, title)
    return table.parse(sheets.sheets_of(data), title.replace("_", " "))
