"""What can be done to the images of a card. Each verb says only what it changes: two people who
add an image to one card at once both keep theirs."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused
from journeys import limits
from journeys.models import Card, Image
from teams.actors import Actor

from .door import Editing, editing


def add_image(
    journey_id: UUID, card_id: UUID, *, image: UUID, by: Actor, intent: Intent | None = None
):
    """Puts an image that was sent before onto a card, behind those it has."""
    with editing(
        journey_id, by=by, verb="add_image", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id)
        if str(image) not in [one["id"] for one in card.images]:
            have = [UUID(one["id"]) for one in card.images]
            mine.set(card, images=on_card(mine, card, [*have, image]))
    return mine.turn


def describe_image(
    journey_id: UUID,
    card_id: UUID,
    *,
    image: UUID,
    alt: str,
    by: Actor,
    intent: Intent | None = None,
):
    """Says in words what is to be seen on an image; empty where it only decorates."""
    with editing(
        journey_id, by=by, verb="describe_image", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id)
        _find(card, image)
        mine.set(
            card,
            images=[{**one, "alt": alt} if one["id"] == str(image) else one for one in card.images],
        )
    return mine.turn


def remove_image(
    journey_id: UUID, card_id: UUID, *, image: UUID, by: Actor, intent: Intent | None = None
):
    """Takes an image off a card."""
    with editing(
        journey_id, by=by, verb="remove_image", target=f"card:{card_id.hex}", intent=intent
    ) as mine:
        card = mine.find(Card, card_id)
        _find(card, image)
        mine.set(card, images=[one for one in card.images if one["id"] != str(image)])
    return mine.turn


def _find(card: Card, image: UUID) -> None:
    if str(image) not in [one["id"] for one in card.images]:
        raise Gone(_("This image was removed meanwhile."))


def on_card(mine: Editing, card: Card, ids: Iterable[UUID]) -> list[dict]:
    """Images of this map as a card has them, with the words they have on it already; from now on
    they are kept as long as the card."""
    ids = list(dict.fromkeys(ids))
    limits.IMAGES_OF_CARD.check(len(ids))
    images = Image.objects.filter(journey=mine.journey, pk__in=ids)
    if images.update(kept_until=None) < len(ids):
        raise Refused(_("This image is not here any more."))
    words = {one["id"]: one["alt"] for one in card.images}
    return [{"id": str(pk), "alt": words.get(str(pk), "")} for pk in ids]
