"""What the facilitator does with the room: opens it, goes from step to step, ends it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.record import Intent, Refused
from journeys.edits.door import editing
from journeys.edits.versions import keep
from journeys.models import Journey, Stage
from teams.actors import RUN, Actor

from .. import codes
from ..agendas import Agenda, steps_of
from ..models import Group, Step, Workshop
from .door import Running, running
from .guests import forget_names
from .reveal import reveal_at

State = Workshop.State
MOST_MINUTES = 600
# What a step is before anybody is at it; its lane and stages are the map's.
AGENDA = (
    *("position", "kind", "name", "question", "instructions", "minutes", "hidden", "named"),
    *("votes", "take", "aspect"),
)


def new_workshop(
    journey: Journey, agenda: Agenda, *, by: Actor, intent: Intent | None = None
) -> Workshop:
    """Prepares a workshop with the steps of an agenda. Raises Refused where one is prepared or
    goes on."""
    with editing(journey.pk, by=by, verb="prepare_workshop", right=RUN, intent=intent) as mine:
        if mine.journey.workshops.exclude(state=State.ENDED).exists():
            raise Refused(_("This map has a workshop already."))
        if not Stage.living.filter(journey=mine.journey).exists():
            raise Refused(_("Give the map its stages first: people write stage by stage."))
        workshop = Workshop(
            journey=mine.journey,
            agenda=agenda.kept_as or agenda.key,
            led_by=by.key,
            led_by_name=by.name,
        )
        workshop.save()
        Step.objects.bulk_create(steps_of(agenda, workshop, mine))
        mine.turn.note(f"workshop:{workshop.pk.hex}", None, {"agenda": agenda.key})
        mine.turn.target = f"workshop:{workshop.pk.hex}"
    forget_names(journey.workspace)
    return workshop


def copy_workshop(workshop: Workshop, journey: Journey, twins: Mapping, *, by: Actor) -> Workshop:
    """The same agenda on a copy of the map; `twins` names the copy's lanes and stages."""
    with editing(journey.pk, by=by, verb="prepare_workshop", right=RUN) as mine:
        made = Workshop(
            journey=mine.journey, agenda=workshop.agenda, led_by=by.key, led_by_name=by.name
        )
        made.save()
        for step in workshop.steps.all():
            Step.objects.create(
                workshop=made,
                lane_id=twins.get(step.lane_id),
                stages=[twins[stage] for stage in step.stages if stage in twins],
                **{name: getattr(step, name) for name in AGENDA},
            )
        for group in workshop.groups.all():
            Group.objects.create(
                workshop=made,
                position=group.position,
                name=group.name,
                stages=[twins[stage] for stage in group.stages if stage in twins],
                persona_id=group.persona_id,
            )
        mine.turn.note(f"workshop:{made.pk.hex}", None, {"agenda": made.agenda})
    return made


