"""Making maps: from a file, from a template, from another map, from nothing.

All of them make a `MapPlan` first; `create_map` turns it into rows, as the first change of the
new map. `plan_of` is the way back.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.record import Refused, turn
from journeys import catalogues, images, limits
from journeys.formats.plan import (
    CardPlan,
    ImagePlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    PersonaPlan,
    StagePlan,
)
from journeys.models import (
    Card,
    Fact,
    Image,
    Journey,
    JourneyPersona,
    Lane,
    Lift,
    Metric,
    Owner,
    Stage,
)
from journeys.models.part import GAP, Part
from personas.models import Persona
from teams.actors import Actor
from teams.models import Workspace

TEAM = ("team",)
# Columns that a plan and a row call by the same name.
MAP_COLUMNS = (
    "title",
    "language",
    "key",
    "kind",
    "method",
    "template",
    "summary",
    "goal",
    "measure",
    "currency",
    "plan_starts",
    "notes",
    "extra",
)
STAGE_COLUMNS = (
    "name",
    "description",
    "duration",
    "weight",
    "loop_name",
    "exit_reason",
    "extra",
)
LANE_COLUMNS = ("name", "content", "kind", "hint", "extra")
OWNER_COLUMNS = ("name", "user_id", "extra")
METRIC_COLUMNS = (
    "name",
    "metric_key",
    "unit",
    "direction",
    "period",
    "plan",
    "fact",
    "source",
    "extra",
)
CARD_COLUMNS = (
    "text",
    "color",
    "tags",
    "evidence",
    "catalogue_key",
    "channel",
    "mode",
    "expectation",
    "perception",
    "importance",
    "moment_of_truth",
    "way_in",
    "emotion",
    "answer",
    "severity",
    "source",
    "status",
    "effort",
    "impact",
    "cost",
    "remedy",
    "due_day",
    "factor_kind",
    "rated",
    "extra",
)
# What other apps tell of a map in its own file: the key, and from the map and what the file calls
# its parts a list. A file that is read keeps such a list as it keeps all it does not know.
BESIDE: dict[str, Callable[[Journey, Mapping[UUID, str]], list]] = {}
IMAGE_COLUMNS = ("width", "height", "bytes", "sha256", "file", "thumbnail")


def create_map(
    plan: MapPlan,
    *,
    workspace: Workspace,
    by: Actor,
    copied_from: Journey | None = None,
    is_template: bool = False,
    rehearses: Journey | None = None,
) -> Journey:
    """A new map, whole or not at all. A persona that the workspace has already is reused.

    Raises Refused where the plan goes beyond a limit, Forbidden where `by` may not edit.
    """
    _check(plan)
    # Decoding takes its time; nobody shall wait for it in a transaction.
    files = dict.fromkeys(image.data for image in _images(plan) if image.data)
    encoded = {data: images.encode(data) for data in files}
    with transaction.atomic():
        journey = Journey.objects.create(
            workspace=workspace,
            copied_from=copied_from,
            rehearses=rehearses,
            is_template=is_template,
            **_columns(plan, MAP_COLUMNS),
        )
        with turn(journey.pk, by=by, verb="create_map", target="journey") as mine:
            journey.seq = mine.seq
            personas = _personas(plan.personas, workspace=workspace, by=by)
            JourneyPersona.objects.bulk_create(
                JourneyPersona(journey=journey, persona=persona, position=place)
                for place, persona in enumerate(personas)
            )
            _Rows(journey, personas, encoded).write(plan)
            mine.note(
                f"journey:{journey.pk.hex}",
                None,
                {"title": plan.title, "template": plan.template, "cards": len(plan.cards)},
            )
    return journey


def _images(plan: MapPlan) -> list[ImagePlan]:
    return [image for card in plan.cards for image in card.images]


def _check(plan: MapPlan) -> None:
    if len(plan.title) > limits.TITLE:
        raise Refused(limits.characters(limits.TITLE).sentence)
    divided = {stage.parent for stage in plan.stages if stage.parent}
    limits.STAGES.check(len(plan.stages) - len(divided))
    limits.LANES.check(len(plan.lanes))
    limits.CARDS.check(len(plan.cards))
    limits.OWNERS.check(len(plan.owners))
    limits.METRICS.check(len(plan.metrics))
    limits.PERSONAS.check(len(plan.personas))
    limits.IMAGES.check(len({image.source for image in _images(plan)}))


def _columns(row: object, names: Iterable[str]) -> dict:
    return {name: getattr(row, name) for name in names}


def _personas(plans: list[PersonaPlan], *, workspace: Workspace, by: Actor) -> list[Persona]:
    """A row for each plan: the named one, an equal one not taken yet, or a new one."""
    names = {plan.name for plan in plans}
    there = list(
        Persona.objects.filter(workspace=workspace, deleted_at=None, name__in=names).order_by("pk")
    )
    found = []
    for plan in plans:
        for row in there:
            if row.pk == plan.id or (plan.id is None and _plan_of_persona(row) == plan):
                there.remove(row)
                break
        else:
            row = Persona.objects.create(
                workspace=workspace, **_columns(plan, ("name", "language", "key", "data", "extra"))
            )
            with turn(row.pk, by=by, verb="create_persona", target="persona") as mine:
                mine.note(f"persona:{row.pk.hex}", None, {"name": plan.name})
        found.append(row)
    return found


class _Rows:
    """The rows of one new map: as many inserts as it has tables, however large it is."""

    def __init__(
        self,
        journey: Journey,
        personas: Sequence[Persona],
        encoded: dict[bytes, images.Encoded],
    ):
        self.journey = journey
        self.personas = personas
        self.encoded = encoded

    def write(self, plan: MapPlan) -> None:
        stages: dict[str, Stage] = {}
        for place, stage in _counted(plan.stages):
            stages[stage.key] = self.part(
                Stage, stage, place, STAGE_COLUMNS, parent=stages.get(stage.parent)
            )
        for stage in plan.stages:
            stages[stage.key].loop_to = stages.get(stage.loop_to)
        lanes = {
            lane.key: self.part(Lane, lane, place, LANE_COLUMNS)
            for place, lane in _counted(plan.lanes)
        }
        owners = {
            owner.key: self.part(Owner, owner, place, OWNER_COLUMNS)
            for place, owner in _counted(plan.owners)
        }
        metrics = {
            metric.key: self.part(
                Metric, metric, place, METRIC_COLUMNS, stage=stages.get(metric.stage)
            )
            for place, metric in _counted(plan.metrics)
        }
        cards = self.cards(plan, stages, lanes, owners, metrics)
        self.images(plan, cards)
        Stage.objects.bulk_create(stages.values())
        Lane.objects.bulk_create(lanes.values())
        Owner.objects.bulk_create(owners.values())
        Metric.objects.bulk_create(metrics.values())
        Fact.objects.bulk_create(
            Fact(metric=metrics[metric.key], day=day, value=value)
            for metric in plan.metrics
            for day, value in metric.facts
        )
        Card.objects.bulk_create(cards.values())
        Lift.objects.bulk_create(
            Lift(solution=cards[card.key], barrier=cards[key])
            for card in plan.cards
            for key in card.resolves
        )

    def cards(
        self,
        plan: MapPlan,
        stages: dict[str, Stage],
        lanes: dict[str, Lane],
        owners: dict[str, Owner],
        metrics: dict[str, Metric],
    ) -> dict[str, Card]:
        filled: Counter[tuple[str, str]] = Counter()
        rows = {}
        for card in plan.in_order():
            filled[card.stage, card.lane] += 1
            rows[card.key] = self.part(
                Card,
                card,
                filled[card.stage, card.lane],
                CARD_COLUMNS,
                stage=stages[card.stage],
                lane=lanes[card.lane],
                owner=owners.get(card.owner),
                metric=metrics.get(card.metric),
                persona=self.personas[card.persona - 1] if card.persona else None,
            )
        for card in plan.cards:
            rows[card.key].touchpoint = rows.get(card.touchpoint)
            rows[card.key].solution = rows.get(card.solution)
        return rows

    def images(self, plan: MapPlan, cards: dict[str, Card]) -> None:
        """Images of a file get files of their own; those of a map that is copied share theirs."""
        there = Image.objects.in_bulk({image.id for image in _images(plan) if image.id})
        made: dict[UUID | bytes, Image] = {}
        for image in _images(plan):
            if image.source in made:
                continue
            if image.data:
                row = Image(**images.store(self.journey, self.encoded[image.data]))
            elif image.id in there:
                row = Image(journey=self.journey, **_columns(there[image.id], IMAGE_COLUMNS))
            else:
                continue
            made[image.source] = row
        Image.objects.bulk_create(made.values())
        for card in plan.cards:
            on_card: dict[UUID, str] = {}  # none twice
            for image in card.images:
                if image.source in made:
                    on_card.setdefault(made[image.source].pk, image.alt)
            cards[card.key].images = [{"id": str(pk), "alt": alt} for pk, alt in on_card.items()]

    def part[P: Part](
        self, model: type[P], plan: Any, place: int, columns: Iterable[str], **others: Any
    ) -> P:
        return model(
            journey=self.journey,
            key=plan.key,
            position=place * GAP,
            version=self.journey.seq,
            **_columns(plan, columns),
            **others,
        )


def _counted[T](rows: Sequence[T]) -> Iterable[tuple[int, T]]:
    return enumerate(rows, 1)


def plan_of(
    journey: Journey, audiences: Collection[str] = TEAM, *, with_images: bool = False
) -> MapPlan:
    """The map as it stands, in eight queries. Of private cards only those of `audiences`. Files of
    images are read only for a file: a copy of the map shares them. A file tells what is BESIDE."""
    made_for = JourneyPersona.objects.filter(journey=journey, persona__deleted_at=None)
    personas = [row.persona for row in made_for.select_related("persona")]
    stages = _in_tree(Stage.living.filter(journey=journey).order_by("position", "id"))
    lanes = list(Lane.living.filter(journey=journey).order_by("position", "id"))
    owners = list(Owner.living.filter(journey=journey).order_by("position", "id"))
    keys = {row.pk: key for rows in (stages, lanes, owners) for row, key in _keyed(rows)}
    metrics = [
        row
        for row in Metric.living.filter(journey=journey).order_by("position", "id")
        if row.stage_id is None or row.stage_id in keys
    ]
    divided = {stage.parent_id for stage in stages}
    cards = [
        row
        for row in Card.living.filter(journey=journey, audience__in=audiences).order_by(
            "position", "id"
        )
        if row.stage_id in keys and row.lane_id in keys and row.stage_id not in divided
    ]
    keys |= {row.pk: key for rows in (metrics, cards) for row, key in _keyed(rows)}
    facts: dict[UUID, list] = {}
    for fact in Fact.objects.filter(metric__journey=journey).order_by("day"):
        facts.setdefault(fact.metric_id, []).append((fact.day, fact.value))
    lifts: dict[UUID, list] = {}
    for lift in Lift.objects.filter(solution__journey=journey).order_by("pk"):
        if lift.barrier_id in keys:
            lifts.setdefault(lift.solution_id, []).append(keys[lift.barrier_id])
    places = {row.pk: place for place, row in _counted(personas)}

    def key(pk: UUID | None) -> str:
        return keys.get(pk, "") if pk else ""

    plan = MapPlan(
        **_columns(journey, MAP_COLUMNS),
        personas=[_plan_of_persona(row) for row in personas],
        owners=[OwnerPlan(key=key(row.pk), **_columns(row, OWNER_COLUMNS)) for row in owners],
        stages=[
            StagePlan(
                key=key(row.pk),
                parent=key(row.parent_id),
                loop_to=key(row.loop_to_id),
                **_columns(row, STAGE_COLUMNS),
            )
            for row in stages
        ],
        lanes=[LanePlan(key=key(row.pk), **_columns(row, LANE_COLUMNS)) for row in lanes],
        metrics=[
            MetricPlan(
                key=key(row.pk),
                stage=key(row.stage_id),
                facts=facts.get(row.pk, []),
                **_columns(row, METRIC_COLUMNS),
            )
            for row in metrics
        ],
        cards=[
            CardPlan(
                key=key(row.pk),
                stage=key(row.stage_id),
                lane=key(row.lane_id),
                persona=places.get(row.persona_id) if row.persona_id else None,
                owner=key(row.owner_id),
                touchpoint=key(row.touchpoint_id),
                solution=key(row.solution_id),
                metric=key(row.metric_id),
                resolves=lifts.get(row.pk, []),
                images=[ImagePlan(one["alt"], id=UUID(one["id"])) for one in row.images],
                **_columns(row, CARD_COLUMNS),
            )
            for row in cards
        ],
    )
    plan.cards = plan.in_order()
    if with_images:
        images.fill(plan)
        for name, tell in BESIDE.items():
            if told := tell(journey, keys):
                kept = plan.extra.get(name, [])
                kept = kept if isinstance(kept, list) else [kept]
                plan.extra = {**plan.extra, name: [*kept, *told]}
    return plan


def _in_tree(stages: Iterable[Stage]) -> list[Stage]:
    """Each stage followed by its steps; steps of a deleted stage are hidden with it."""
    stages = list(stages)
    steps: dict[UUID | None, list[Stage]] = {}
    for stage in stages:
        steps.setdefault(stage.parent_id, []).append(stage)
    return [row for top in steps.get(None, []) for row in (top, *steps.get(top.pk, []))]


def _keyed[P: Part](rows: Iterable[P]) -> Iterable[tuple[P, str]]:
    """Each row with the key a file gave it; its id where there is none or another has it."""
    taken = set()
    for row in rows:
        key = row.key if row.key and row.key not in taken else row.pk.hex
        taken.add(key)
        yield row, key


def _plan_of_persona(row: Persona) -> PersonaPlan:
    return PersonaPlan(row.name, row.language, row.key, row.data, row.extra, row.pk)


def duplicate_map(journey: Journey, *, with_cards: bool = True, by: Actor) -> Journey:
    """A second map of the same kind beside the first, whole or as an empty form."""
    plan = plan_of(journey)
    with override(plan.language):
        title = _("%(title)s (copy)")
    plan.title = title % {"title": plan.title[: limits.TITLE - len(title)]}
    if not with_cards:
        plan.cards, plan.metrics = [], []
    return create_map(plan, workspace=journey.workspace, by=by)


def make_to_be(journey: Journey, *, by: Actor) -> Journey:
    """The map as it shall be, begun as a copy of how it is; each names the other."""
    plan = plan_of(journey)
    with override(plan.language):
        title = _("%(title)s: as it should be")
    plan.title = title % {"title": plan.title[: limits.TITLE - len(title)]}
    plan.kind = Journey.Kind.TO_BE
    for card in plan.cards:
        card.rated = []  # that was said of how it is
    return create_map(plan, workspace=journey.workspace, by=by, copied_from=journey)


def make_template(journey: Journey, *, with_cards: bool = False, by: Actor) -> Journey:
    """A copy that the team may begin new maps with; without persona, owners and figures."""
    plan = plan_of(journey)
    plan.personas, plan.plan_starts = [], None
    for card in plan.cards:
        card.persona, card.rated = None, []
    if not with_cards:
        plan.cards, plan.metrics, plan.owners = [], [], []
    return create_map(plan, workspace=journey.workspace, by=by, is_template=True)


def from_own_template(
    template: Journey,
    *,
    title: str = "",
    language: str,
    stages: Collection[str] = (),
    personas: Iterable[Persona] = (),
    goal: str = "",
    measure: str = "",
    by: Actor,
) -> Journey:
    """A map begun with a template of the team: those of its stages whose ids are in `stages`
    (none = all), with their steps and cards."""
    rows = _in_tree(Stage.living.filter(journey=template).order_by("position", "id"))
    left = {
        key for row, key in _keyed(rows) if stages and (row.parent_id or row.pk).hex not in stages
    }
    plan = plan_of(template)
    plan.stages = [stage for stage in plan.stages if stage.key not in left]
    plan.cards = [card for card in plan.cards if card.stage not in left]
    plan.metrics = [metric for metric in plan.metrics if metric.stage not in left]
    _forget_what_is_gone(plan)
    plan.title, plan.language = title.strip() or plan.title, language
    plan.goal, plan.measure = goal, measure
    plan.personas = [_plan_of_persona(row) for row in personas]
    return create_map(plan, workspace=template.workspace, by=by)


def _forget_what_is_gone(plan: MapPlan) -> None:
    """Takes out links to stages and cards that the plan no longer has."""
    stages, cards = {row.key for row in plan.stages}, {row.key for row in plan.cards}
    for stage in plan.stages:
        stage.loop_to = stage.loop_to if stage.loop_to in stages else ""
    for card in plan.cards:
        card.touchpoint = card.touchpoint if card.touchpoint in cards else ""
        card.solution = card.solution if card.solution in cards else ""
        card.resolves = [key for key in card.resolves if key in cards]


def new_map(
    *,
    title: str = "",
    language: str,
    template: str = "",
    stages: Collection[str] = (),
    actions: bool = False,
    purpose: str = "",
    personas: Iterable[Persona] = (),
    goal: str = "",
    measure: str = "",
    workspace: Workspace,
    by: Actor,
) -> Journey:
    """A map without cards. With the key of a template: its lanes, and those of its stages whose
    keys are in `stages` (none = all); with `actions` what customers usually do there, as
    assumptions. Without: the usual lanes and three stages to be named. A `purpose` of the
    catalogue adds the lanes that it needs."""
    plan = _from_template(template, language, stages, actions) if template else _blank(language)
    if chosen := catalogues.purpose(purpose, language):
        there = {lane.kind for lane in plan.lanes}
        plan.lanes += _lanes([key for key in chosen.lanes if key not in there], language)
    plan.title = title.strip() or plan.title
    plan.goal, plan.measure = goal, measure
    plan.personas = [_plan_of_persona(row) for row in personas]
    return create_map(plan, workspace=workspace, by=by)


def _from_template(
    key: str, language: str, stages: Collection[str], actions: bool = False
) -> MapPlan:
    found = catalogues.template(key, language)
    if found is None:
        raise Refused(_("There is no such template."))
    chosen = [stage for stage in found.stages if not stages or stage.key in stages]
    plan = MapPlan(
        title=found.name,
        language=language,
        template=key,
        stages=[
            row
            for stage in chosen
            for row in (
                StagePlan(stage.key, stage.name, stage.description),
                *(StagePlan(step, name, parent=stage.key) for step, name in stage.steps),
            )
        ],
        lanes=_lanes(found.lanes, language),
    )
    if actions:
        plan.cards = [
            CardPlan(f"{stage.key}-{number}", stage.key, "actions", words, evidence="assumed")
            for stage in chosen
            for number, words in enumerate(stage.actions, 1)
        ]
    by_key = {stage.key: stage for stage in plan.stages}
    if found.loop and {found.loop.start, found.loop.to} <= by_key.keys():
        start = by_key[found.loop.start]
        start.loop_to, start.loop_name = found.loop.to, found.loop.name
    return plan


def _blank(language: str) -> MapPlan:
    with override(language):
        return MapPlan(
            title=_("New map"),
            language=language,
            stages=[
                StagePlan(f"stage-{number}", _("Stage %(number)d") % {"number": number})
                for number in (1, 2, 3)
            ],
            lanes=_lanes([kind.key for kind in catalogues.usual_lanes()], language),
        )


def _lanes(keys: Iterable[str], language: str) -> list[LanePlan]:
    kinds = [kind for key in keys if (kind := catalogues.lane_kind(key, language))]
    return [LanePlan(kind.key, kind.name, kind.content, kind.key) for kind in kinds]
