"""What people do in a workshop: guests at their phones, and whoever leads.

Each word that a guest writes is theirs alone, so that the checker can tell of each in whose hands
it was seen, and when.
"""

import asyncio
from collections.abc import Callable
from random import Random
from uuid import UUID, uuid4

from .people import ODD
from .room import Screen

WORDS = "lily"  # each word of a guest begins so


class Guest:
    """Somebody at a phone. They do what the phone offers, and what it offered a moment ago."""

    def __init__(self, screen: Screen, chance: Random, number: int):
        self.screen, self.chance = screen, chance
        self.mark = f"{WORDS}{number}x"
        self.written = 0
        self.old: dict[str, dict] = {}  # kind of step → what was posted in one

    async def work(self, goes_on: Callable[[], bool], pause: float) -> None:
        while goes_on() and self.screen.stopped is None:
            await asyncio.sleep(self.chance.uniform(0.2, 1.8) * pause)
            if len(self.screen.waiting) < 5 and hasattr(self.screen, "page"):
                self.act()

    def act(self) -> None:
        kind = self.screen.page.said.get("data-kind")
        acts = {"write": WRITING, "vote": VOTING, "rate": RATING}.get(str(kind), {})
        acts = {**acts, Guest.be_late: 4, Guest.be_done: 1, Guest.rename: 0.2}
        self.chance.choices(list(acts), list(acts.values()))[0](self)

    def text(self, before: str = "") -> str:
        self.written += 1
        odd = [ODD] if self.chance.random() < 0.05 else []
        return " ".join([*before.split()[-2:], f"{self.mark}{self.written:x}", *odd])

    @property
    def step(self) -> str:
        return self.screen.page.said["data-step"]

    def add(self) -> None:
        stages = self.screen.page.all("data-panel")
        if "data-takes" in self.screen.page.said and stages:
            self._add({"step": self.step, "stage": self.chance.choice(stages)["data-panel"]})

    def _add(self, place: dict) -> None:
        self.old["write"] = place
        fields = {"id": str(uuid4()), **place, "text": self.text()}
        about = {"card": fields["id"], "text": fields["text"], "base": ""}
        self.screen.send("cards/", fields, verb="add_guest_card", **about)

    def edit(self) -> None:
        if card := self._own():
            text = self.text(card["data-text"])
            fields = {"text": text, "base": card["data-text"]}
            about = {"card": card["data-card"], "text": text, "base": card["data-text"]}
            self.screen.send(f"cards/{card['data-card']}/", fields, verb="edit_guest_card", **about)

    def delete(self) -> None:
        if card := self._own():
            about = {"card": card["data-card"]}
            path = f"cards/{card['data-card']}/delete/"
            self.screen.send(path, {}, verb="delete_guest_card", **about)

    def _own(self) -> dict | None:
        own = self.screen.page.all("data-text")
        return self.chance.choice(own) if own else None

    def vote(self) -> None:
        """One more, one less, or far too many."""
        if options := self.screen.page.all("data-count"):
            option = self.chance.choice(options)
            count = max(0, int(option["data-count"]) + self.chance.choice([1, 1, 1, 2, -1, 9]))
            self._vote({"step": self.step, "card": option["data-card"], "count": count})

    def _vote(self, fields: dict) -> None:
        self.old["vote"] = fields
        self.screen.send("votes/", fields, verb="vote")

    def rate(self) -> None:
        if subjects := self.screen.page.all("data-subject"):
            value = self.chance.choice(["", *range(-5, 6), 9])
            subject = self.chance.choice(subjects)["data-subject"]
            self._rate({"step": self.step, "subject": subject, "aspect": "emotion", "value": value})

    def _rate(self, fields: dict) -> None:
        self.old["rate"] = fields
        self.screen.send("ratings/", fields, verb="rate")

    def be_late(self) -> None:
        """As a phone that has not heard yet that the room went on."""
        if self.old:
            kind = self.chance.choice(sorted(self.old))
            again = {"write": self._add, "vote": self._vote, "rate": self._rate}[kind]
            again(dict(self.old[kind]))

    def be_done(self) -> None:
        done = self.chance.choice("01")
        self.screen.send("done/", {"done": done}, verb="say_done")

    def rename(self) -> None:
        self.screen.send("name/", {"name": f"guest {self.written}"}, verb="rename_guest")


