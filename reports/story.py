"""A map as a plain description for paper: no rows, no lookups, everything worked out.

Every document (poster, and reports to come) is set from a `Story`, in another process that has
no database. It tells what the whole team may see; private cards stay where they are.
"""

from base64 import urlsafe_b64encode
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from journeys import catalogues
from journeys.images import thumbnails
from journeys.models import Card as CardRow
from journeys.models import Journey, Lift
from journeys.models import Lane as LaneRow
from journeys.models import Metric as MetricRow
from journeys.reads import method
from journeys.reads.stages import leaves, tree
from personas.fields import fields as persona_fields
from personas.models import Persona as PersonaRow
from ui import icons

AUDIENCE = "team"


@dataclass(frozen=True)
class Told:
    """One field of a persona: what it is called, and what is said there."""

    key: str
    label: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Persona:
    name: str
    segment: str = ""
    demographics: str = ""
    job: str = ""
    told: tuple[Told, ...] = ()  # every field that says something, in the catalogue's order


@dataclass(frozen=True)
class Stage:
    """A column. `number` counts columns from 1, `label` is the number that readers see: 2, or 2.1
    for a step. `part_of` is the label and name of the stage whose step it is, whose ways back and
    out are told at its last step."""

    number: int
    name: str
    label: str
    description: str = ""
    duration: str = ""
    part_of: tuple[str, str] | None = None
    weight: int | None = None  # 1 … 5: how much it matters
    back_to: int | None = None  # the column that customers come back to from here
    loop_name: str = ""
    exit_reason: str = ""


@dataclass(frozen=True)
class Metric:
    name: str
    unit: str
    higher_is_better: bool
    plan: float | None
    fact: float | None
    stage: int | None  # the number of its stage, None for the whole map
    met: bool | None  # whether the fact is as good as the plan; None while either is missing


@dataclass(frozen=True)
class Picture:
    """An image of a card in words, and its thumbnail in base64 as addresses have it."""

    alt: str
    data: str


