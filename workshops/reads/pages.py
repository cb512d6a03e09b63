"""What fits on a wall. All walls show the same page, so the server cuts it: in the units that
wall.css draws in (1920 × 1080), by an average letter, rather too early than too late."""

from collections.abc import Callable, Sequence
from textwrap import wrap

WIDTH = 1792  # between the margins
LETTER = 0.55  # em
MOST_LINES = 6  # of a card among others; all of it is seen when it is alone (wall.css)
# Under the head and over the foot, with the gaps between them.
_BODY = 895
_KICKER, _CLOCK = 54, 169
_HEAD_WIDTH, _QUESTION, _LONG_QUESTION = 1368, 72, 48


def lines(text: str, width: float, size: float) -> int:
    """How many lines a text of a size takes."""
    return max(1, len(wrap(text, max(1, int(width / (LETTER * size))))))


def is_long(question: str) -> bool:
    """Whether a question would take the room of what it asks for: it is written smaller."""
    return lines(question, _HEAD_WIDTH, _QUESTION) > 2


def room_under(question: str, *, clock: bool) -> float:
    """The height that is left for what is listed under a question, and a clock beside it."""
    size = _LONG_QUESTION if is_long(question) else _QUESTION
    head = _KICKER + 1.08 * size * lines(question, _HEAD_WIDTH, size)
    return _BODY - max(head, _CLOCK if clock else 0)


def pages[T](rows: Sequence[T], height: Callable[[T], float], room: float) -> list[list[T]]:
    """Fills one page after the other; a row that is higher than a page has its own."""
    found: list[list[T]] = [[]]
    left = room
    for row in rows:
        if height(row) > left and found[-1]:
            found.append([])
            left = room
        found[-1].append(row)
        left -= height(row)
    return found


# A card alone: the largest of these sizes at which all of it is seen.
_SIZES, _CARD_WIDTH = (72, 60, 48, 40, 32, 24), 1680


def size_alone(text: str, room: float) -> int:
    """The size of a card's words where nothing else is to be read."""
    fitting = (
        size for size in _SIZES if lines(text, _CARD_WIDTH, size) * 1.25 * size <= room - 120
    )
    return next(fitting, _SIZES[-1])
