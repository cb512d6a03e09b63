"""What a workshop has changed on the map: feelings before and after it, and what is new where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from journeys.formats.plan import MapPlan
from journeys.models import Version
from journeys.reads import curve
from journeys.reads.versions import plan_in

# The box the curves are drawn in: units per column, and 8.8 per point of −5 … +5, as on the map.
COLUMN, HEIGHT = 100, 88

type New = list[tuple[str, int]]  # lanes with how many cards are new there


@dataclass(frozen=True)
class Column:
    """A stage: its feelings before and after, and what is new in it."""

    name: str
    before: Sequence[int]
    after: Sequence[int]
    new: New

    @property
    def moved(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Drawn:
    """A curve as SVG paths."""

    points: Sequence[curve.Point]
    columns: int

    @property
    def _box(self) -> dict:
        return {"width": COLUMN * self.columns, "height": HEIGHT, "columns": self.columns}

    @property
    def line(self) -> str:
        return curve.path(self.points, **self._box)

    @property
    def area(self) -> str:
        return curve.area(self.points, **self._box)

    @property
    def dots(self) -> str:
        """A line without length at each point: with round ends it is a dot, however the box is
        stretched."""
        return " ".join(
            f"M{at.x * COLUMN:.2f} {(5 - at.value) * HEIGHT / 10:.2f}h0" for at in self.points
        )


@dataclass(frozen=True)
class MapChange:
    columns: Sequence[Column]

    @property
    def width(self) -> int:
        return COLUMN * len(self.columns)

    @property
    def before(self) -> Drawn:
        return Drawn(curve.points([one.before for one in self.columns]), len(self.columns))

    @property
    def after(self) -> Drawn:
        return Drawn(curve.points([one.after for one in self.columns]), len(self.columns))

    @property
    def has_feelings(self) -> bool:
        return any(one.before or one.after for one in self.columns)

    @property
    def has_new(self) -> bool:
        return any(one.new for one in self.columns)


def change_of(now: MapPlan, before: Version | None, new: Mapping[str, New]) -> MapChange:
    """By the stages of `now`; `new` is by their keys. A map that was not kept before has only what
    is new."""
    felt = _feelings(now) if before else {}
    felt_before = _feelings(plan_in(before)) if before else {}
    divided = {stage.parent for stage in now.stages}
    return MapChange(
        [
            Column(
                stage.name,
                felt_before.get(stage.key, []),
                felt.get(stage.key, []),
                new.get(stage.key, []),
            )
            for stage in now.stages
            if stage.key not in divided
        ]
    )


def _feelings(plan: MapPlan) -> dict[str, list[int]]:
    """The emotions of each stage, from the first lane that has any."""
    for lane in plan.lanes:
        found: dict[str, list[int]] = {}
        for card in plan.cards:
            if lane.content == "emotion" and card.lane == lane.key and card.emotion is not None:
                found.setdefault(card.stage, []).append(card.emotion)
        if found:
            return found
    return {}
