"""A workshop's side of the map's one door: its rows change in the map's turn.

The room is told by a word, and each screen fetches what it shows: `told` says who looks anew, the
whole room or only its wall and the facilitator's panel (`desk`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused
from journeys.edits.door import Editing, editing, plain, ref
from teams.actors import RUN, TEAM, Actor

from ..models import Guest, Step, Workshop

# Columns whose values don't belong into a history that is kept for ever.
UNTOLD = {"name", "expected", "code", "token", "wall_token", "outcome_token"}


class Running:
    """The workshop while its map's turn is ours."""

    def __init__(self, mine: Editing, workshop: Workshop):
        self.editing = mine
        self.turn = mine.turn
        self.workshop = workshop
        self.now = timezone.now()

    def set(self, row: Model, **values) -> bool:
        """Sets the columns of a workshop, a step or a guest that differ; says whether any did."""
        before, after = {}, {}
        for name, value in values.items():
            old = getattr(row, name)
            if old != value:
                told = name not in UNTOLD
                before[name] = _fact(old) if told else None
                after[name] = _fact(value) if told else True
                setattr(row, name, value)
        if after:
            row.save(update_fields=list(after))
            self.turn.note(ref(row), before, after)
        return bool(after)

    def added(self, row: Model, **facts) -> None:
        """Notes a row that was saved."""
        self.turn.note(ref(row), None, {name: _fact(value) for name, value in facts.items()})

    def step(self, pk: UUID) -> Step:
        """A step of this workshop. Raises Gone."""
        found = Step.objects.filter(workshop=self.workshop, pk=pk).first()
        if found is None:
            raise Gone
        found.workshop = self.workshop
        return found

    def current(self, kind: str = "") -> Step:
        """The step the room is at. Raises Refused."""
        step = self.workshop.step
        if step is None or (kind and step.kind != kind):
            raise Refused(_("The room is at another step."))
        step.workshop = self.workshop
        return step

    def guest(self, pk: UUID) -> Guest:
        """Somebody of this room, also one who was removed. Raises Gone."""
        found = Guest.objects.filter(workshop=self.workshop, pk=pk).select_related("group").first()
        if found is None:
            raise Gone
        if found.group:
            found.group.workshop = self.workshop
        return found


def _fact(value: object) -> object:
    if isinstance(value, Model):
        return value.pk.hex
    return value.isoformat() if hasattr(value, "isoformat") else plain(value)


@contextmanager
def running(
    workshop: Workshop,
    *,
    by: Actor,
    verb: str,
    target: str = "",
    intent: Intent | None = None,
    right: str = RUN,
    for_all: bool = True,
    in_history: bool = False,
) -> Iterator[Running]:
    """Takes the map's turn for one act of its workshop.

    The whole room looks anew, or with `for_all=False` the desk alone; the map's history speaks of
    it only with `in_history`. Raises what `changes.record.turn` raises.
    """
    audience = TEAM if in_history else workshop.desk
    with editing(
        workshop.journey_id,
        by=by,
        verb=verb,
        target=target or ref(workshop),
        audience=audience,
        intent=intent,
        right=right,
    ) as mine:
        mine.turn.told.add(workshop.room if for_all else workshop.desk)
        fresh = Workshop.objects.select_related("step").filter(pk=workshop.pk).first()
        if fresh is None:
            raise Gone
        if fresh.state == Workshop.State.ENDED:
            raise Refused(_("The workshop is over."))
        fresh.journey = mine.journey
        yield Running(mine, fresh)


def kept_text(text: str, most: int) -> str:
    """Words as they are kept: without the blanks around them. Raises Refused."""
    text = text.strip()
    if len(text) > most:
        raise Refused(_("That is too long: at most %(count)s characters.") % {"count": most})
    return text
