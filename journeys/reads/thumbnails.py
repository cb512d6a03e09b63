"""Small true pictures of maps for the home page: curve, service levels, counts, weakest link.

Drawn from the same functions as the map itself. Five queries however many maps, and none for a
map whose number is still the one that was drawn.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from journeys.models import Card, Journey, JourneyPersona, Lane, Stage

from . import curve, method
from .stages import leaves


class _Line(NamedTuple):
    pk: UUID
    journey_id: UUID
    stage_id: UUID
    lane_id: UUID
    content: str
    expectation: int | None
    perception: int | None
    importance: int | None
    emotion: int | None
    status: str
    persona_id: UUID | None


@dataclass(frozen=True)
class Bar:
    """A touchpoint's service level at `x` columns from the left."""

    x: float
    level: int


@dataclass(frozen=True)
class Thumbnail:
    """What the home page shows of a map."""

    columns: int
    voices: tuple[tuple[curve.Point, ...], ...]  # a line each; the first is the main one
    bars: tuple[Bar, ...]
    touchpoints: int
    barriers: int
    cards: int
    weakest_text: str
    weakest_level: int | None

    @property
    def points(self) -> list[curve.Point]:
        return [point for voice in self.voices for point in voice]

    @property
    def lowest(self) -> curve.Point | None:
        return min(self.points, key=lambda point: point.value, default=None)

    @property
    def highest(self) -> curve.Point | None:
        return max(self.points, key=lambda point: point.value, default=None)


_KEPT = 2_000
_drawn: OrderedDict[tuple[UUID, int], Thumbnail] = OrderedDict()


def thumbnails(journeys: Iterable[Journey]) -> dict[UUID, Thumbnail]:
    """The picture of each map."""
    journeys = list(journeys)
    missing = [row.pk for row in journeys if (row.pk, row.seq) not in _drawn]
    fresh = _draw(missing) if missing else {}
    found = {}
    for row in journeys:
        picture = fresh.get(row.pk) or _drawn[row.pk, row.seq]
        found[row.pk] = _drawn[row.pk, row.seq] = picture
    while len(_drawn) > _KEPT:
        _drawn.popitem(last=False)
    return found


def _draw(ids: list[UUID]) -> dict[UUID, Thumbnail]:
    stages, lanes, lines = defaultdict(list), defaultdict(list), defaultdict(list)
    for stage in Stage.living.filter(journey__in=ids).order_by("position", "id"):
        stages[stage.journey_id].append(stage)
    for lane in Lane.living.filter(journey__in=ids).order_by("position", "id"):
        lanes[lane.journey_id].append(lane)
    personas = defaultdict(list)
    for made in JourneyPersona.objects.filter(journey__in=ids).select_related("persona"):
        personas[made.journey_id].append(made.persona)
    rows = (
        Card.living.filter(journey__in=ids, audience="team")
        .order_by("position", "id")
        .values_list(
            "pk",
            "journey_id",
            "stage_id",
            "lane_id",
            "lane__content",
            "expectation",
            "perception",
            "importance",
            "emotion",
            "status",
            "persona_id",
        )
    )
    for row in rows:
        line = _Line._make(row)
        lines[line.journey_id].append(line)
    pictures, weakest = {}, {}
    for pk in ids:
        picture, weak = _picture(leaves(stages[pk]), lanes[pk], lines[pk], personas[pk])
        pictures[pk], weakest[pk] = picture, weak
    texts = dict(
        Card.objects.filter(pk__in=[line.pk for line in weakest.values() if line]).values_list(
            "pk", "text"
        )
    )
    return {
        pk: picture.__class__(
            **{**picture.__dict__, "weakest_text": texts.get(weak.pk, "") if weak else ""}
        )
        for pk, picture in pictures.items()
        for weak in [weakest[pk]]
    }


def _picture(
    stages: list, lanes: list, lines: list[_Line], personas: list
) -> tuple[Thumbnail, _Line | None]:
    place = {stage.pk: index for index, stage in enumerate(stages)}
    order = {lane.pk: index for index, lane in enumerate(lanes)}
    cells = defaultdict(list)
    for line in lines:
        if line.stage_id in place and line.lane_id in order:
            cells[place[line.stage_id], order[line.lane_id]].append(line)
    in_order = [line for key in sorted(cells) for line in cells[key]]
    touchpoints = [line for line in in_order if line.content == "touchpoint"]
    barriers = [line for line in in_order if line.content == "barrier" and method.is_open(line)]
    emotions = next((order[lane.pk] for lane in lanes if lane.content == "emotion"), None)
    weakest = method.weakest_link(touchpoints)
    felt = [cells[x, emotions] for x in range(len(stages))] if emotions is not None else []
    return (
        Thumbnail(
            columns=len(stages),
            voices=tuple(tuple(voice.points) for voice in curve.voices(felt, personas)),
            bars=tuple(_bars(touchpoints, place)),
            touchpoints=len(touchpoints),
            barriers=len(barriers),
            cards=len(in_order),
            weakest_text="",
            weakest_level=method.service_level(weakest) if weakest else None,
        ),
        weakest,
    )


def _bars(touchpoints: list[_Line], place: dict) -> Iterable[Bar]:
    columns = defaultdict(list)
    for line in touchpoints:
        columns[place[line.stage_id]].append(line)
    for x, column in columns.items():
        for index, line in enumerate(column):
            if level := method.service_level(line):
                yield Bar(x + (index + 1) / (len(column) + 1), level)
