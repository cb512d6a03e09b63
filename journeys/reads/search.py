"""Finding words in the maps of a workspace.

Case, ё, kinds of spaces and other names for the same thing (catalogues/lane_names.json) make no
difference. A map's words are kept folded by its number: searching 200 maps costs one query for what
has not changed, in any database.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from journeys.catalogues import names_alike
from journeys.models import ON_BOARD, Card, Journey
from personas.models import Persona
from teams.models import Workspace
from ui.text import folded


def wanted_by(text: str) -> re.Pattern | None:
    """What is looked for when a person types `text`: these letters anywhere in a folded text, and
    other names of the same thing as whole words. None if nothing was typed."""
    typed = folded(text)
    names = next((group for group in names_alike() if typed in group), ())
    ways = [re.escape(typed), *(rf"\b{re.escape(name)}\b" for name in names)]
    return re.compile("|".join(ways)) if typed else None


@dataclass(frozen=True)
class Found:
    """One thing that was found; `where` says in which map and stage a card stands, and of a map
    whether it is a template."""

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
    wanted = wanted_by(text)
    if wanted is None:
        return []
    maps = list(
        Journey.objects.filter(workspace=workspace, deleted_at=None, rehearses=None).order_by(
            F("archived_at").asc(nulls_first=True), "-changed_at"
        )
    )
    found = [
        Found("map", row.pk, row.title, _("Template") if row.is_template else "")
        for row in maps
        if wanted.search(folded(f"{row.title}\n{row.goal}\n{row.summary}"))
    ][:most]
    personas = Persona.objects.filter(workspace=workspace, deleted_at=None).order_by("name")
    found += [
        Found("persona", row.pk, row.name) for row in personas if wanted.search(folded(row.name))
    ][:most]
    return found + _cards(maps, wanted, most)


def _cards(maps: list[Journey], wanted: re.Pattern, most: int) -> list[Found]:
    found: list[Found] = []
    words = _words_of(maps)
    for row in maps:
        for card in words[row.pk]:
            if wanted.search(card.folded):
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
        # What one person alone sees is not kept for all.
        Card.objects.filter(journey__in=missing, audience="team", **ON_BOARD)
        .exclude(text="")
        .order_by("position", "id")
        .values_list("journey_id", "pk", "text", "stage__name")
        if missing
        else ()
    ):
        fresh[journey].append(_Words(card, text, folded(text), stage))
    for pk, words in fresh.items():
        _words[pk, missing[pk].seq] = words
    while len(_words) > _KEPT:
        _words.popitem(last=False)
    return {pk: fresh[pk] if words is None else words for pk, words in known.items()}
