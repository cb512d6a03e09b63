"""The scene and what a wall shows of it: what is in the spotlight, and which page."""

from collections import OrderedDict
from functools import cached_property
from uuid import UUID

from journeys.models import Card

from ..models import Step, Workshop
from .answers import Rated
from .pages import MOST_LINES, WIDTH, is_long, lines, pages, room_under, size_alone
from .results import Ranked
from .room import Column, Scene
from .wall_map import A_ROW, ROWS, WallMap

Kind = Step.Kind
_IN_COLUMNS = (Kind.WRITE, Kind.GROUP)  # steps whose wall is a row of stages


class Wall(Scene):
    """What wall and panel show, shared by the phones."""

    @cached_property
    def map(self) -> WallMap:
        ws, step = self.workshop, self.step
        return WallMap(self.journey, step.lane if step else None, ws.spotlight, ws.page)

    @property
    def is_long(self) -> bool:
        """Whether the question is written smaller."""
        return bool(self.step and is_long(self.step.question))

    @cached_property
    def lit(self) -> str:
        """What is in the spotlight, if it is on this screen: nothing is dimmed for what is gone."""
        step, ref = self.step, self.workshop.spotlight
        if step is None or not ref:
            return ""
        if step.kind == Kind.SHOW:
            return self.map.lit
        known = {column.ref for column in self.columns} if step.kind in _IN_COLUMNS else set()
        if step.kind == Kind.DECIDE:
            known |= {card.ref for card in self.decisions}  # type: ignore[attr-defined]
        elif step.kind == Kind.RATE:
            known |= {one.subject.ref for one in self.rated} if step.revealed_at else set()
        elif not step.is_secret:
            known |= {card.ref for card in self.cards}  # type: ignore[attr-defined]
        return ref if ref in known else ""

    @cached_property
    def lit_column(self) -> Column | None:
        """The stage in the spotlight, or the one whose card is in it."""
        card = self.lit_card
        return next(
            (
                one
                for one in self.columns
                if one.ref == self.lit or (card and one.stage.pk == card.stage_id)
            ),
            None,
        )

    @cached_property
    def lit_card(self) -> Card | None:
        kind, _colon, hexa = self.lit.partition(":")
        if kind != "card":
            return None
        return next((card for card in self.cards if card.pk.hex == hexa), None)

    @property
    def lit_words(self) -> str:
        """What is in the spotlight, said in words."""
        if self.step and self.step.kind == Kind.SHOW:
            lit = self.map.lit_card or self.map.lit_stage or self.map.lit_lane
            return getattr(lit, "text", "") or getattr(lit, "name", "")
        said = {column.ref: column.stage.name for column in self.columns}
        if self.step and self.step.kind == Kind.DECIDE:
            said |= {card.ref: card.text for card in self.decisions}  # type: ignore[attr-defined]
        elif self.step and self.step.kind == Kind.RATE:
            said |= {one.subject.ref: one.subject.name for one in self.rated}
        else:
            said |= {card.ref: card.text for card in self.cards}  # type: ignore[attr-defined]
        return said.get(self.lit, "")

    @property
    def lit_size(self) -> int:
        """The size in which the card in the spotlight is seen whole."""
        if self.step is None:
            return 0
        card = self.map.lit_card if self.step.kind == Kind.SHOW else self.lit_card
        room = self.map.room if self.step.kind == Kind.SHOW else self._room
        return size_alone(card.text, room) if card else 0

    @property
    def _room(self) -> float:
        step = self.step
        return room_under(step.question, clock=step.revealed_at is None) if step else 0

    @property
    def is_crowded(self) -> bool:
        """Whether the other stages are names only beside what is in the spotlight."""
        return len(self.columns) > A_ROW

    @cached_property
    def _lit_pages(self) -> tuple[bool, list[list[Card]]]:
        """The cards of the stage in the spotlight, and whether they are large: then all of them
        are on one page."""
        cards = self.lit_column.cards if self.lit_column else []
        room = self._room - 150
        large = pages(cards, lambda card: _card_height(card, 40, 36), room)
        if len(large) == 1:
            return True, large
        return False, pages(cards, lambda card: _card_height(card, 32, 20), room)

    @property
    def is_large(self) -> bool:
        return self._lit_pages[0]

    @cached_property
    def pages(self) -> list:
        """What the wall lists, cut so that each page is read whole; the panel turns them."""
        step = self.step
        if step is None or self.workshop.state != Workshop.State.RUNNING:
            return [[]]
        if step.kind in (Kind.VOTE, Kind.RATE) and step.is_secret:
            return [[]]  # even how many pages there are would tell something
        if step.kind == Kind.SHOW:
            return self.map.pages
        if step.kind == Kind.VOTE:
            return pages(self.ranked, self._ranked_height, self._room - 60)
        if step.kind == Kind.RATE:
            answered = [one for one in self.rated if one.spreads]
            return pages(answered, _rated_height, self._room)
        if step.kind == Kind.DECIDE:
            return pages(self.decisions, self._decided_height, self._room)
        if self.lit.startswith("stage:"):
            return self._lit_pages[1]
        most = A_ROW * ROWS
        return [self.columns[at : at + most] for at in range(0, len(self.columns), most)] or [[]]

    @cached_property
    def page(self) -> int:
        """Which of them, from 1: the one that was turned to, or the one with what is lit."""
        for number, rows in enumerate(self.pages, 1):
            if self.lit and any(_ref(row) == self.lit for row in rows):
                return number
        return min(self.workshop.page, len(self.pages) - 1) + 1

    @property
    def on_page(self) -> list:
        return self.pages[self.page - 1]

    @property
    def rows(self) -> list[list[Column]]:
        """The stages beside each other: up to seven in a row, in two rows what is more."""
        columns = self.columns if self.lit else self.on_page
        cut = len(columns) if len(columns) <= A_ROW else (len(columns) + 1) // ROWS
        return [columns[at : at + cut] for at in range(0, len(columns), cut or 1)]

    def _ranked_height(self, one: Ranked) -> float:
        if one.card.ref == self.lit:  # type: ignore[attr-defined]
            return 60 + 72 * lines(one.card.text, 1000, 60)
        if one.taken:
            return 60 + 49 * lines(one.card.text, 1000, 42)
        return 14 + max(45, 38 * lines(one.card.text, 1000, 30))

    def _decided_height(self, card: Card) -> float:
        size = 60 if card.ref == self.lit else 42  # type: ignore[attr-defined]
        tasks = sum(8 + 45 * lines(task.text, 1150, 36) for task in card.open_tasks)  # type: ignore[attr-defined]
        return 22 + 1.15 * size * lines(card.text, WIDTH, size) + tasks


