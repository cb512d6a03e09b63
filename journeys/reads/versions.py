"""Versions of a map: their list, and one of them as a plain table."""

from collections import defaultdict
from dataclasses import dataclass

from journeys.formats import map_json
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, StagePlan
from journeys.models import Journey, Version


def versions_of(journey: Journey) -> list[Version]:
    """The newest first, without what they hold."""
    return list(journey.versions.defer("snapshot"))


@dataclass(frozen=True)
class Heading:
    """A stage over its columns: its steps, or itself."""

    stage: StagePlan
    steps: list[StagePlan]

    @property
    def span(self) -> int:
        return len(self.steps) or 1


@dataclass(frozen=True)
class Words:
    """What a card says: its text, or else what it names; and the feeling."""

    text: str
    emotion: int | None
    owner: str = ""


@dataclass(frozen=True)
class Row:
    lane: LanePlan
    cells: list[list[Words]]


@dataclass(frozen=True)
class Table:
    """A version drawn from its snapshot."""

    plan: MapPlan
    headings: list[Heading]
    rows: list[Row]

    @property
    def has_steps(self) -> bool:
        return any(heading.steps for heading in self.headings)


def plan_in(version: Version) -> MapPlan:
    """The map of a version."""
    return map_json.load(version.snapshot)


def table_of(version: Version) -> Table:
    plan = plan_in(version)
    headings = [
        Heading(top, [step for step in plan.stages if step.parent == top.key])
        for top in plan.stages
        if not top.parent
    ]
    columns = [stage for heading in headings for stage in (heading.steps or [heading.stage])]
    owners = {owner.key: owner.name for owner in plan.owners}
    metrics = {metric.key: metric.name for metric in plan.metrics}
    cells: dict[tuple[str, str], list[Words]] = defaultdict(list)
    for card in plan.cards:
        cells[card.lane, card.stage].append(_words(card, owners, metrics))
    rows = [Row(lane, [cells[lane.key, one.key] for one in columns]) for lane in plan.lanes]
    return Table(plan, headings, rows)


def _words(card: CardPlan, owners: dict[str, str], metrics: dict[str, str]) -> Words:
    owner = owners.get(card.owner, "")
    if text := card.text or metrics.get(card.metric, ""):
        return Words(text, card.emotion, owner)
    return Words(owner, card.emotion)
