"""Cards that guests write. Hidden ones belong to their author alone until they are revealed."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from changes.merge import merge
from changes.record import Gone, Intent, Refused
from journeys.edits import steps as columns
from journeys.edits.cards import END
from journeys.models import ON_BOARD, Card
from teams.actors import RUN, TEAM, Actor

from .. import limits
from ..actors import TAKE_PART
from ..models import Contribution, Guest, Step
from ..reads.ballot import speaks_for, stages_of
from .door import Running, kept_text, running


def add_card(
    guest: Guest,
    *,
    id: UUID,
    step: UUID,
    stage: UUID,
    text: str,
    lifts: Sequence[UUID] = (),
    by: Actor,
    intent: Intent | None = None,
):
    """Adds a card of a guest's to the lane that the step opens; `lifts` are the barriers that a
    solution is for. `by` is the guest, or whoever types for them."""
    text = _words(text)
    with _writing(guest, by, "add_guest_card", f"card:{id.hex}", intent) as mine:
        at, who = mine.step(step), mine.guest(guest.pk)
        late = _check_open(mine, at, who)
        column = columns.column(mine.editing, stage)
        if column not in stages_of(at, who.group):
            raise Refused(_("This stage is not open in this step, or is for another group."))
        if at.contributions.filter(guest=guest).count() >= limits.CARDS_OF_A_GUEST:
            raise Refused(
                _("That is enough: %(count)s cards.") % {"count": limits.CARDS_OF_A_GUEST}
            )
        mine.editing.check_new(Card, [id])
        lane = at.lane
        assert lane is not None
        others = list(Card.living.filter(journey=mine.editing.journey, stage=column, lane=lane))
        card = Card(
            pk=id,
            journey=mine.editing.journey,
            stage=column,
            lane=lane,
            text=text,
            persona_id=speaks_for(who.group),
            audience=_audience(at, guest),
            position=mine.editing.positions_after(others, END)[0],
        )
        barriers = _barriers(mine, lifts) if lane.content == "solution" else []
        _seen_by(mine, card.audience, at)
        mine.editing.add(card, lifts={id: barriers})
        Contribution.objects.create(card=card, step=at, guest=guest, late=late)
    return mine.turn


def edit_card(
    guest: Guest,
    card_id: UUID,
    text: str,
    *,
    base: str | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Sets the words of one's own card, while its step takes words. `base` is what they were
    written over: an open card stands on the map, and what the team wrote in it stays."""
    text = _words(text)
    with _writing(guest, by, "edit_guest_card", f"card:{card_id.hex}", intent) as mine:
        card = _own(mine, guest, card_id)
        _check_open(mine, card.contribution.step, mine.guest(guest.pk))
        _seen_by(mine, card.audience, card.contribution.step)
        mine.editing.set(card, text=_joined(card, text, base))
    return mine.turn


def _joined(card: Card, text: str, base: str | None) -> str:
    joined = text if base is None else merge(base, text, card.text)
    if joined is None or len(joined) > limits.CARD_TEXT:
        raise Refused(_("Somebody has written here meanwhile: look at both versions again."))
    return joined


def delete_card(guest: Guest, card_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Takes one's own card away, while its step takes words."""
    with _writing(guest, by, "delete_guest_card", f"card:{card_id.hex}", intent) as mine:
        card = _own(mine, guest, card_id)
        _check_open(mine, card.contribution.step, mine.guest(guest.pk))
        _seen_by(mine, card.audience, card.contribution.step)
        mine.editing.delete(card)
    return mine.turn


def _writing(guest: Guest, by: Actor, verb: str, target: str, intent: Intent | None):
    return running(
        guest.workshop,
        by=by,
        verb=verb,
        target=target,
        right=TAKE_PART if by.kind == "guest" else RUN,
        for_all=False,
        intent=intent,
    )


def _words(text: str) -> str:
    if not (text := kept_text(text, limits.CARD_TEXT)):
        raise Refused(_("There are no words yet."))
    return text


def _audience(step: Step, guest: Guest) -> str:
    return guest.key if step.hidden and step.revealed_at is None else TEAM


def _seen_by(mine: Running, audience: str, step: Step) -> None:
    """The history shows it to those who see the card; without a name where the step has none."""
    mine.turn.audience = audience
    if audience == TEAM:
        mine.turn.told.add(mine.workshop.room)
        if not step.named:
            mine.turn.unnamed = True


def _check_open(mine: Running, step: Step, guest: Guest) -> bool:
    """Whether it comes late, when the room has gone on. Raises Refused where it comes too late."""
    ws = mine.workshop
    if step.kind != Step.Kind.WRITE or step.lane is None or step.lane.deleted_at:
        raise Refused(_("Nothing is written in this step."))
    if guest.observes:
        raise Refused(_("You are looking on: ask whoever leads to let you write."))
    if ws.locked:
        raise Refused(_("No cards are taken just now. Your words stay in the field."))
    if ws.step_id == step.pk:
        if ws.is_paused:
            raise Refused(_("It is a pause. Your words stay in the field."))
        # Before the meeting a deadline marks what comes late; in the room no clock closes a field.
        return ws.state == ws.State.COLLECTING and mine.now > (ws.ends_at or mine.now)
    ended = step.ended_at
    if ended is None or mine.now > ended + timedelta(seconds=limits.LATE):
        raise Refused(_("This step is over. Your words stay in the field."))
    return True


def _own(mine: Running, guest: Guest, card_id: UUID) -> Card:
    card = (
        Card.living.filter(pk=card_id, journey=mine.editing.journey, contribution__guest=guest)
        .select_related("lane", "contribution__step__lane")
        .first()
    )
    if card is None:
        raise Gone
    return card


def _barriers(mine: Running, chosen: Sequence[UUID]) -> list[UUID]:
    """Those of the chosen that are barriers on the team's board."""
    found = Card.objects.filter(
        journey=mine.editing.journey,
        audience=TEAM,
        lane__content="barrier",
        pk__in=chosen,
        **ON_BOARD,
    )
    return list(found.values_list("pk", flat=True))
