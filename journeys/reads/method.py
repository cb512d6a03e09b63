"""The method, as pure functions of a map's cards: nothing here is stored or touches a database.

A "card" below is anything with the attributes named in the docstring, so that the same functions
serve rows of the database, a file's plan and a printed story.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta

# A barrier stands open until somebody closes it; files that say nothing mean open.
CLOSED = "closed"


def service_level(card) -> int | None:
    """perception − expectation, −9 … +9; None while either score is missing."""
    if card.expectation is None or card.perception is None:
        return None
    return card.perception - card.expectation


def weakest_link(touchpoints: Iterable):
    """The touchpoint with the lowest service level, or None if no gap is negative.

    `touchpoints` come in map order (stage, then order within the lane). Ties go to the more
    important one (no importance counts as 0), then to the one that comes first.
    """
    weakest, worst = None, (0, 0)
    for card in touchpoints:
        level = service_level(card)
        if level is None or level >= 0:
            continue
        rank = (level, -(card.importance or 0))
        if rank < worst or weakest is None:
            weakest, worst = card, rank
    return weakest


def is_open(barrier) -> bool:
    """Whether a barrier still stands."""
    return barrier.status != CLOSED


def piles(barriers: Iterable) -> list[list]:
    """Groups of two or more open barriers at one touchpoint, in map order.

    Barriers that name no touchpoint count together per cell (`stage_id`, `lane_id`).
    """
    groups = defaultdict(list)
    for card in barriers:
        if is_open(card):
            at = card.touchpoint_id or (card.stage_id, card.lane_id)
            groups[at].append(card)
    return [group for group in groups.values() if len(group) > 1]


def due_date(starts: date | None, day: int | None) -> date | None:
    """The date of a day of the plan, once its start is known; None beyond the year 9999."""
    if starts is None or day is None:
        return None
    with suppress(OverflowError):
        return starts + timedelta(days=day)
    return None
