"""Similar cards become one; the originals are kept and come back when they are parted."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from changes.record import Intent, Refused
from journeys.models import Card
from teams.actors import TEAM, Actor

from ..models import Contribution, Workshop
from .door import running


def join_cards(
    workshop: Workshop,
    cards: Sequence[UUID],
    *,
    text: str = "",
    by: Actor,
    intent: Intent | None = None,
):
    """Puts cards into the first of them, which may get other words."""
    with running(
        workshop,
        by=by,
        verb="join_cards",
        target=f"cards:{len(cards)}",
        intent=intent,
        in_history=True,
    ) as mine:
        found = {
            card.pk: card
            for card in Card.living.filter(
                journey=mine.editing.journey, audience=TEAM, pk__in=cards
            ).select_related("lane")
        }
        chosen = [found[pk] for pk in dict.fromkeys(cards) if pk in found]
        if len(chosen) < 2:
            raise Refused(_("Choose two cards or more."))
        if len({card.lane_id for card in chosen}) > 1:
            raise Refused(_("Only cards of one lane can be joined."))
        first, others = chosen[0], chosen[1:]
        mine.editing.delete_all(others)
        Contribution.objects.bulk_create(  # without a guest: the map had it
            (Contribution(card=card, step=mine.current()) for card in others),
            ignore_conflicts=True,
        )
        Contribution.objects.filter(card__in=others).update(into=first)
        # What was joined into them before comes along.
        Contribution.objects.filter(into__in=others).update(into=first)
        if text.strip():
            mine.editing.set(first, text=text.strip())
        else:
            mine.editing.touch(first)
    return mine.turn


def part_cards(workshop: Workshop, card: UUID, *, by: Actor, intent: Intent | None = None):
    """Brings back everything that was joined into a card."""
    with running(
        workshop,
        by=by,
        verb="part_cards",
        target=f"card:{card.hex}",
        intent=intent,
        in_history=True,
    ) as mine:
        mine.editing.find(Card, card)
        joined = list(
            Card.objects.filter(
                journey=mine.editing.journey,
                contribution__into=card,
                deleted_at__isnull=False,
            ).select_related("lane")
        )
        mine.editing.restore_all(joined)
        Contribution.objects.filter(into=card).update(into=None)
    return mine.turn
