"""What a step asks about: the cards to vote on, the stages or cards to rate."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from journeys.models import ON_BOARD, Card
from journeys.reads import stages
from teams.actors import TEAM

from ..models import Step


@dataclass(frozen=True)
class Subject:
    """A stage or a card that is rated."""

    ref: str  # "stage:<hex>" or "card:<hex>"
    name: str
    stage: str


def stages_of(step: Step) -> list:
    """The columns that a step opens, in order."""
    columns = stages.leaves(stages.rows_of(step.workshop.journey))
    return [one for one in columns if not step.stages or one.pk.hex in step.stages]


def candidates(step: Step) -> QuerySet[Card]:
    """The cards of the step's lane that everybody sees, by stage and order."""
    if step.lane_id is None:
        return Card.objects.none()
    found = Card.objects.filter(
        journey=step.workshop.journey_id, lane=step.lane_id, audience=TEAM, **ON_BOARD
    ).exclude(text="")
    if step.stages:
        found = found.filter(stage__in=[UUID(one) for one in step.stages])
    return found.select_related("stage").order_by(
        "stage__parent__position", "stage__position", "position", "id"
    )


def subjects(step: Step) -> list[Subject]:
    """What is rated: stages by a face, cards by two values."""
    if step.aspect == Step.Aspect.EMOTION:
        return [Subject(f"stage:{one.pk.hex}", one.name, "") for one in stages_of(step)]
    order = {stage.pk: number for number, stage in enumerate(stages_of(step))}
    cards = [card for card in candidates(step) if card.stage_id in order]
    cards.sort(key=lambda card: order[card.stage_id])
    return [Subject(f"card:{one.pk.hex}", one.text, one.stage.name) for one in cards]
