"""A block of cells pasted into the map: where it would go, and one change that puts it there.

A block is rows of texts, as copied from Excel, Google Sheets or Word. Its first row may name
stages and its first column lanes; otherwise it lies from one cell to the right and down. What is
missing is made, with ids that were given out when the block was looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.record import Gone, Intent, Refused
from journeys import limits
from journeys.catalogues import lane_kind_called
from journeys.formats.columns import plain
from journeys.formats.statements import statements, valued
from journeys.kinds import kind_of
from journeys.models import Card, Journey, Lane, Stage
from journeys.models.part import GAP
from teams.actors import Actor
from ui.ids import uuid7

from . import steps
from .door import Editing, editing

type Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Target:
    """A stage or a lane that a column or a row of the block goes to. With a name it is made, or,
    where it is there already, called so from now on."""

    id: UUID
    name: str = ""


# --- where it would go -------------------------------------------------------------------------


@dataclass
class Place:
    """A block looked at: what goes where, what would be made. `heads` are (row, column): whether
    the first of them holds names."""

    stages: list[Target]
    lanes: list[Target]
    rows: Rows
    heads: tuple[bool, bool]
    shown: dict[UUID, str] = field(default_factory=dict)  # what stages and lanes will be called

    @property
    def cards(self) -> int:
        return sum(len(statements(cell)) for row in self.rows for cell in row)

    @property
    def missing(self) -> tuple[list[str], list[str]]:
        """The names of the stages and of the lanes that would be made or renamed."""
        stages, lanes = (
            [target.name for target in targets if target.name]
            for targets in (self.stages, self.lanes)
        )
        return stages, lanes


def place(
    journey: Journey,
    rows: Rows,
    *,
    stages: Sequence[Stage],
    lanes: Sequence[Lane],
    stage: UUID,
    lane: UUID,
    heads: tuple[bool | None, bool | None] = (None, None),
    empty: bool = False,
) -> Place:
    """Where the block goes from the cell (stage, lane). `heads` says whether its first row and
    column hold names, None where nobody has said; on an `empty` map stages that nobody has
    described yet get the block's names instead of being followed by new ones.

    Raises Gone if the cell is not there any more.
    """
    width = max(map(len, rows))
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    head_row, head_column = _heads(rows, stages, lanes, heads)
    body = [row[head_column:] for row in rows[head_row:]]
    across, down = len(body[0]), len(body)
    with override(journey.language):
        if head_row:
            names = _named(rows[0][head_column:], _("Stage %(number)d"), len(stages))
            columns = _stages_called(names, stages, empty)
        else:
            columns = _from(stages, stage, across, _("Stage %(number)d"))
        if head_column:
            names = _named([row[0] for row in rows[head_row:]], _("Lane %(number)d"), len(lanes))
            lines = _lanes_called(names, lanes)
        else:
            lines = _from(lanes, lane, down, _("Lane %(number)d"))
    shown = {row.pk: row.name for row in stages} | {row.pk: row.name for row in lanes}
    shown |= {target.id: target.name for target in (*columns, *lines) if target.name}
    return Place(columns, lines, body, (head_row, head_column), shown)


def _heads(
    rows: Rows,
    stages: Sequence[Stage],
    lanes: Sequence[Lane],
    said: tuple[bool | None, bool | None],
) -> tuple[bool, bool]:
    """Whether the first row and the first column are names: those of the map or of the catalogue,
    or, with an empty corner, whatever they are."""
    known_stages = {plain(stage.name) for stage in stages}
    known_lanes = {plain(lane.name) for lane in lanes}
    row = len(rows) > 1 and _mostly(
        rows[0][1:] or rows[0], lambda name: plain(name) in known_stages
    )
    column = len(rows[0]) > 1 and _mostly(
        [line[0] for line in rows[1:] or rows],
        lambda name: plain(name) in known_lanes or lane_kind_called(name) is not None,
    )
    corner = len(rows) > 1 and len(rows[0]) > 1 and not rows[0][0].strip()
    guess = (row or column or corner, column or corner) if len(rows) > 1 else (False, column)
    if len(rows[0]) == 1:
        guess = (row, False)
    return (
        guess[0] if said[0] is None else said[0] and len(rows) > 1,
        guess[1] if said[1] is None else said[1] and len(rows[0]) > 1,
    )


def _mostly(names: Sequence[str], is_known) -> bool:
    named = [name for name in names if name.strip()]
    return bool(named) and 2 * sum(map(is_known, named)) >= len(named)


def _named(cells: Sequence[str], usual: str, count: int) -> list[str]:
    """Headings on one line; a nameless one gets a number, a merged one the name before it."""
    names: list[str] = []
    for number, cell in enumerate(cells, count + 1):
        name = " ".join(cell.split())[: limits.TITLE]
        names.append(name or (names[-1] if names else usual % {"number": number}))
    return names


def _stages_called(names: Sequence[str], stages: Sequence[Stage], empty: bool) -> list[Target]:
    by_name = {plain(stage.name): stage for stage in reversed(stages)}
    wanted = {plain(name) for name in names}
    free = [
        stage
        for stage in stages
        if empty and plain(stage.name) not in wanted and not stage.description + stage.duration
    ]
    made: dict[str, Target] = {}
    for name in names:
        key = plain(name) or name
        if key in made:
            continue
        if known := by_name.get(key):
            made[key] = Target(known.pk)
        else:
            made[key] = Target(free.pop(0).pk if free else uuid7(), name)
    return [made[plain(name) or name] for name in names]


def _lanes_called(names: Sequence[str], lanes: Sequence[Lane]) -> list[Target]:
    """By name, else by what the name means: a lane of that kind that no other row names."""
    by_name = {plain(lane.name): lane for lane in reversed(lanes)}
    taken = {by_name[plain(name)].pk for name in names if plain(name) in by_name}
    made: dict[str, Target] = {}
    for name in names:
        key = plain(name) or name
        if key in made:
            continue
        known = by_name.get(key)
        if known is None and (kind := lane_kind_called(name)):
            alike = (lane for lane in lanes if lane.kind == kind.key and lane.pk not in taken)
            known = next(alike, None)
        if known:
            taken.add(known.pk)
        made[key] = Target(known.pk) if known else Target(uuid7(), name)
    return [made[plain(name) or name] for name in names]


def _from(parts: Sequence[Stage | Lane], first: UUID, count: int, usual: str) -> list[Target]:
    """So many parts from the first one on; beyond the last, new ones."""
    ids = [part.pk for part in parts]
    if first not in ids:
        raise Gone
    there = [Target(pk) for pk in ids[ids.index(first) :][:count]]
    beyond = range(len(ids) + 1, len(ids) + 1 + count - len(there))
    return there + [Target(uuid7(), usual % {"number": number}) for number in beyond]


# --- putting it there --------------------------------------------------------------------------


def paste_block(
    journey_id: UUID,
    *,
    stages: Sequence[Target],
    lanes: Sequence[Target],
    rows: Rows,
    by: Actor,
    intent: Intent | None = None,
):
    """Puts each cell's lines as cards behind those of its stage (by column) and lane (by row).
    However much it is: as many statements as a map has tables, one change, one undo."""
    with editing(journey_id, by=by, verb="paste_block", intent=intent) as mine:
        columns = _parts(mine, Stage, stages, limits.STAGES)
        lines = _parts(mine, Lane, lanes, limits.LANES)
        last = steps.last_places(columns)
        cards = []
        for line, row in zip(lines, rows, strict=True):
            for column, cell in zip(columns, row, strict=True):
                for text in statements(cell):
                    at = last[column.pk, line.pk] = last.get((column.pk, line.pk), 0) + GAP
                    cards.append(_card(line, column, text, at))
        limits.CARDS.check(len(cards))
        mine.add(*cards)
        steps.settle(mine)  # a stage of the block may have been divided meanwhile
    return mine.turn


def _card(lane: Lane, stage: Stage, text: str, position: int) -> Card:
    text, values = valued(text, lane.content)
    values = kind_of(lane).clean({"text": text, **values})
    return Card(pk=uuid7(), lane=lane, stage=stage, position=position, **values)


def _parts[P: (Stage, Lane)](
    mine: Editing, model: type[P], targets: Sequence[Target], limit: limits.Limit
) -> list[P]:
    """The stages or lanes of the block, read under the lock; the missing ones made, as the last."""
    rows = model.living.filter(journey=mine.journey).order_by("position", "id")
    if model is Stage:  # a step goes with its stage
        rows = rows.filter(parent__deleted_at=None)
    living = {row.pk: row for row in rows}
    names = {target.id: target.name for target in targets if target.name}
    new = [pk for pk in names if pk not in living]
    if any(target.id not in living and not target.name for target in targets):
        raise Gone
    # Columns are counted once more when all stand: steps count instead of their stage.
    limit.check(len(new) if model is Stage else len(living) + len(new))
    if model._default_manager.filter(pk__in=new).exists():
        raise Refused(_("It was deleted meanwhile."))
    last = max((row.position for row in living.values()), default=0)
    made = [
        model(pk=pk, position=last + number * GAP, **_fields(model, names[pk]))
        for number, pk in enumerate(new, 1)
    ]
    for pk in names.keys() & living.keys():
        mine.set(living[pk], name=names[pk])
    mine.add(*made)
    parts = living | {row.pk: row for row in made}
    return [parts[target.id] for target in targets]


def _fields(model: type[Stage] | type[Lane], name: str) -> dict[str, str]:
    if model is Stage:
        return {"name": name}
    kind = lane_kind_called(name)
    return {
        "name": name,
        "kind": kind.key if kind else "",
        "content": kind.content if kind else "text",
    }
