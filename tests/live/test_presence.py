"""Who is there, by the database's clock, as every screen is told."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models.functions import Now

from live import presence
from live.hub import Hub, Opened, Source, Viewer
from live.models import Screen
from ui.ids import uuid7

from .parts import in_thread, run, soon, watching

pytestmark = pytest.mark.django_db(transaction=True)


def sit(channel: UUID, name: str, ago: float = 0, **more) -> Screen:
    return Screen.objects.create(
        channel=channel,
        process=uuid7(),
        actor=f"member:{name}",
        name=name,
        seen_at=Now() - timedelta(seconds=ago),
        **more,
    )


def who(channel: UUID) -> list[tuple[str, bool, str]]:
    found = presence.people([channel])[channel]
    return [(person["name"], person["away"], person["target"]) for person in found]


def test_two_tabs_of_ana_are_one_person_who_looks():
    channel = uuid7()
    sit(channel, "Ana", away=True)
    sit(channel, "Boris", away=True)
    sit(channel, "Ana")
    sit(uuid7(), "Eve")
    assert who(channel) == [("Ana", False, ""), ("Boris", True, "")]


def test_a_screen_nobody_renews_is_gone_after_25_seconds():
    channel = uuid7()
    sit(channel, "Ana", ago=26)
    sit(channel, "Boris", ago=20)
    assert who(channel) == [("Boris", False, "")]


def test_writing_is_a_lease_of_15_seconds():
    channel = uuid7()
    screen = sit(channel, "Ana")
    assert presence.touch(screen.pk, channel, "member:Ana", "card:1", away=False)
    assert who(channel) == [("Ana", False, "card:1")]
    Screen.objects.update(target_until=Now() - timedelta(seconds=1))
    assert who(channel) == [("Ana", False, "")]


def test_nobody_speaks_for_anothers_screen():
    channel = uuid7()
    screen = sit(channel, "Ana")
    assert not presence.touch(screen.pk, channel, "member:Eve", "card:1", away=True)
    assert not presence.touch(screen.pk, uuid7(), "member:Ana", "card:1", away=True)
    assert who(channel) == [("Ana", False, "")]


def test_screens_are_told_who_comes_writes_and_leaves(server, journey):
    def told(screen):
        events = screen.named("presence")
        people = events[-1].json["people"] if events else []
        return [(person["name"], person["target"]) for person in people]

    async def story():
        async with watching(server.port, journey.id) as ana:
            async with watching(server.port, journey.id, name="Борис") as boris:
                await ana.until(lambda it: told(it) == [("Ana", ""), ("Борис", "")])
                screen = UUID(boris.events[0].json["screen"])
                await soon(lambda: screen not in server.stream.keeper.came)
                await in_thread(presence.touch, screen, journey.id, "member:Борис", "card:1", False)
                await ana.until(lambda it: told(it) == [("Ana", ""), ("Борис", "card:1")])
            await ana.until(lambda it: told(it) == [("Ana", "")])
            assert ana.named("presence")[-1].json["count"] == 1

    run(story())


def test_presence_is_told_at_most_twice_a_second(server, journey):
    async def story():
        async with watching(server.port, journey.id) as ana:
            await ana.until(lambda it: it.named("presence"))
            before = len(ana.named("presence"))
            for number in range(20):
                async with watching(server.port, journey.id, name=f"guest {number}"):
                    await asyncio.sleep(0.05)
            journey.edit("the end")
            await ana.until(lambda it: it.last == 1)
            assert len(ana.named("presence")) - before <= 4

    run(story())


def test_rows_others_took_for_dead_come_back(server, journey, monkeypatch):
    monkeypatch.setattr(presence, "RENEW", 0.1)

    async def story():
        async with watching(server.port, journey.id) as ana:
            await ana.until(lambda it: it.named("presence"))
            await in_thread(lambda: Screen.objects.all().delete())
            assert await in_thread(Screen.objects.count) in (0, 1)
            async with asyncio.timeout(3):
                while not await in_thread(lambda: who(journey.id) == [("Ana", False, "")]):
                    await asyncio.sleep(0.05)

    run(story())


def test_a_process_that_stops_leaves_nobody_behind(server, journey):
    async def story():
        async with watching(server.port, journey.id) as ana:
            await ana.until(lambda it: it.named("presence"))
            server.stream.hub.stop()
            await ana.until(lambda it: it.ended)

    run(story())
    server.stream.hub._threads.shutdown()
    assert not Screen.objects.exists()


def test_who_comes_while_rows_are_renewed_and_leaves_at_once_is_gone():
    """Then this process holds more screens than it has rows, as one does that slept too long."""
    channel = uuid7()
    opened = Opened("member:1", "Ana", ("team",), 0, "first")

    class Crowded(Hub):
        async def ask(self, question, *arguments):
            answer = await in_thread(question, *arguments)
            if question.__name__ == "_renew":
                self.late = Viewer({}, opened)
                self.join(channel, self.late)
                self.keeper.arrive(self.late)
            return answer

    async def story():
        hub = Crowded(Source(None, None, None, None, build="b1"))
        hub.loop = asyncio.get_running_loop()
        hub.keeper = keeper = presence.Keeper(hub)
        ana = Viewer({}, opened)
        hub.join(channel, ana)
        keeper.arrive(ana)
        await keeper.tick()
        hub.leave(hub.late)
        keeper.leave(hub.late)
        await keeper.tick()
        assert await in_thread(lambda: [one.pk for one in Screen.objects.all()]) == [ana.screen]

    run(story())
