"""A real server, real sockets: what a screen receives, and when its stream ends."""

import asyncio
import time

import pytest

from live import hub, stream
from live.hub import BOARD

from .parts import run, soon, watching

pytestmark = pytest.mark.django_db(transaction=True)


def test_ana_sees_what_boris_does(server, journey):
    async def story():
        async with watching(server.port, journey.id) as ana:
            journey.edit("<p>one</p>")
            journey.edit("<p>two\nlines</p>")
            await ana.until(lambda it: it.last == 2)
            assert ana.frames == [(1, "<p>one</p>"), (2, "<p>two\nlines</p>")]

    run(story())


def test_hello_comes_at_once_and_says_where_we_are(server, journey):
    journey.edit("one")

    async def story():
        async with watching(server.port, journey.id, "since=1&epoch=first") as ana:
            hello = ana.events[0]
            assert hello.event == "hello"
            assert hello.id is None
            assert 500 <= hello.retry <= 2500
            assert hello.json["build"] == "b1"
            assert (hello.json["epoch"], hello.json["seq"]) == ("first", 1)
            assert ana.headers["content-type"].startswith("text/event-stream")
            assert ana.headers["cache-control"] == "no-store, no-transform"
            assert ana.headers["x-accel-buffering"] == "no"

    run(story())


def test_a_screen_that_was_away_gets_what_it_missed_then_what_is_new(server, journey):
    """While eight others come and go and edits rain, each number comes once and in order."""
    for number in range(1, 6):
        journey.edit(f"n{number}")

    async def resume(since):
        async with watching(server.port, journey.id, f"since={since}&epoch=first") as screen:
            await screen.until(lambda it: it.last == 205)
            assert screen.frames == [(n, f"n{n}") for n in range(since + 1, 206)]

    async def edits():
        for number in range(6, 206):
            journey.edit(f"n{number}")
            if number % 7 == 0:
                await asyncio.sleep(0.01)

    async def story():
        await asyncio.gather(edits(), *(resume(since) for since in (0, 1, 2, 3, 4, 5, 5, 5)))

    run(story())


def test_the_later_of_since_and_last_event_id_counts(server, journey):
    for number in range(1, 6):
        journey.edit(f"n{number}")

    async def story():
        async with watching(server.port, journey.id, last_event_id="4") as ana:
            journey.edit("n6")
            await ana.until(lambda it: it.last == 6)
            assert ana.frames == [(5, "n5"), (6, "n6")]

    run(story())


@pytest.mark.parametrize(
    "query",
    ["since=1&epoch=first", "since=4&epoch=other", "since=99&epoch=first", "epoch=first", ""],
    ids=["too old", "other epoch", "from the future", "no number", "nothing"],
)
def test_who_cannot_resume_fetches_the_board(server, journey, query):
    for number in range(1, 6):
        journey.edit(f"n{number}")
    journey.oldest = 3

    async def story():
        async with watching(server.port, journey.id, query) as ana:
            journey.edit("n6")
            await ana.until(lambda it: it.last == 6)
            assert ana.frames == [(5, BOARD), (6, "n6")]

    run(story())


def test_a_number_without_frames_sends_the_board(server, journey):
    async def story():
        async with watching(server.port, journey.id) as ana:
            journey.edit("one")
            await ana.until(lambda it: it.last == 1)
            journey.edit(hint=False)
            journey.edit("three")
            await ana.until(lambda it: it.last == 3)
            assert ana.frames == [(1, "one"), (3, BOARD)]

    run(story())


def test_a_lost_hint_is_healed_by_the_poll(server, journey):
    async def story():
        async with watching(server.port, journey.id) as ana:
            journey.edit("unheard", hint=False)
            await ana.until(lambda it: it.last == 1, seconds=2)

    run(story())


def test_a_private_change_passes_others_as_an_empty_frame(server, journey):
    async def story():
        async with (
            watching(server.port, journey.id) as ana,
            watching(server.port, journey.id, name="Boris") as boris,
        ):
            journey.edit(("member:Ana", "canary"))
            journey.edit(("team", "shown"), ("member:Ana", "+mine"))
            for screen in (ana, boris):
                await screen.until(lambda it: it.last == 2)
            assert ana.frames == [(1, "canary"), (2, "shown+mine")]
            assert boris.frames == [(1, ""), (2, "shown")]
        async with watching(server.port, journey.id, name="Boris") as late:
            await late.until(lambda it: it.last == 2)
            assert late.frames == boris.frames

    run(story())


