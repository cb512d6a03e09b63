"""Stages in two levels: dividing one, and where its cards stand.

Cards and figures stand in columns, and the columns are the leaves: the first step of a stage takes
over what the stage held, the last one deleted gives it back. `settle` makes it so after any change
of stages, an undo as well.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from changes.record import Intent, Refused
from journeys import limits
from journeys.models import Card, Metric, Stage
from journeys.models.part import GAP
from journeys.reads import stages as reads
from teams.actors import Actor

from .door import Editing, editing


def divide(
    journey_id: UUID,
    pk: UUID,
    *,
    steps: Sequence[tuple[UUID, str]],
    by: Actor,
    intent: Intent | None = None,
):
    """Divides a stage into steps, each an id and a name; the first takes over its cards."""
    with editing(
        journey_id, by=by, verb="divide_stage", target=f"stage:{pk.hex}", intent=intent
    ) as mine:
        stage = top_stage(mine, pk)
        last = stage.steps.aggregate(last=Max("position"))["last"] or 0
        for number, (step, name) in enumerate(steps, 1):
            position = last + number * GAP
            mine.add(Stage(pk=step, parent=stage, name=name, position=position))
        settle(mine)
    return mine.turn


def top_stage(mine: Editing, pk: UUID) -> Stage:
    """The stage that a step goes into: there are two levels, and no third."""
    stage = mine.find(Stage, pk)
    if stage.parent_id:
        raise Refused(_("A step can't be divided further."))
    return stage


def column(mine: Editing, pk: UUID) -> Stage:
    """The column for a card that is put into a stage: its first step, if somebody has divided it
    meanwhile. Raises Gone."""
    stage = mine.find(Stage, pk)
    if stage.parent_id:
        mine.find(Stage, stage.parent_id)
        return stage
    return Stage.living.filter(parent=stage).first() or stage


def settle(mine: Editing) -> None:
    """Puts cards where the columns are now. Raises Refused beyond the limit of columns."""
    rows = reads.rows_of(mine.journey)
    limits.STAGES.check(len(reads.leaves(rows)))
    emptied = _just_deleted_steps(mine)
    for stage, steps in reads.tree(rows):
        if steps:
            _hand_over(mine, stage, steps[0])
        for step in emptied if not steps else []:
            if step.parent_id == stage.pk:
                _hand_over(mine, step, stage)


def _just_deleted_steps(mine: Editing) -> list[Stage]:
    gone = [
        UUID(name.removeprefix("stage:"))
        for name, facts in mine.turn.after.items()
        if name.startswith("stage:") and facts and facts.get("deleted")
    ]
    return list(Stage.objects.filter(pk__in=gone, parent__isnull=False)) if gone else []


def _hand_over(mine: Editing, source: Stage, target: Stage) -> None:
    """Moves what stands in one column behind what stands in another."""
    last = dict(
        Card.living.filter(stage=target).order_by().values_list("lane").annotate(Max("position"))
    )
    for card in Card.living.filter(stage=source):
        position = last.get(card.lane_id, 0) + card.position
        mine.set(card, stage_id=target.pk, position=position)
    for metric in Metric.living.filter(stage=source):
        mine.set(metric, stage_id=target.pk)