def drop_workshop(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Throws a workshop away that was only prepared."""
    with running(workshop, by=by, verb="drop_workshop", intent=intent) as mine:
        if mine.workshop.state != State.PREPARING:
            raise Refused(_("People have come in already: end the workshop instead."))
        mine.turn.note(f"workshop:{workshop.pk.hex}", {"agenda": workshop.agenda}, None)
        mine.workshop.delete()
    return mine.turn


def open_entry(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Lets people in; gives the room the code to be typed. The first time, the map is kept."""
    with running(workshop, by=by, verb="open_entry", intent=intent, in_history=True) as mine:
        ws = mine.workshop
        if not ws.steps.exists():
            raise Refused(_("The agenda has no step yet."))
        _begin(mine, State.OPEN)
    return mine.turn


def collect(
    workshop: Workshop,
    until: datetime,
    *,
    expected: Sequence[str] = (),
    by: Actor,
    intent: Intent | None = None,
):
    """Lets people write before they meet, in the first step that takes cards, until a deadline;
    what comes later is taken too and marked as late. `expected` are names to be waited for."""
    with running(workshop, by=by, verb="collect", intent=intent, in_history=True) as mine:
        ws = mine.workshop
        if ws.state not in (State.PREPARING, State.COLLECTING):
            raise Refused(_("The workshop has begun: people write in its steps now."))
        if until <= mine.now:
            raise Refused(_("This deadline has passed already."))
        step = ws.steps.filter(kind=Step.Kind.WRITE, lane__isnull=False).first()
        if step is None:
            raise Refused(_("The agenda has no step in which cards are written."))
        mine.set(step, began_at=step.began_at or mine.now, hidden=True)
        _begin(mine, State.COLLECTING)
        mine.set(ws, step=step, ends_at=until, expected=list(expected))
    return mine.turn


def gather(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Ends the collecting: people come in. What was written waits in its step."""
    with running(workshop, by=by, verb="gather", intent=intent) as mine:
        ws = mine.workshop
        if ws.state != State.COLLECTING:
            raise Refused(_("Nothing is collected now."))
        mine.set(ws, state=State.OPEN, step=None, ends_at=None)
    return mine.turn


def _begin(mine: Running, state: str) -> None:
    """The entry opens, for the first time perhaps."""
    ws = mine.workshop
    values: dict = {"entry_open": True, "code": ws.code or _unused_code()}
    if ws.state == State.PREPARING:
        with override(mine.editing.journey.language):
            before = keep(mine.editing, _("Before the workshop"))
        values |= {"state": state, "opened_at": mine.now, "before": before}
        mine.editing.journey.desk = ws.desk
        mine.editing.journey.save(update_fields=["desk"])
    mine.set(ws, **values)


def close_entry(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Nobody new comes in, and the code opens nothing any more."""
    with running(workshop, by=by, verb="close_entry", intent=intent) as mine:
        mine.set(mine.workshop, entry_open=False, code="")
    return mine.turn


def _unused_code() -> str:
    code = codes.new_code()
    while Workshop.objects.filter(code=code).exists():
        code = codes.new_code()
    return code


def go_to(workshop: Workshop, step_id: UUID, *, by: Actor, intent: Intent | None = None):
    """Brings the room to a step, and starts its clock; a break without minutes is until another
    day. A step that was revealed stays so."""
    with running(
        workshop, by=by, verb="go_to_step", target=f"step:{step_id.hex}", intent=intent
    ) as mine:
        ws, step = mine.workshop, mine.step(step_id)
        if ws.state == State.PREPARING:
            raise Refused(_("Open the entry first: nobody is in yet."))
        if ws.step and ws.step != step:
            mine.set(ws.step, ended_at=mine.now)
        mine.set(step, began_at=mine.now, ended_at=None)
        ends = mine.now + timedelta(minutes=step.minutes) if step.minutes else None
        until_another_day = step.kind == Step.Kind.BREAK and not step.minutes
        mine.set(
            ws,
            state=State.ADJOURNED if until_another_day else State.RUNNING,
            step=step,
            paused_left=None,
            ends_at=ends,
            locked=False,
            spotlight="",
            page=0,
        )
        ws.guests.exclude(done=None).update(done=None)
    return mine.turn


def pause(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Stops the clock: everybody looks up."""
    with running(workshop, by=by, verb="pause", intent=intent) as mine:
        mine.current()
        if not mine.workshop.is_paused:
            left = mine.workshop.seconds_left(mine.now) or 0
            mine.set(mine.workshop, ends_at=None, paused_left=left)
    return mine.turn


def go_on(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Starts the clock again where it stood, also on another day."""
    with running(workshop, by=by, verb="go_on", intent=intent) as mine:
        ws = mine.workshop
        if ws.is_paused:
            left = timedelta(seconds=ws.paused_left or 0)
            mine.set(ws, state=State.RUNNING, paused_left=None, ends_at=mine.now + left)
    return mine.turn


def adjourn(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Until another day: the link, the people and their drafts stay."""
    with running(workshop, by=by, verb="adjourn", intent=intent, in_history=True) as mine:
        ws = mine.workshop
        mine.current()
        left = ws.seconds_left(mine.now) or 0
        mine.set(ws, state=State.ADJOURNED, ends_at=None, paused_left=left)
    return mine.turn


def extend(workshop: Workshop, minutes: int, *, by: Actor, intent: Intent | None = None):
    """Gives the step some minutes more, from now where its time is over."""
    with running(workshop, by=by, verb="extend", intent=intent) as mine:
        mine.current()
        ws, more = mine.workshop, timedelta(minutes=minutes)
        if ws.is_paused:
            mine.set(ws, paused_left=min((ws.paused_left or 0) + 60 * minutes, 60 * MOST_MINUTES))
        else:
            mine.set(ws, ends_at=max(ws.ends_at or mine.now, mine.now) + more)
    return mine.turn


def lock(workshop: Workshop, locked: bool, *, by: Actor, intent: Intent | None = None):
    """Takes nothing from participants, or takes it again."""
    with running(workshop, by=by, verb="lock", intent=intent) as mine:
        mine.set(mine.workshop, locked=locked)
    return mine.turn


def spotlight(
    workshop: Workshop,
    target: str,
    *,
    on_phones: bool | None = None,
    by: Actor,
    intent: Intent | None = None,
):
    """Enlarges a stage, a lane or a card on the wall ("" for none), on the phones too if wanted."""
    with running(workshop, by=by, verb="spotlight", intent=intent) as mine:
        ws = mine.workshop
        phones = ws.spotlight_on_phones if on_phones is None else on_phones
        page = ws.page if target == ws.spotlight else 0
        mine.set(ws, spotlight=target, spotlight_on_phones=phones, page=page)
    return mine.turn


def turn_page(workshop: Workshop, page: int, *, by: Actor, intent: Intent | None = None):
    """Shows a page, from 0, of what is too long for a wall; what is in the spotlight and stands on
    another page leaves it."""
    with running(workshop, by=by, verb="turn_page", for_all=False, intent=intent) as mine:
        lit, step = mine.workshop.spotlight, mine.workshop.step
        if lit.startswith("card:") or (step and step.kind == Step.Kind.RATE):
            lit = ""
        mine.set(mine.workshop, page=page, spotlight=lit)
    return mine.turn


def take_over(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Somebody else of the team leads from here."""
    with running(workshop, by=by, verb="take_over", intent=intent) as mine:
        mine.set(mine.workshop, led_by=by.key, led_by_name=by.name)
    return mine.turn


def reveal(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Shows what was given in this step: cards, ratings, or the result of a vote. For good."""
    with running(workshop, by=by, verb="reveal", intent=intent, in_history=True) as mine:
        reveal_at(mine, mine.current())
    return mine.turn


def split(workshop: Workshop, shown: bool, *, by: Actor, intent: Intent | None = None):
    """Shows the step's votes or ratings by who people are, too, or together again."""
    with running(workshop, by=by, verb="split_results", intent=intent) as mine:
        step = mine.current()
        if step.kind not in (Step.Kind.VOTE, Step.Kind.RATE) or step.revealed_at is None:
            raise Refused(_("Show the answers first."))
        mine.set(step, split=shown)
    return mine.turn


def end(workshop: Workshop, *, by: Actor, intent: Intent | None = None):
    """Ends the workshop and keeps the map. Cards that were never revealed stay with their
    authors."""
    with running(workshop, by=by, verb="end_workshop", intent=intent, in_history=True) as mine:
        ws = mine.workshop
        if ws.state == State.PREPARING:
            raise Refused(_("The workshop has not begun."))
        with override(mine.editing.journey.language):
            after = keep(mine.editing, _("After the workshop"))
        if ws.step:
            mine.set(ws.step, ended_at=mine.now)
        mine.editing.journey.desk = ""
        mine.editing.journey.save(update_fields=["desk"])
        mine.set(
            ws,
            state=State.ENDED,
            ended_at=mine.now,
            after=after,
            entry_open=False,
            code="",
            ends_at=None,
            paused_left=None,
            spotlight="",
            page=0,
        )
    return mine.turn


def send_outcome(workshop: Workshop, *, by: Actor, intent: Intent | None = None) -> Workshop:
    """Lets those who left an address have the outcome: by the link for readers, which is made where
    there is none. The mails themselves are no change of the map (post.py)."""
    with editing(workshop.journey_id, by=by, verb="send_outcome", right=RUN, intent=intent) as mine:
        fresh = Workshop.objects.get(pk=workshop.pk)
        if fresh.state != State.ENDED:
            raise Refused(_("The workshop is not over yet."))
        now = timezone.now()
        token = fresh.outcome_token or secrets.token_urlsafe(16)
        Workshop.objects.filter(pk=fresh.pk).update(outcome_token=token, outcome_sent_at=now)
        mine.turn.note(
            f"workshop:{fresh.pk.hex}",
            {"shared": bool(fresh.outcome_token)},
            {"shared": True, "sent_at": now.isoformat()},
        )
        mine.turn.told.add(fresh.room)
    fresh.outcome_token, fresh.outcome_sent_at = token, now
    return fresh


def share_outcome(workshop: Workshop, token: str, *, by: Actor, intent: Intent | None = None):
    """Lets whoever has the link read the outcome, or with an empty token nobody any more."""
    with editing(
        workshop.journey_id, by=by, verb="share_outcome", right=RUN, intent=intent
    ) as mine:
        Workshop.objects.filter(pk=workshop.pk).update(outcome_token=token)
        mine.turn.note(
            f"workshop:{workshop.pk.hex}", {"shared": not token}, {"shared": bool(token)}
        )
    return mine.turn