@dataclass(frozen=True)
class Card:
    """One statement with all that its face shows. `number` is that of a barrier or a solution,
    counted in map order; `lifts` are the numbers of the barriers a solution takes away."""

    text: str
    evidence: str = ""
    persona: str = ""
    owner: str = ""
    status: str = ""
    tags: tuple[str, ...] = ()
    answer: str = ""  # to a question
    # touchpoint
    channel: str = ""
    icon: str = ""  # of the channel
    expectation: int | None = None
    perception: int | None = None
    level: int | None = None
    moment_of_truth: bool = False
    way_in: bool = False
    weakest: bool = False
    # emotion
    emotion: int | None = None
    # barrier and solution
    number: int | None = None
    severity: int | None = None
    at_weakest: bool = False  # whether a barrier stands at the weakest link
    piled: int = 0  # on the first barrier of a pile: how many stand there
    piled_at: str = ""  # the touchpoint of the pile, if they name one
    piled_with: tuple[int, ...] = ()  # the numbers of all barriers of the pile
    effort: int | None = None
    impact: int | None = None
    lifts: tuple[int, ...] = ()
    cost: Decimal | None = None
    # task
    solution: int | None = None  # the number of the solution it carries out
    due: date | None = None
    due_day: int | None = None
    days_late: int = 0
    # metric, factor
    metric: Metric | None = None
    factor_kind: str = ""
    images: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A row: `cells` has a tuple of cards for each stage. `companys` lanes tell what the company
    does, and not the customer."""

    id: str
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
    summary: str = ""
    currency: str = ""  # as it is written behind a sum


@dataclass
class _Numbers:
    """What is known of the map as a whole before its cards are described one by one."""

    day: date
    language: str
    plan_starts: date | None
    column: dict  # id of a stage or a step → the number of its first column
    weakest: CardRow | None = None
    of: dict = field(default_factory=dict)  # card id → number of the barrier or solution
    piles: dict = field(default_factory=dict)  # first card's id → (numbers, touchpoint's text)
    lifts: dict = field(default_factory=lambda: defaultdict(list))  # solution id → barrier ids
    several_personas: bool = False
    thumbnails: dict = field(default_factory=dict)  # image id → its thumbnail


def story_of(journey: Journey, day: date, *, images: bool = True) -> Story:
    """Describes a map as it stands on `day`, in six queries whatever its size; in seven if it
    has images and they are wanted."""
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

    columns = leaves(stages)
    known = _Numbers(
        day,
        journey.language,
        journey.plan_starts,
        _columns(stages),
        several_personas=len(personas) > 1,
    )
    for lift in Lift.objects.filter(solution__journey=journey):
        known.lifts[lift.solution_id].append(lift.barrier_id)
    if images and (wanted := [one["id"] for card in cards for one in card.images]):
        known.thumbnails = thumbnails(wanted)
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
        personas=tuple(_persona(persona, journey.language) for persona in personas),
        stages=_stages(stages, known.column),
        lanes=tuple(
            Lane(
                lane.pk.hex,
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
        summary=journey.summary,
        currency=catalogues.unit_name(journey.currency, journey.language),
    )


def story_of_persona(persona: PersonaRow, day: date) -> Story:
    """Describes a persona alone, without a map."""
    return Story(
        title=persona.name,
        language=persona.language,
        to_be=False,
        goal="",
        measure="",
        day=day,
        version=persona.seq,
        personas=(_persona(persona, persona.language),),
        stages=(),
        lanes=(),
        weakest=None,
    )


def _columns(rows: list) -> dict:
    number, found = 1, {}
    for top, steps in tree(rows):
        found |= {row.pk: place for place, row in enumerate(steps, number)} | {top.pk: number}
        number += len(steps) or 1
    return found


def _stages(rows: list, column: dict) -> tuple[Stage, ...]:
    found: list[Stage] = []
    for place, (top, steps) in enumerate(tree(rows), 1):
        for step, row in enumerate(steps or [top], 1):
            ways = [row, top] if row is (steps or [top])[-1] else [row]
            loop = next((one for one in ways if one.loop_to_id), row)
            found.append(
                Stage(
                    len(found) + 1,
                    row.name,
                    f"{place}.{step}" if steps else f"{place}",
                    row.description,
                    row.duration,
                    part_of=(f"{place}", top.name) if steps else None,
                    weight=row.weight or top.weight,
                    back_to=column.get(loop.loop_to_id),
                    loop_name=loop.loop_name,
                    exit_reason=next((one.exit_reason for one in ways if one.exit_reason), ""),
                )
            )
    return tuple(found)


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
        pile[0].pk: (
            tuple(known.of[card.pk] for card in pile),
            words.get(pile[0].touchpoint_id, ""),
        )
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
    piled, piled_at = known.piles.get(card.pk, ((), ""))
    return Card(
        text=text or (metric.name if metric else ""),
        evidence=card.evidence,
        persona=card.persona.name if card.persona and known.several_personas else "",
        owner=owner,
        status=card.status,
        tags=tuple(card.tags),
        answer=card.answer,
        channel=card.channel,
        icon=icons.channel_icon(card.channel) if card.channel else "",
        expectation=card.expectation,
        perception=card.perception,
        level=method.service_level(card),
        moment_of_truth=card.moment_of_truth,
        way_in=card.way_in,
        weakest=card is known.weakest,
        emotion=card.emotion,
        number=known.of.get(card.pk),
        severity=card.severity,
        at_weakest=bool(known.weakest and card.touchpoint_id == known.weakest.pk),
        piled=len(piled),
        piled_at=piled_at,
        piled_with=piled,
        effort=card.effort,
        impact=card.impact,
        lifts=tuple(
            sorted(known.of[barrier] for barrier in known.lifts[card.pk] if barrier in known.of)
        ),
        cost=card.cost,
        solution=known.of.get(card.solution_id),
        due=due,
        due_day=card.due_day,
        days_late=max(late or 0, 0),
        metric=metric,
        factor_kind=card.factor_kind,
        images=tuple(
            Picture(one["alt"], urlsafe_b64encode(known.thumbnails[one["id"]]).decode())
            for one in card.images
            if one["id"] in known.thumbnails
        ),
    )


def _metric(metric: MetricRow, known: _Numbers) -> Metric:
    met = None
    if metric.plan is not None and metric.fact is not None:
        higher = metric.direction != "lower"
        met = metric.fact >= metric.plan if higher else metric.fact <= metric.plan
    return Metric(
        metric.name,
        catalogues.unit_name(metric.unit, known.language),
        metric.direction != "lower",
        metric.plan,
        metric.fact,
        known.column.get(metric.stage_id),
        met,
    )


def _persona(persona: PersonaRow, language: str) -> Persona:
    told = {}
    for about in persona_fields(language):
        value = persona.data.get(about.key) or []
        values = value if isinstance(value, list) else [value]
        if words := tuple(str(one) for one in values if str(one).strip()):
            told[about.key] = Told(about.key, about.label, words)

    def first(key: str) -> str:
        return told[key].values[0] if key in told else ""

    return Persona(
        persona.name,
        first("segment"),
        first("demographics"),
        first("jtbd"),
        tuple(told.values()),
    )


def _weakest(known: _Numbers) -> WeakestLink | None:
    card = known.weakest
    if card is None:
        return None
    expected, got = card.expectation, card.perception
    assert expected is not None and got is not None  # else it would have no service level
    return WeakestLink(known.column[card.stage_id], card.text, expected, got, got - expected)
