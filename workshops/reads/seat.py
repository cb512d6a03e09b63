"""What one guest's phone shows beside the scene."""

from collections import defaultdict
from functools import cached_property
from uuid import UUID

from journeys.models import ON_BOARD, Card

from ..models import Guest, Rating, Step, Vote
from .ballot import Subject, stages_of, subjects
from .room import Column, Scene

Kind = Step.Kind


class Seat:
    """A guest's own cards, votes and ratings in the step at hand."""

    def __init__(self, guest: Guest, scene: Scene):
        self.guest = guest
        self.scene = scene
        if guest.group:
            guest.group.workshop = scene.workshop

    @cached_property
    def cards(self) -> list[Card]:
        """One's own in the step at hand, hidden or open."""
        if self.scene.step is None:
            return []
        found = Card.objects.filter(
            contribution__guest=self.guest, contribution__step=self.scene.step, **ON_BOARD
        )
        return list(found.select_related("stage").order_by("id"))

    @cached_property
    def by_stage(self) -> dict[UUID, list[Card]]:
        found = defaultdict(list)
        for card in self.cards:
            found[card.stage_id].append(card)
        return found

    @property
    def columns(self) -> list[tuple[Column, list[Card]]]:
        """Those that are open to one's group."""
        step, group = self.scene.step, self.guest.group
        own = stages_of(step, group, self.scene.stages) if step and group else None
        return [
            (column, self.by_stage.get(column.stage.pk, []))
            for column in self.scene.columns
            if own is None or column.stage in own
        ]

    @property
    def is_asked(self) -> bool:
        """Whether the step is for one's group too; what was rated is shown to all."""
        step = self.scene.step
        shown = step and step.kind == Kind.RATE and step.revealed_at
        return bool(shown) or self.scene.is_asked(self.guest.group)

    @cached_property
    def votes(self) -> dict[UUID, int]:
        rows = Vote.objects.filter(step=self.scene.step, guest=self.guest)
        return dict(rows.values_list("card", "count"))

    @property
    def budget(self) -> int:
        return self.scene.step.votes * self.guest.heads if self.scene.step else 0

    @property
    def votes_left(self) -> int:
        return self.budget - sum(self.votes.values())

    @property
    def dots(self) -> list[bool]:
        """Each of one's votes: whether it is spent."""
        return [number >= self.votes_left for number in range(self.budget)]

    @property
    def ballot(self) -> list[tuple[Card, int]]:
        return [(card, self.votes.get(card.pk, 0)) for card in self.scene.cards]

    @cached_property
    def ratings(self) -> dict[tuple[str, str], int]:
        rows = Rating.objects.filter(step=self.scene.step, guest=self.guest)
        return {
            (ref, aspect): value
            for ref, aspect, value in rows.values_list("subject", "aspect", "value")
        }

    @property
    def questions(self) -> list[tuple[Subject, list[tuple[str, int | None]]]]:
        step = self.scene.step
        if step is None or step.kind != Kind.RATE:
            return []
        aspects = {
            Step.Aspect.EMOTION: ["emotion"],
            Step.Aspect.SERVICE: ["expectation", "perception"],
            Step.Aspect.EFFORT: ["effort", "impact"],
        }[Step.Aspect(step.aspect)]
        return [
            (one, [(aspect, self.ratings.get((one.ref, aspect))) for aspect in aspects])
            for one in subjects(step, self.guest.group)
        ]

    @property
    def is_done(self) -> bool:
        return bool(self.scene.step and self.guest.done_id == self.scene.step.pk)
