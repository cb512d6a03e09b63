"""What is hidden is read by its author alone; what has no name has none anywhere.

Words that stand nowhere else are written into hidden cards, then every address that others may open
is opened: the walk is over the URL conf, so a new page is looked at by itself.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from changes.models import Change, Frame
from journeys.edits import cards as card_edits
from journeys.edits import columns
from journeys.models import Card, Lane, Stage
from journeys.reads.digest import digest_of
from journeys.reads.thumbnails import thumbnails
from reports.story import story_of
from teams.actors import TEAM, member
from tests.live.parts import run
from tests.support.meetings import take_seats
from tests.support.people import signed_in
from tests.support.routes import ROUTES, address, make_world, undone
from ui.ids import uuid7
from workshops.actors import actor_of
from workshops.edits import agenda, guests, meeting, voting, writing
from workshops.models import Contribution, Guest, Step, Vote

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]

CANARY, CARDS = "канарейка", 100
MARINA = "Маринакова"
QUESTIONS = {
    "home": f"?find={CANARY}",
    "search": f"?find={CANARY}",
    "since": "?since=0",
    "history": "?before=999999",
}
# These take a worker, or end something.
NOT_OPENED = {"persona_pdf", "printout_file"}


@pytest.fixture
def world(anna, boris, vera, flowers) -> SimpleNamespace:
    """All routes of a map lead to the one on which a room writes, hidden and without names."""
    world = make_world(flowers, anna)
    room = world.rooms["write"]
    world.map, world.step, world.by = room.map, room.step, member(anna)
    world.stage, world.lane = {**world.stage, **room.stage}, {**world.lane, **room.lane}
    Guest.objects.filter(pk=room.guest["marina"].pk).update(name=MARINA)
    world.guests = list(Guest.objects.filter(workshop=room.workshop, observes=False))[:2]
    world.guests += [guests.join(room.workshop, f"Guest {number}") for number in range(3)]
    world.hidden = [canary(world, number) for number in range(10)]
    for name in ("touchpoint", "gone", "owner"):
        world.card = {**world.card, name: Card.objects.get(pk=world.hidden[0])}
    return world


@pytest.fixture
def crowd(world) -> SimpleNamespace:
    """The same with a hundred cards."""
    world.hidden += [canary(world, number) for number in range(10, CARDS)]
    return world


def canary(world: SimpleNamespace, number: int) -> UUID:
    stage = world.stage["buy" if number % 3 else "seek"]
    return write(world, world.guests[number % 5], f"{CANARY}{number:03}", stage)


def write(world: SimpleNamespace, guest: Guest, text: str, stage: Stage, step=None) -> UUID:
    pk = uuid7()
    at = {"step": (step or world.step).pk, "stage": stage.pk}
    writing.add_card(guest, id=pk, text=text, by=actor_of(guest), **at)
    return pk


def readers(world: SimpleNamespace, *people) -> dict[str, Client]:
    """Everybody but the authors: the team, one who looks on, one who was shown out, a stranger. All
    ask for the wall beside their own."""
    found = {
        **{str(one): signed_in(one) for one in people},
        "observer": take_seats(Client(), world, "observer"),
        "removed": take_seats(Client(), world, "removed"),
        "stranger": Client(),
    }
    for client in found.values():
        client.cookies["wall"] = "1"
    return found


def opened(world: SimpleNamespace, client: Client) -> Iterator[tuple[str, str]]:
    """Every address with what it answers, packed files unpacked."""
    for name in ROUTES:
        if name in NOT_OPENED:
            continue
        for question in {"", QUESTIONS.get(name, "")}:
            with undone():
                answer = client.get(address(name, world) + question)
                yield f"{name}{question}", text_of(answer)


def text_of(answer: HttpResponse) -> str:
    if not answer.streaming:
        return _unpacked(answer.content)
    data = io.BytesIO()

    async def read() -> None:
        async for piece in answer:
            data.write(piece)

    run(read())
    return _unpacked(data.getvalue())


def _unpacked(data: bytes) -> str:
    if data[:2] != b"PK":
        text = data.decode("utf-8-sig", "replace")
        # JSON writes other letters as numbers.
        return text + (json.dumps(json.loads(text), ensure_ascii=False) if text[:1] == "{" else "")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(_unpacked(archive.read(name)) for name in archive.namelist())


def kept_for_others(world: SimpleNamespace) -> str:
    """What the database would show others: frames of all audiences but guests' own, changes that
    members read, what is counted and drawn of the map."""
    of_guests = {"audience__startswith": "guest:"}
    frames = Frame.objects.filter(document=world.map).exclude(**of_guests)
    changes = Change.objects.filter(document=world.map).exclude(**of_guests)
    assert {TEAM, world.rooms["write"].workshop.desk} <= {one.audience for one in frames}
    story = story_of(world.map, date(2026, 11, 1))
    return str(
        [
            [one.html for one in frames],
            [(one.target, one.before, one.after) for one in changes],
            story,
            thumbnails([world.map]),
        ]
    )


def found_by(world: SimpleNamespace, clients: dict[str, Client], word: str = CANARY) -> list[str]:
    return [
        f"{who}: {name}"
        for who, client in clients.items()
        for name, text in opened(world, client)
        if word in text.casefold()
    ]


def test_nobody_reads_what_is_hidden(crowd, anna, vera):
    world = crowd
    digest = digest_of(world.map.pk, TEAM)[1]
    write(world, world.guests[0], f"{CANARY} more", world.stage["seek"])
    assert digest_of(world.map.pk, TEAM)[1] == digest
    assert found_by(world, readers(world, anna, vera)) == []
    assert CANARY not in kept_for_others(world)


def test_it_stays_hidden_whatever_is_done_round_it(crowd, anna):
    """The team goes on with the map: what it moves, copies and deletes takes hidden cards along."""
    world = crowd
    pk, seek, lane = world.map.pk, world.stage["seek"], world.lane["barrier"]
    columns.move(pk, Stage, seek.pk, after=world.stage["buy"].pk, by=world.by)
    columns.duplicate(pk, Stage, seek.pk, id=uuid7(), by=world.by)
    columns.duplicate(pk, Lane, lane.pk, id=uuid7(), by=world.by)
    for index in range(30):  # so close that places are given out anew
        place = {"stage": seek.pk, "lane": lane.pk, "after": None}
        card_edits.add_card(pk, id=uuid7(), fields={"text": f"{index}"}, by=world.by, **place)
    first = world.guests[0]
    writing.delete_card(first, world.hidden[0], by=actor_of(first))
    columns.delete(pk, Stage, world.stage["buy"].pk, by=world.by)
    assert found_by(world, readers(world, anna)) == []
    assert CANARY not in kept_for_others(world)


def test_who_points_at_a_hidden_card_shows_nothing_of_it(world, anna):
    """In the spotlight by its id, which its author's browser knows."""
    room = world.rooms["write"].workshop
    meeting.spotlight(room, f"card:{world.hidden[1].hex}", on_phones=True, by=world.by)
    assert found_by(world, readers(world, anna)) == []


