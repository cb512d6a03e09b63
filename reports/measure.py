"""How wide words run in our typeface, so that room can be made for them before they are set."""

from functools import cache

from fontTools.ttLib import TTFont

from .assets import onest

# The fallback for letters that Onest has not, and a little more than true, to be safe.
UNKNOWN, MARGIN = 1.0, 1.03
BOLD = 1.07


@cache
def _advances() -> dict[int, float]:
    """The width of each character in em."""
    font = TTFont(onest())
    metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
    return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}


def width(text: str) -> float:
    """The width of a text on one line, in em."""
    advances = _advances()
    return MARGIN * sum(advances.get(ord(character), UNKNOWN) for character in text)


def widest_word(text: str) -> float:
    """The width of the widest word, in em. A no-break space holds words together."""
    return max((width(word) for line in text.splitlines() for word in line.split(" ")), default=0)


def wrap(text: str, room: float) -> list[str]:
    """The lines of a text in a box `room` em wide; a word that is too wide stands alone."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and width(longer) > room:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines
