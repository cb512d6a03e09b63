"""A map's side of the one door: sets rows and tells the turn what was and what is.

Facts are plain JSON under a reference: `{"card:<hex>": {"text": "…"}}`; a row that was added has
None before, a deleted one `{"deleted": true}` after. Undo, wording and fragments read only these.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import cast
from uuid import UUID

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused, Turn, turn
from journeys import fragments, limits
from journeys.models import Card, Journey, Lane, Lift, Metric, Owner
from journeys.models.part import GAP, Part
from journeys.reads.history import who_deleted
from teams.actors import EDIT, TEAM, Actor

LIMITED: dict[str, tuple[type[Part], limits.Limit]] = {
    "lane": (Lane, limits.LANES),
    "card": (Card, limits.CARDS),
    "owner": (Owner, limits.OWNERS),
    "metric": (Metric, limits.METRICS),
}


def plain(value: object) -> object:
    """A column's value as a fact."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def as_column(row: Model, name: str, fact):
    """A fact as the column's own type: the way back."""
    if name == "resolves":
        return [UUID(pk) for pk in fact or []]
    if fact is None:
        return None
    field = cast(Field, row._meta.get_field(name.removesuffix("_id")))
    return field.to_python(fact)


def ref(row: Model) -> str:
    """How facts name a row: `card:<hex>`."""
    return f"{row._meta.model_name}:{row.pk.hex}"


class Editing:
    """The map while the turn is ours."""

    def __init__(self, mine: Turn, journey: Journey):
        self.turn = mine
        self.journey = journey

    def add(self, *rows: Part, lifts: Mapping[UUID, Sequence[UUID]] | None = None) -> None:
        """Inserts rows of one kind; `lifts` says which barriers new solutions lift."""
        if not rows:
            return
        for row in rows:
            row.journey = self.journey
            row.version = self.turn.seq
        type(rows[0])._default_manager.bulk_create(rows)
        lifts = lifts or {}
        Lift.objects.bulk_create(
            Lift(solution_id=solution, barrier_id=barrier)
            for solution, barriers in lifts.items()
            for barrier in barriers
        )
        for row in rows:
            facts = self.facts(row)
            if barriers := lifts.get(row.pk):
                facts["resolves"] = [pk.hex for pk in barriers]
            self.turn.note(ref(row), None, facts)

    def check_new(self, model: type[Part], ids: Collection[UUID]) -> None:
        """Ids of new rows are made in the browser. Raises Refused where one is not new."""
        if len(set(ids)) < len(ids) or model._default_manager.filter(pk__in=ids).exists():
            raise Refused(_("This exists already."))

    def facts(self, row: Part) -> dict:
        """What there is to say of a row that is new."""
        facts = {name: plain(getattr(row, name)) for name in row.FIELDS if hasattr(row, name)}
        # A feeling of 0 is said, though it is as false as what was not said.
        return {name: value for name, value in facts.items() if value or _is_zero(value)}

    def set(self, row: Part | Journey, **values) -> bool:
        """Sets the columns that differ; says whether any did."""
        lifts = values.pop("resolves", None)
        before, after = _assign(row, values)
        if lifts is not None:
            old, new = self._set_lifts(row, lifts)
            if old != new:
                before["resolves"], after["resolves"] = old, new
        if not after:
            return False
        columns = [name for name in after if name != "resolves"]
        if isinstance(row, Part):
            row.version = self.turn.seq
            columns.append("version")
        row.save(update_fields=columns)
        self.turn.note(ref(row), before, after)
        return True

    def set_all(self, changes: Iterable[tuple[Part, Mapping]]) -> None:
        """Sets the columns that differ, of many rows of one model, in one statement."""
        rows: list[Part] = []
        columns: set[str] = set()
        for row, values in changes:
            before, after = _assign(row, values)
            if after:
                row.version = self.turn.seq
                self.turn.note(ref(row), before, after)
                rows.append(row)
                columns |= after.keys()
        if rows:
            type(rows[0])._default_manager.bulk_update(rows, [*sorted(columns), "version"])

    def _set_lifts(self, card: Model, new: list[UUID]) -> tuple[list[str], list[str]]:
        old = list(
            Lift.objects.filter(solution=card).order_by("pk").values_list("barrier_id", flat=True)
        )
        if old != new:
            Lift.objects.filter(solution=card).delete()
            Lift.objects.bulk_create(Lift(solution=card, barrier_id=pk) for pk in new)
        return [pk.hex for pk in old], [pk.hex for pk in new]

    def delete(self, row: Part) -> None:
        """Marks the row; what hangs below it is hidden through it."""
        self.delete_all([row])

    def delete_all(self, rows: Iterable[Part]) -> None:
        """The same for many, in one statement for each model."""
        self._mark(rows, deleted=True)

    def restore(self, row: Part) -> None:
        """Takes a row out of the bin."""
        self.restore_all([row])

    def restore_all(self, rows: Iterable[Part]) -> None:
        """The same for many, in one statement for each model."""
        self._mark(rows, deleted=False)

    def _mark(self, rows: Iterable[Part], *, deleted: bool) -> None:
        marks = {
            "deleted_at": timezone.now() if deleted else None,
            "deleted_by": self.turn.author if deleted else "",
            "version": self.turn.seq,
        }
        of: dict[type[Part], list[UUID]] = {}
        for row in rows:
            for name, value in marks.items():
                setattr(row, name, value)
            of.setdefault(type(row), []).append(row.pk)
            self.turn.note(ref(row), {"deleted": not deleted}, {"deleted": deleted})
        for model, ids in of.items():
            model._default_manager.filter(pk__in=ids).update(**marks)

    def touch(self, row: Part) -> None:
        """Something beside its columns changed: screens draw it anew."""
        row.version = self.turn.seq
        row.save(update_fields=["version"])

    def find[P: Part](self, model: type[P], pk: UUID, *, deleted: bool | None = False) -> P:
        """A row of this map, read under the lock; `deleted=None` takes either. Raises Gone."""
        rows = model._default_manager.filter(journey=self.journey, pk=pk)
        if model is Card:
            rows = rows.filter(audience__in=self.turn.by.audiences).select_related("lane")
        row = rows.first()
        if row is None:
            raise Gone
        if deleted is not None and (row.deleted_at is not None) != deleted:
            raise Gone(who_deleted(row) if row.deleted_at else "")
        row.journey = self.journey
        return cast(P, row)

    def positions_after(
        self, siblings: Sequence[Part], after: UUID | None, count: int = 1
    ) -> list[int]:
        """Positions for `count` rows behind the sibling `after` (None = first), `siblings` in
        order.

        Unknown `after` means last: its row may have been deleted a moment ago. Where two
        neighbours leave no room, all are spread anew, in this same change.
        """
        places = [row.pk for row in siblings]
        index = (
            places.index(after) + 1 if after in places else (0 if after is None else len(places))
        )
        low = siblings[index - 1].position if index else 0
        high = siblings[index].position if index < len(siblings) else low + (count + 1) * GAP
        step = (high - low) // (count + 1)
        if step < 1:
            for number, row in enumerate(siblings, 1):
                self.set(row, position=(number if number <= index else number + count) * GAP)
            low, step = index * GAP, GAP
        return [low + number * step for number in range(1, count + 1)]


