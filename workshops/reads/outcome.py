"""What came of a workshop: what was decided and by how many votes, who does what, who took part,
what is new on the map.

It stands still: cards, stages and their words are those of the version that was kept at the end
(while the workshop goes on, those of the map now). Whatever becomes of the map later, who reads
the outcome reads what was decided. Votes and answers are the workshop's own rows.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import F, Model

from journeys.edits.maps import plan_of
from journeys.formats.plan import CardPlan, MapPlan, StagePlan
from journeys.models import Card, Lane, Stage
from journeys.reads.versions import plan_in
from teams.actors import TEAM

from ..models import Contribution, Guest, Step, Vote, Workshop
from .answers import Rated, people_in, rated_in, votes_in
from .ballot import Subject
from .change import MapChange, change_of
from .results import Ranked, ranking


@dataclass(frozen=True)
class Option:
    """A card that was voted on, as it was; `barriers` are what it lifts."""

    pk: UUID
    text: str
    stage: str
    barriers: tuple[str, ...]
    effort: int | None
    impact: int | None


@dataclass(frozen=True)
class Task:
    """`done` is today's state: the one thing here that goes on."""

    text: str
    owner: str
    solution: str
    due: date | None
    done: bool


@dataclass
class Voted:
    """A vote whose result was shown."""

    step: Step
    ranked: list[Ranked[Option]]
    sum: int
    voters: int
    without: int

    @property
    def taken(self) -> list[Ranked[Option]]:
        return [one for one in self.ranked if one.taken]

    @property
    def left(self) -> list[Ranked[Option]]:
        return [one for one in self.ranked if not one.taken]


