"""The scene of a workshop, which all its screens show: what a wall makes of it is in wall.py, a
guest's own in seat.py. The words of hidden cards are no part of it: everybody gets counts."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import Now

from journeys.models import ON_BOARD, Card, Stage
from journeys.reads import stages
from live.models import Screen
from teams.actors import TEAM

from ..models import Contribution, Group, Guest, Rating, Step, Vote, Workshop
from .answers import Rated, people_in, rated_in, votes_in
from .ballot import candidates, stages_of
from .groups import Groups
from .likeness import alike
from .results import Ranked, ranking

ALIVE = timedelta(seconds=25)
Kind = Step.Kind


@dataclass
class Column:
    """A stage in the step at hand."""

    stage: Stage
    number: int
    cards: list[Card] = field(default_factory=list)  # that everybody sees
    hidden: int = 0  # how many nobody but their authors sees
    drawn: dict = field(default_factory=dict)  # what was drawn of it for all phones

    @property
    def ref(self) -> str:
        return f"stage:{self.stage.pk.hex}"

    @property
    def count(self) -> int:
        return len(self.cards) + self.hidden


@dataclass
class Person:
    """Somebody in the room, as the facilitator sees them."""

    guest: Guest
    here: bool
    cards: int = 0
    done: bool = False
    namesake: bool = False  # of somebody who was shown out before they came


class Scene:
    """What wall and panel show of a workshop, read as it is asked for."""

    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.journey = workshop.journey

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.workshop.steps.select_related("lane"))

    @cached_property
    def step(self) -> Step | None:
        found = next((one for one in self.steps if one.pk == self.workshop.step_id), None)
        if found:
            found.workshop = self.workshop
        return found

    @property
    def number(self) -> int:
        return self.steps.index(self.step) + 1 if self.step else 0

    @property
    def next(self) -> Step | None:
        return self.steps[self.number] if self.number < len(self.steps) else None

    @property
    def before(self) -> Step | None:
        return self.steps[self.number - 2] if self.number > 1 else None

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    # --- cards ---------------------------------------------------------------------------------

    @cached_property
    def stages(self) -> list[Stage]:
        """All columns of the map."""
        return stages.leaves(stages.rows_of(self.journey))

    @cached_property
    def columns(self) -> list[Column]:
        step = self.step
        if step is None:
            return []
        opened = stages_of(step, columns=self.stages)
        columns = [Column(stage, number) for number, stage in enumerate(opened, 1)]
        by_stage = {column.stage.pk: column for column in columns}
        for card in self.cards:
            if column := by_stage.get(card.stage_id):
                column.cards.append(card)
        for stage, count in self._hidden():
            if column := by_stage.get(stage):
                column.hidden = count
        return columns

    @cached_property
    def cards(self) -> list[Card]:
        """Of the step's lane, those that everybody sees; in a writing step only what it brought."""
        step = self.step
        if step is None or step.lane_id is None:
            return []
        if step.kind == Kind.WRITE and step.is_secret:
            return []
        found = candidates(step).annotate(joined_count=Count("joined"))
        if step.kind == Kind.WRITE:
            found = found.filter(contribution__step=step)
        cards: list[Card] = [
            *found.select_related("stage", "contribution__guest", "contribution__step")
        ]
        for card in cards:
            card.by = self._author(card)  # type: ignore[attr-defined]
            card.ref = f"card:{card.pk.hex}"  # type: ignore[attr-defined]
        return cards

    def _author(self, card: Card) -> str:
        """By the promise of the step it was written in, whichever the room is at."""
        contribution = getattr(card, "contribution", None)
        if contribution is None or contribution.guest is None or not contribution.step.named:
            return ""
        return contribution.guest.name

    def _hidden(self) -> Sequence[tuple[UUID, int]]:
        if self.step is None or self.step.kind != Kind.WRITE:
            return []
        rows = (
            Contribution.objects.filter(
                step=self.step,
                card__audience__startswith="guest:",
                **{f"card__{name}": value for name, value in ON_BOARD.items()},
            )
            .values_list("card__stage")
            .annotate(count=Count("pk"))
        )
        return list(rows)

    @property
    def hidden_count(self) -> int:
        return sum(column.hidden for column in self.columns)

    @property
    def open_count(self) -> int:
        return sum(len(column.cards) for column in self.columns)

    @property
    def tallest(self) -> int:
        return max((column.count for column in self.columns), default=0)

    @cached_property
    def likely_doubles(self) -> list[list[Card]]:
        return alike(self.cards)

    @cached_property
    def barriers(self) -> dict[UUID, list[Card]]:
        """What a solution may be for, by stage."""
        step = self.step
        if step is None or step.lane is None or step.lane.content != "solution":
            return {}
        found = Card.objects.filter(
            journey=self.journey, audience=TEAM, lane__content="barrier", **ON_BOARD
        ).exclude(status="closed")
        by_stage = defaultdict(list)
        for card in found.order_by("position", "id"):
            by_stage[card.stage_id].append(card)
        return by_stage

    # --- answers -------------------------------------------------------------------------------

    @cached_property
    def _votes(self) -> tuple:
        return votes_in(self.step) if self.step else ({}, {}, "")

    @property
    def vote_sum(self) -> int:
        return sum(self._votes[0].values())

    @cached_property
    def ranked(self) -> list[Ranked[Card]]:
        votes, parts, _why = self._votes
        return ranking(self.cards, votes, take=self.step.take, parts=parts) if self.step else []

    @property
    def undivided(self) -> str:
        """Why results that are to be shown by who people are, are not, or not all of them."""
        step = self.step
        if step is None or not step.split:
            return ""
        if step.kind == Kind.VOTE:
            return self._votes[2]
        why = [spread.undivided for one in self.rated for _aspect, spread in one.spreads]
        return "few" if "few" in why else "alike" if why and all(why) else ""

    @property
    def taken(self) -> list[Ranked[Card]]:
        return [one for one in self.ranked if one.taken]

    @property
    def without_votes(self) -> int:
        return len(self.cards) - len(self.ranked)

    @cached_property
    def rated(self) -> list[Rated]:
        return rated_in(self.step) if self.step else []

    @cached_property
    def answered(self) -> int:
        """How many people have voted or rated."""
        if self.step is None:
            return 0
        model = Vote if self.step.kind == Kind.VOTE else Rating
        return people_in(model.objects.filter(step=self.step))

    # --- the map and what is decided -----------------------------------------------------------

    @cached_property
    def decisions(self) -> list[Card]:
        """The solutions that won the last vote about them (all of them where none was held), each
        with its `open_tasks`, whose `due` is a date."""
        step = self.step
        if step is None or step.lane_id is None:
            return []
        cards = list(candidates(step).prefetch_related("lifts__barrier"))
        votes = self._last_vote(step.lane_id)
        if votes:
            given, take = votes
            cards = [one.card for one in ranking(cards, given, take=take) if one.taken]
        tasks = defaultdict(list)
        found = Card.objects.filter(
            journey=self.journey, audience=TEAM, solution__in=cards, **ON_BOARD
        )
        for task in found.select_related("owner").order_by("due_day", "id"):
            task.due = due_date(self.journey, task)  # type: ignore[attr-defined]
            tasks[task.solution_id].append(task)
        for card in cards:
            card.open_tasks = tasks[card.pk]  # type: ignore[attr-defined]
            card.ref = f"card:{card.pk.hex}"  # type: ignore[attr-defined]
        return cards

    def _last_vote(self, lane: UUID) -> tuple[dict[UUID, int], int] | None:
        voted = [
            one
            for one in self.steps
            if one.kind == Kind.VOTE and one.lane_id == lane and one.revealed_at
        ]
        if not voted:
            return None
        last = max(voted, key=lambda one: one.revealed_at.timestamp() if one.revealed_at else 0)
        rows = Vote.objects.filter(step=last).values_list("card").annotate(sum=Sum("count"))
        return dict(rows), last.take

    # --- people --------------------------------------------------------------------------------

    @cached_property
    def guests(self) -> list[Guest]:
        found = list(self.workshop.guests.filter(removed_at=None).select_related("group"))
        for guest in found:
            guest.workshop = self.workshop
        return found

    @property
    def newest(self) -> list[Guest]:
        return self.guests[::-1][:14]

    @property
    def not_shown(self) -> int:
        return sum(guest.heads for guest in self.guests[:-14])

    @property
    def takers(self) -> list[Guest]:
        """Those who are asked in this step."""
        return [guest for guest in self.guests if not guest.observes and self.is_asked(guest.group)]

    def is_asked(self, group: Group | None) -> bool:
        """Whether the step has anything for a group to write or to rate."""
        step = self.step
        if step is None or group is None or step.kind not in (Kind.WRITE, Kind.RATE):
            return True
        return bool(stages_of(step, group, self.stages))

    @property
    def ready(self) -> list[Guest]:
        return [g for g in self.takers if self.step and g.done_id == self.step.pk]

    @cached_property
    def people(self) -> list[Person]:
        """Those who write or are away first, the ready ones last."""
        keys = [guest.key for guest in self.guests]
        here = set(
            Screen.objects.filter(
                channel=self.journey.pk, actor__in=keys, seen_at__gt=Now() - ALIVE
            ).values_list("actor", flat=True)
        )
        given: Counter = Counter()
        if self.step:
            rows = Contribution.objects.filter(step=self.step, card__deleted_at=None)
            given.update(dict(rows.values_list("guest").annotate(count=Count("pk"))))
        people = [
            Person(
                guest,
                here=guest.by_hand or guest.made_up or guest.key in here,
                cards=given[guest.pk],
                done=bool(self.step and guest.done_id == self.step.pk),
                namesake=self._is_namesake(guest),
            )
            for guest in self.guests
        ]
        return sorted(people, key=lambda person: person.done)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.workshop)

    @property
    def by_group(self) -> list[tuple[Group | None, list[Person]]]:
        """The people of each group, those of none last; one list of all where there are none."""
        found: list[tuple[Group | None, list[Person]]] = [
            (group, [one for one in self.people if one.guest.group_id == group.pk])
            for group in self.groups.all
        ]
        rest = [one for one in self.people if one.guest.group_id is None]
        return [*found, (None, rest)] if rest or not found else found

    def _is_namesake(self, guest: Guest) -> bool:
        return not guest.forgotten and any(
            one.removed_at <= guest.joined_at and _plain(one.name) == _plain(guest.name)
            for one in self.removed
            if one.removed_at and not one.forgotten
        )

    @property
    def contributors(self) -> list[tuple[str, int]]:
        """Each expected name with how many cards they have given; what they wrote, nobody sees."""
        given = {person.guest.name.casefold(): person.cards for person in self.people}
        return [(name, given.get(name.casefold(), 0)) for name in self.workshop.expected]

    @property
    def wall_here(self) -> bool:
        """Whether the wall is open on some screen."""
        return Screen.objects.filter(
            channel=self.journey.pk,
            actor=f"wall:{self.workshop.pk.hex}",
            seen_at__gt=Now() - ALIVE,
        ).exists()

    @cached_property
    def removed(self) -> list[Guest]:
        return list(self.workshop.guests.exclude(removed_at=None))


def _plain(name: str) -> str:
    """A name without the number that tells it from another one."""
    return re.sub(r" \d+$", "", name).casefold()


def due_date(journey, task: Card) -> date | None:
    """The day a task is due, where the map's plan has a beginning."""
    if task.due_day is None or journey.plan_starts is None:
        return None
    return journey.plan_starts + timedelta(days=task.due_day)
