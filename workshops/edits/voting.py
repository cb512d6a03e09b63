"""Votes and ratings: one's own, within the budget, while the step lasts."""

from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused
from teams.actors import Actor

from ..actors import TAKE_PART, actor_of
from ..models import Guest, Rating, Step, Vote
from ..reads.ballot import candidates, subjects
from .door import Running, running

ASPECTS = {
    Step.Aspect.EMOTION: {"emotion": (-5, 5)},
    Step.Aspect.SERVICE: {"expectation": (1, 10), "perception": (1, 10)},
    Step.Aspect.EFFORT: {"effort": (1, 5), "impact": (1, 5)},
}


def vote(
    guest: Guest,
    *,
    step: UUID,
    card: UUID,
    count: int,
    by: Actor | None = None,
    intent: Intent | None = None,
):
    """Gives a card so many of one's votes; the same post twice counts once."""
    with _giving(guest, by, "vote", intent) as mine:
        at, who = _open(mine, step, Step.Kind.VOTE, guest)
        if not candidates(at).filter(pk=card).exists():
            raise Gone
        mine_all = Vote.objects.filter(step=at, guest=guest)
        elsewhere = mine_all.exclude(card=card).aggregate(sum=Sum("count"))["sum"] or 0
        if count < 0 or elsewhere + count > at.votes * who.heads:
            raise Refused(_("Your votes are spent: take one back first."))
        before = mine_all.filter(card=card).values_list("count", flat=True).first() or 0
        if count == before:
            return mine.turn
        if count:
            Vote.objects.update_or_create(
                step=at, guest=guest, card_id=card, defaults={"count": count}
            )
        else:
            mine_all.filter(card=card).delete()
        mine.turn.note(f"vote:{card.hex}", {"count": before}, {"count": count})
    return mine.turn


def rate(
    guest: Guest,
    *,
    step: UUID,
    subject: str,
    aspect: str,
    value: int | None,
    by: Actor | None = None,
    intent: Intent | None = None,
):
    """Says one's value of a stage or a card, or with None takes it back."""
    with _giving(guest, by, "rate", intent) as mine:
        at, who = _open(mine, step, Step.Kind.RATE, guest)
        bounds = ASPECTS[Step.Aspect(at.aspect)].get(aspect)
        if bounds is None:
            raise Gone
        if subject not in {one.ref for one in subjects(at, who.group)}:
            raise Refused(_("This is for another group.")) if who.group else Gone
        if value is not None and not bounds[0] <= value <= bounds[1]:
            raise Refused(
                _("A value from %(low)s to %(high)s, please.")
                % dict(zip(("low", "high"), bounds, strict=True))
            )
        own = Rating.objects.filter(step=at, guest=guest, subject=subject, aspect=aspect)
        before = own.values_list("value", flat=True).first()
        if before == value:
            return mine.turn
        if value is None:
            own.delete()
        else:
            Rating.objects.update_or_create(
                step=at, guest=guest, subject=subject, aspect=aspect, defaults={"value": value}
            )
        mine.turn.note(f"rating:{subject}:{aspect}", {"value": before}, {"value": value})
    return mine.turn


def _giving(guest: Guest, by: Actor | None, verb: str, intent: Intent | None):
    by = by or actor_of(guest)
    return running(
        guest.workshop,
        by=by,
        verb=verb,
        right=TAKE_PART if by.kind == "guest" else "run",
        for_all=False,
        intent=intent,
    )


def _open(mine: Running, step_id: UUID, kind: str, guest: Guest) -> tuple[Step, Guest]:
    """The step, if it is this one and still takes answers, and whose they are, as they are now.
    Only the giver's own history has it."""
    step = mine.current(kind)
    if step.pk != step_id:
        raise Refused(_("The room is at another step."))
    if step.revealed_at:
        raise Refused(_("The result is shown already."))
    if mine.workshop.locked or mine.workshop.is_paused:
        raise Refused(_("Nothing is taken just now."))
    who = mine.guest(guest.pk)
    if who.observes:
        raise Refused(_("You are looking on: ask whoever leads to let you take part."))
    mine.turn.audience = guest.key
    return step, who
