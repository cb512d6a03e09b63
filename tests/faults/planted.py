"""Bugs that were made, or nearly, by somebody: each must turn the checker red.

Each is planted into the running server as a patch and taken out again. `caught` is the invariant
that must be broken, `acts` all that people do, where that shows it sooner, and `room` the kinds of
steps of a workshop in which it shows.
"""

import itertools
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock

type Patch = Callable[[object, str, object], None]


@dataclass
class Bug:
    plant: Callable[[Patch], None]
    caught: str
    acts: dict[str, int] = field(default_factory=dict)
    cuts: bool = True  # whether it is met where streams break; else it shows only where they hold
    room: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it may take until it shows: two must meet in one card, a right must be over."""
        return 5 if not self.cuts else 3 if self.caught == "I6" else 2 if self.room else 1.6


BUGS: dict[str, Bug] = {}
# Not bugs but bad luck, which the server must bear; planted in the same way.
BAD_LUCK: dict[str, Bug] = {}


def bug(caught: str, *, cuts: bool = True, room: tuple[str, ...] = (), **acts: int):
    def register(plant: Callable[[Patch], None]):
        BUGS[plant.__name__] = Bug(plant, caught, acts, cuts, room)
        return plant

    return register


class Bugs:
    """Those that are in this process now, as a file names them."""

    def __init__(self, file: Path):
        self.file = file
        self.patches = ExitStack()

    def read(self) -> None:
        self.patches.close()
        for name in self.file.read_text().split() if self.file.exists() else ():
            (BUGS | BAD_LUCK)[name].plant(self._patch)
        self.file.with_name(f"planted-{os.getpid()}").touch()

    def _patch(self, of: object, name: str, new: object) -> None:
        self.patches.enter_context(mock.patch.object(of, name, new))


def every(number: int) -> Callable[[], bool]:
    """True each so many calls."""
    counted = itertools.count(1)
    return lambda: next(counted) % number == 0


def hints_are_lost(patch: Patch) -> None:
    """Neither this process nor another is told that something is new."""
    from changes import record

    patch(record, "announce", lambda channel: None)


BAD_LUCK["hints_are_lost"] = Bug(hints_are_lost, caught="")


# --- the stream ---


@bug("I7")
def one_frame_in_nine_is_dropped(patch: Patch) -> None:
    from live.hub import Viewer

    put = Viewer.put
    patch(Viewer, "put", lambda viewer, seq, body: seq % 9 != 4 and put(viewer, seq, body))


@bug("I7")
def a_frame_comes_after_the_next(patch: Patch) -> None:
    from live.hub import Viewer

    put, held = Viewer.put, {}

    def swapped(viewer, seq, body):
        if seq % 5 == 0 and seq:
            held[viewer] = (seq, body)
        else:
            put(viewer, seq, body)
            if seq and viewer in held:
                put(viewer, *held.pop(viewer))

    patch(Viewer, "put", swapped)


@bug("I7")
def who_returns_misses_one(patch: Patch) -> None:
    _resume(patch, +1)


@bug("I7")
def who_returns_hears_one_again(patch: Patch) -> None:
    _resume(patch, -1)


def _resume(patch: Patch, off: int) -> None:
    from live import stream

    asked = stream._asked

    def off_by_one(scope):
        since, epoch = asked(scope)
        return (since + off if since else since), epoch

    patch(stream, "_asked", off_by_one)


@bug("I7")
def lines_are_not_split(patch: Patch) -> None:
    from live import sse

    patch(sse, "_BREAK", re.compile("(?!)"))


@bug("I8", cuts=False)
def news_is_not_heard(patch: Patch) -> None:
    """Neither a hint nor the poll."""
    from live.hub import Hub

    heard = Hub.heard
    patch(Hub, "heard", lambda hub, on, kind: kind == "frame" or heard(hub, on, kind))


@bug("I8", cuts=False)
def a_hint_comes_before_the_commit_and_no_poll(patch: Patch) -> None:
    from changes import record
    from live import hub

    heard = hub.Hub.heard

    def hear(one, channel, kind):
        if kind != "frame":
            heard(one, channel, "frame" if kind == "early" else kind)

    def announce(channel):
        hub.hint(channel, "early")
        time.sleep(0.05)

    patch(hub.Hub, "heard", hear)
    patch(record, "announce", announce)


@bug("I8")
def the_digest_is_of_something_else(patch: Patch) -> None:
    from journeys.reads import digest

    patch(digest, "crc32", lambda data: len(data))


# --- the door ---


@bug("I4")
def numbers_come_from_a_clock(patch: Patch) -> None:
    from django.db.models import Value

    from changes import record

    class Clock:
        def __init__(self, name):
            pass

        def __add__(self, one):
            return Value(time.time_ns() // 1000)

    patch(record, "F", Clock)


@bug("I4", undo=1, write=2)
def numbers_come_from_a_sequence(patch: Patch) -> None:
    """Which doesn't take back what a refused edit used up."""
    from django.db.models import F

    from changes.models import Document
    from changes.record import Refused, Unchanged
    from journeys.edits import door

    take = door.turn

    @contextmanager
    def turn(document_id, **options):
        try:
            with take(document_id, **options) as mine:
                yield mine
        except (Refused, Unchanged):
            Document.objects.filter(pk=document_id).update(seq=F("seq") + 1)
            raise

    patch(door, "turn", turn)


