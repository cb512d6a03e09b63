"""What the room decides becomes the map's: values of ratings, solutions with tasks. Ordinary edits
of the map, by whoever leads."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused
from journeys.edits import cards
from journeys.edits.door import editing
from journeys.models import Card, Stage
from teams.actors import Actor
from ui.ids import uuid7

from ..agendas import lane_of
from ..models import Step, Workshop
from ..reads.ballot import subjects
from .voting import ASPECTS


def take_value(
    workshop: Workshop,
    step: Step,
    *,
    subject: str,
    aspect: str,
    value: int,
    by: Actor,
    intent: Intent | None = None,
):
    """Makes the room's answer the map's own value. A stage's feeling becomes its emotion card.
    Raises Gone for what the room was not asked."""
    step.workshop = workshop
    if step.kind != Step.Kind.RATE or step.revealed_at is None:
        raise Refused(_("Show the answers first."))
    asked = {one.ref for one in subjects(step)}
    if subject not in asked or aspect not in ASPECTS[Step.Aspect(step.aspect)]:
        raise Gone
    kind, _colon, hexa = subject.partition(":")
    if kind == "card":
        fields = {aspect: str(value)}
        return cards.edit_card(workshop.journey_id, UUID(hexa), fields=fields, by=by, intent=intent)
    if step.lane_id is None:
        raise Refused(_("The step has no lane for it."))
    place = {"stage": UUID(hexa), "lane": step.lane_id}
    card = (
        Card.living.filter(
            journey=workshop.journey_id,
            stage=place["stage"],
            lane=step.lane_id,
            audience="team",
            emotion__isnull=False,
        )
        .order_by("position", "id")
        .first()
    )
    fields = {"emotion": str(value)}
    if card:
        return cards.edit_card(workshop.journey_id, card.pk, fields=fields, by=by, intent=intent)
    return cards.add_card(
        workshop.journey_id, id=uuid7(), **place, fields=fields, by=by, intent=intent
    )


def add_task(
    workshop: Workshop,
    *,
    solution: UUID,
    text: str,
    owner: str,
    due: date | None,
    by: Actor,
    intent: Intent | None = None,
):
    """A task for a solution, with who answers for it and by when; the map gets a lane for tasks,
    and a beginning of its plan, where it has none."""
    if not text.strip():
        raise Refused(_("Say what is to be done."))
    with editing(workshop.journey_id, by=by, verb="add_card", intent=intent) as mine:
        of = mine.find(Card, solution)
        if of.lane.content != "solution":
            raise Gone
        lane = lane_of(mine, "marketer_tasks")
        assert lane is not None
        stage = mine.find(Stage, of.stage_id)
        if due and mine.journey.plan_starts is None:
            mine.set(mine.journey, plan_starts=min(due, mine.journey.changed_at.date()))
        starts = mine.journey.plan_starts
        card = Card(pk=uuid7(), journey=mine.journey, lane=lane, stage=stage)
        fields = {
            "text": text.strip(),
            "owner": owner,
            "status": "todo",
            "solution": str(of.pk),
            **({"due_day": str((due - starts).days)} if due and starts else {}),
        }
        for name, value in cards.columns_of(mine, card, fields).items():
            setattr(card, name, value)
        others = list(Card.living.filter(journey=mine.journey, stage=stage, lane=lane))
        card.position = mine.positions_after(others, cards.END)[0]
        mine.turn.target = f"card:{card.pk.hex}"
        mine.add(card)
    return mine.turn
