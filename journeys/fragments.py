"""What of the page a change redraws.

`draw()` reads a turn's facts and gives the frame: cards, cells, headers, curves, each as a partial
for its id. More than that, or a change of structure, is the one word `board`: each screen then
fetches the board for itself. How pieces are drawn: drawing.py.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.utils import translation

from changes.models import Change, Frame
from changes.record import Turn
from journeys.drawing import Drawing, full_cards, render
from journeys.kinds import KINDS, kind_of
from journeys.models import Card, Journey, Lane, Lift, Stage
from journeys.reads import board as reads
from journeys.reads import stages
from journeys.reads.board import Cell, Line, Marks, Row
from teams.actors import TEAM, system
from ui.ids import dom_id

# Past this many pieces a fetch of the board is cheaper than its pieces.
MOST_PIECES = 24
# Past this many facts nobody needs to count pieces: a pasted block, an import.
MOST_FACTS = 60
BOARD = '<hx-partial hx-target="#board-word" hx-swap="innerHTML">board</hx-partial>'
# Tells a screen that is no board to fetch what it shows; the word is the kind of the audience.
WORD = '<hx-partial hx-target="#room-word" hx-swap="innerHTML">{}</hx-partial>'
# The same in a few seconds: two hundred phones needn't follow each letter that is typed at the map.
LATER = WORD.format("later")
# Tells the map's own screens that a workshop over it has changed for them.
MEETING = '<hx-partial hx-target="#workshop-word" hx-swap="innerHTML">{}</hx-partial>'
TEAM_EYES = system("team")  # sees what everybody in the team sees

_STRUCTURE = {
    "stage": {"position", "parent_id", "loop_to_id", "loop_name", "deleted"},
    "lane": {"position", "content", "deleted"},
}
_OF_A_MEETING = {
    "workshop": {"state", "led_by", "led_by_name", "agenda"},
    "guest": {"number", "heads", "removed_at"},
}
_ON_EVERY_FACE = {"language", "plan_starts", "currency", "personas"}


def draw(mine: Turn, journey: Journey) -> dict[str, str]:
    """The frame of a change for each audience that sees it."""
    with translation.override(journey.language):
        redraw = _Redraw(mine, journey)
        html = redraw.html()
    told = (mine.told | {journey.desk}) - {""}
    shown = html and mine.audience == TEAM  # what is written hidden changes no other phone
    later = (mine.told_later | ({journey.room} if shown else set())) - told - {""}
    words = {one: WORD.format(one.partition(":")[0]) for one in sorted(told)}
    meeting = MEETING.format(mine.seq) if redraw.meeting else ""
    return {TEAM: html + meeting} | words | dict.fromkeys(sorted(later), LATER)


class _Redraw:
    """Works out the pieces of one frame from the turn's facts."""

    def __init__(self, mine: Turn, journey: Journey):
        self.mine, self.journey = mine, journey
        self.cards: set[UUID] = set()
        self.placed: dict[UUID, dict] = {}  # cards that came, went or moved: what was before
        self.cells: set[tuple[UUID, UUID]] = set()
        self.heads: list[tuple[str, UUID]] = []
        self.map_head = False
        self.meeting = False
        self.whole = False

    def html(self) -> str:
        hidden = self._hidden()
        # Headers first: where they change the structure, no card needs a look.
        for name in sorted(self.mine.before, key=lambda name: name.startswith("card:")):
            if name in hidden:
                continue
            self._look(name, self.mine.before[name], self.mine.after[name])
        if self.whole or len(self.mine.before) > MOST_FACTS:
            return BOARD + (self._map_head() if self.map_head else "")
        self._look_at_places()
        if len(self.cards) + len(self.cells) + len(self.heads) > MOST_PIECES:
            return BOARD + (self._map_head() if self.map_head else "")
        pieces = self._pieces()
        if len(pieces) > MOST_PIECES:
            pieces = [BOARD]
        if self.map_head:
            pieces.append(self._map_head())
        return "".join(pieces)

    def _hidden(self) -> set[str]:
        """Cards of this turn that the team doesn't see: they draw nothing."""
        if self.mine.audience == TEAM:
            return set()
        cards = [UUID(name[5:]) for name in self.mine.before if name.startswith("card:")]
        found = Card.objects.filter(pk__in=cards).exclude(audience=TEAM) if cards else []
        return {f"card:{card.pk.hex}" for card in found}

    def _look(self, name: str, before: dict | None, after: dict | None) -> None:
        kind, _colon, hexa = name.partition(":")
        fields = (before or {}).keys() | (after or {}).keys()
        if kind == "card" and not self.whole:
            self._look_at_card(UUID(hexa), before, after, fields)
        elif kind in ("stage", "lane"):
            if before is None or after is None or fields & _STRUCTURE[kind]:
                self.whole = True
            else:
                self.heads.append((kind, UUID(hexa)))
        elif kind == "journey":
            self.map_head = True
            self.whole = self.whole or bool(fields & _ON_EVERY_FACE)
        elif kind in _OF_A_MEETING and fields & _OF_A_MEETING[kind]:
            self.meeting = True
        elif kind == "owner" and before is not None:
            self.whole = True
        elif kind == "metric":
            self.cards |= set(Card.living.filter(metric=UUID(hexa)).values_list("pk", flat=True))

    def _look_at_card(self, pk: UUID, before, after, fields) -> None:
        placing = {"stage_id", "lane_id", "position", "deleted"}
        if before is None or fields & placing:
            self.placed[pk] = before or {}
        else:
            self.cards.add(pk)

    def _look_at_places(self) -> None:
        """The cells they stand in and those they came from: one query for all."""
        if not self.placed:
            return
        rows = Card.objects.filter(pk__in=self.placed).values_list("pk", "stage_id", "lane_id")
        for pk, stage, lane in rows:
            old = self.placed[pk]
            self.cells.add((stage, lane))
            self.cells.add(
                (
                    UUID(old["stage_id"]) if "stage_id" in old else stage,
                    UUID(old["lane_id"]) if "lane_id" in old else lane,
                )
            )

    def _pieces(self) -> list[str]:
        if not (self.cards or self.cells or self.heads):
            return []
        cards = {
            card.pk: card
            for card in full_cards(self.journey, self.cards)
            if card.audience in TEAM_EYES.audiences
        }
        rows, lanes = [], []
        if self.cells or self.heads or any(_reaches_out(card) for card in cards.values()):
            rows, lanes = stages.rows_of(self.journey), reads.lanes_of(self.journey)
        columns = stages.leaves(rows)
        by_stage = {stage.pk: stage for stage in columns}
        by_lane = {lane.pk: lane for lane in lanes}
        pieces = [*self._draw_stages(rows), *self._draw_lanes(by_lane)]
        places = {pk: (card.stage_id, card.lane_id) for pk, card in cards.items()}
        touched = self.cells | set(places.values())
        contents = {by_lane[lane].content for _stage, lane in touched if lane in by_lane}
        marks = Marks()
        if any(KINDS[content].scored for content in contents):
            scored = reads.scored_rows(self.journey, TEAM_EYES, columns, lanes)
            marks = self._marks(scored)
            self.cells |= self._changed_marks(scored, marks)
            for row in scored:
                for cell in row.cells:
                    cell.cards = reads.together(cell.cards, marks.piled)
        if "emotion" in contents:
            # A face stands where its number says: the cell moves with its cards.
            self.cells |= {
                place
                for place in places.values()
                if by_lane.get(place[1]) and by_lane[place[1]].content == "emotion"
            }
        conflicts = reads.conflicts_of(self.journey)
        # A curve is told with its lane's name.
        named = {pk for kind, pk in self.heads if kind == "lane"} | {lane for _s, lane in touched}
        curved = [lane for lane in lanes if lane.content == "emotion" and lane.pk in named]
        personas = reads.personas_of(self.journey) if curved else []
        drawing = Drawing(self.journey, marks, conflicts, columns, personas, cards, committed=False)
        cells = [
            Cell(by_stage[stage], by_lane[lane], [])
            for stage, lane in sorted(self.cells)
            if stage in by_stage and lane in by_lane
        ]
        pieces += self._draw_cells(drawing, cells, marks)
        alone = [card for pk, card in cards.items() if places[pk] not in self.cells]
        drawn = drawing.cards([reads.line_of(card) for card in alone])
        pieces += [_partial(dom_id("card", pk), html) for pk, html in drawn.items()]
        return pieces + [self._curve(drawing, lane, columns) for lane in curved]

    def _draw_stages(self, rows: list[Stage]) -> Iterable[str]:
        """Headers of stages, with those that name them: their steps, and where a loop begins."""
        edited = {pk for kind, pk in self.heads if kind == "stage"}
        for head in stages.headings(rows) if edited else []:
            if edited & {_pk(head.stage), _pk(head.within), _pk(head.back_to)}:
                html = render("journeys/board.html#stage", {"head": head})
                yield _partial(dom_id("stage", head.stage.pk), html)

    def _draw_lanes(self, lanes: Mapping[UUID, Lane]) -> Iterable[str]:
        for kind, pk in self.heads:
            if kind == "lane" and (lane := lanes.get(pk)):
                html = render("journeys/board.html#lane", {"lane": lane})
                yield _partial(dom_id("lane", pk), html)

    def _draw_cells(self, drawing: Drawing, cells: list[Cell], marks: Marks) -> list[str]:
        if not cells:
            return []
        placed: dict[tuple, list[Line]] = {}
        for line in reads.lines_of(
            self.journey,
            TEAM_EYES,
            stage__in={cell.stage.pk for cell in cells},
            lane__in={cell.lane.pk for cell in cells},
        ):
            placed.setdefault((line.stage_id, line.lane_id), []).append(line)
        for cell in cells:
            cell.cards = reads.together(placed.get((cell.stage.pk, cell.lane.pk), []), marks.piled)
        drawn = drawing.cards([line for cell in cells for line in cell.cards])
        return [_partial(cell.id, drawing.cell(cell, drawn)) for cell in cells]

    def _marks(self, rows: list[Row]) -> Marks:
        self._lifts = reads.lifts_of(self.journey)
        return reads.marks_of(rows, self._lifts)

    def _changed_marks(self, rows: list[Row], marks: Marks) -> set[tuple[UUID, UUID]]:
        """The cells whose marks this change altered: the method before against after."""
        before = self._before(rows)
        place = {
            line.pk: (line.stage_id, line.lane_id)
            for row in [*rows, *before]
            for cell in row.cells
            for line in cell.cards
        }
        old = reads.marks_of(before, self._lifts_before())
        changed = set()
        if _pk(old.weakest) != _pk(marks.weakest):
            changed |= {_pk(old.weakest), _pk(marks.weakest)}
        then, now = _members(old), _members(marks)
        changed |= {pk for pk in then.keys() | now.keys() if then.get(pk) != now.get(pk)}
        changed |= {
            pk
            for pk in old.solutions.keys() | marks.solutions.keys()
            if old.solutions.get(pk) != marks.solutions.get(pk)
        }
        renamed = {
            UUID(name.removeprefix("card:"))
            for name, facts in self.mine.after.items()
            if name.startswith("card:") and facts and "text" in facts
        }
        for pile in marks.piles:  # a pile's heading names its touchpoint
            if pile[0].touchpoint_id in renamed:
                changed |= {line.pk for line in pile}
        return {place[pk] for pk in changed if pk in place}

    def _before(self, rows: list[Row]) -> list[Row]:
        """The same rows as they were before the turn, put back by its facts."""
        cells = {(c.stage.pk, c.lane.pk): Cell(c.stage, c.lane, []) for r in rows for c in r.cells}
        for row in rows:
            for cell in row.cells:
                for line in cell.cards:
                    was = _line_before(line, self.mine.before.get(f"card:{line.pk.hex}", {}))
                    if was and (home := cells.get((was.stage_id, was.lane_id))):
                        home.cards.append(was)
        here = {line.pk for row in rows for cell in row.cells for line in cell.cards}
        gone = [
            pk
            for name, facts in self.mine.after.items()
            if name.startswith("card:") and facts and (facts.get("deleted") or "lane_id" in facts)
            # Deleted, or moved into a lane that the method doesn't look at.
            if (pk := UUID(name.removeprefix("card:"))) not in here
        ]
        if gone:
            for line in Card.objects.filter(pk__in=gone).values_list(*reads._COLUMNS):
                was = _line_before(Line._make(line), self.mine.before[f"card:{line[0].hex}"])
                if was and (home := cells.get((was.stage_id, was.lane_id))):
                    home.cards.append(was)
        return [
            Row(row.lane, [cells[cell.stage.pk, cell.lane.pk] for cell in row.cells])
            for row in rows
        ]

    def _lifts_before(self) -> list[tuple[UUID, UUID]]:
        lifts = list(self._lifts)
        gone = []
        for name, before in self.mine.before.items():
            if not name.startswith("card:"):
                continue
            pk = UUID(name.removeprefix("card:"))
            after = self.mine.after[name] or {}
            if before is None or "resolves" in (before or {}):
                lifts = [pair for pair in lifts if pair[0] != pk]
                lifts += [(pk, UUID(barrier)) for barrier in (before or {}).get("resolves") or []]
            elif after.get("deleted"):
                gone.append(pk)
            elif "deleted" in after:
                lifts = [pair for pair in lifts if pair[0] != pk]
        if gone:
            were = Lift.objects.filter(solution__in=gone)
            lifts += were.values_list("solution_id", "barrier_id")
        return lifts

    def _curve(self, drawing: Drawing, lane: Lane, columns: list[Stage]) -> str:
        placed: dict[UUID, list[Line]] = {}
        for line in reads.lines_of(self.journey, TEAM_EYES, lane=lane):
            placed.setdefault(line.stage_id, []).append(line)
        row = Row(lane, [Cell(stage, lane, placed.get(stage.pk, [])) for stage in columns])
        return _partial(dom_id("curve", lane.pk), drawing.curve(row))

    def _map_head(self) -> str:
        journey = Journey.objects.get(pk=self.journey.pk)
        said = {"journey": journey, "personas": reads.personas_of(journey)}
        return _partial("map-head", render("journeys/map.html#head", said))


