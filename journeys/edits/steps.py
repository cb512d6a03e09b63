"""Stages in two levels: dividing one, and where its cards stand.

Cards and figures stand in columns, and the columns are the leaves: the first step of a stage takes
over what the stage held, the last one deleted gives it back. `settle` makes it so after any change
of stages, an undo as well.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused
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


def columns(mine: Editing) -> dict[UUID, Stage]:
    """For each stage that can be seen the column of a card that is put into it: its first step,
    if somebody has divided it meanwhile."""
    tree = reads.tree(reads.rows_of(mine.journey))
    found = {stage.pk: (steps or [stage])[0] for stage, steps in tree}
    return found | {step.pk: step for _stage, steps in tree for step in steps}


def column(mine: Editing, pk: UUID) -> Stage:
    """That column of one stage. Raises Gone."""
    found = columns(mine).get(pk)
    if found is None:
        stage = mine.find(Stage, pk)
        mine.find(Stage, stage.parent_id or pk)
        raise Gone
    return found


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