@pytest.mark.parametrize("wall", ["", "1"])
def test_authors_read_their_own_alone(world, wall):
    client = take_seats(Client(), world)
    client.cookies["wall"] = wall
    page = client.get(reverse("room", args=[world.rooms["write"].workshop.pk])).text
    own = {f"{CANARY}{number:03}" for number in range(0, 10, 5)}
    assert {f"{CANARY}{number:03}" for number in range(10)} & set(words(page)) == own


def words(page: str) -> list[str]:
    return page.replace("<", " ").replace(">", " ").split()


def test_after_it_was_shown_it_is_everywhere(world, anna, vera):
    meeting.reveal(world.rooms["write"].workshop, by=world.by)
    told = {name for name, text in opened(world, signed_in(anna)) if CANARY in text.casefold()}
    told |= {
        name
        for name, text in opened(world, take_seats(Client(), world, "igor"))
        if CANARY in text.casefold()
    }
    wanted = {"map", "board", "lead", "panel_screen", "wall", "wall_screen", "room", "room_screen"}
    wanted |= {f"export_{format}" for format in ("json", "csv", "xlsx", "team")}
    assert {name.partition("?")[0] for name in told} > wanted | {"search", "card"}
    assert CANARY in kept_for_others(world)


def test_who_was_shown_out_is_given_no_link_either(world):
    room = world.rooms["write"].workshop
    client = take_seats(Client(), world, "removed")
    client.cookies["wall"] = "1"
    page = client.get(reverse("room", args=[room.pk])).text
    assert room.wall_token not in page and "wall-here" not in page


# --- without names -------------------------------------------------------------------------------


def of_map(name: str) -> bool:
    return "/maps/" in f"/{ROUTES[name][1]}" or name in ("search", "home")


def says_who(text: str, guest: Guest) -> bool:
    return MARINA in text or guest.pk.hex in text or str(guest.pk) in text


