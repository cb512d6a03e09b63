"""Three-way merge of short texts, word by word.

Two people who change different words of one text both keep their words. Edits that touch are a
conflict: nothing is guessed. The merge never invents a word: each of its tokens comes from one of
the three texts.
"""

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# Words, runs of white space, and single signs: joined again they give the text back.
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


class _Edit(NamedTuple):
    start: int
    end: int
    new: list[str]


def _edits(base: list[str], other: list[str]) -> list[_Edit]:
    codes = SequenceMatcher(a=base, b=other, autojunk=False).get_opcodes()
    return [_Edit(i1, i2, other[j1:j2]) for tag, i1, i2, j1, j2 in codes if tag != "equal"]


def merge(base: str, mine: str, theirs: str) -> str | None:
    """The text with both sides' edits, or None where they touch.

    An edit that both sides made alike counts once.
    """
    if mine == theirs or theirs == base:
        return mine
    if mine == base:
        return theirs
    tokens = _TOKEN.findall(base)
    edits = sorted(
        {
            (edit.start, edit.end, tuple(edit.new))
            for other in (mine, theirs)
            for edit in _edits(tokens, _TOKEN.findall(other))
        }
    )
    merged: list[str] = []
    at = 0
    for index, (start, end, new) in enumerate(edits):
        # Neighbours that touch (even only side by side) would glue strangers' words together.
        if index and start <= edits[index - 1][1]:
            return None
        merged += tokens[at:start]
        merged += new
        at = end
    return "".join(merged + tokens[at:])
