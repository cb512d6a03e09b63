"""Drawing pieces of a board: faces of cards, cells, curves, the whole grid.

The page and the fragments of a change (fragments.py) are drawn by the same templates. Everything
inside the board is in the map's language and for nobody in particular, so that one drawing serves
all.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from changes.models import Conflict
from journeys.kinds import kind_of
from journeys.models import ON_BOARD, Card, Journey, Stage
from journeys.reads import board as reads
from journeys.reads import curve
from journeys.reads.board import Board, Cell, Line, Marks, Row
from personas.models import Persona
from teams.actors import Actor


class Faces:
    """Drawn cards by (card, version, what else a face shows): the newest of this process, up to
    `most` characters. Used by all threads that answer requests."""

    def __init__(self, most: int = 40_000_000):
        self._most = most
        self._size = 0
        self._drawn: OrderedDict[tuple, str] = OrderedDict()
        self._lock = Lock()

    def of(
        self,
        journey: Journey,
        lines: Iterable[Line],
        at_hand: Mapping[UUID, Card],
        committed: bool = True,
    ) -> dict[UUID, str]:
        """The face of each card, with `<!--mark-->` where computed marks go. One query at most,
        for the cards that were neither drawn before nor are at hand. Not yet `committed` ones
        are kept when they are."""
        stamp = (journey.language, journey.plan_starts, journey.currency)
        keys = {
            line.pk: (
                line.pk,
                line.version,
                line.persona_seq,
                line.owner_version,
                line.metric_version,
                stamp,
            )
            for line in lines
        }
        known = ((pk, self._drawn.get(key)) for pk, key in keys.items())
        found = {pk: html for pk, html in known if html is not None}
        missing = keys.keys() - found.keys()
        if missing:
            here = [at_hand[pk] for pk in missing & at_hand.keys()]
            cards = [*here, *full_cards(journey, missing - at_hand.keys())]
            new = {card.pk: _draw_card(card) for card in cards}
            drawn = {keys[pk]: html for pk, html in new.items()}
            if committed:
                self._keep(drawn)
            else:  # after a rollback another change gets the same number
                transaction.on_commit(lambda: self._keep(drawn))
            found |= new
        return found

    def _keep(self, new: dict[tuple, str]) -> None:
        with self._lock:
            for key, html in new.items():
                self._size += len(html) - len(self._drawn.pop(key, ""))
                self._drawn[key] = html
            while self._size > self._most:
                _key, html = self._drawn.popitem(last=False)
                self._size -= len(html)

    def clear(self) -> None:
        with self._lock:
            self._drawn.clear()
            self._size = 0


faces = Faces()


def full_cards(journey: Journey, pks) -> Iterable[Card]:
    """Those of the cards that stand on the board: a stage or a lane may be in the bin."""
    if not pks:
        return
    cards = Card.objects.filter(journey=journey, **ON_BOARD).select_related(
        "lane", "owner", "metric", "persona"
    )
    if len(pks) < 500:
        cards = cards.filter(pk__in=pks)
    for card in cards:
        if card.pk in pks:
            card.journey = journey
            yield card


def _draw_card(card: Card) -> str:
    kind = kind_of(card.lane)
    with translation.override(card.journey.language):
        return render("journeys/card.html#display", {"card": card, "kind": kind})


def render(name: str, context: dict) -> SafeString:
    return mark_safe(get_template(name).render(context))  # noqa: S308 what Django escaped


@dataclass
class Drawing:
    """Draws pieces of one board."""

    journey: Journey
    marks: Marks
    conflicts: dict[UUID, Conflict]
    stages: list[Stage]
    personas: list[Persona] = field(default_factory=list)
    at_hand: Mapping[UUID, Card] = field(default_factory=dict)  # full rows, read already
    committed: bool = True

    @cached_property
    def _columns(self) -> dict[UUID, int]:
        """The grid's column of each stage; the lanes' names are the first."""
        return {stage.pk: number for number, stage in enumerate(self.stages, start=2)}

    def cards(self, lines: list[Line]) -> dict[UUID, str]:
        """Cards with their marks and open conflicts."""
        drawn = faces.of(self.journey, lines, self.at_hand, self.committed)
        return {
            line.pk: drawn[line.pk].replace("<!--mark-->", self._mark(line), 1)
            for line in lines
            if line.pk in drawn
        }

    def _mark(self, line: Line) -> str:
        weakest = self.marks.weakest
        is_weakest = weakest is not None and weakest.pk == line.pk
        conflict = self.conflicts.get(line.pk)
        solutions = self.marks.solutions.get(line.pk, 0)
        if not (is_weakest or conflict or solutions):
            return ""
        with translation.override(self.journey.language):
            return render(
                "journeys/card.html#mark",
                {"weakest": is_weakest, "solutions": solutions, "conflict": conflict, "line": line},
            )

    def cell(self, cell: Cell, drawn: dict[UUID, str]) -> SafeString:
        """A cell with its cards; piled barriers stand in a wash with a heading."""
        piled = self.marks.piled
        groups: list[dict] = []
        for line in cell.cards:
            if line.pk not in drawn:
                continue
            number = piled.get(line.pk)
            if not groups or number is None or groups[-1]["pile"] != number:
                groups.append({"pile": number, "cards": []})
            groups[-1]["cards"].append(mark_safe(drawn[line.pk]))  # noqa: S308 our own drawing
        if any(group["pile"] is not None for group in groups):
            names = self._names_of_piled(cell)
            for group in groups:
                if group["pile"] is not None:
                    pile = self.marks.piles[group["pile"]]
                    group["count"] = len(pile)
                    at = pile[0].touchpoint_id
                    group["name"] = names.get(at, "") if at else ""
        return render(
            "journeys/board.html#cell",
            {"cell": cell, "groups": groups, "column": self._columns[cell.stage.pk]},
        )

    def _names_of_piled(self, cell: Cell) -> dict[UUID, str]:
        ids = {line.touchpoint_id for line in cell.cards if line.touchpoint_id}
        if not ids:
            return {}
        if not hasattr(self, "_touchpoints"):
            all_ids = {line.touchpoint_id for pile in self.marks.piles for line in pile}
            self._touchpoints = dict(
                Card.objects.filter(pk__in=all_ids - {None}).values_list("pk", "text")
            )
        return self._touchpoints

    def curve(self, row: Row) -> SafeString:
        """The curve of an emotions lane, a line for each persona."""
        voices = curve.voices([cell.cards for cell in row.cells], self.personas)
        return render(
            "journeys/board.html#curve",
            {"row": row, "voices": voices, "columns": len(self.stages)},
        )


def board(journey: Journey, actor: Actor) -> tuple[SafeString, Board]:
    """The whole board as HTML, and the data it was drawn from."""
    data = reads.board_of(journey, actor)
    drawing = Drawing(journey, data.marks, data.conflicts, data.stages, data.personas)
    with translation.override(journey.language):
        drawn = drawing.cards(
            [line for row in data.rows for cell in row.cells for line in cell.cards]
        )
        html = render(
            "journeys/board.html#board",
            {
                "journey": journey,
                "board": data,
                "rows": [
                    {
                        "lane": row.lane,
                        "curve": drawing.curve(row) if row.lane.content == "emotion" else "",
                        "cells": [drawing.cell(cell, drawn) for cell in row.cells],
                    }
                    for row in data.rows
                ],
            },
        )
    return html, data