def test_after_it_was_shown_nobody_learns_whose_it_is(world, anna, vera):
    marina = world.guests[0]
    meeting.reveal(world.rooms["write"].workshop, by=world.by)
    # One's own open cards may be added, changed and taken away too.
    late = write(world, marina, "Later", world.stage["seek"])
    writing.edit_card(marina, late, "Later, but better", by=actor_of(marina))
    writing.delete_card(marina, late, by=actor_of(marina))
    clients = readers(world, anna, vera)
    wrong = [
        f"{who}: {name}"
        for who, client in clients.items()
        for name, text in opened(world, client)
        if of_map(name.partition("?")[0]) and says_who(text, marina)
    ]
    assert wrong == []
    gone = clients["Anna"].post(
        reverse("card", args=[world.map.pk, late]), {"text": "x", "base": "y"}
    )
    assert gone.status_code == 410 and not says_who(gone.text, marina)
    walls = reverse("wall", args=[world.rooms["write"].workshop.wall_token])
    assert not says_who(clients["stranger"].get(walls).text, marina)
    seen = Change.objects.filter(document=world.map, audience=TEAM)
    rows = str(list(seen.values_list("by", "by_name", "target", "before", "after")))
    assert "Later" in rows and not says_who(rows, marina)


def test_a_filter_by_person_does_not_tell_either(world, anna):
    marina = world.guests[0]
    meeting.reveal(world.rooms["write"].workshop, by=world.by)
    write(world, marina, "Later", world.stage["seek"])
    path = reverse("history", args=[world.map.pk])
    assert "Later" in signed_in(anna).get(path).text
    assert "Later" not in signed_in(anna).get(path, {"by": marina.key}).text


def test_a_later_step_with_names_does_not_name_what_had_none(world, anna):
    room = world.rooms["write"]
    meeting.reveal(room.workshop, by=world.by)
    fields = {"kind": "group", "name": "Alike", "question": "?", "lane_id": world.step.lane_id}
    step = agenda.add_step(room.workshop, {**fields, "named": True}, by=world.by)
    meeting.go_to(room.workshop, step.pk, by=world.by)
    wall = Client().get(reverse("wall", args=[room.workshop.wall_token])).text
    assert CANARY in wall and MARINA not in wall


def test_names_are_not_asked_for_afterwards(world):
    """Who wrote under the promise of no name keeps it."""
    room, step = world.rooms["write"], world.step
    with pytest.raises(agenda.Refused):
        agenda.edit_step(room.workshop, step.pk, {"named": True}, by=world.by)
    assert not Step.objects.get(pk=step.pk).named


def test_with_names_the_room_is_told(world):
    room = world.rooms["write"]
    Step.objects.filter(pk=world.step.pk).update(named=True)
    meeting.reveal(room.workshop, by=world.by)
    assert MARINA in Client().get(reverse("wall", args=[room.workshop.wall_token])).text


def test_votes_have_no_voters(world, anna):
    """In nothing that others may fetch, before the result and after it."""
    room = world.rooms["vote"]
    world.map, world.rooms["over"] = room.map, room
    world.rooms["write"] = SimpleNamespace(
        **{**vars(room), "card": {**room.card, "marina": room.card["solution-1"]}}
    )
    room.workshop.outcome_token = "votes"
    room.workshop.save()
    marina = Guest.objects.get(pk=room.guest["marina"].pk)
    Guest.objects.filter(pk=marina.pk).update(name=MARINA)
    voting.vote(marina, step=room.step.pk, card=room.card["solution-1"].pk, count=3)
    clients = readers(world, anna)
    told = {"panel_screen", "lead", "outcome", "shared_outcome"}  # who is in the room

    def wrong() -> list[str]:
        return [
            f"{who}: {name}"
            for who, client in clients.items()
            for name, text in opened(world, client)
            if name.partition("?")[0] not in told and says_who(text, marina)
        ]

    assert wrong() == []
    meeting.reveal(room.workshop, by=world.by)
    meeting.end(room.workshop, by=world.by)
    assert wrong() == []
    table = signed_in(anna).get(reverse("votes_csv", args=[room.workshop.pk])).text
    assert "solution 1" in table and not says_who(table, marina)
    seen = Change.objects.filter(document=room.map).exclude(audience__startswith="guest:")
    assert not any(name.startswith(("vote:", "rating:")) for one in seen for name in one.after)
    assert Vote.objects.filter(guest=marina).exists()


def test_a_copy_of_a_column_has_no_card_that_nobody_would_ever_see(world):
    """The copy of a hidden card would belong to no step, so nothing would show it."""
    columns.duplicate(world.map.pk, Stage, world.stage["seek"].pk, id=uuid7(), by=world.by)
    hidden = Card.living.filter(journey=world.map, audience__startswith="guest:")
    assert hidden.count() == Contribution.objects.filter(card__in=hidden).count()
