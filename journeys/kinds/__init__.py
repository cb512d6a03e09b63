"""The nine contents of cards. A content is one module: its fields and how it is drawn.

`KINDS` lists them once. A new content is a module copied from its neighbour, a face template
and a details template of the same name, and one line here.
"""

from typing import TYPE_CHECKING

from . import barrier, emotion, factor, metric, owner, question, solution, task, text, touchpoint
from .kind import Kind

if TYPE_CHECKING:
    from journeys.models import Lane

KINDS: dict[str, Kind] = {
    module.KIND.content: module.KIND
    for module in (text, touchpoint, emotion, barrier, solution, task, metric, owner, factor)
}

# Questions are texts by content; who asks for every field or choice there is wants theirs too.
ALL = (*KINDS.values(), question.KIND)


def kind_of(lane: "Lane") -> Kind:
    """What the cards of a lane are: its content, or questions, which are texts with an answer."""
    return question.KIND if lane.kind == "questions" else KINDS[lane.content]


__all__ = ["ALL", "KINDS", "Kind", "kind_of"]
