"""Who is there: one row a screen, kept alive by the process that holds its stream.

All clocks are the database's. Who is there is told as one event to all screens of a channel,
at most twice a second.
"""

import json
from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import batched
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Case, Q, Value, When
from django.db.models.functions import Now

from ui.ids import uuid7

from . import sse
from .announce import PRESENCE, announce
from .hub import NOT_TOLD, Hub, Viewer
from .models import Screen

ALIVE = timedelta(seconds=25)
LEASE = timedelta(seconds=15)  # of "… is writing here"
NAMED = 12
TICK, RENEW, REFRESH = 0.5, 10.0, 5.0


def touch(screen_id: UUID, channel: UUID, actor_key: str, target: str, away: bool) -> bool:
    """Says where a person writes (`target`, "" for nowhere; holds for 15 s) and whether they
    look. False where that screen is not theirs or not there yet."""
    with transaction.atomic():
        screen = Screen.objects.filter(pk=screen_id, channel=channel, actor=actor_key)
        before = screen.values_list("target", "away").first()
        if before is None:
            return False
        screen.update(target=target, away=away, target_until=Now() + LEASE)
        if before != (target, away):
            announce(channel, PRESENCE)
        return True


def people(channels: Collection[UUID]) -> dict[UUID, list[dict]]:
    """The people on each channel, in the order they came, one entry a person."""
    found: dict[UUID, dict[str, dict]] = {channel: {} for channel in channels}
    screens = (
        Screen.objects.filter(channel__in=channels, seen_at__gt=Now() - ALIVE)
        .annotate(
            writing=Case(
                When(target_until__gt=Now(), then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
        )
        .exclude(Q(*(("actor__startswith", f"{kind}:") for kind in NOT_TOLD), _connector=Q.OR))
        .order_by("pk")
        .values_list("channel", "actor", "name", "away", "target", "writing")
    )
    for channel, key, name, away, target, writing in screens:
        person = found[channel].setdefault(
            key, {"key": key, "name": name, "away": True, "target": ""}
        )
        person["away"] &= away
        if writing and target:
            person["target"] = target
    return {channel: list(by_key.values()) for channel, by_key in found.items()}


def forget(process: UUID) -> None:
    """The process ends and all its screens with it."""
    Screen.objects.filter(process=process).delete()


class Keeper:
    """Keeps the rows of this process's screens and tells who is there."""

    def __init__(self, hub: Hub):
        self.hub = hub
        self.process = uuid7()
        self.came: dict[UUID, Viewer] = {}
        self.left: dict[UUID, UUID] = {}  # screen → channel
        self.renew_at = self.refresh_at = 0.0
        hub.at_stop = lambda: forget(self.process)

    def arrive(self, viewer: Viewer) -> None:
        self.came[viewer.screen] = viewer

    def leave(self, viewer: Viewer) -> None:
        # Also of one that was not written yet: a renewal may have written it meanwhile.
        self.came.pop(viewer.screen, None)
        self.left[viewer.screen] = viewer.channel.id

    async def tick(self) -> None:
        """Every half second: writes who came and left, keeps rows alive, tells the news."""
        now = self.hub.loop.time() if self.hub.loop else 0.0
        if self.came or self.left:
            came, left = dict(self.came), dict(self.left)
            await self.hub.ask(self._write, came, left)
            # Only now: what could not be written is tried again.
            for screen in came:
                self.came.pop(screen, None)
            for screen in left:
                del self.left[screen]
        if now >= self.renew_at:
            self.renew_at = now + RENEW
            if self.hub.channels and await self.hub.ask(self._renew) < self._screens:
                # This process slept so long that others took it for dead.
                channels = self.hub.channels.values()
                viewers = [viewer for channel in channels for viewer in channel.viewers]
                await self.hub.ask(self._insert, viewers)
        await self._tell(everyone=now >= self.refresh_at)
        if now >= self.refresh_at:
            self.refresh_at = now + REFRESH

    async def _tell(self, everyone: bool) -> None:
        """Sends who is there where it changed; `everyone` also finds what merely expired."""
        asked = [c for c in self.hub.channels.values() if everyone or c.people_stale]
        if not asked:
            return
        for channel in asked:
            channel.people_stale = False
        found = await self.hub.ask(people, [channel.id for channel in asked])
        for channel in asked:
            there = found[channel.id]
            event = {"count": len(there), "people": there[:NAMED]}
            body = sse.encode(json.dumps(event, ensure_ascii=False), event="presence")
            if body != channel.people:
                channel.people = body
                for viewer in channel.viewers:
                    if viewer.opened.sees_people:
                        viewer.put(0, body)

    def _row(self, viewer: Viewer) -> Screen:
        return Screen(
            id=viewer.screen,
            channel=viewer.channel.id,
            process=self.process,
            actor=viewer.opened.actor_key,
            name=viewer.opened.actor_name,
            seen_at=Now(),
        )

    def _insert(self, viewers: Collection[Viewer]) -> None:
        for some in batched(viewers, 100):  # so that a storm of joining screens costs little memory
            rows = [self._row(viewer) for viewer in some]
            Screen.objects.bulk_create(rows, ignore_conflicts=True)

    def _write(self, came: dict[UUID, Viewer], left: dict[UUID, UUID]) -> None:
        with transaction.atomic():
            self._insert(came.values())
            Screen.objects.filter(pk__in=left).delete()
            _announce({viewer.channel.id for viewer in came.values()} | set(left.values()))

    @property
    def _screens(self) -> int:
        return sum(len(channel.viewers) for channel in self.hub.channels.values())

    def _renew(self) -> int:
        """Keeps all rows of this process alive; returns how many there are."""
        Screen.objects.filter(seen_at__lt=Now() - 2 * ALIVE).exclude(process=self.process).delete()
        return Screen.objects.filter(process=self.process).update(seen_at=Now())


def _announce(channels: Iterable[UUID]) -> None:
    for channel in sorted(channels):  # always in one order: no deadlock
        announce(channel, PRESENCE)
