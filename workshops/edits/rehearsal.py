"""A rehearsal: the agenda on a copy of the map, with six made-up guests. Nothing of it stays."""

import random
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from changes.record import Refused
from journeys.edits.maps import create_map, plan_of
from journeys.limits import TITLE
from journeys.models import Journey, Lane
from journeys.reads import stages
from live.announce import RIGHTS, announce
from teams.actors import Actor
from ui.ids import uuid7

from ..actors import actor_of
from ..models import Guest, Step, Workshop
from ..reads.ballot import candidates, stages_of, subjects
from . import guests, meeting, voting, writing
from .voting import ASPECTS

KEPT = timedelta(days=1)  # of one that was never closed
CARDS = 3  # that a made-up guest writes in a step


def _names() -> list[str]:
    return [_("Ann"), _("Ben"), _("Vera"), _("Gleb"), _("Dora"), _("Egor")]


def _phrases(content: str) -> list[str]:
    """What made-up guests write; the words say that they are."""
    if content == "barrier":
        return [
            _("Rehearsal: nobody answers the phone"),
            _("Rehearsal: nobody picks up the phone"),
            _("Rehearsal: the price is seen too late"),
            _("Rehearsal: too many fields in the form"),
            _("Rehearsal: it isn’t clear what comes next"),
        ]
    if content == "solution":
        return [
            _("Rehearsal: call back within ten minutes"),
            _("Rehearsal: show the price at once"),
            _("Rehearsal: ask for three fields only"),
            _("Rehearsal: a message after each step"),
        ]
    return [
        _("Rehearsal: a first thought"),
        _("Rehearsal: another thought"),
        _("Rehearsal: a thought of a newcomer"),
        _("Rehearsal: what customers told us"),
    ]


def rehearse(workshop: Workshop, *, by: Actor) -> Workshop:
    """Begins a rehearsal and gives its workshop: the same agenda on a copy, the guests in."""
    journey = workshop.journey
    if journey.rehearses_id:
        raise Refused(_("This is a rehearsal already."))
    for old in Journey.objects.filter(
        workspace=journey.workspace, rehearses__isnull=False, created_at__lt=timezone.now() - KEPT
    ):
        close(old)
    plan = plan_of(journey)
    with override(plan.language):
        plan.title = (_("Rehearsal: %(title)s") % {"title": plan.title})[:TITLE]
        names = _names()
    copy = create_map(plan, workspace=journey.workspace, by=by, rehearses=journey)
    made = meeting.copy_workshop(workshop, copy, _twins(journey, copy), by=by)
    meeting.open_entry(made, by=by)
    for name in names:
        guests.join(made, name, made_up=True)
    return made


def _twins(journey: Journey, copy: Journey) -> dict:
    """Lanes by their ids, stages by their hex ids → those of the copy, whose order is the same."""
    lanes = (Lane.living.filter(journey=one).order_by("position", "id") for one in (journey, copy))
    columns = (stages.leaves(stages.rows_of(one)) for one in (journey, copy))
    return {
        **{one.pk: other.pk for one, other in zip(*lanes, strict=True)},
        **{one.pk.hex: other.pk.hex for one, other in zip(*columns, strict=True)},
    }


def close(copy: Journey) -> None:
    """The rehearsal was never there: its map goes for good, with all that was given on it."""
    with transaction.atomic():
        announce(copy.pk, RIGHTS)
        copy.delete()


def play(workshop: Workshop) -> None:
    """One of the made-up guests does what people do in the step at hand."""
    if not workshop.journey.rehearses_id:
        raise Refused(_("Only in a rehearsal."))
    step = workshop.step
    if step is None or workshop.is_paused or workshop.locked or not workshop.is_at_step:
        return
    people = list(
        workshop.guests.filter(made_up=True, removed_at=None)
        .exclude(done=step)
        .select_related("group")
    )
    if not people or not step.is_secret:
        return
    guest = random.choice(people)
    guest.workshop = step.workshop = workshop
    if guest.group:
        guest.group.workshop = workshop
    with override(workshop.journey.language):
        if not _give(guest, step):
            guests.say_done(guest, True, by=actor_of(guest))


def _give(guest: Guest, step: Step) -> bool:
    """Whether there was still something to give."""
    if step.kind == Step.Kind.WRITE:
        return _write(guest, step)
    if step.kind == Step.Kind.VOTE:
        return _vote(guest, step)
    return step.kind == Step.Kind.RATE and _rate(guest, step)


def _write(guest: Guest, step: Step) -> bool:
    columns = stages_of(step, guest.group)
    written = step.contributions.filter(guest=guest).count()
    if step.lane is None or not columns or written >= CARDS:
        return False
    writing.add_card(
        guest,
        id=uuid7(),
        step=step.pk,
        stage=random.choice(columns).pk,
        text=random.choice(_phrases(step.lane.content)),
        by=actor_of(guest),
    )
    return True


def _vote(guest: Guest, step: Step) -> bool:
    given = dict(guest.votes.filter(step=step).values_list("card", "count"))
    cards = [card.pk for card in candidates(step)]
    if not cards or sum(given.values()) >= step.votes:
        return False
    card = random.choice(cards[:6])
    voting.vote(guest, step=step.pk, card=card, count=given.get(card, 0) + 1)
    return True


def _rate(guest: Guest, step: Step) -> bool:
    said = set(guest.ratings.filter(step=step).values_list("subject", "aspect"))
    for one in subjects(step, guest.group):
        for aspect, (low, high) in ASPECTS[Step.Aspect(step.aspect)].items():
            if (one.ref, aspect) not in said:
                value = random.randint(low, high)
                voting.rate(guest, step=step.pk, subject=one.ref, aspect=aspect, value=value)
                return True
    return False
