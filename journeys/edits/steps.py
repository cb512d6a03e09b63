"""Stages in two levels: dividing one, and where its cards stand.

Cards and figures stand in columns, and the columns are the leaves: the first step of a stage takes
over what the stage held, the last one deleted gives it back. `settle` makes it so after any change
of stages, an undo as well.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
    tree = reads.tree(rows)
    targets = {stage.pk: steps[0].pk for stage, steps in tree if steps}
    leaves = {stage.pk for stage, steps in tree if not steps}
    targets |= {
        step.pk: step.parent_id for step in _just_deleted_steps(mine) if step.parent_id in leaves
    }
    if targets:
        _hand_over(mine, targets)


def _just_deleted_steps(mine: Editing) -> list[Stage]:
    gone = [
        UUID(name.removeprefix("stage:"))
        for name, facts in mine.turn.after.items()
        if name.startswith("stage:") and facts and facts.get("deleted")
    ]
    return list(Stage.objects.filter(pk__in=gone, parent__isnull=False)) if gone else []


def _hand_over(mine: Editing, targets: Mapping[UUID, UUID]) -> None:
    """Moves what stands in some columns behind what stands in others, each in its target."""
    held = defaultdict(list)
    for card in Card.living.filter(stage__in=targets):
        held[card.stage_id].append(card)
    last = last_places({targets[stage] for stage in held})
    changes = []
    for source, target in targets.items():
        first_free = dict(last)
        for card in held[source]:
            position = first_free.get((target, card.lane_id), 0) + card.position
            last[target, card.lane_id] = position
            changes.append((card, {"stage_id": target, "position": position}))
    mine.set_all(changes)
    figures = Metric.living.filter(stage__in=targets)
    mine.set_all(
        (figure, {"stage_id": targets[figure.stage_id]}) for figure in figures if figure.stage_id
    )


def last_places(stages: Collection[UUID | Stage]) -> dict[tuple[UUID, UUID], int]:
    """The position of the last card of each cell of some columns."""
    if not stages:
        return {}
    cells = Card.living.filter(stage__in=stages).order_by().values_list("stage_id", "lane_id")
    return {(stage, lane): last for stage, lane, last in cells.annotate(Max("position"))}
