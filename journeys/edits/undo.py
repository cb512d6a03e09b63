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
from changes.models import Change, Conflict
from changes.record import Intent, Refused
from journeys.limits import CARD_TEXT
from journeys.models import (
    ON_BOARD,
    Card,
    Journey,
    JourneyPersona,
    Lane,
    Lift,
    Metric,
    Owner,
    Stage,
)
from journeys.models.part import Part
from teams.actors import Actor

from . import steps
from .cards import settle_personas
from .door import Editing, as_column, editing, plain, ref
from .journeys import make_for
from .places import spread

PARTS: dict[str, type[Part]] = {
    "card": Card,
    "stage": Stage,
    "lane": Lane,
    "metric": Metric,
    "owner": Owner,
}
PLACE = ("stage_id", "lane_id", "position")
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
        # A step of which nothing is left, because others undid it by hand, is passed over.
        while not mine.turn.before:
            step = history.last_step(journey_id, by.key)
            if not step:
                raise Refused(_nothing_left(journey_id))
            _take_back(mine, step)
            mine.turn.undoes = step[-1].seq
            history.mark_undone(step, mine.turn.seq)
    return mine.turn


def _nothing_left(journey_id: UUID) -> str:
    if history.wall(journey_id):
        return _(
            "A version was restored. What was before stands among the versions in the history."
        )
    return _("There is nothing of yours to undo.")