def _reaches_out(card: Card) -> bool:
    """Whether a change of this card may show elsewhere: in marks, or in a curve."""
    return kind_of(card.lane).scored or card.lane.content == "emotion"


def _pk(line: Line | Stage | None) -> UUID | None:
    return line.pk if line else None


def _members(marks: Marks) -> dict[UUID, frozenset]:
    return {line.pk: frozenset(other.pk for other in pile) for pile in marks.piles for line in pile}


def _line_before(line: Line, facts: dict | None) -> Line | None:
    """A line as it was; None where the card was not there."""
    if facts is None or facts.get("deleted"):
        return None
    was = {name: value for name, value in facts.items() if name in Line._fields}
    for name in ("stage_id", "lane_id", "touchpoint_id", "persona_id"):
        if was.get(name):
            was[name] = UUID(was[name])
    return line._replace(**was)


def _partial(target: str, html: str) -> str:
    return f'<hx-partial hx-target="#{target}" hx-swap="outerMorph">{html}</hx-partial>'


# --- answers -----------------------------------------------------------------------------------


def answer(mine: Turn) -> HttpResponse:
    """The author's own copy of the frame, with its number."""
    headers = {"X-Seq": str(mine.seq)}
    if mine.missing:
        headers["X-Missing"] = str(mine.missing)
    return HttpResponse(mine.html, headers=headers)


def answer_again(change: Change) -> HttpResponse:
    """What a repeated post is answered with: the frame its first answer carried, or the word."""
    html = (
        Frame.objects.filter(document_id=change.document_id, seq=change.seq, audience=TEAM)
        .values_list("html", flat=True)
        .first()
    )
    return HttpResponse(BOARD if html is None else html, headers={"X-Seq": str(change.seq)})
