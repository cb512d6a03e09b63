"""Which cards seem to say the same: by the words they share. A suggestion, never an act."""

import re
from collections.abc import Sequence

from journeys.models import Card

_WORD = re.compile(r"[^\W_]{3,}")
_STOP = frozenset(
    [
        *("что", "как", "для", "или", "это", "при", "без", "над", "под", "они", "его", "нет"),
        *("есть", "все", "она", "оно", "еще", "уже", "был", "была", "было"),
        *("the", "and", "for", "not", "are", "was", "with", "that", "this", "there", "from"),
        *("have", "has", "but"),
    ]
)
STEM = 5  # letters: Russian endings are beyond them
ALIKE = 0.5  # shared of the shorter one's words


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that mean something."""
    words = _WORD.findall(text.casefold().replace("ё", "е"))
    return frozenset(word[:STEM] for word in words if word not in _STOP)


def alike(cards: Sequence[Card]) -> list[list[Card]]:
    """Groups of two and more of one stage whose words are alike, in the order of the cards."""
    groups: list[tuple[list[Card], frozenset[str]]] = []
    for card in cards:
        own = stems(card.text)
        for members, words in groups:
            if members[0].stage_id == card.stage_id and _share(own, words) >= ALIKE:
                members.append(card)
                break
        else:
            groups.append(([card], own))
    return [members for members, _words in groups if len(members) > 1]


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of the shorter one's words are in both; one word alone says little."""
    both, least = len(one & other), min(len(one), len(other))
    return both / least if both > 1 or (one == other and both) else 0.0
