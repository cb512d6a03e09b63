"""The agenda: its steps before and while the workshop goes on."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from changes.record import Intent, Refused
from teams.actors import Actor

from .. import limits
from ..models import Step, Workshop
from .door import Running, running
from .meeting import AGENDA

_FIELDS = (*AGENDA[1:], "lane_id", "stages")


def add_step(
    workshop: Workshop, fields: Mapping, *, by: Actor, intent: Intent | None = None
) -> Step:
    """Adds a step at the end."""
    with running(workshop, by=by, verb="add_step", intent=intent) as mine:
        step = _new(mine, **fields)
    return step


def duplicate_step(workshop: Workshop, step: UUID, *, by: Actor, intent: Intent | None = None):
    """Puts a copy behind a step."""
    with running(workshop, by=by, verb="duplicate_step", intent=intent) as mine:
        one = mine.step(step)
        copy = _new(mine, **{name: getattr(one, name) for name in _FIELDS})
        steps = [row for row in mine.workshop.steps.all() if row != copy]
        _order(mine, [*steps[: steps.index(one) + 1], copy, *steps[steps.index(one) + 1 :]])
    return mine.turn


def _new(mine: Running, **fields) -> Step:
    steps = mine.workshop.steps
    if steps.count() >= limits.STEPS:
        raise Refused(_("An agenda has at most %(count)s steps.") % {"count": limits.STEPS})
    last = steps.aggregate(last=Max("position"))["last"]
    step = Step(workshop=mine.workshop, position=(last or 0) + 1, **fields)
    step.save()
    mine.added(step, kind=step.kind)
    return step


def edit_step(
    workshop: Workshop, step: UUID, fields: Mapping, *, by: Actor, intent: Intent | None = None
):
    """Sets fields of a step. What was revealed can't be hidden again."""
    with running(workshop, by=by, verb="edit_step", intent=intent) as mine:
        one = mine.step(step)
        if one.began_at and fields.get("kind", one.kind) != one.kind:
            raise Refused(_("The step has begun: what is done in it can’t be changed any more."))
        if one.began_at and not one.named and fields.get("named"):
            raise Refused(_("People have written here without names: that can’t be changed."))
        mine.set(one, **fields)
    return mine.turn


def move_step(workshop: Workshop, step: UUID, to: int, *, by: Actor, intent: Intent | None = None):
    """Puts a step at a place, counted from 0."""
    with running(workshop, by=by, verb="move_step", intent=intent) as mine:
        one = mine.step(step)
        steps = [row for row in mine.workshop.steps.all() if row != one]
        _order(mine, [*steps[:to], one, *steps[to:]])
    return mine.turn


def _order(mine: Running, steps: list[Step]) -> None:
    for number, step in enumerate(steps, 1):
        mine.set(step, position=number)


def delete_step(workshop: Workshop, step: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes a step out of the agenda; not one that anything was given in."""
    with running(workshop, by=by, verb="delete_step", intent=intent) as mine:
        one = mine.step(step)
        if one.began_at:
            raise Refused(_("The room has been at this step: it stays in the record."))
        mine.turn.note(f"step:{one.pk.hex}", {"kind": one.kind}, None)
        one.delete()
    return mine.turn
