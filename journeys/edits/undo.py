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
from journeys.models import Card, Journey, JourneyPersona, Lane, Lift, Metric, Owner, Stage
from journeys.models.part import Part
from teams.actors import Actor

from .door import Editing, editing, plain, ref

PARTS: dict[str, type[Part]] = {
    "card": Card,
    "stage": Stage,
    "lane": Lane,
    "metric": Metric,
    "owner": Owner,
}
NAMED_BY_CARDS = ("owner", "metric")
WORDS = {"text", "name", "description", "title", "summary", "goal", "measure", "hint"}


def undo(journey_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes back the person's last step. Raises Refused with the reason."""
    with editing(journey_id, by=by, verb=history.UNDO, intent=intent) as mine:
        # A step of which nothing is left, because others undid it by hand, is passed over.
        while not mine.turn.before:
            step = history.last_step(journey_id, by.key)
            if not step:
                raise Refused(_("There is nothing of yours to undo."))
            _take_back(mine, step)
            mine.turn.undoes = step[-1].seq
            history.mark_undone(step, mine.turn.seq)
    return mine.turn


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
        # In an order of our own: PostgreSQL does not keep that of the facts.
        for name in sorted(change.before, key=lambda name: _place(name, change.before[name])):
            _reverse(mine, name, change, change.before[name], change.after[name])


def _place(name: str, before: dict | None) -> tuple:
    """Deleted rows come back first and added ones leave last, so that links find their ends;
    an owner or a metric leaves after the cards that name it."""
    kind = name.partition(":")[0]
    return before is None, (before or {}).get("deleted") is not False, kind in NAMED_BY_CARDS, name


def _reverse(
    mine: Editing, name: str, change: Change, before: dict | None, after: dict | None
) -> None:
    kind, _colon, hexa = name.partition(":")
    if kind == "journey":
        _reverse_map(mine, before or {}, after or {})
        return
    row = PARTS[kind].objects.filter(journey=mine.journey, pk=UUID(hexa)).first()
    if row is None:
        raise Refused(_("This can't be undone: it was removed for good."))
    row.journey = mine.journey
    if before is None:  # it was added: it goes into the bin
        if row.deleted_at is None and not _is_still_named(row):
            _check_untouched(row, change, after or {})
            mine.delete(row)
        return
    assert after is not None
    if "conflict" in before:
        _reverse_conflict(mine, row, before["conflict"], after["conflict"])
    if "deleted" in before:
        if before["deleted"] and row.deleted_at is None:
            mine.set(row, **_values(row, before, after))
            mine.delete(row)
            return
        if not before["deleted"] and row.deleted_at is not None:
            mine.restore(row)
    if row.deleted_at is not None:
        if set(before) - {"deleted", "conflict"}:
            raise Refused(_("This can't be undone: somebody deleted it meanwhile."))
        return
    mine.set(row, **_values(row, before, after))


def _is_still_named(row: Part) -> bool:
    """An owner or a metric that others' cards have come to name stays."""
    return isinstance(row, Owner | Metric) and row.cards.filter(deleted_at=None).exists()


def _check_untouched(row: Part, change: Change, added: dict) -> None:
    """Raises Refused where taking an added row away would take other people's work with it."""
    facts = {name: plain(getattr(row, name)) for name in row.FIELDS if hasattr(row, name)}
    facts = {name: value or None for name, value in facts.items() if name != "position"}
    if isinstance(row, Card | Stage | Lane) and any(
        (added.get(name) or None) != value for name, value in facts.items()
    ):
        raise Refused(_("This can't be undone: somebody changed it meanwhile."))
    if isinstance(row, Stage | Lane):
        own = [UUID(name[5:]) for name in change.before if name.startswith("card:")]
        if row.cards.filter(deleted_at=None).exclude(pk__in=own).exists():
            raise Refused(_("This can't be undone: there are cards in it meanwhile."))


def _reverse_conflict(mine: Editing, card: Part, before: str | None, after: str | None) -> None:
    """A choice between two versions that the step opened is closed, and the reverse."""
    conflicts = Conflict.objects.filter(pk=UUID(before or after or ""))
    if before is None:
        at, by = mine.turn.document.changed_at, mine.turn.by.key
        done = conflicts.filter(solved_at=None).update(solved_at=at, solved_by=by)
    else:
        done = conflicts.exclude(solved_at=None).update(solved_at=None, solved_by="")
    if done:
        mine.touch(card)
        mine.turn.note(ref(card), {"conflict": after}, {"conflict": before})


def _values(row: Part | Journey, before: dict, after: dict) -> dict:
    values = {}
    for name, old in before.items():
        if name in ("deleted", "personas") or name.startswith("conflict"):
            continue
        now = _now(row, name)
        new = after.get(name)
        if now == new:
            values[name] = _column(row, name, old)
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
