"""A map as a plain description for paper: no rows, no lookups, everything worked out.

Every document (poster, and reports to come) is set from a `Story`, in another process that has
no database. It tells what the whole team may see; private cards stay where they are.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from journeys import catalogues
from journeys.models import Card as CardRow
from journeys.models import Journey, Lift
from journeys.models import Lane as LaneRow
from journeys.models import Metric as MetricRow
from journeys.reads import method
from personas.models import Persona as PersonaRow
from ui import icons

AUDIENCE = "team"


@dataclass(frozen=True)
class Persona:
    name: str
    segment: str = ""
    demographics: str = ""
    job: str = ""


@dataclass(frozen=True)
class Stage:
    """A column. `number` counts from 1; `part_of` is the stage whose step it is."""

    number: int
    name: str
    description: str = ""
    duration: str = ""
    part_of: str = ""


@dataclass(frozen=True)
class Metric:
    name: str
    unit: str
    higher_is_better: bool
    plan: float | None
    fact: float | None
    stage: int | None  # the number of its stage, None for the whole map

    @property
    def met(self) -> bool | None:
        """Whether the fact is as good as the plan; None while either is missing."""
        if self.plan is None or self.fact is None:
            return None
        return self.fact >= self.plan if self.higher_is_better else self.fact <= self.plan


@dataclass(frozen=True)
class Card:
    """One statement with all that its face shows. `number` is that of a barrier or a solution,
    counted in map order; `lifts` are the numbers of the barriers a solution takes away."""

    text: str
    evidence: str = ""
    persona: str = ""
    owner: str = ""
    status: str = ""
    # touchpoint
    channel: str = ""
    icon: str = ""  # of the channel
    expectation: int | None = None
    perception: int | None = None
    level: int | None = None
    moment_of_truth: bool = False
    weakest: bool = False
    # emotion
    emotion: int | None = None
    # barrier and solution
    number: int | None = None
    severity: int | None = None
    piled: int = 0  # on the first barrier of a pile: how many stand there
    piled_at: str = ""  # the touchpoint of the pile, if they name one
    effort: int | None = None
    impact: int | None = None
    lifts: tuple[int, ...] = ()
    # task
    due: date | None = None
    due_day: int | None = None
    days_late: int = 0
    # metric, factor
    metric: Metric | None = None
    factor_kind: str = ""


@dataclass(frozen=True)
class Lane:
    """A row: `cells` has a tuple of cards for each stage. `companys` lanes tell what the company
    does, and not the customer."""

    name: str
    content: str
    icon: str
    hue: str
    companys: bool
    cells: tuple[tuple[Card, ...], ...]


@dataclass(frozen=True)
class WeakestLink:
    stage: int
    text: str
    expectation: int
    perception: int
    level: int


@dataclass(frozen=True)
class Story:
    """A whole map on one day, for the team."""

    title: str
    language: str
    to_be: bool
    goal: str
    measure: str
    day: date
    version: int
    personas: tuple[Persona, ...]
    stages: tuple[Stage, ...]
    lanes: tuple[Lane, ...]
    weakest: WeakestLink | None
    # Figures that no card shows: of the whole map, or of a map without a lane for them.
    metrics: tuple[Metric, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Numbers:
    """What is known of the map as a whole before its cards are described one by one."""

    day: date
    language: str
    plan_starts: date | None
    column: dict  # stage id → number
    weakest: CardRow | None = None
    of: dict = field(default_factory=dict)  # card id → number of the barrier or solution
    piles: dict = field(default_factory=dict)  # first card's id → (size, touchpoint's text)
    lifts: dict = field(default_factory=lambda: defaultdict(list))  # solution id → barrier ids
    several_personas: bool = False


def story_of(journey: Journey, day: date) -> Story:
    """Describes a map as it stands on `day`, in six queries whatever its size."""
    personas = list(
        PersonaRow.objects.filter(made_in__journey=journey, deleted_at=None).order_by(
            "made_in__position", "made_in__id"
        )
    )
    stages = list(journey.stages(manager="living").all())
    lanes = list(journey.lanes(manager="living").all())
    cards = list(
        journey.cards(manager="living")
        .filter(audience=AUDIENCE)
        .select_related("owner", "metric", "persona")
    )
    metrics = list(journey.metrics(manager="living").all())

    columns = _leaves(stages)
    known = _Numbers(
        day,
        journey.language,
        journey.plan_starts,
        {stage.pk: number for number, stage in enumerate(columns, 1)},
        several_personas=len(personas) > 1,
    )
    for lift in Lift.objects.filter(solution__journey=journey):
        known.lifts[lift.solution_id].append(lift.barrier_id)
    cells = _count(cards, lanes, columns, known)

    shown = {card.metric_id for card in cards}
    return Story(
        title=journey.title,
        language=journey.language,
        to_be=journey.kind == Journey.Kind.TO_BE,
        goal=journey.goal,
        measure=journey.measure,
        day=day,
        version=journey.seq,
        personas=tuple(_persona(persona) for persona in personas),
        stages=_stages(columns, {stage.pk: stage for stage in stages}),
        lanes=tuple(
            Lane(
                lane.name,
                lane.content,
                icons.lane_icon(lane),
                icons.lane_hue(lane),
                _is_companys(lane),
                tuple(
                    tuple(_card(card, lane.content, known) for card in cells[lane.pk, stage.pk])
                    for stage in columns
                ),
            )
            for lane in lanes
        ),
        weakest=_weakest(known),
        metrics=tuple(
            _metric(metric, known)
            for metric in metrics
            if metric.pk not in shown and (not metric.stage_id or metric.stage_id in known.column)
        ),
        notes=tuple(str(note) for note in journey.notes),
    )


def _leaves(stages: list) -> list:
    """The columns, left to right: stages without steps, and the steps of the others."""
    steps = defaultdict(list)
    for stage in stages:
        steps[stage.parent_id].append(stage)
    return [leaf for stage in steps[None] for leaf in steps[stage.pk] or [stage]]


def _stages(columns: list, by_id: dict) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            number,
            stage.name,
            stage.description,
            stage.duration,
            by_id[stage.parent_id].name if stage.parent_id else "",
        )
        for number, stage in enumerate(columns, 1)
    )


def _count(cards: list, lanes: list, columns: list, known: _Numbers) -> dict:
    """Sorts the cards into cells and numbers barriers and solutions, stage by stage."""
    cells = defaultdict(list)
    for card in cards:
        cells[card.lane_id, card.stage_id].append(card)
    by_content = defaultdict(list)
    for stage in columns:
        for lane in lanes:
            by_content[lane.content] += cells[lane.pk, stage.pk]
    for content in ("barrier", "solution"):
        known.of |= {card.pk: number for number, card in enumerate(by_content[content], 1)}
    words = {card.pk: card.text for card in by_content["touchpoint"]}
    known.piles = {
        pile[0].pk: (len(pile), words.get(pile[0].touchpoint_id, ""))
        for pile in method.piles(by_content["barrier"])
    }
    known.weakest = method.weakest_link(by_content["touchpoint"])
    return cells


def _is_companys(lane: LaneRow) -> bool:
    kind = catalogues.lane_kind(lane.kind)
    if kind:
        return kind.perspective == "company"
    return lane.content in ("solution", "task", "metric", "owner")


def _card(card: CardRow, content: str, known: _Numbers) -> Card:
    due = method.due_date(known.plan_starts, card.due_day)
    late = due and card.status != "done" and (known.day - due).days
    metric = _metric(card.metric, known) if card.metric and not card.metric.deleted_at else None
    owner = card.owner.name if card.owner and not card.owner.deleted_at else ""
    text = card.text
    if content == "owner":
        text, owner = text or owner, owner if owner != text else ""
    piled, piled_at = known.piles.get(card.pk, (0, ""))
    return Card(
        text=text or (metric.name if metric else ""),
        evidence=card.evidence,
        persona=card.persona.name if card.persona and known.several_personas else "",
        owner=owner,
        status=card.status,
        channel=card.channel,
        icon=icons.channel_icon(card.channel) if card.channel else "",
        expectation=card.expectation,
        perception=card.perception,
        level=method.service_level(card),
        moment_of_truth=card.moment_of_truth,
        weakest=card is known.weakest,
        emotion=card.emotion,
        number=known.of.get(card.pk),
        severity=card.severity,
        piled=piled,
        piled_at=piled_at,
        effort=card.effort,
        impact=card.impact,
        lifts=tuple(
            sorted(known.of[barrier] for barrier in known.lifts[card.pk] if barrier in known.of)
        ),
        due=due,
        due_day=card.due_day,
        days_late=max(late or 0, 0),
        metric=metric,
        factor_kind=card.factor_kind,
    )


def _metric(metric: MetricRow, known: _Numbers) -> Metric:
    return Metric(
        metric.name,
        catalogues.unit_name(metric.unit, known.language),
        metric.direction != "lower",
        metric.plan,
        metric.fact,
        known.column.get(metric.stage_id),
    )


def _persona(persona: PersonaRow) -> Persona:
    def first(key: str) -> str:
        value = persona.data.get(key, "")
        return str(value[0] if value else "") if isinstance(value, list) else str(value)

    return Persona(persona.name, first("segment"), first("demographics"), first("jtbd"))


def _weakest(known: _Numbers) -> WeakestLink | None:
    card = known.weakest
    if card is None:
        return None
    expected, got = card.expectation, card.perception
    assert expected is not None and got is not None  # else it would have no service level
    return WeakestLink(known.column[card.stage_id], card.text, expected, got, got - expected)
