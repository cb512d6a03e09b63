"""What the room said, as figures: ranked votes, and ratings with their spread. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median
from typing import Any, Protocol

from .ballot import Subject

# Answers in a part that is shown: of fewer, one's own could be read off.
LEAST = 3


def undivided(counts: Iterable[int]) -> str:
    """Why what was given may not be shown by parts that hold so many: "alike" where all are in
    one, "few" where one holds too few; empty where it may be. What is not in the parts could be
    reckoned from the whole, so they must be all there are."""
    there = list(counts)
    if len(there) < 2:
        return "alike"
    return "few" if min(there) < LEAST else ""


class HasPk(Protocol):
    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class Ranked[Card]:
    """A card with its votes. Equal votes share a rank; `taken` is above the cut; `parts` are its
    votes by who people are, where that is shown."""

    card: Card
    votes: int
    rank: int
    tied: bool
    taken: bool
    parts: tuple[tuple[str, int], ...] = ()


def ranking[Card: HasPk](
    cards: Sequence[Card], votes: Mapping, *, take: int, parts: Mapping | None = None
) -> list[Ranked[Card]]:
    """Cards that got votes, most first, in their own order within a tie. A cut that would divide
    a tie moves behind it."""
    given = [card for card in cards if votes.get(card.pk)]
    given.sort(key=lambda card: -votes[card.pk])
    ranked: list[Ranked[Card]] = []
    for count, group in groupby(given, lambda card: votes[card.pk]):
        equal, rank = list(group), len(ranked) + 1
        ranked += [
            Ranked(card, count, rank, len(equal) > 1, rank <= take, (parts or {}).get(card.pk, ()))
            for card in equal
        ]
    return ranked


@dataclass(frozen=True)
class Spread:
    """The answers to one question: each of them, their middle, and how far apart they lie."""

    values: tuple[int, ...]
    parts: tuple[tuple[str, "Spread"], ...] = ()  # by who people are, where that is shown
    undivided: str = ""  # why it is not

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def median(self) -> float | int:
        middle = median(self.values)
        return int(middle) if middle == int(middle) else middle

    @property
    def suggested(self) -> int:
        """The median as a whole number; a half goes to the side where more answers lie, else up."""
        middle = median(self.values)
        low = int(middle // 1)
        if middle == low:
            return low
        below = sum(value <= low for value in self.values)
        return low if below > self.n - below else low + 1

    @property
    def low(self) -> int:
        return min(self.values)

    @property
    def high(self) -> int:
        return max(self.values)

    @property
    def width(self) -> int:
        return self.high - self.low


def spreads(ratings: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], Spread]:
    """By (subject, aspect), from (subject, aspect, value)."""
    values: dict[tuple[str, str], list[int]] = {}
    for subject, aspect, value in ratings:
        values.setdefault((subject, aspect), []).append(value)
    return {key: Spread(tuple(sorted(found))) for key, found in values.items()}


def split(
    ratings: Iterable[tuple[str, str, int, str]], order: Iterable[str]
) -> dict[tuple[str, str], Spread]:
    """The same from (subject, aspect, value, part), each with its parts in order where they may
    be shown."""
    rows = list(ratings)
    of_part = {part: spreads(row[:3] for row in rows if row[3] == part) for part in order}
    found = {}
    for key, whole in spreads(row[:3] for row in rows).items():
        parts = [(part, of[key]) for part, of in of_part.items() if key in of]
        why = undivided(spread.n for _part, spread in parts)
        found[key] = replace(whole, parts=() if why else tuple(parts), undivided=why)
    return found


def widest_first(
    subjects: Sequence[Subject], found: Mapping[tuple[str, str], Spread]
) -> list[Subject]:
    """Subjects by how far apart the answers about them lie; those without any come last."""

    def width(subject) -> tuple[int, int]:
        own = [spread for (ref, _aspect), spread in found.items() if ref == subject.ref]
        return (-max((spread.width for spread in own), default=-1), -sum(s.n for s in own))

    return sorted(subjects, key=width)
