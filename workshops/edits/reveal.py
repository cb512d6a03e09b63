"""Showing what was hidden: the cards of a step become the team's."""

from journeys.models import Card

from ..models import Step
from .door import Running


def reveal_at(mine: Running, step: Step) -> None:
    """Marks the step as revealed; its hidden cards stand on everybody's board from now on."""
    if not mine.set(step, revealed_at=step.revealed_at or mine.now):
        return
    cards = Card.living.filter(contribution__step=step, audience__startswith="guest:")
    editing = mine.editing
    for card in cards.select_related("lane"):
        card.audience, card.version = "team", mine.turn.seq
        card.save(update_fields=["audience", "version"])
        # To the team it is a new card; who wrote it stands in no fact.
        editing.turn.note(f"card:{card.pk.hex}", None, editing.facts(card))
