"""What a step asks about: the cards to vote on, the stages or cards to rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from journeys.models import ON_BOARD, Card, Stage
from journeys.reads import stages
from teams.actors import TEAM

from ..models import Group, Step


@dataclass(frozen=True)
class Subject:
    """A stage or a card that is rated."""

    ref: str  # "stage:<hex>" or "card:<hex>"; of a persona's curve "stage:<hex>:<hex>"
    name: str
    stage: str
    persona: str = ""  # whose feeling it is, where several are told apart

    @property
    def beside(self) -> str:
        return self.stage or self.persona


def stages_of(
    step: Step, group: Group | None = None, columns: Sequence[Stage] | None = None
) -> list[Stage]:
    """The columns that a step opens, in order; to a group those of its own. `columns` are the
    map's, where they have been read."""
    if columns is None:
        columns = stages.leaves(stages.rows_of(step.workshop.journey))
    opened = _chosen(columns, step.stages)
    if group is None:
        return opened
    own = _chosen(columns, group.stages)
    return [one for one in opened if one in own]


def _chosen(columns: Sequence[Stage], ids: Sequence[str]) -> list[Stage]:
    """By their own id or that of the stage they are steps of. All where nothing is chosen, or the
    map has nothing of it any more."""
    return [
        one for one in columns if one.pk.hex in ids or (one.parent_id and one.parent_id.hex in ids)
    ] or list(columns)


def speaks_for(group: Group | None) -> UUID | None:
    """The persona in whose place a group writes and rates, if the map tells several apart."""
    if group is None or group.persona_id is None:
        return None
    made_for = group.workshop.journey.made_for.filter(persona__deleted_at=None)
    personas = set(made_for.values_list("persona", flat=True))
    return group.persona_id if len(personas) > 1 and group.persona_id in personas else None


def candidates(step: Step) -> QuerySet[Card]:
    """The cards of the step's lane that everybody sees, by stage and order."""
    if step.lane_id is None:
        return Card.objects.none()
    found = Card.objects.filter(
        journey=step.workshop.journey_id, lane=step.lane_id, audience=TEAM, **ON_BOARD
    ).exclude(text="")
    if step.stages:
        found = found.filter(stage__in=[one.pk for one in stages_of(step)])
    return found.select_related("stage").order_by(
        "stage__parent__position", "stage__position", "position", "id"
    )


def subjects(step: Step, group: Group | None = None) -> list[Subject]:
    """What is rated: stages by a face, cards by two values. A group is asked about its own stages,
    and in the place of its persona."""
    columns, persona = stages_of(step, group), speaks_for(group)
    if step.aspect == Step.Aspect.EMOTION:
        whose = f":{persona.hex}" if persona else ""
        return [Subject(f"stage:{one.pk.hex}{whose}", one.name, "") for one in columns]
    order = {stage.pk: number for number, stage in enumerate(columns)}
    cards = [card for card in candidates(step) if card.stage_id in order]
    if persona:
        cards = [card for card in cards if card.persona_id in (None, persona)]
    cards.sort(key=lambda card: order[card.stage_id])
    return [Subject(f"card:{one.pk.hex}", one.text, one.stage.name) for one in cards]