def test_frames_are_read_once_for_all_screens(server, journey):
    async def story():
        async with asyncio.TaskGroup() as group:
            ready = asyncio.Barrier(21)

            async def one():
                async with watching(server.port, journey.id) as screen:
                    await ready.wait()
                    await screen.until(lambda it: it.last == 1)

            for _ in range(20):
                group.create_task(one())
            await ready.wait()
            journey.edit("one")

    run(story())
    assert len(journey.asked) <= 2


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_a_refusal_is_plain_and_never_a_redirect(server, journey, status):
    journey.people["Ana"] = status

    async def story():
        async with watching(server.port, journey.id) as ana:
            assert ana.status == status
            assert ana.headers["cache-control"] == "no-store, no-transform"
            assert "location" not in ana.headers
            assert ("retry-after" in ana.headers) == (status == 503)

    run(story())


def test_a_full_process_says_come_back(server, journey, monkeypatch):
    monkeypatch.setattr(stream, "MOST_STREAMS", 1)

    async def story():
        async with (
            watching(server.port, journey.id),
            watching(server.port, journey.id, name="Boris") as boris,
        ):
            assert (boris.status, "retry-after" in boris.headers) == (503, True)

    run(story())


def test_who_loses_the_right_loses_the_stream(server, journey):
    async def story():
        async with (
            watching(server.port, journey.id) as ana,
            watching(server.port, journey.id, name="Boris") as boris,
        ):
            journey.people["Boris"] = 403
            hub.hint(journey.id, "rights")
            await boris.until(lambda it: it.ended, seconds=2)
            assert boris.events[-1].event == "bye"
            assert boris.events[-1].json == {"status": 403}
            journey.edit("secret")
            await ana.until(lambda it: it.last == 1)

    run(story())


def test_rights_are_asked_again_after_a_time_in_which_nothing_was_heard(server, journey):
    """Nobody polls for rights: whoever listens again can't know what was told meanwhile."""

    async def story():
        async with watching(server.port, journey.id, name="Boris") as boris:
            journey.people["Boris"] = 403
            its = server.stream.hub
            asyncio.run_coroutine_threadsafe(its.catch_up(), its.loop)
            await boris.until(lambda it: it.ended, seconds=2)
            assert boris.events[-1].event == "bye"

    run(story())


def test_heartbeats_carry_number_and_digest(server, journey, monkeypatch):
    monkeypatch.setattr(hub, "BEAT", 0.1)

    async def story():
        async with watching(server.port, journey.id) as ana:
            journey.edit("one")
            await ana.until(lambda it: it.named("hb") and it.named("hb")[-1].json["seq"] == 1)
            assert ana.named("hb")[-1].json == {"seq": 1, "digest": "team-1"}

    run(story())


def test_an_old_stream_ends_and_comes_back(server, journey, monkeypatch):
    monkeypatch.setattr(hub, "AGE", 0.2)

    async def story():
        async with watching(server.port, journey.id) as ana:
            await ana.until(lambda it: it.ended)
            assert ana.events[-1].event == "again"

    run(story())


def test_a_closed_tab_is_freed_at_once(server, journey):
    async def story():
        async with watching(server.port, journey.id):
            assert server.viewers == 1
        await soon(lambda: server.viewers == 0 and server.stream.open == 0, seconds=0.5)
        assert server.stream.hub.channels == {}

    run(story())


def test_a_reader_that_does_not_read_is_dropped_and_others_go_on(server, journey):
    async def story():
        async with (
            watching(server.port, journey.id) as ana,
            watching(server.port, journey.id, name="Boris") as boris,
        ):
            boris.writer.transport.pause_reading()  # and asyncio's own reader stops at 64 KB
            for number in range(1, 301):
                journey.edit("x" * 50_000)
                await ana.until(lambda it, number=number: it.last == number)
            await soon(lambda: server.viewers == 1)
            await soon(lambda: server.stream.open == 1)

    run(story())


def test_stop_ends_a_hundred_streams_within_a_second(server, journey):
    async def story():
        ready = asyncio.Barrier(101)
        ended = []

        async def one():
            async with watching(server.port, journey.id) as screen:
                await ready.wait()
                await screen.until(lambda it: it.ended)
                ended.append(screen.events[-1])

        async with asyncio.TaskGroup() as group:
            for _ in range(100):
                group.create_task(one())
            await ready.wait()
            began = time.monotonic()
            hub.stop()
        assert time.monotonic() - began < 1
        assert {event.event for event in ended} == {"again"}
        assert len({event.retry for event in ended}) > 50
        async with watching(server.port, journey.id) as late:
            assert late.status == 503

    run(story())