WRITING = {Guest.add: 10, Guest.edit: 4, Guest.delete: 2}
VOTING = {Guest.vote: 12}
RATING = {Guest.rate: 12}


class Facilitator:
    """Who leads: from step to step, with a pause, a lock, a look back between. `kinds` are the
    steps to be gone through; without any they are chosen."""

    def __init__(self, panel: Screen, chance: Random, steps: list[dict], kinds: tuple[str, ...]):
        self.panel, self.chance = panel, chance
        first = {step["kind"]: step["id"] for step in reversed(steps)}
        *middle, last = [step["id"] for step in steps if step["kind"] in ("write", "rate", "vote")]
        chosen = sorted(chance.sample(middle, 3), key=middle.index)
        self.plan = [first[kind] for kind in kinds] or [*chosen, last]
        self.been_through = False

    async def work(self, goes_on: Callable[[], bool], seconds: float) -> None:
        """Through the plan at least once."""
        while goes_on():
            for number, step in enumerate(self.plan):
                if number and self.chance.random() < 0.2:
                    await self.go(self.plan[number - 1])  # back for a moment
                await self.go(step)
                await self._lead(goes_on, seconds / (len(self.plan) + 2))
                if self.chance.random() < 0.7 or step == self.plan[-1]:
                    await self.press("reveal/", "reveal")
                    await self.light()
            self.been_through = True

    async def _lead(self, goes_on: Callable[[], bool], seconds: float) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        acts = [self.stop, self.lock, self.light, self.more, self.doors]
        self.chance.shuffle(acts)
        for act in acts[:4]:
            await asyncio.sleep(self.chance.uniform(0.05, 0.2))
            await act()
        while loop.time() < until and goes_on():
            await asyncio.sleep(self.chance.uniform(0.05, 0.35))
            await self.chance.choice(acts)()

    async def go(self, step: str) -> None:
        await self.press(f"steps/{UUID(step)}/go/", "go_to_step", target=step)

    async def stop(self) -> None:
        await self.press("pause/", "pause")
        await asyncio.sleep(0.4)
        await self.press("go-on/", "go_on")

    async def lock(self) -> None:
        await self.press("lock/", "lock", {"locked": 1})
        await asyncio.sleep(0.4)
        await self.press("lock/", "lock", {"locked": 0})

    async def light(self, last: bool = False) -> None:
        """On a stage, or on all; the `last` one is another than now."""
        lit = [said["value"] for said in self.panel.page.all("value")]
        stages = [one for one in lit if one.startswith("stage:")]
        target = self.chance.choice(stages if stages and last else ["", *stages])
        await self.press("spotlight/", "spotlight", {"target": target, "phones": 1})

    async def more(self) -> None:
        await self.press("extend/", "extend", {"minutes": 1})

    async def doors(self) -> None:
        await self.press("close/", "close_entry")
        await self.press("open/", "open_entry")

    async def remove(self, guest: str) -> bool:
        return await self.press(f"guests/{UUID(guest)}/remove/", "remove_guest") == 200

    async def finish(self) -> None:
        """The last thing in the room, which every screen hears of."""
        await self.press("open/", "open_entry")
        if (chance := self.chance.random()) < 0.3:
            await self.press("end/", "end_workshop")
        elif chance < 0.6:
            await self.go(self.plan[0])
        else:
            await self.light(last=True)

    async def press(
        self, path: str, verb: str, fields: dict | None = None, target: str = ""
    ) -> int:
        """Where the line broke, or the server asks for patience, they press again."""
        for _again in range(20):
            status = await self.panel.press(path, fields or {}, verb, target)
            if status not in (0, 502, 503):
                return status
            await asyncio.sleep(0.3)
        return 0
