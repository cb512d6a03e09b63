"""Showing what was hidden: the cards of a step become the team's."""

from django.db.models import OuterRef, Subquery

from journeys.models import Card

from ..models import Guest, Rating, Step, Vote
from .door import Running


def reveal_at(mine: Running, step: Step) -> None:
    """Marks the step as revealed; its hidden cards stand on everybody's board from now on."""
    if not mine.set(step, revealed_at=step.revealed_at or mine.now):
        return
    # Who people are is kept with what they gave: to say otherwise later would tell whose it is.
    standing = Guest.objects.filter(pk=OuterRef("guest")).values("standing")
    for model in (Vote, Rating):
        model.objects.filter(step=step).update(standing=Subquery(standing))
    cards = Card.living.filter(contribution__step=step, audience__startswith="guest:")
    editing = mine.editing
    for card in cards.select_related("lane"):
        card.audience, card.version = "team", mine.turn.seq
        card.save(update_fields=["audience", "version"])
        # To the team it is a new card; who wrote it stands in no fact.
        editing.turn.note(f"card:{card.pk.hex}", None, editing.facts(card))
