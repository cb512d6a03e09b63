"""How high the cells of a map get, guessed from their words.

Good enough to step through type sizes without setting a page, and to find the few cells that
decide how high each row is. Those are then set by WeasyPrint, which alone knows exactly.
"""

from collections.abc import Sequence

from . import emotions, measure
from .sheets import Layout

# In card sizes (em), as static/css/print/poster.css has them.
LINE, FOOT, GAP, PADDING, SIDES = 1.28, 1.25, 0.4, 0.8, 1.7
FACT, IMAGES = 2.0, 5.7
# What stands before and after the words of a card, as wide as so many figures.
LEADS = {"touchpoint": "00 ", "barrier": "000 ", "solution": "000 "}
SEVERITY = " 000000000"


def cell(cards: Sequence, content: str, layout: Layout) -> float:
    """The height of a cell in millimetres."""
    room = max(layout.column / layout.em - SIDES, 2)
    heights = [_card(card, content, room) for card in cards]
    return (PADDING + sum(heights) + GAP * max(len(heights) - 1, 0)) * layout.em


def _card(card, content: str, room: float) -> float:
    words = LEADS.get(content, "") + card.text + (SEVERITY if card.severity else "")
    words += f" {card.persona}" + "".join(f" #{tag}" for tag in card.tags)
    high = LINE * measure.rows(words, room)
    if card.answer:
        high += FOOT * measure.rows(f"00 {card.answer}", room / 0.9)
    if card.images:
        high += IMAGES
    if card.piled:
        high += FOOT
    if content == "metric" and card.metric:
        high += FACT
    elif content == "task" and (card.status or card.due_day is not None or card.owner):
        high += FOOT * measure.rows("0" * 10 + f" {card.owner}", room / 0.9)
    elif (content == "touchpoint" and (card.expectation or card.perception)) or (
        content == "solution" and (card.effort or card.impact or card.lifts)
    ):
        high += FOOT
    return high


def cells(lane, layout: Layout, picture: emotions.Picture | None) -> list[float]:
    """The heights of all cells of a lane."""
    if picture:
        under = [cell(cards, "emotion", layout) if cards else 0 for cards in picture.below]
        return [picture.height + high for high in under]
    return [cell(cards, lane.content, layout) for cards in lane.cells]


def head(stage, layout: Layout) -> float:
    """How high the head of a column gets, as far as it differs from others."""
    room = max(layout.column / layout.em - 2, 2)
    return (
        1.8 * measure.rows(f"{stage.label} {stage.name}", room / 1.6)
        + FOOT * measure.rows(f"{stage.description} {stage.duration}", room)
        + 1.5 * bool(stage.weight)
        + (FOOT * measure.rows(f"00 {stage.exit_reason}", room) if stage.exit_reason else 0)
    ) * layout.em
