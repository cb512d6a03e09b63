"""What somebody in the room, or at its door, tries beyond what is theirs."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Semaphore
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from changes.models import Change
from changes.record import Refused, Unchanged
from journeys.edits import cards as card_edits
from journeys.models import Card, Journey, Lane, Stage
from teams.models import Throttle
from tests.live.parts import in_thread, run, watching
from tests.support.people import signed_in
from ui.ids import uuid7
from workshops import codes, limits
from workshops.edits import agenda, guests, meeting, voting
from workshops.models import Contribution, Guest, Rating, Step, Vote, Workshop
from workshops.reads.ballot import candidates
from workshops.views import entry


def post(client: Client, name: str, room, fields: dict, **ids):
    return client.post(reverse(name, args=[room.pk, *ids.values()]), fields)


def card_fields(found: SimpleNamespace, **more) -> dict:
    place = {"step": found.step.pk, "stage": found.stages[0].pk}
    return {"id": uuid7(), "text": "No answer", **place, **more}


@pytest.fixture
def marinas(writing_room) -> Client:
    return writing_room.room.client(writing_room.marina)


# --- writing -------------------------------------------------------------------------------------


def test_a_card_is_taken_where_and_when_it_is_asked_for(writing_room, marinas):
    assert (
        post(marinas, "add_guest_card", writing_room.room, card_fields(writing_room)).status_code
        == 200
    )
    assert Contribution.objects.get().guest == writing_room.marina


def elsewhere(found: SimpleNamespace) -> dict[str, dict]:
    """What a card may name that is not its to name."""
    show = found.room.step("show")
    stage = Stage.objects.exclude(journey=found.step.lane.journey).first()
    return {
        "a step that is none of writing": {"step": show.pk},
        "a step of nowhere": {"step": uuid4()},
        "a stage of another map": {"stage": stage.pk},
        "a stage that the step doesn’t open": {"stage": found.stages[1].pk},
        "no words": {"text": " \n "},
        "more words than a card has": {"text": "é" * (limits.CARD_TEXT + 1)},
        "an id that is taken": {"id": found.taken},
    }


def test_nothing_is_written_beside_the_step(writing_room, marinas, garage, by_anna):
    found = writing_room
    other = Journey.objects.create(title="Another", workspace=garage)
    Stage.objects.create(journey=other, name="Elsewhere", position=1)
    Step.objects.filter(pk=found.step.pk).update(stages=[found.stages[0].pk.hex])
    found.taken = Card.objects.first().pk
    before = set(Card.objects.values_list("pk", "text", "stage"))
    for said, fields in elsewhere(found).items():
        answer = post(marinas, "add_guest_card", found.room, card_fields(found, **fields))
        assert answer.status_code in (409, 410, 422), said
        assert 'class="refusal"' in answer.text, said
    assert set(Card.objects.values_list("pk", "text", "stage")) == before


def shut(found: SimpleNamespace, how: str) -> None:
    room = found.room
    if how == "locked":
        meeting.lock(room.workshop, True, by=room.by)
    elif how == "paused":
        meeting.pause(room.workshop, by=room.by)
    elif how == "adjourned":
        meeting.adjourn(room.workshop, by=room.by)
    elif how == "ended":
        meeting.end(room.workshop, by=room.by)
    elif how == "too late":
        room.go(room.step("group"))
        late = timezone.now() - timedelta(seconds=limits.LATE + 1)
        Step.objects.filter(pk=found.step.pk).update(ended_at=late)
    elif how == "not begun":
        found.step = agenda.add_step(
            room.workshop,
            {"kind": "write", "name": "N", "question": "?", "lane_id": found.lane.pk},
            by=room.by,
        )


@pytest.mark.parametrize("how", ["locked", "paused", "adjourned", "ended", "too late", "not begun"])
def test_nothing_is_taken_from_participants_when(how, writing_room, marinas):
    found = writing_room
    kept = found.room.write(found.marina, "Before")
    shut(found, how)
    acts = [post(marinas, "add_guest_card", found.room, card_fields(found))]
    if how != "not begun":
        for name, fields in (("edit_guest_card", {"text": "X"}), ("delete_guest_card", {})):
            acts.append(post(marinas, name, found.room, fields, card=kept))
    assert {answer.status_code for answer in acts} <= {403, 409}
    assert all('class="refusal"' in answer.text for answer in acts)
    card = Card.objects.get(contribution__guest=found.marina)
    assert (card.text, card.deleted_at) == ("Before", None)


def test_what_was_being_typed_still_comes_when_the_room_has_gone_on(writing_room, marinas):
    found = writing_room
    found.room.go(found.room.step("group"))
    assert post(marinas, "add_guest_card", found.room, card_fields(found)).status_code == 200
    assert Contribution.objects.get().late


def test_a_step_takes_so_many_cards_of_one_and_no_more(writing_room, marinas, monkeypatch):
    monkeypatch.setattr(limits, "CARDS_OF_A_GUEST", 3)
    found = writing_room
    statuses = [
        post(marinas, "add_guest_card", found.room, card_fields(found)).status_code
        for _time in range(5)
    ]
    assert statuses == [200, 200, 200, 409, 409]


@pytest.mark.parametrize("shown", [False, True])
def test_anothers_card_is_not_theirs_to_change(shown, writing_room, marinas):
    found = writing_room
    theirs = found.room.write(found.igor, "Igor’s")
    teams = Card.living.filter(audience="team").first().pk
    if shown:
        found.room.reveal()
    for pk in (theirs, teams, uuid4()):
        assert (
            post(marinas, "edit_guest_card", found.room, {"text": "X"}, card=pk).status_code == 410
        )
        assert post(marinas, "delete_guest_card", found.room, {}, card=pk).status_code == 410
    assert Card.living.filter(pk__in=(theirs, teams)).count() == 2
    assert not Card.objects.filter(text="X").exists()


def test_a_card_is_in_the_name_of_whose_browser_it_is(writing_room, marinas):
    found = writing_room
    fields = card_fields(found, guest=found.igor.pk)
    assert post(marinas, "add_guest_card", found.room, fields).status_code == 422
    assert not Contribution.objects.exists()


def test_a_guest_does_nothing_that_whoever_leads_does(writing_room, marinas):
    found = writing_room
    before = Change.objects.count()
    for name in ("reveal", "end_workshop", "lock", "open_entry", "lead", "panel_screen", "outcome"):
        assert post(marinas, name, found.room, {}).status_code in (302, 405), name
    for path in (f"/maps/{found.room.workshop.journey_id}/cards/", "/w/flowers/"):
        answer = marinas.post(path, {"text": "X"})
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")
    assert Change.objects.count() == before


def test_who_looks_on_gives_nothing(writing_room, marinas):
    found = writing_room
    own = found.room.write(found.marina, "Before")
    guests.describe(found.room.workshop, found.marina.pk, observes=True, by=found.room.by)
    assert post(marinas, "add_guest_card", found.room, card_fields(found)).status_code == 409
    assert post(marinas, "edit_guest_card", found.room, {"text": "X"}, card=own).status_code == 409
    assert post(marinas, "delete_guest_card", found.room, {}, card=own).status_code == 409
    at = voting_room(found)
    assert vote(marinas, at, at.cards[0], 1).status_code == 409
    assert Contribution.objects.count() == 1 and not Vote.objects.exists()


# --- voting --------------------------------------------------------------------------------------


def voting_room(found: SimpleNamespace, budget: int = 3) -> SimpleNamespace:
    """The same room at a vote on the lane it wrote in, with ten cards to vote on."""
    room = found.room
    step = room.step("vote")
    Step.objects.filter(pk=step.pk).update(lane=found.lane, votes=budget)
    for number in range(10):
        card_edits.add_card(
            room.workshop.journey_id,
            id=uuid7(),
            stage=found.stages[0].pk,
            lane=found.lane.pk,
            fields={"text": f"Option {number}"},
            by=room.by,
        )
    step = room.go(Step.objects.get(pk=step.pk))
    return SimpleNamespace(room=room, step=step, cards=[one.pk for one in candidates(step)])


def vote(client: Client, at: SimpleNamespace, card, count: int, **more):
    fields = {"step": at.step.pk, "card": card, "count": count, **more}
    return post(client, "vote", at.room, fields)


def given(guest: Guest) -> int:
    return sum(Vote.objects.filter(guest=guest).values_list("count", flat=True))


def test_a_budget_is_not_overdrawn(writing_room, marinas):
    at = voting_room(writing_room)
    first, second, third = at.cards[:3]
    assert vote(marinas, at, first, 4).status_code == 409
    assert vote(marinas, at, first, 2).status_code == 200
    assert vote(marinas, at, second, 2).status_code == 409
    assert vote(marinas, at, second, 1).status_code == 200
    assert vote(marinas, at, third, -1).status_code == 409
    assert vote(marinas, at, third, 1).status_code == 409
    assert given(writing_room.marina) == 3


def test_the_same_vote_twice_counts_once(writing_room, marinas):
    at, key = voting_room(writing_room), uuid4()
    for _time in range(2):
        assert vote(marinas, at, at.cards[0], 1, key=key).status_code == 200
    assert given(writing_room.marina) == 1


def test_only_what_is_asked_about_is_voted_on(writing_room, marinas):
    found = writing_room
    at = voting_room(found)
    elsewhere = Card.living.exclude(lane=found.lane).exclude(text="").first()
    hidden = Card.objects.create(
        journey=at.room.workshop.journey,
        lane=found.lane,
        stage=found.stages[0],
        text="Igor’s",
        audience=found.igor.key,
    )
    gone = Card.objects.get(pk=at.cards[0])
    card_edits.delete_card(gone.journey_id, gone.pk, by=at.room.by)
    for card in (elsewhere.pk, hidden.pk, gone.pk, uuid4()):
        assert vote(marinas, at, card, 1).status_code == 410
    assert not Vote.objects.exists()


def test_a_vote_is_for_the_step_at_hand_and_in_ones_own_name(writing_room, marinas):
    at = voting_room(writing_room)
    for step in (writing_room.step.pk, uuid4()):
        assert vote(marinas, at, at.cards[0], 1, step=step).status_code == 409
    assert vote(marinas, at, at.cards[0], 1, guest=writing_room.igor.pk).status_code == 422
    at.room.go(at.room.step("decide"))
    assert vote(marinas, at, at.cards[0], 1).status_code == 409
    assert not Vote.objects.exists()


@pytest.mark.parametrize("how", ["locked", "paused", "shown"])
def test_no_vote_is_taken_when(how, writing_room, marinas):
    at = voting_room(writing_room)
    if how == "shown":
        at.room.reveal()
    else:
        shut(writing_room, how)
    assert vote(marinas, at, at.cards[0], 1).status_code == 409
    assert not Vote.objects.exists()


def test_a_rating_is_of_what_is_asked_and_on_its_scale(writing_room, marinas):
    found = writing_room
    step = found.room.step("vote")
    lane = Lane.living.filter(journey=found.room.workshop.journey, content="emotion").first()
    Step.objects.filter(pk=step.pk).update(kind="rate", aspect="emotion", lane=lane)
    found.room.go(step)
    good = {"step": step.pk, "subject": f"stage:{found.stages[0].pk.hex}", "aspect": "emotion"}
    for wrong in (
        {"value": "6"},
        {"value": "-6"},
        {"value": "1", "aspect": "expectation"},
        {"value": "1", "aspect": "text"},
        {"value": "1", "subject": f"stage:{uuid4().hex}"},
        {"value": "1", "subject": f"card:{Card.objects.first().pk.hex}"},
        {"value": "1", "step": uuid4()},
    ):
        assert post(marinas, "rate", found.room, good | wrong).status_code in (409, 410), wrong
    assert not Rating.objects.exists()
    assert post(marinas, "rate", found.room, good | {"value": "-5"}).status_code == 200


def test_what_the_room_was_not_asked_does_not_become_the_maps(writing_room, client, anna):
    found = writing_room
    client.force_login(anna)
    card = Card.living.first()
    for fields in (
        {"subject": f"card:{card.pk.hex}", "aspect": "text", "value": "1"},
        {"subject": "", "aspect": "emotion", "value": "1"},
    ):
        assert post(client, "take_value", found.room, fields).status_code in (409, 410, 422)
    assert Card.objects.get(pk=card.pk).text == card.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("heads, votes", [(1, 1_000), (3, 200)])
def test_many_votes_at_once_are_as_many_as_the_budget(heads, votes, writing_room):
    at = voting_room(writing_room)
    marina, threads = writing_room.marina, 25
    Guest.objects.filter(pk=marina.pk).update(heads=heads)
    inside = Semaphore(4)  # fewer than the connections of one process; a server's door does so

    def give(number: int) -> int:
        taken = 0
        for turn in range(votes // threads):
            # SQLite lets somebody wait in vain now and then: that vote isn't given.
            with inside, suppress(Refused, Unchanged, OperationalError):
                try:
                    card = at.cards[(number + turn) % 10]
                    voting.vote(marina, step=at.step.pk, card=card, count=1)
                    taken += 1
                finally:
                    connections.close_all()
        return taken

    with ThreadPoolExecutor(threads) as pool:
        assert sum(pool.map(give, range(threads))) == 3 * heads
    assert given(marina) == 3 * heads
    seqs = list(Change.objects.filter(verb="vote").values_list("by", flat=True))
    assert seqs == [marina.key] * 3 * heads


def test_what_comes_after_the_end_is_told_so(writing_room, marinas):
    found = writing_room
    meeting.end(found.room.workshop, by=found.room.by)
    answer = post(marinas, "add_guest_card", found.room, card_fields(found))
    assert answer.status_code == 409
    assert "Воркшоп закончен" in answer.text


# --- who was shown out ---------------------------------------------------------------------------


def test_who_was_shown_out_gets_nothing_more_and_gives_nothing(writing_room, marinas):
    found = writing_room
    own = found.room.write(found.marina, "CANARY of Marina")
    other = found.room.write(found.igor, "CANARY of Igor")
    found.room.reveal()
    guests.remove(found.room.workshop, found.marina.pk, by=found.room.by)
    for name in ("room", "room_screen"):
        page = marinas.get(reverse(name, args=[found.room.pk]))
        assert "CANARY" not in page.text and found.step.question not in page.text
    for name, fields in (
        ("add_guest_card", card_fields(found)),
        ("say_done", {"done": "1"}),
        ("rename_self", {"name": "Olga"}),
        ("vote", {"step": found.step.pk, "card": other, "count": 1}),
        ("rate", {"step": found.step.pk, "subject": "x", "aspect": "emotion", "value": 1}),
    ):
        assert post(marinas, name, found.room, fields).status_code == 410, name
    for name in ("edit_guest_card", "delete_guest_card"):
        assert post(marinas, name, found.room, {}, card=own).status_code in (410, 422)
    # Neither as somebody new, from the same browser.
    answer = marinas.post(reverse("enter", args=[found.room.workshop.token]), {"name": "Olga"})
    assert answer["Location"] == reverse("room", args=[found.room.pk])
    assert found.room.workshop.guests.count() == 2
    assert Card.objects.get(pk=own).text == "CANARY of Marina"


@pytest.mark.django_db(transaction=True)
def test_the_stream_of_who_was_shown_out_ends_at_once(live_server_url, writing_room):
    found = writing_room
    port, journey = urlsplit(live_server_url).port, found.room.workshop.journey_id
    seq = Journey.objects.get(pk=journey).seq
    name = settings.SESSION_COOKIE_NAME
    cookies = {
        guest.name: f"{name}={found.room.client(guest).cookies[name].value}"
        for guest in (found.marina, found.igor)
    }
    epoch = Journey.objects.get(pk=journey).epoch
    query = f"workshop={found.room.pk}&since={seq}&epoch={epoch}"

    async def story():
        async with (
            watching(port, journey, query, cookie=cookies["Marina"]) as marina,
            watching(port, journey, query, cookie=cookies["Igor"]) as igor,
        ):
            assert (marina.status, igor.status) == (200, 200)
            began = time.monotonic()
            await in_thread(
                lambda: guests.remove(found.room.workshop, found.marina.pk, by=found.room.by)
            )
            await marina.until(lambda it: it.ended, seconds=2)
            assert time.monotonic() - began < 2
            assert marina.events[-1].event == "bye"
            await igor.until(lambda it: it.frames)
            assert not igor.ended
        async with watching(port, journey, query, cookie=cookies["Marina"]) as again:
            assert again.status == 404

    run(story())


# --- at the door ---------------------------------------------------------------------------------

ROOMS, GUESSES, POSTED = 50, 100_000, 200


@pytest.fixture
def doors(flowers) -> list[Workshop]:
    """Fifty rooms whose codes are good, the same ones each time."""
    chance = random.Random(2026)
    journeys = [Journey.objects.create(title=f"{n}", workspace=flowers) for n in range(ROOMS)]
    return Workshop.objects.bulk_create(
        Workshop(
            journey=journey,
            led_by="system:x",
            led_by_name="Anna",
            state="open",
            entry_open=True,
            code=guess(chance),
        )
        for journey in journeys
    )


def guess(chance: random.Random) -> str:
    return "".join(chance.choices(codes.ALPHABET, k=codes.LENGTH))


def type_code(code: str, address: str) -> int:
    return Client(REMOTE_ADDR=address).post(reverse("type_code"), {"code": code}).status_code


def test_guessing_codes_finds_no_room(doors):
    """A hundred thousand guesses are looked up as the view would, and no more: only the first of
    them are really posted, from one address, until the limit has long been reached."""
    chance, live = random.Random(1), {one.code for one in doors}
    guesses = [guess(chance) for _time in range(GUESSES)]
    assert not live & {codes.fold(one) for one in guesses}
    statuses = [type_code(one, "203.0.113.7") for one in guesses[:POSTED]]
    assert statuses == [422] * entry.SLOWED + [429] * (POSTED - entry.SLOWED)
    assert type_code(guesses[0], "203.0.113.8") == 422  # another address is another visitor


def test_a_room_behind_one_address_gets_in_beside_its_slips(doors):
    """And beside somebody who guesses from there."""
    chance = random.Random(2)
    for _time in range(2 * entry.SLOWED):
        type_code(guess(chance), "203.0.113.7")
    code = doors[0].code
    assert [type_code(code, "203.0.113.7") for _person in range(60)] == [302] * 60
    path = reverse("enter", args=[doors[0].token])
    for number in range(60):
        phone = Client(REMOTE_ADDR="203.0.113.7")
        assert phone.post(path, {"name": f"Guest {number}"}).status_code == 302
    assert Guest.objects.filter(workshop=doors[0]).count() == 60


def test_who_guesses_on_and_on_is_not_even_told_of_a_right_one(doors):
    type_code("AAAA-AAAA", "203.0.113.7")
    Throttle.objects.filter(key__startswith="code:", count=1).update(count=entry.REFUSED)
    assert type_code(doors[0].code, "203.0.113.7") == 429


def test_a_full_room_takes_nobody_more(writing_room, client, monkeypatch):
    monkeypatch.setattr(limits, "GUESTS", 2)
    path = reverse("enter", args=[writing_room.room.workshop.token])
    assert client.post(path, {"name": "Olga"}).status_code == 422
    assert Guest.objects.count() == 2


def test_whoever_shows_somebody_out_may_close_the_entry_with_it(anna, writing_room, client):
    found = writing_room
    path = reverse("remove_guest", args=[found.room.pk, found.igor.pk])
    browser = signed_in(anna)
    assert browser.post(path, {"close_entry": ""}).status_code == 200
    assert found.room.workshop.entry_open
    found.room.join("Igor")
    page = browser.get(reverse("lead", args=[found.room.pk])).text
    assert page.count("panel-namesake") == 1  # the one who came back, nobody else
    path = reverse("remove_guest", args=[found.room.pk, found.marina.pk])
    assert browser.post(path, {"close_entry": "1"}).status_code == 200
    assert (found.room.workshop.entry_open, found.room.workshop.code) == (False, "")
    enter = reverse("enter", args=[found.room.workshop.token])
    assert client.post(enter, {"name": "Marina"}).status_code == 422


def test_numbers_instead_of_names_are_nobodys_namesakes(anna, writing_room):
    found = writing_room
    for guest in (found.marina, found.igor):
        guests.forget_name(found.room.workshop, guest.pk, by=found.room.by)
    guests.remove(found.room.workshop, found.igor.pk, by=found.room.by)
    found.room.join("Someone 2")
    assert "panel-namesake" not in signed_in(anna).get(reverse("lead", args=[found.room.pk])).text