def _is_zero(value: object) -> bool:
    return value == 0 and value is not False


def _assign(row: Model, values: Mapping) -> tuple[dict, dict]:
    """Sets the attributes that differ; says what they were and what they are."""
    before, after = {}, {}
    for name, value in values.items():
        old = plain(getattr(row, name))
        if old != plain(value):
            before[name], after[name] = old, plain(value)
            setattr(row, name, value)
    return before, after


@contextmanager
def editing(
    journey_id: UUID,
    *,
    by: Actor,
    verb: str,
    target: str = "",
    audience: str = TEAM,
    intent: Intent | None = None,
    right: str = EDIT,
    deleted_map: bool = False,
) -> Iterator[Editing]:
    """Takes the map's turn for one change. Raises what `changes.record.turn` raises."""

    def draw(mine: Turn) -> dict[str, str]:
        return fragments.draw(mine, journey)

    with turn(
        journey_id,
        by=by,
        verb=verb,
        target=target,
        audience=audience,
        intent=intent,
        right=right,
        of=Journey,
        draw=draw,
    ) as mine:
        journey = cast(Journey, mine.document)
        if (journey.deleted_at is not None) != deleted_map:
            raise Gone
        yield Editing(mine, journey)
        _check_limits(mine, journey)


def _check_limits(mine: Turn, journey: Journey) -> None:
    """Whatever verb made the map grow, undo among them; columns are counted where they settle
    (steps.py). Raises Refused."""
    grown = {
        name.partition(":")[0]
        for name, before in mine.before.items()
        if before is None or before.get("deleted")
    }
    for kind in grown & LIMITED.keys():
        model, limit = LIMITED[kind]
        limit.check(model._default_manager.filter(journey=journey, deleted_at=None).count())