@bug("I1")
def keys_are_forgotten(patch: Patch) -> None:
    from journeys.views import posting
    from ui.ids import uuid7

    intent = posting.intent_of
    patch(posting, "intent_of", lambda request: replace(intent(request), key=uuid7()))


def _forget_keys(patch: Patch, views) -> None:
    """A post that comes again is another one to these views."""
    from ui.ids import uuid7

    intent, seen = views.intent_of, set()

    def forgetful(request):
        said = intent(request)
        known = said.key in seen
        seen.add(said.key)
        return replace(said, key=uuid7()) if known else said

    patch(views, "intent_of", forgetful)


@bug("I2", undo=1, write=1)
def a_post_that_comes_twice_counts_twice(patch: Patch) -> None:
    from journeys.views import posting

    _forget_keys(patch, posting)


@bug("I1")
def an_accepted_edit_is_rolled_back(patch: Patch) -> None:
    from django.db import transaction

    from journeys.edits import door

    take, due = door.turn, every(7)

    @contextmanager
    def turn(*arguments, **options):
        with transaction.atomic():
            with take(*arguments, **options) as mine:
                yield mine
            transaction.set_rollback(due())

    patch(door, "turn", turn)


@bug("I3")
def a_refused_edit_is_kept(patch: Patch) -> None:
    from changes.record import Refused
    from journeys import fragments

    answer, due = fragments.answer, every(6)

    def refuse(turn):
        if due():
            raise Refused("No")
        return answer(turn)

    patch(fragments, "answer", refuse)


@bug("I5")
def history_forgets_colours(patch: Patch) -> None:
    from changes.record import Turn

    note = Turn.note

    def forgetful(turn, ref, before, after):
        if after:
            after = {name: value for name, value in after.items() if name != "color"}
        note(turn, ref, before, after)

    patch(Turn, "note", forgetful)


# --- words ---


@bug("I6", write=1)
def the_last_writer_wins(patch: Patch) -> None:
    from journeys.edits import cards

    patch(cards, "merge", lambda base, mine, theirs: mine)


@bug("I6", write=1)
def who_loses_is_not_kept(patch: Patch) -> None:
    from journeys.edits import cards

    def merged(mine, card, base, text):
        joined = cards.merge(base, text, card.text)
        if joined is None:
            mine.turn.note(f"card:{card.pk.hex}", {}, {})
        return card.text if joined is None else joined

    patch(cards, "_merged", merged)


@bug("I6", undo=1, write=2)
def undo_takes_the_words_of_others(patch: Patch) -> None:
    from journeys.edits import undo

    patch(undo, "merge", lambda base, mine, theirs: mine)


# --- drawing ---


@bug("I8")
def moves_are_not_drawn(patch: Patch) -> None:
    from changes import record

    write = record._write

    def forget(mine):
        if mine.verb == "move_card":
            mine.frames = dict.fromkeys(mine.frames, "")
        write(mine)

    patch(record, "_write", forget)


@bug("I8")
def a_frame_shows_the_edit_before(patch: Patch) -> None:
    from journeys import fragments

    draw, last = fragments.draw, {}

    def late(mine, journey):
        drawn = draw(mine, journey)
        before, last[journey.pk] = last.get(journey.pk, {"team": ""}), drawn
        return before

    patch(fragments, "draw", late)


@bug("I8", write=1)
def a_face_is_kept_for_ever(patch: Patch) -> None:
    from journeys.drawing import Faces

    of, first = Faces.of, {}

    def stale(faces, *arguments):
        drawn = of(faces, *arguments)
        return {pk: first.setdefault(pk, html) for pk, html in drawn.items()}

    patch(Faces, "of", stale)


@bug("I9")
def nothing_is_escaped(patch: Patch) -> None:
    from ui.templatetags import ui

    patch(ui, "escape", lambda text: text)


@bug("I10", move=1, add=1)
def all_cards_stand_in_one_place(patch: Patch) -> None:
    from journeys.edits.door import Editing

    patch(Editing, "positions_after", lambda mine, siblings, after, count=1: [1024] * count)


# --- who may see ---


@bug("I9")
def private_cards_are_shown(patch: Patch) -> None:
    from teams.actors import Actor
    from teams.models import User

    def everybody(actor):
        return ("team", *(f"member:{pk}" for pk in User.objects.values_list("pk", flat=True)))

    patch(Actor, "audiences", property(everybody))


@bug("I9")
def strangers_may_read(patch: Patch) -> None:
    from teams.actors import Actor, Grant

    patch(Actor, "grant", lambda actor, workspace: Grant(frozenset({"read", "edit", "manage"})))


