"""A cell of a table as cards: divided at line breaks, with the values its texts carry.

Only what can't be misread becomes a value; everything else stays a text:

- among emotions a signed whole number in front, or a number alone: `−3 злость`, `+4`, `0: покой`;
- among touchpoints expectation and perception at the end: `Курьер (9/8)`, `Курьер 9 → 8`.
"""

import re
from typing import Any

from ui.text import signed

# The same marks that static/js/map/lines.js takes from a pasted list.
_MARK = re.compile(r"^\s*(?:[•◦▪‣·*\-–—]|\d{1,3}[.)])\s+")
_FEELING = re.compile(r"(?:([+\-−–]\d)(?=\s|:|$)|(0)(?=:)|(\d)\s*$)[\s:]*(.*)", re.S)
_LEVELS = re.compile(
    r"(.*?)\s*(?:\(\s*(\d{1,2})\s*(?:/|→|->)\s*(\d{1,2})\s*\)|\s(\d{1,2})\s*(?:→|->)\s*(\d{1,2}))\s*",
    re.S,
)


def statements(cell: str) -> list[str]:
    """The lines of a cell, without the bullets and numbers of a list."""
    return [line for raw in cell.splitlines() if (line := _MARK.sub("", raw, count=1).strip())]


def valued(text: str, content: str) -> tuple[str, dict[str, Any]]:
    """A card's text without the values it carries, and these."""
    if content == "emotion" and (found := _FEELING.fullmatch(text)):
        value = int((found[1] or found[2] or found[3]).replace("−", "-").replace("–", "-"))
        if abs(value) <= 5:
            return found[4].strip(), {"emotion": value}
    if content == "touchpoint" and (found := _LEVELS.fullmatch(text)):
        levels = int(found[2] or found[4]), int(found[3] or found[5])
        if found[1] and all(1 <= level <= 10 for level in levels):
            return found[1].strip(), {"expectation": levels[0], "perception": levels[1]}
    return text, {}


def written(
    text: str, emotion: int | None = None, levels: tuple[int | None, int | None] = (None, None)
) -> str:
    """A card as one line of a cell, with its values, as `valued` reads them."""
    line = " ".join(text.split())
    if emotion is not None:
        return f"{signed(emotion)}{'' if emotion else ':'} {line}" if line else signed(emotion)
    if None not in levels:
        return f"{line} ({levels[0]}/{levels[1]})"
    return line
