"""Finding words in the maps of a workspace.

Case, ё, kinds of spaces and the glossary's other names for the same thing make no difference.
A map's words are kept folded by its number: searching 200 maps costs one query for what has not
changed, in any database.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from journeys.models import Card, Journey
from personas.models import Persona
from teams.models import Workspace

# What teams call the same thing (docs/glossary.md), as `fold` leaves it.
SYNONYMS = (
    {"точки контакта", "точки касания", "точки взаимодействия", "точки соприкосновения"},
    {"барьеры", "боли", "болевые точки", "препятствия", "проблемы"},
    {"решения", "идеи", "возможности"},
    {"этапы", "стадии", "шаги", "фазы"},
    {"touchpoints", "points of contact"},
    {"barriers", "pains", "pain points", "obstacles", "problems"},
    {"solutions", "ideas", "opportunities"},
    {"stages", "steps", "phases"},
)


def fold(text: str) -> str:
    """A text as it is compared: one case, one е, one kind of space."""
    return " ".join(text.casefold().replace("ё", "е").split())


def meanings(text: str) -> set[str]:
    """What is looked for when a person types `text`: the words, and their other names."""
    wanted = fold(text)
    return next((set(group) for group in SYNONYMS if wanted in group), {wanted} - {""})


@dataclass(frozen=True)
class Found:
    """One thing that was found; `where` says in which map and stage a card stands."""

    kind: str  # map, persona, card
    id: UUID
    text: str
    where: str = ""
    map: UUID | None = None


class _Words(NamedTuple):
    card: UUID
    text: str
    folded: str
    stage: str


_KEPT = 500
_words: OrderedDict[tuple[UUID, int], list[_Words]] = OrderedDict()


def find(workspace: Workspace, text: str, *, most: int = 12) -> list[Found]:
    """Maps and personas first, then cards, at most `most` of each kind."""
    wanted = meanings(text)
    if not wanted:
        return []
    maps = list(
        Journey.objects.filter(workspace=workspace, deleted_at=None).order_by(
            "archived_at", "-changed_at"
        )
    )
    found = [
        Found("map", row.pk, row.title)
        for row in maps
        if _says(fold(f"{row.title}\n{row.goal}\n{row.summary}"), wanted)
    ][:most]
    personas = Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("name")
    found += [
        Found("persona", row.pk, row.name) for row in personas if _says(fold(row.name), wanted)
    ][:most]
    return found + _cards(maps, wanted, most)


def _says(folded: str, wanted: set[str]) -> bool:
    return any(word in folded for word in wanted)


def _cards(maps: list[Journey], wanted: set[str], most: int) -> list[Found]:
    found: list[Found] = []
    words = _words_of(maps)
    for row in maps:
        for card in words[row.pk]:
            if _says(card.folded, wanted):
                found.append(
                    Found("card", card.card, card.text, f"{row.title} · {card.stage}", row.pk)
                )
                if len(found) == most:
                    return found
    return found


def _words_of(maps: Iterable[Journey]) -> dict[UUID, list[_Words]]:
    known = {row.pk: _words.get((row.pk, row.seq)) for row in maps}
    missing = {row.pk: row for row in maps if known[row.pk] is None}
    fresh: dict[UUID, list[_Words]] = {pk: [] for pk in missing}
    for journey, card, text, stage in (
        Card.living.filter(
            journey__in=missing,
            audience="team",  # what one person alone sees is not kept for all
            stage__deleted_at=None,
            stage__parent__deleted_at=None,
            lane__deleted_at=None,
        )
        .exclude(text="")
        .order_by("position", "id")
        .values_list("journey_id", "pk", "text", "stage__name")
        if missing
        else ()
    ):
        fresh[journey].append(_Words(card, text, fold(text), stage))
    for pk, words in fresh.items():
        _words[pk, missing[pk].seq] = words
    while len(_words) > _KEPT:
        _words.popitem(last=False)
    return {pk: fresh[pk] if words is None else words for pk, words in known.items()}