class Outcome:
    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.journey = workshop.journey

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.workshop.steps.exclude(began_at=None))

    @property
    def minutes(self) -> int:
        begun = min((s.began_at for s in self.steps if s.began_at), default=None)
        ended = self.workshop.ended_at
        return round((ended - begun).total_seconds() / 60) if begun and ended else 0

    @cached_property
    def guests(self) -> list[Guest]:
        return list(self.workshop.guests.filter(removed_at=None))

    @property
    def people(self) -> int:
        return sum(guest.heads for guest in self.guests)

    @cached_property
    def names(self) -> list[Guest]:
        """Whose names are still kept, those who were shown out too."""
        return list(self.workshop.guests.filter(forgotten=False, made_up=False))

    # --- the map as it was ---------------------------------------------------------------------

    @cached_property
    def plan(self) -> MapPlan:
        after = self.workshop.after
        return plan_in(after) if after else plan_of(self.journey)

    @cached_property
    def _cards(self) -> dict[str, CardPlan]:
        return {card.key: card for card in self.plan.cards}

    @cached_property
    def _columns(self) -> list[StagePlan]:
        divided = {stage.parent for stage in self.plan.stages}
        return [stage for stage in self.plan.stages if stage.key not in divided]

    @cached_property
    def _ids(self) -> dict[str, dict[str, UUID]]:
        """Which rows the plan's parts are, by the kind of part and the key."""
        return {
            "card": self._rows_of(Card, self.plan.cards),
            "stage": self._rows_of(Stage, self.plan.stages),
            "lane": self._rows_of(Lane, self.plan.lanes),
        }

    def _rows_of(self, model: type[Model], parts) -> dict[str, UUID]:
        """A plan calls a part by its own key, or by its id where it has none or another has it."""
        keys = {part.key for part in parts}
        found: dict[str, UUID] = {}
        living_first = F("deleted_at").asc(nulls_first=True)
        rows = model._default_manager.filter(journey=self.journey)
        rows = rows.order_by(living_first, "position", "pk")
        for pk, key in rows.values_list("pk", "key"):
            if pk.hex in keys:
                found[pk.hex] = pk
            elif key in keys:
                found.setdefault(key, pk)
        return found

    def _opened(self, step: Step) -> list[StagePlan]:
        """The columns that a step was about."""
        ids = self._ids["stage"]
        stages = [stage for stage in self._columns if stage.key in ids]
        chosen = {key for key, pk in ids.items() if pk.hex in step.stages}
        return [one for one in stages if {one.key, one.parent} & chosen] or stages

    def _candidates(self, step: Step) -> list[CardPlan]:
        """The cards of the step's lane, stage by stage."""
        opened = {stage.key for stage in self._opened(step)}
        ids = self._ids
        lanes = {key for key, pk in ids["lane"].items() if pk == step.lane_id}
        return [
            card
            for card in self.plan.cards
            if card.lane in lanes and card.stage in opened and card.text and card.key in ids["card"]
        ]

    def _option(self, card: CardPlan) -> Option:
        return Option(
            self._ids["card"][card.key],
            card.text,
            self._stage_names[card.stage],
            tuple(self._cards[key].text for key in card.resolves if key in self._cards),
            card.effort,
            card.impact,
        )

    @cached_property
    def _stage_names(self) -> dict[str, str]:
        return {stage.key: stage.name for stage in self.plan.stages}

    # --- what was decided ----------------------------------------------------------------------

    @cached_property
    def votes(self) -> list[Voted]:
        """Only those whose result was shown in the room."""
        found = []
        for step in self.steps:
            if step.kind != Step.Kind.VOTE or step.revealed_at is None:
                continue
            cards = [self._option(card) for card in self._candidates(step)]
            given, parts, _why = votes_in(step)
            ranked = ranking(cards, given, take=step.take, parts=parts)
            voters = people_in(Vote.objects.filter(step=step))
            found.append(Voted(step, ranked, sum(given.values()), voters, len(cards) - len(ranked)))
        return found

    @cached_property
    def rated(self) -> list[tuple[Step, list[Rated]]]:
        """Only what was shown in the room, and answered."""
        shown = [one for one in self.steps if one.kind == Step.Kind.RATE and one.revealed_at]
        answered = ((step, rated_in(step, self._subjects(step))) for step in shown)
        return [(step, [one for one in rated if one.spreads]) for step, rated in answered]

    def _subjects(self, step: Step) -> list[Subject]:
        if step.aspect == Step.Aspect.EMOTION:
            ids = self._ids["stage"]
            return [
                Subject(f"stage:{ids[one.key].hex}", one.name, "") for one in self._opened(step)
            ]
        options = [self._option(card) for card in self._candidates(step)]
        return [Subject(f"card:{one.pk.hex}", one.text, one.stage) for one in options]

    @cached_property
    def tasks(self) -> list[Task]:
        """The open tasks for what the room chose, or wrote where it chose nothing, the earliest due
        first."""
        chosen = {one.card.pk for vote in self.votes for one in vote.taken} or self._given
        ids = self._ids["card"]
        lanes = {lane.key for lane in self.plan.lanes if lane.content == "task"}
        found = [
            card
            for card in self.plan.cards
            if card.lane in lanes and card.status != "done" and ids.get(card.solution) in chosen
        ]
        found.sort(key=lambda card: (card.due_day is None, card.due_day or 0))
        return self._as_tasks(found)

    def _as_tasks(self, cards: list[CardPlan]) -> list[Task]:
        owners = {owner.key: owner.name for owner in self.plan.owners}
        ids, starts = self._ids["card"], self.plan.plan_starts
        known = [ids[card.key] for card in cards if card.key in ids]
        done = set(Card.living.filter(pk__in=known, status="done").values_list("pk", flat=True))
        return [
            Task(
                card.text,
                owners.get(card.owner, ""),
                self._cards[card.solution].text,
                starts + timedelta(days=card.due_day)
                if starts and card.due_day is not None
                else None,
                ids.get(card.key) in done,
            )
            for card in cards
        ]

    # --- what is new ---------------------------------------------------------------------------

    @cached_property
    def _given(self) -> set[UUID]:
        """The cards that came from the room and were opened, joined ones too."""
        rows = Contribution.objects.filter(
            step__workshop=self.workshop, guest__isnull=False, card__audience=TEAM
        )
        return set(rows.values_list("card", flat=True))

    @cached_property
    def _new(self) -> dict[str, list[tuple[str, int]]]:
        """By the stage's key: how many cards of which lanes the room has added to it."""
        ids, names = self._ids["card"], {lane.key: lane.name for lane in self.plan.lanes}
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for card in self.plan.cards:
            if ids.get(card.key) in self._given:
                counts[card.stage][card.lane] += 1
        return {
            stage: [(names[lane], count) for lane, count in by_lane.items()]
            for stage, by_lane in counts.items()
        }

    @cached_property
    def change(self) -> MapChange:
        """The map before the workshop and after it."""
        return change_of(self.plan, self.workshop.before, self._new)

    @property
    def added(self) -> int:
        return sum(count for lanes in self._new.values() for _lane, count in lanes)

    @property
    def written(self) -> int:
        return len(self._given)

    @cached_property
    def never_opened(self) -> int:
        return Contribution.objects.filter(
            step__workshop=self.workshop,
            card__audience__startswith="guest:",
            card__deleted_at=None,
        ).count()
