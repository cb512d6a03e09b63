"""What the room decides becomes the map's: values of ratings, solutions with tasks. Ordinary edits
of the map, by whoever leads."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from changes.record import Gone, Intent, Refused
from journeys.edits import cards
from journeys.edits.door import Editing, editing
from journeys.models import Card, Lane, Stage
from teams.actors import TEAM, Actor
from ui.ids import uuid7

from ..agendas import lane_of
from ..models import Step, Workshop
from ..reads.ballot import subjects
from ..reads.results import Spread
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
    """Makes the room's answer, or another value, the map's own; the card keeps how many answered
    and how far apart. A stage's feeling becomes its emotion card. Raises Gone for what the room
    was not asked."""
    step.workshop = workshop
    if step.kind != Step.Kind.RATE or step.revealed_at is None:
        raise Refused(_("Show the answers first."))
    kind, _colon, rest = subject.partition(":")
    hexa, _colon, whose = rest.partition(":")
    asked = {one.ref for one in subjects(step)}
    if f"{kind}:{hexa}" not in asked or aspect not in ASPECTS[Step.Aspect(step.aspect)]:
        raise Gone
    lane = step.lane
    if kind == "stage" and lane is None:
        raise Refused(_("The step has no lane for it."))
    with editing(workshop.journey_id, by=by, verb="edit_card", intent=intent) as mine:
        fields = {aspect: str(value)}
        if lane is None or kind == "card":
            card = mine.find(Card, UUID(hexa))
        else:
            persona = UUID(whose) if whose else None
            card = _feeling(mine, lane, mine.find(Stage, UUID(hexa)), persona)
            if whose:
                fields["persona"] = str(persona)
        values = cards.columns_of(mine, card, fields)
        values["rated"] = _noted(card, step, subject, aspect, value)
        mine.turn.target = f"card:{card.pk.hex}"
        if card._state.adding:
            mine.turn.verb = "add_card"
            for name, one in values.items():
                setattr(card, name, one)
            mine.add(card)
        else:
            mine.set(card, **values)
    return mine.turn


def _feeling(mine: Editing, lane: Lane, stage: Stage, persona: UUID | None) -> Card:
    """The card of a lane that says what is felt at a stage, by one persona or by all; a new one
    where none does. The whole room's answer may also go to the stage's only feeling."""
    here = Card.living.filter(journey=mine.journey, stage=stage, lane=lane, audience=TEAM)
    felt = here.filter(emotion__isnull=False).select_related("lane").order_by("position", "id")
    found = felt.filter(persona=persona).first()
    if found is None and persona is None and felt.count() == 1:
        found = felt.get()
    if found:
        return found
    (position,) = mine.positions_after(list(here.order_by("position", "id")), cards.END)
    return Card(pk=uuid7(), journey=mine.journey, stage=stage, lane=lane, position=position)


def _noted(card: Card, step: Step, subject: str, aspect: str, value: int) -> list[dict]:
    """What the card keeps of the room's answers, with those to this question."""
    others = [one for one in card.rated if one["question"] != aspect]
    given = step.ratings.filter(subject=subject, aspect=aspect)
    if not (answers := list(given.values_list("value", flat=True))):
        return others
    spread = Spread(tuple(answers))
    said = {"answers": spread.n, "median": spread.median, "taken": value}
    return [*others, {"question": aspect, **said, "lowest": spread.low, "highest": spread.high}]


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