def redo(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes back the person's last undo. Raises Refused with the reason."""
    with editing(journey_id, by=by, verb=history.REDO, intent=intent) as mine:
        while not mine.turn.before:
            undone = history.last_undo(journey_id, by.key)
            if not undone:
                raise Refused(_("There is nothing to redo."))
            _take_back(mine, [undone])
            mine.turn.undoes = undone.seq
            history.mark_redone(undone, mine.turn.seq)
    return mine.turn


def _take_back(mine: Editing, step: list[Change]) -> None:
    mine.turn.target = step[-1].target
    for change in step:
        _reverse(mine, change)
    # Meanwhile a stage may have been divided, a persona may have left, a lane may be in the bin.
    steps.settle(mine)
    settle_personas(mine)
    spread(mine)
    _check_seen(mine)


def _check_seen(mine: Editing) -> None:
    """Raises Refused where a card would go back to where nobody sees it."""
    placed = [
        UUID(name.removeprefix("card:"))
        for name, facts in mine.turn.after.items()
        if name.startswith("card:") and facts and facts.keys() & {"deleted", "stage_id", "lane_id"}
    ]
    living = Card.living.filter(pk__in=placed)
    if placed and living.count() > living.filter(**ON_BOARD).count():
        raise Refused(_("This can't be undone: somebody deleted it meanwhile."))


def _reverse(mine: Editing, change: Change) -> None:
    """Deleted rows come first and added ones leave last, so that links find their ends; an owner
    or a metric that others' cards have come to name stays."""
    rows = _rows_of(mine, change)
    back, away = [], []
    for row, before in rows:
        if row.deleted_at is None and (before is None or before.get("deleted") is True):
            away.append((row, before))
        elif row.deleted_at is not None and before and before.get("deleted") is False:
            back.append(row)
    mine.restore_all(back)
    values: dict[type[Part], list] = {model: [] for model in PARTS.values()}
    for row, before in rows:
        if not before or not before.keys() - {"deleted"}:
            continue
        after = change.after[ref(row)] or {}
        waiting = {name for name in before if name.startswith(Conflict.FACT)}
        for name in waiting:
            _reverse_conflict(mine, row, name, before[name], after[name])
        if not before.keys() - {"deleted"} - waiting:
            continue
        if row.deleted_at is not None:
            raise Refused(_("This can't be undone: somebody deleted it meanwhile."))
        of_row = _values(row, before, after)
        if "resolves" in of_row:
            mine.set(row, **of_row)
        else:
            values[type(row)].append((row, of_row))
    for changes in values.values():
        mine.set_all(changes)
    for row, before in away:
        if before is None:
            _check_untouched(row, change.after[ref(row)] or {})
    named = [row for row, _before in away if isinstance(row, Owner | Metric)]
    mine.delete_all(row for row, _before in away if row not in named)
    mine.delete_all(row for row in named if not row.cards.filter(deleted_at=None).exists())
    name = f"journey:{mine.journey.pk.hex}"
    if name in change.before:
        _reverse_map(mine, change.before[name] or {}, change.after[name] or {})


def _rows_of(mine: Editing, change: Change) -> list[tuple[Part, dict | None]]:
    """The parts that a change touched with what they were before; one query for each kind."""
    rows: dict[str, Part] = {}
    for kind, model in PARTS.items():
        ids = [
            UUID(name.partition(":")[2]) for name in change.before if name.startswith(f"{kind}:")
        ]
        if ids:
            for row in model._default_manager.filter(journey=mine.journey, pk__in=ids):
                row.journey = mine.journey
                rows[ref(row)] = row
    # Sorted, because PostgreSQL does not keep the order of the facts.
    names = sorted(name for name in change.before if not name.startswith("journey:"))
    if any(name not in rows for name in names):
        raise Refused(_("This can't be undone: it was removed for good."))
    return [(rows[name], change.before[name]) for name in names]


def _check_untouched(row: Part, added: dict) -> None:
    """Raises Refused where somebody else has written in an added row."""
    facts = {name: plain(getattr(row, name)) for name in row.FIELDS if hasattr(row, name)}
    facts = {name: value or None for name, value in facts.items() if name not in PLACE}
    if isinstance(row, Card | Stage | Lane) and any(
        (added.get(name) or None) != value for name, value in facts.items()
    ):
        raise Refused(_("This can't be undone: somebody changed it meanwhile."))


def _reverse_conflict(
    mine: Editing, card: Part, fact: str, before: str | None, after: str | None
) -> None:
    """What waited for a choice before the step waits again, and nothing else; nothing is done
    where somebody has chosen meanwhile."""
    conflict = Conflict.objects.get(pk=UUID(fact.removeprefix(Conflict.FACT)))
    if conflict.waiting != after:
        return
    if before is None:
        conflict.solved_at = mine.turn.document.changed_at
        conflict.solved_by = mine.turn.by.key
    else:
        conflict.mine, conflict.solved_at, conflict.solved_by = before, None, ""
    conflict.save()
    mine.touch(card)
    mine.turn.note(ref(card), {fact: after}, {fact: before})


def _values(row: Part | Journey, before: dict, after: dict) -> dict:
    values = {}
    for name, old in before.items():
        if name in ("deleted", "personas") or name.startswith(Conflict.FACT):
            continue
        now = _now(row, name)
        new = after.get(name)
        if now == new:
            values[name] = as_column(row, name, old)
        elif now == old:
            continue  # somebody has taken it back by hand
        elif name in WORDS and (merged := _merged(row, name, new, old, now)) is not None:
            values[name] = merged
        elif name == "position":
            continue  # somebody re-ordered since; the rest still goes back
        else:
            raise Refused(_("This can't be undone: somebody changed it meanwhile."))
    return values


def _merged(
    row: Part | Journey, name: str, base: str | None, mine: str | None, theirs: str | None
) -> str | None:
    """The words without the step's, or None where they touch or the column can't hold them."""
    merged = merge(base or "", mine or "", theirs or "")
    most = cast(Field, row._meta.get_field(name)).max_length or CARD_TEXT
    fits = merged is not None and len(merged) <= most
    return merged if fits and (merged or name not in ("name", "title")) else None


def _now(row: Part | Journey, name: str):
    if name == "resolves":
        lifts = Lift.objects.filter(solution_id=row.pk).order_by("pk")
        return [pk.hex for pk in lifts.values_list("barrier_id", flat=True)]
    return plain(getattr(row, name))


def _reverse_map(mine: Editing, before: dict, after: dict) -> None:
    if "personas" in before:
        made_for = JourneyPersona.objects.filter(journey=mine.journey)
        now = [pk.hex for pk in made_for.values_list("persona_id", flat=True)]
        if now != after["personas"]:
            raise Refused(_("This can't be undone: somebody changed it meanwhile."))
        make_for(mine, [UUID(pk) for pk in before["personas"]])
    mine.set(mine.journey, **_values(mine.journey, before, after))
