"""How wide words run in our typeface, so that room can be made for them before they are set."""

from functools import cache, lru_cache
from math import ceil

from fontTools.ttLib import TTFont

from .typeface import onest

# The fallback for letters that Onest has not, and a little more than true, to be safe.
UNKNOWN, MARGIN = 1.0, 1.03
BOLD = 1.07


@cache
def _advances() -> dict[int, float]:
    """The width of each character in em."""
    font = TTFont(onest())
    metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}


@lru_cache(20_000)
def width(text: str) -> float:
    """The width of a text on one line, in em."""
    advances = _advances()
    return MARGIN * sum(advances.get(ord(character), UNKNOWN) for character in text)


def widest_word(text: str) -> float:
    """The width of the widest word, in em. A no-break space holds words together."""
    return max((width(word) for line in text.splitlines() for word in line.split(" ")), default=0)


def wrap(text: str, room: float) -> list[str]:
    """The lines of a text in a box `room` em wide; a word that is too wide stands alone."""
    lines, space = [], width(" ")
    for paragraph in text.splitlines():
        line: list[str] = []
        filled = 0.0
        for word in paragraph.split(" "):
            wide = width(word)
            if line and filled + space + wide > room:
                lines.append(" ".join(line))
                line, filled = [word], wide
            else:
                filled += space + wide if line else wide
                line.append(word)
        lines.append(" ".join(line))
    return lines


def rows(text: str, room: float) -> int:
    """How many lines a text takes when words that are too wide are broken."""
    return sum(max(1, ceil(width(line) / room)) for line in wrap(text, room))