def _card_height(card: Card, size: int, padding: int) -> float:
    """Of a card in the column that is in the spotlight."""
    by = 0.85 * size if card.by else 0  # type: ignore[attr-defined]
    return 14 + padding + 1.25 * (size * min(MOST_LINES, lines(card.text, 540, size)) + by)


def _rated_height(one: Rated) -> float:
    return 26 + max(96 * len(one.spreads), 32 + 42 * lines(one.subject.name, 800, 36))


def _ref(row: object) -> str:
    """Of whatever a page lists."""
    about = getattr(row, "card", None) or getattr(row, "subject", None) or row
    return getattr(about, "ref", "")


_scenes: OrderedDict[tuple[UUID, int], Wall] = OrderedDict()
MOST_SCENES = 8


def scene_of(workshop_id: UUID, seq: int) -> Wall:
    """The scene at a number of the map, shared by all phones and walls that ask for it; who is
    online is no part of it. It is read after its number: what slipped in since is newer, and the
    screens are told of it by its own word."""
    key = (workshop_id, seq)
    found = _scenes.get(key)
    if found is None:
        rows = Workshop.objects.select_related("step__lane", "journey__workspace")
        found = _scenes[key] = Wall(rows.get(pk=workshop_id))
    while len(_scenes) > MOST_SCENES:
        _scenes.popitem(last=False)
    return found
