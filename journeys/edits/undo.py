"""Undo and redo: an ordinary change that takes back what one person's last step did.

Words go back by the same merge that joins two writers (base = what the step left, mine = what was
before it, theirs = what stands now); any other field goes back only if it still holds the step's
value. Otherwise nothing is done and the reason is said.
"""

from typing import cast
from uuid import UUID

from django.db.models import Field
from django.utils.translation import gettext as _

from changes import undo as history
from changes.merge import merge
from changes.models import Change
from changes.record import Intent, Refused
from journeys.models import Card, Journey, JourneyPersona, Lane, Lift, Metric, Owner, Stage
from journeys.models.part import Part
from teams.actors import Actor

from . import steps
from .door import Editing, editing, plain, ref

PARTS: dict[str, type[Part]] = {
    "card": Card,
    "stage": Stage,
    "lane": Lane,
    "metric": Metric,
    "owner": Owner,
}
WORDS = {
    "text",
    "name",
    "description",
    "exit_reason",
    "title",
    "summary",
    "goal",
    "measure",
    "hint",
}


def undo(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes back the person's last step. Raises Refused with the reason."""
    with editing(journey_id, by=by, verb=history.UNDO, intent=intent) as mine:
        step = history.last_step(journey_id, by.key)
        if not step:
            raise Refused(_("There is nothing of yours to undo."))
        _take_back(mine, step)
        mine.turn.undoes = step[-1].seq
        _mark(step, mine.turn.seq)
    return mine.turn


def redo(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes back the person's last undo. Raises Refused with the reason."""
    with editing(journey_id, by=by, verb=history.REDO, intent=intent) as mine:
        undone = history.last_undo(journey_id, by.key)
        if not undone:
            raise Refused(_("There is nothing to redo."))
        _take_back(mine, undone)
        mine.turn.undoes = undone[0].seq
        _mark(undone, mine.turn.seq)
        # What the undo had taken back stands again.
        Change.objects.filter(document_id=journey_id, undone_by=undone[0].seq).update(
            undone_by=mine.turn.seq
        )
    return mine.turn


def _mark(changes: list[Change], seq: int) -> None:
    Change.objects.filter(pk__in=[change.pk for change in changes]).update(undone_by=seq)


def _take_back(mine: Editing, step: list[Change]) -> None:
    mine.turn.target = step[-1].target
    for change in step:
        _reverse(mine, change)
    steps.settle(mine)  # a card may come back into a stage that was divided meanwhile


def _reverse(mine: Editing, change: Change) -> None:
    """Deleted rows come first and added ones leave last, so that links find their ends."""
    rows = _rows_of(mine, change)
    back, away = [], []
    for row, before in rows:
        if row.deleted_at is None and (before is None or before.get("deleted") is True):
            away.append(row)
        elif row.deleted_at is not None and before and before.get("deleted") is False:
            back.append(row)
    mine.restore_all(back)
    values: dict[type[Part], list] = {model: [] for model in PARTS.values()}
    for row, before in rows:
        if not before or not before.keys() - {"deleted"}:
            continue
        if row.deleted_at is not None:
            raise Refused(_("This can't be undone: somebody deleted it meanwhile."))
        of_row = _values(row, before, change.after[ref(row)] or {})
        if "resolves" in of_row:
            mine.set(row, **of_row)
        else:
            values[type(row)].append((row, of_row))
    for changes in values.values():
        mine.set_all(changes)
    mine.delete_all(away)
    name = f"journey:{mine.journey.pk.hex}"
    if name in change.before:
        _reverse_map(mine, change.before[name] or {}, change.after[name] or {})


def _rows_of(mine: Editing, change: Change) -> list[tuple[Part, dict | None]]:
    """The parts that a change touched with what they were before, the last one first; one query for
    each kind of part."""
    rows: dict[str, Part] = {}
    for kind, model in PARTS.items():
        ids = [
            UUID(name.partition(":")[2]) for name in change.before if name.startswith(f"{kind}:")
        ]
        if ids:
            for row in model._default_manager.filter(journey=mine.journey, pk__in=ids):
                row.journey = mine.journey
                rows[ref(row)] = row
    names = [name for name in reversed(change.before) if not name.startswith("journey:")]
    if any(name not in rows for name in names):
        raise Refused(_("This can't be undone: it was removed for good."))
    return [(rows[name], change.before[name]) for name in names]


def _values(row: Part | Journey, before: dict, after: dict) -> dict:
    values = {}
    for name, old in before.items():
        if name in ("deleted", "personas") or name.startswith("conflict"):
            continue
        now = _now(row, name)
        new = after.get(name)
        if now == new:
            values[name] = _column(row, name, old)
        elif name in WORDS and (merged := merge(new or "", old or "", now or "")) is not None:
            values[name] = merged
        elif name == "position":
            continue  # somebody re-ordered since; the rest still goes back
        else:
            raise Refused(_("This can't be undone: somebody changed it meanwhile."))
    return values


def _now(row: Part | Journey, name: str):
    if name == "resolves":
        lifts = Lift.objects.filter(solution_id=row.pk).order_by("pk")
        return [pk.hex for pk in lifts.values_list("barrier_id", flat=True)]
    return plain(getattr(row, name))


def _column(row: Part | Journey, name: str, fact):
    """A fact as the column's own type."""
    if name == "resolves":
        return [UUID(pk) for pk in fact or []]
    if fact is None:
        return None
    field = cast(Field, row._meta.get_field(name.removesuffix("_id")))
    return field.to_python(fact)


def _reverse_map(mine: Editing, before: dict, after: dict) -> None:
    if "personas" in before:
        made_for = JourneyPersona.objects.filter(journey=mine.journey)
        now = [pk.hex for pk in made_for.values_list("persona_id", flat=True)]
        if now != after["personas"]:
            raise Refused(_("This can't be undone: somebody changed it meanwhile."))
        made_for.delete()
        JourneyPersona.objects.bulk_create(
            JourneyPersona(journey=mine.journey, persona_id=UUID(pk), position=number)
            for number, pk in enumerate(before["personas"])
        )
        mine.turn.note(
            f"journey:{mine.journey.pk.hex}", {"personas": now}, {"personas": before["personas"]}
        )
    mine.set(mine.journey, **_values(mine.journey, before, after))
