"""What the details panel of a card shows beside the card itself."""

from django.db.models import Count

from journeys.models import Card, Owner


def _others(card: Card, content: str):
    """The map's living cards of a content, for choosing a link."""
    return list(
        Card.living.filter(
            journey=card.journey,
            lane__content=content,
            lane__deleted_at=None,
            stage__deleted_at=None,
            audience="team",
        )
        .exclude(pk=card.pk)
        .select_related("stage")
        .order_by("stage__position", "position")
    )


def details_of(card: Card) -> dict:
    """What the content of the card needs for its form: names to offer, cards to link."""
    content = card.lane.content
    context: dict = {"owners": list(Owner.living.filter(journey=card.journey))}
    if content == "touchpoint":
        context["barriers"] = list(
            Card.living.filter(touchpoint=card).annotate(count=Count("lifted_by")).order_by("position")
        )
    elif content == "barrier":
        context["touchpoints"] = _others(card, "touchpoint")
        context["solutions"] = list(
            Card.living.filter(lifts__barrier=card).order_by("stage__position", "position")
        )
    elif content == "solution":
        context["barriers"] = _others(card, "barrier")
        context["lifted"] = set(card.lifts.values_list("barrier_id", flat=True))
        context["tasks"] = list(Card.living.filter(solution=card).order_by("position"))
    elif content == "task":
        context["solutions"] = _others(card, "solution")
    return context
