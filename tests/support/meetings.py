"""Workshops for the walks over all routes: one for each thing that a room may be at."""

from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.test import Client
from django.utils import timezone

from journeys.edits.maps import create_map
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, StagePlan
from journeys.models import Card, Journey, Lane, Stage
from teams.actors import Actor
from teams.models import Workspace
from workshops.codes import ALPHABET
from workshops.edits.grouping import join_cards
from workshops.models import Contribution, Group, Guest, Step, Vote, Workshop

# A map of its own for each, as a map has one workshop at a time: what the room is at.
MEETINGS = {
    "plan": [  # only prepared
        {"kind": "show", "name": "Look", "question": "What do we know?"},
        {"kind": "write", "name": "Barriers", "question": "What is in the way?", "lane": "barrier"},
    ],
    "write": [
        {"kind": "write", "name": "Barriers", "question": "What is in the way?", "lane": "barrier"}
    ],
    "vote": [{"kind": "vote", "name": "Vote", "question": "What first?", "lane": "solution"}],
    "rate": [
        {
            "kind": "rate",
            "aspect": "emotion",
            "name": "Feelings",
            "question": "How is it?",
            "lane": "emotion",
        }
    ],
    "shown": [
        {
            "kind": "rate",
            "aspect": "emotion",
            "name": "Feelings",
            "question": "How was it?",
            "lane": "emotion",
        }
    ],
}
# Whose acts they are in the world's meetings: both write and vote, the others may not.
SEATS = ("marina", "igor", "observer", "removed")


def make_meetings(room: Workspace, deleted_map: Journey, by: Actor) -> dict[str, SimpleNamespace]:
    """By what the room is at; "over" has ended, "gone" goes on on a map that is in the bin."""
    rooms = {kind: _make_meeting(kind, room, by) for kind in MEETINGS}
    rooms["collecting"] = _make_meeting("write", room, by)
    Workshop.objects.filter(pk=rooms["collecting"].workshop.pk).update(state="collecting")
    rooms["rehearsal"] = _make_meeting("write", room, by)
    played = Journey.objects.filter(pk=rooms["rehearsal"].workshop.journey_id)
    played.update(rehearses=rooms["plan"].workshop.journey_id)
    rooms["over"] = _make_ended(rooms["shown"])
    rooms["gone"] = _meeting(deleted_map, [Step(kind="show", name="Look", question="What?")])
    return rooms


def _make_meeting(kind: str, room: Workspace, by: Actor) -> SimpleNamespace:
    """A workshop whose room is at one kind of step, on a map with cards of the team's."""
    contents = ("barrier", "solution", "emotion")
    plan = MapPlan(
        title=f"Meeting: {kind}",
        stages=[StagePlan("seek", "Seek"), StagePlan("buy", "Buy")],
        lanes=[LanePlan(content, content.title(), content) for content in contents],
        cards=[
            CardPlan(f"{content}-{number}", "seek", content, f"{content} {number}")
            for content in ("barrier", "solution")
            for number in range(4)
        ],
    )
    journey = create_map(plan, workspace=room, by=by)
    lane = {one.key: one for one in Lane.objects.filter(journey=journey)}
    steps = [
        Step(position=number, **{**step, "lane": lane.get(step.get("lane"))})
        for number, step in enumerate(MEETINGS[kind], 1)
    ]
    found = _meeting(journey, steps, prepared=kind == "plan")
    found.lane = lane
    found.stage = {one.key: one for one in Stage.objects.filter(journey=journey)}
    found.card = {one.key: one for one in Card.objects.filter(journey=journey)}
    if kind == "write":
        for name in ("marina", "igor"):
            found.card[name] = _written(found, name)
    if kind == "vote":
        of = {"guest": found.guest["igor"], "card": found.card["solution-0"]}
        Vote.objects.create(step=found.step, count=2, **of)
    if kind == "shown":
        found.step.revealed_at = timezone.now()
        found.step.save()
        for number in (2, 3):
            Contribution.objects.create(card=found.card[f"barrier-{number}"], step=found.step)
        alike = [found.card["barrier-2"].pk, found.card["barrier-3"].pk]
        join_cards(found.workshop, alike, by=by)
    return found


def _meeting(journey: Journey, steps: list[Step], *, prepared: bool = False) -> SimpleNamespace:
    now = timezone.now()
    live = {"state": "running", "opened_at": now, "entry_open": True, "code": _code(journey)}
    workshop = Workshop.objects.create(
        journey=journey, led_by="system:x", led_by_name="Anna", **({} if prepared else live)
    )
    for step in steps:
        step.workshop, step.began_at = workshop, None if prepared else now
    Step.objects.bulk_create(steps)
    guests = []
    if not prepared:
        workshop.step, workshop.ends_at = steps[-1], now + timedelta(hours=1)
        workshop.next_number = len(SEATS) + 1
        workshop.save()
        Journey.objects.filter(pk=journey.pk).update(desk=workshop.desk)
        guests = Guest.objects.bulk_create(
            Guest(
                workshop=workshop,
                number=number,
                name=name.title(),
                observes=name == "observer",
                removed_at=now if name == "removed" else None,
            )
            for number, name in enumerate(SEATS, 1)
        )
    return SimpleNamespace(
        map=journey,
        workshop=workshop,
        group=Group.objects.create(workshop=workshop, name="Newcomers"),
        step=steps[-1],
        guest=dict(zip(SEATS, guests, strict=False)),
    )


def _make_ended(beside: SimpleNamespace) -> SimpleNamespace:
    """A workshop that is over and whose outcome is shared, on the map of another one."""
    now = timezone.now()
    workshop = Workshop.objects.create(
        journey=beside.map,
        led_by="system:x",
        led_by_name="Anna",
        state="ended",
        ended_at=now,
        outcome_token=f"outcome-{beside.map.pk.hex[-8:]}",
    )
    at = {"workshop": workshop, "began_at": now, "ended_at": now, "revealed_at": now}
    step = Step.objects.create(
        kind="vote", name="Vote", question="What first?", lane=beside.lane["solution"], **at
    )
    guest = Guest.objects.create(workshop=workshop, number=1, name="Olga")
    Vote.objects.create(step=step, guest=guest, card=beside.card["solution-1"], count=1)
    return SimpleNamespace(
        map=beside.map, workshop=workshop, step=step, guest={"marina": guest}, card=beside.card
    )


def _code(journey: Journey) -> str:
    """A code of its own, the same for the same map."""
    number, signs = journey.pk.int, ""
    while len(signs) < 8:
        number, at = divmod(number, len(ALPHABET))
        signs += ALPHABET[at]
    return signs


def _written(meeting: SimpleNamespace, name: str) -> Card:
    """A hidden card of a guest's."""
    guest = meeting.guest[name]
    card = Card.objects.create(
        journey=meeting.map,
        stage=meeting.stage["seek"],
        lane=meeting.lane["barrier"],
        text=f"Of {name}",
        audience=guest.key,
    )
    Contribution.objects.create(card=card, step=meeting.step, guest=guest)
    return card


def take_seats(client: Client, world: SimpleNamespace, name: str = "marina") -> Client:
    """This browser is one of the guests in all rooms of the world, whoever is signed in."""
    session = client.session
    session["guests"] = {
        meeting.workshop.pk.hex: meeting.guest[name].pk.hex
        for kind, meeting in world.rooms.items()
        # There one comes in by the link.
        if name in meeting.guest and kind != "shown"
    }
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client