@bug("I9", cuts=False)
def who_was_removed_reads_on(patch: Patch) -> None:
    from live.hub import Hub

    heard = Hub.heard
    patch(Hub, "heard", lambda hub, on, kind: kind == "rights" or heard(hub, on, kind))


# --- what is held ---


@bug("I12")
def streams_hold_connections(patch: Patch) -> None:
    from live.hub import Hub

    async def ask_and_hold(hub, question, *arguments):
        import asyncio

        loop = asyncio.get_running_loop()
        answer = loop.create_future()

        def hold():
            loop.call_soon_threadsafe(answer.set_result, question(*arguments))
            time.sleep(60)

        threading.Thread(target=hold, daemon=True).start()
        return await answer

    patch(Hub, "ask_at_door", ask_and_hold)


@bug("I12")
def files_stay_open(patch: Patch) -> None:
    from live.stream import Stream

    hello, files = Stream._hello, []

    def leak(stream, viewer):
        files.append(Path(os.devnull).open())  # noqa: SIM115 that is the bug
        return hello(stream, viewer)

    patch(Stream, "_hello", leak)


@bug("I12")
def temporary_files_are_left(patch: Patch) -> None:
    from journeys import fragments

    answer = fragments.answer

    def litter(turn):
        os.close(tempfile.mkstemp()[0])
        return answer(turn)

    patch(fragments, "answer", litter)


@bug("I12")
def screens_that_left_are_counted(patch: Patch) -> None:
    from live.presence import Keeper

    patch(Keeper, "leave", lambda keeper, viewer: keeper.came.pop(viewer.screen, None))


# --- in a workshop ---


@bug("I9", room=("write",))
def hidden_cards_reach_the_team(patch: Patch) -> None:
    from teams.actors import TEAM
    from workshops.edits import writing

    patch(writing, "_audience", lambda step, guest: TEAM)


@bug("I9", room=("write",))
def hidden_cards_stand_in_the_history(patch: Patch) -> None:
    from teams.actors import TEAM
    from workshops.edits import writing

    patch(writing, "_seen_by", lambda mine, audience, step: setattr(mine.turn, "audience", TEAM))


@bug("I9", room=("write",))
def the_room_is_read_as_if_all_were_open(patch: Patch) -> None:
    from journeys.models import ON_BOARD, Card
    from workshops.models import Step
    from workshops.reads import room

    patch(Step, "is_secret", False)
    patch(room, "candidates", lambda step: Card.objects.filter(lane=step.lane_id, **ON_BOARD))


@bug("I9", room=("write",), cuts=False)
def who_was_shown_out_hears_on(patch: Patch) -> None:
    from live.hub import Hub

    ask = Hub._ask_right_again

    async def ask_no_guest(hub, viewer):
        if viewer.opened.kind != "guest":
            await ask(hub, viewer)

    patch(Hub, "_ask_right_again", ask_no_guest)


@bug("I2", room=("write",))
def a_card_that_comes_twice_counts_twice(patch: Patch) -> None:
    from ui.ids import uuid7
    from workshops.views import room

    _forget_keys(patch, room)
    asked = room.id_of
    patch(room, "id_of", lambda data, name: uuid7() if name == "id" else asked(data, name))


@bug("I10", room=("write",))
def a_lock_and_a_pause_lock_nothing(patch: Patch) -> None:
    from workshops.edits import writing

    patch(writing, "_check_open", lambda mine, step, guest: False)


@bug("I10", room=("vote",))
def the_budget_is_not_checked(patch: Patch) -> None:
    from workshops.edits import voting

    opened = voting._open

    def generous(*arguments):
        step, who = opened(*arguments)
        step.votes = 99
        return step, who

    patch(voting, "_open", generous)


@bug("I10", room=("vote",))
def a_vote_is_taken_after_its_end(patch: Patch) -> None:
    from workshops.edits import voting

    def opened(mine, step_id, kind, guest):
        mine.turn.audience = guest.key
        return mine.step(step_id), mine.guest(guest.pk)

    patch(voting, "_open", opened)


@bug("I1", room=("vote",))
def one_vote_in_three_is_not_kept(patch: Patch) -> None:
    from workshops.edits import voting

    keep, due = voting.Vote.objects.update_or_create, every(3)
    patch(voting.Vote.objects, "update_or_create", lambda **vote: due() or keep(**vote))


@bug("I8", room=("write", "rate"), cuts=False)
def phones_are_not_told_of_a_step(patch: Patch) -> None:
    from workshops.edits import meeting

    running = meeting.running
    patch(meeting, "running", lambda *args, **more: running(*args, for_all=False, **more))


@bug("I8", room=("write", "vote"))
def a_scene_is_kept_for_ever(patch: Patch) -> None:
    from workshops.reads import wall
    from workshops.views import screens

    patch(screens, "scene_of", lambda workshop, seq: wall.scene_of(workshop, 0))
