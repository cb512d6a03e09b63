"""The nine contents of cards. A content is one module: its fields and how it is drawn.

`KINDS` lists them once. A new content is a module copied from its neighbour, a face template
and a details template of the same name, and one line here.
"""

from . import barrier, emotion, factor, metric, owner, solution, task, text, touchpoint
from .kind import Kind

KINDS: dict[str, Kind] = {
    module.KIND.content: module.KIND
    for module in (text, touchpoint, emotion, barrier, solution, task, metric, owner, factor)
}

__all__ = ["KINDS", "Kind"]
