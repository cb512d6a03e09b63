"""The map as a wall can show it: the curve of what is felt, and at most two lanes of cards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from textwrap import wrap
from typing import NamedTuple
from uuid import UUID

from journeys.models import ON_BOARD, Card, Journey, Lane, Stage
from journeys.reads import curve, stages
from journeys.reads.board import personas_of
from teams.actors import TEAM

from .pages import LETTER, MOST_LINES, WIDTH, lines, pages

MOST_LANES, MOST_CARDS = 2, 8
A_ROW, ROWS = 7, 2  # stages beside each other; more of them stand in two rows
_TELLING = ("touchpoint", "barrier", "text", "solution")  # contents, the most telling first

# The curve in the wall's units: a step of −5 … +5 where it has the wall for itself or shares it.
_STEP, _STEP_OF_TWO = 20, 11
_PILL, _HALF, _NARROW = 136, 30, 76  # a pill's width, half its height, and without a face
_WORDS, _LINE, _GAP, _MOST_LINES = 26, 31, 10, 2  # of a comment
_DETOUR = 40  # how much farther a comment may stand to be on its outer side
# The cards of one stage in the spotlight, in two columns below the curve; they share this height.
_CARD, _CARD_WIDTH, _ROOM = 36, 800, 690


class Said(NamedTuple):
    """A card of the map."""

    pk: UUID
    stage_id: UUID
    lane_id: UUID
    text: str
    emotion: int | None
    persona_id: UUID | None
    severity: int | None

    @property
    def ref(self) -> str:
        return f"card:{self.pk.hex}"


@dataclass
class Pill:
    """A point of the curve: its face and value, and what is felt in a few lines."""

    x: float
    y: float
    value: int
    width: int  # 0: only a dot
    stage: UUID
    lowest: bool = False
    words: list[tuple[float, str]] = field(default_factory=list)  # (y, line)

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def has_face(self) -> bool:
        return self.width == _PILL


@dataclass
class Drawn:
    """The curve of one row of stages, as SVG data."""

    line: str
    area: str
    others: list[str]  # further personas' lines
    zero: float
    top: float
    height: float
    pills: list[Pill]
    width: int = WIDTH


@dataclass
class Cell:
    """The cards of a lane in a stage, and how many there are beyond those."""

    stage: Stage
    cards: list[Said]
    more: int


@dataclass
class Band:
    """One lane under a row of stages."""

    lane: Lane
    cells: list[Cell]


@dataclass
class Head:
    """A stage with its number, and what is felt there in plain figures."""

    number: int
    stage: Stage
    feelings: list[int]

    @property
    def ref(self) -> str:
        return f"stage:{self.stage.pk.hex}"


@dataclass
class Row:
    heads: list[Head]
    curve: Drawn | None
    bands: list[Band]


class WallMap:
    """`lane` is the one that the step is about; without one the most telling are taken. `lit` is
    what the spotlight asks for: a lane in it is shown alone, of a stage all its cards."""

    def __init__(self, journey: Journey, lane: Lane | None, lit: str = "", page: int = 0):
        self.journey, self.lane, self.asked, self.asked_page = journey, lane, lit, page

    # --- what there is -------------------------------------------------------------------------

    @cached_property
    def stages(self) -> list[Stage]:
        return stages.leaves(stages.rows_of(self.journey))

    @cached_property
    def all_lanes(self) -> list[Lane]:
        return list(Lane.living.filter(journey=self.journey).order_by("position", "id"))

    @cached_property
    def cards(self) -> list[Said]:
        found = Card.objects.filter(journey=self.journey, audience=TEAM, **ON_BOARD)
        rows = found.order_by("position", "id").values_list(*Said._fields)
        return [Said._make(row) for row in rows]

    @cached_property
    def _placed(self) -> Mapping[tuple[UUID, UUID], list[Said]]:
        found = defaultdict(list)
        for card in self.cards:
            found[card.stage_id, card.lane_id].append(card)
        return found

    def _cards(self, stage: Stage, lane: Lane | None) -> list[Said]:
        return self._placed.get((stage.pk, lane.pk), []) if lane else []

    @cached_property
    def choices(self) -> list[Lane]:
        """The lanes that have something to show."""
        full = {card.lane_id for card in self.cards if card.text}
        felt = {self.feeling.pk} if self.feeling else set()
        return [one for one in self.all_lanes if one.pk in full | felt]

    @cached_property
    def feeling(self) -> Lane | None:
        """The lane of the curve: the first in which something is felt."""
        felt = {card.lane_id for card in self.cards if card.emotion is not None}
        lanes = (one for one in self.all_lanes if one.content == "emotion" and one.pk in felt)
        return next(lanes, None)

    # --- the spotlight -------------------------------------------------------------------------

    @cached_property
    def lit(self) -> str:
        """What is in the spotlight, if it is here to be seen."""
        known = {f"stage:{one.pk.hex}" for one in self.stages}
        known |= {f"lane:{one.pk.hex}" for one in self.choices}
        known |= {card.ref for card in self.cards if card.text}
        return self.asked if self.asked in known else ""

    def _named(self, kind: str, rows: Iterable):
        here, _colon, hexa = self.lit.partition(":")
        return next((one for one in rows if one.pk.hex == hexa), None) if here == kind else None

    @cached_property
    def lit_lane(self) -> Lane | None:
        return self._named("lane", self.choices)

    @cached_property
    def lit_card(self) -> Said | None:
        return self._named("card", self.cards)

    @cached_property
    def lit_stage(self) -> Stage | None:
        return self._named("stage", self.stages)

    @cached_property
    def focus(self) -> Stage | None:
        """The stage in the spotlight, or the one whose card is in it."""
        card = self.lit_card
        of_card = (one for one in self.stages if card and one.pk == card.stage_id)
        return self.lit_stage or next(of_card, None)

    @property
    def dims_curve(self) -> bool:
        """Whether the curve is not what is looked at."""
        lane = self.lit_lane
        return bool(lane and lane.content != "emotion") or self.lit_card is not None

    @property
    def in_stage(self) -> list[tuple[Lane, list[Said]]]:
        """What the stage in the spotlight has in the lanes that are shown."""
        if self.focus is None:
            return []
        found = ((lane, self._cards(self.focus, lane)) for lane in self.lanes)
        return [(lane, [card for card in cards if card.text]) for lane, cards in found]

    @property
    def room(self) -> float:
        """The height below the curve."""
        return _ROOM - sum(row.curve.height for row in self.rows if row.curve)

    @cached_property
    def pages(self) -> list:
        """Of the stage in the spotlight, its cards lane by lane; else the stages."""
        if self.lit_stage:
            cut = [pages(cards, _height, self.room - 60) for _lane, cards in self.in_stage]
            return [
                [(lane, one[at]) for (lane, _), one in zip(self.in_stage, cut, strict=True) if
                 at < len(one) and one[at]]
                for at in range(max(map(len, cut), default=1))
            ]  # fmt: skip
        if self.lit_card:
            return [[self.lit_card]]
        most = A_ROW * ROWS
        return [self.heads[at : at + most] for at in range(0, len(self.heads), most)] or [[]]

    @cached_property
    def on_page(self) -> list:
        return self.pages[min(self.asked_page, len(self.pages) - 1)]

    # --- what is shown -------------------------------------------------------------------------

    @cached_property
    def heads(self) -> list[Head]:
        return [
            Head(
                number,
                stage,
                [
                    card.emotion
                    for card in self._cards(stage, self.feeling)
                    if card.emotion is not None
                ],
            )
            for number, stage in enumerate(self.stages, 1)
        ]

    @property
    def _shown(self) -> list[Head]:
        """The stages at hand; around one in the spotlight those it stands among."""
        if self.focus is None:
            return self.on_page
        at = self.stages.index(self.focus) // A_ROW * A_ROW
        return self.heads[at : at + A_ROW]

    @cached_property
    def rows(self) -> list[Row]:
        heads = self._shown
        cut = len(heads) if len(heads) <= A_ROW else (len(heads) + 1) // ROWS
        parts = [heads[at : at + cut] for at in range(0, len(heads), cut or 1)]
        return [
            Row(
                part,
                self._curve(part, _STEP if len(parts) == 1 and not self.focus else _STEP_OF_TWO),
                [self._band(lane, part) for lane in self.lanes],
            )
            for part in parts
        ]

    @cached_property
    def lanes(self) -> list[Lane]:
        """Lanes of cards: the one in the spotlight, or the step's and the most telling."""
        if self.lit_lane:
            return [] if self.lit_lane == self.feeling else [self.lit_lane]
        most = 1 if self.focus is None and len(self.stages) > A_ROW else MOST_LANES
        chosen = [one for one in self.choices if self.lane and one.pk == self.lane.pk]
        rest = [one for one in self.choices if one.content in _TELLING and one not in chosen]
        rest.sort(key=lambda one: _TELLING.index(one.content))
        return sorted((chosen + rest)[:most], key=self.all_lanes.index)

    @property
    def count(self) -> int:
        """How many lanes of all are to be seen."""
        return len(self.lanes) + bool(self.feeling)

    @property
    def all(self) -> int:
        return len(self.all_lanes)

    def _band(self, lane: Lane, heads: Sequence[Head]) -> Band:
        cells = []
        for head in heads:
            cards = [card for card in self._cards(head.stage, lane) if card.text]
            cells.append(Cell(head.stage, cards[:MOST_CARDS], max(0, len(cards) - MOST_CARDS)))
        return Band(lane, cells)

    # --- the curve -----------------------------------------------------------------------------

    @cached_property
    def voices(self) -> list[curve.Voice]:
        """A line for each persona that has one, the map's first persona's first."""
        columns = [self._cards(stage, self.feeling) for stage in self.stages]
        return [one for one in curve.voices(columns, personas_of(self.journey)) if one.points]

    @property
    def names(self) -> list[str]:
        """Whose the lines are, where there are several."""
        whose = (", ".join(persona.name for persona in one.personas) for one in self.voices)
        return [name for name in whose if name]

    def _curve(self, heads: Sequence[Head], step: int) -> Drawn | None:
        if not self.voices:
            return None
        first, columns = heads[0].number - 1, len(heads)
        box = {"width": WIDTH, "height": 10 * step, "columns": columns}
        lines = [_between(voice.points, first, columns) for voice in self.voices]
        path = curve.path(lines[0], **box)
        pills = [self._pill(point, heads, step) for point in lines[0]]
        if len(self._shown) == columns:
            _comment(pills, self._words(heads), path)
        low = min((point.value for point in self.voices[0].points), default=0)
        high = max((point.value for point in self.voices[0].points), default=0)
        deepest = [one for one in pills if one.value == low < high]
        if deepest:
            deepest[0].lowest = True
            deepest[0].width = deepest[0].width or _NARROW
        ends = [one.y - _HALF for one in pills] + [one.y + _HALF for one in pills]
        for pill in pills:
            ends += [y - _LINE for y, _text in pill.words] + [y + 8 for y, _text in pill.words]
        top, bottom = min([*ends, 5 * step]) - 6, max([*ends, 5 * step]) + 6
        return Drawn(
            line=path,
            area=curve.area(lines[0], **box),
            others=[curve.path(one, **box) for one in lines[1:] if one],
            zero=5 * step,
            top=round(top),
            height=round(bottom - top),
            pills=pills,
        )

    def _pill(self, point: curve.Point, heads: Sequence[Head], step: int) -> Pill:
        head = heads[min(int(point.x), len(heads) - 1)]
        free = WIDTH / len(heads) / max(1, len(self._cards(head.stage, self.feeling)))
        width = _PILL if free >= _PILL + 8 else _NARROW if free >= _NARROW + 4 else 0
        x, y = point.x * WIDTH / len(heads), (5 - point.value) * step
        return Pill(round(x, 1), round(y, 1), int(point.value), width, head.stage.pk)

    def _words(self, heads: Sequence[Head]) -> list[list[str]]:
        """The comment of each point in lines; none where they would stand on each other."""
        whose = {persona.pk for persona in self.voices[0].personas}
        found = []
        for head in heads:
            cards = self._cards(head.stage, self.feeling)
            told_here = self.focus in (None, head.stage)
            wide = (WIDTH / len(heads) / max(1, len(cards)) - 16) / (LETTER * _WORDS)
            for card in cards:
                if card.emotion is None or (whose and card.persona_id not in {None, *whose}):
                    continue
                told = wrap(card.text, max(1, int(wide)), break_long_words=False)
                if not told_here or any(len(line) > wide for line in told):
                    told = []
                if len(told) > _MOST_LINES:
                    told = told[:_MOST_LINES]
                    told[-1] = f"{told[-1].rstrip(' .,:;')}…"
                found.append(told)
        return found


def _between(points: Sequence[curve.Point], first: int, columns: int) -> list[curve.Point]:
    """The points of some columns, seen from the first of them."""
    here = (point for point in points if first <= point.x < first + columns)
    return [curve.Point(point.x - first, point.value) for point in here]


def _comment(pills: Sequence[Pill], words: Sequence[list[str]], path: str) -> None:
    """Puts the words on the outer side of the line, as near to their pill as it lets them."""
    outline = curve.outline(path)
    for pill, told in zip(pills, words, strict=False):
        if not told:
            continue
        half = max(map(len, told)) * LETTER * _WORDS / 2
        high, low = outline(pill.x - half, pill.x + half)
        above = min(high, pill.y - _HALF) - _GAP - _LINE * (len(told) - 1)
        below = max(low, pill.y + _HALF) + _GAP + _LINE - 8
        up = pill.y - above + (_DETOUR if pill.value <= 0 else -_DETOUR) < below - pill.y
        pill.words = [
            (round((above if up else below) + at * _LINE, 1), line) for at, line in enumerate(told)
        ]


def _height(card: Said) -> float:
    return 1.25 * _CARD * min(MOST_LINES, lines(card.text, _CARD_WIDTH, _CARD)) + 14
