"""What came of a workshop: what was decided and by how many votes, who does what, who took part,
what is new on the map."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from journeys.models import ON_BOARD, Card, Stage
from journeys.reads import stages
from teams.actors import TEAM

from ..models import Contribution, Guest, Step, Vote, Workshop
from .answers import Rated, people_in, rated_in, votes_in
from .ballot import candidates
from .change import MapChange, change_of
from .results import Ranked, ranking
from .room import due_date


@dataclass
class Voted:
    """A vote whose result was shown."""

    step: Step
    ranked: list[Ranked]
    sum: int
    voters: int
    without: int

    @property
    def taken(self) -> list[Ranked]:
        return [one for one in self.ranked if one.taken]

    @property
    def left(self) -> list[Ranked]:
        return [one for one in self.ranked if not one.taken]


class Outcome:
    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.journey = workshop.journey

    @cached_property
    def steps(self) -> list[Step]:
        found = list(self.workshop.steps.exclude(began_at=None).select_related("lane"))
        for step in found:
            step.workshop = self.workshop
        return found

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
    def votes(self) -> list[Voted]:
        """Only those whose result was shown in the room."""
        found = []
        for step in self.steps:
            if step.kind != Step.Kind.VOTE or step.revealed_at is None:
                continue
            cards = list(candidates(step).prefetch_related("lifts__barrier"))
            given, parts, _why = votes_in(step)
            ranked = ranking(cards, given, take=step.take, parts=parts)
            voters = people_in(Vote.objects.filter(step=step))
            found.append(Voted(step, ranked, sum(given.values()), voters, len(cards) - len(ranked)))
        return found

    @cached_property
    def rated(self) -> list[tuple[Step, list[Rated]]]:
        """Only what was shown in the room, and answered."""
        shown = [one for one in self.steps if one.kind == Step.Kind.RATE and one.revealed_at]
        return [(step, [one for one in rated_in(step) if one.spreads]) for step in shown]

    @cached_property
    def tasks(self) -> list[Card]:
        """The open tasks for what the room chose, or wrote where it chose nothing, the earliest due
        first."""
        found = Card.objects.filter(
            journey=self.journey, audience=TEAM, lane__content="task", **ON_BOARD
        ).exclude(status="done")
        chosen = [one.card.pk for vote in self.votes for one in vote.taken]
        found = (
            found.filter(solution__in=chosen)
            if chosen
            else found.filter(solution__contribution__step__workshop=self.workshop)
        )
        cards = list(found.select_related("owner", "solution", "stage"))
        for card in cards:
            card.due = due_date(self.journey, card)  # type: ignore[attr-defined]
        return sorted(cards, key=lambda card: (card.due_day is None, card.due_day or 0))

    @cached_property
    def _columns(self) -> list[tuple[Stage, list[tuple[str, int]]]]:
        """The columns, with how many cards of which lanes the room has added to each."""
        rows = (
            Contribution.objects.filter(
                step__workshop=self.workshop,
                guest__isnull=False,
                card__audience=TEAM,
                **{f"card__{name}": value for name, value in ON_BOARD.items()},
            )
            .values_list("card__stage", "card__lane__name")
            .annotate(count=Count("pk"))
            .order_by("card__lane__position")
        )
        by_stage: dict = {}
        for stage, lane, count in rows:
            by_stage.setdefault(stage, []).append((lane, count))
        columns = stages.leaves(stages.rows_of(self.journey))
        return [(one, by_stage.get(one.pk, [])) for one in columns]

    @property
    def new_cards(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """By stage: how many cards of which lanes the room has added."""
        return [(one.name, lanes) for one, lanes in self._columns if lanes]

    @cached_property
    def change(self) -> MapChange:
        """The map before the workshop and after it."""
        # A snapshot names a stage by its key, or else by its id.
        new = {name: lanes for one, lanes in self._columns for name in (one.key, one.pk.hex)}
        return change_of(self.journey, self.workshop.before, self.workshop.after, new)

    @property
    def added(self) -> int:
        return sum(count for _stage, lanes in self.new_cards for _lane, count in lanes)

    @cached_property
    def written(self) -> int:
        """Cards that were written and opened, joined ones too."""
        return Contribution.objects.filter(
            step__workshop=self.workshop, guest__isnull=False, card__audience=TEAM
        ).count()

    @cached_property
    def never_opened(self) -> int:
        return Contribution.objects.filter(
            step__workshop=self.workshop,
            card__audience__startswith="guest:",
            card__deleted_at=None,
        ).count()
