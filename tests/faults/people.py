"""What people do at a map: a seed chooses who does what, how long they think, where they meet.

A third of all typing goes into one card. Each text that is written carries words of its own, so
that the checker can tell of each word what became of it.
"""

import asyncio
from collections.abc import Callable
from random import Random
from uuid import uuid4

from .browser import Browser

HOT = "hot"  # the text of the card where most meet begins so
ODD = '<x-typed id="board">&amp;\'\n\ndata: x\nid: 9'  # must come out as typed, never as markup
COLORS = ["amber", "green", "teal", "blue", "violet", "pink", ""]


class Person:
    """Somebody who edits, in one browser."""

    def __init__(self, browser: Browser, chance: Random, mark: str, hot: float):
        self.browser, self.chance, self.mark = browser, chance, mark
        self.often = hot  # the share of texts that goes into the hot card
        self.written = 0

    async def work(self, goes_on: Callable[[], bool], pause: float, weights: dict) -> None:
        """Does one thing after another; `pause` is the mean time between two."""
        acts, often = list(weights), list(weights.values())
        await self.undo()  # there is nothing yet: it is refused
        while goes_on() and self.browser.stopped is None:
            await asyncio.sleep(self.chance.uniform(0.2, 1.8) * pause)
            if len(self.browser.waiting) < 5:
                await self.chance.choices(acts, often)[0](self)

    def word(self) -> str:
        self.written += 1
        return f"{self.mark}{self.written:x}"

    # What is on the screen

    def cards(self, content: str = "") -> list[str]:
        cards = self.browser.page.named("card")
        if content:
            said = self.browser.page.said
            cards = [card for card in cards if said(card)["data-content"] == content]
        return cards

    def hot(self) -> list[str]:
        said = self.browser.page.said
        return [card for card in self.cards() if said(card)["data-text"].startswith(HOT)]

    def some(self, names: list[str]) -> dict | None:
        """What is said of one of them."""
        return self.browser.page.said(self.chance.choice(names)) if names else None

    # What is done

    async def write(self) -> None:
        """One sitting at a card: a save or several, each over the one before."""
        hot = self.hot() if self.chance.random() < self.often else []
        card = self.some(hot or self.cards())
        if card is None:
            return
        visit, synced = str(uuid4()), card["data-text"]
        for _save in range(self.chance.choice([1, 1, 2, 3])):
            text = self.changed(synced)
            fields = {"text": text, "base": synced}
            about = {"card": card["data-id"], "text": text, "base": synced}
            self.browser.send(f"cards/{card['data-id']}/", fields, visit, verb="write", **about)
            synced = text
            await asyncio.sleep(self.chance.uniform(0, 0.15))

    def changed(self, text: str) -> str:
        """A word put in, or one replaced; a long text loses some."""
        words = text.split(" ")
        first = 1 if words[0] == HOT else 0
        at = self.chance.randint(first, len(words))
        lost = 1 if self.chance.random() < 0.4 else 0
        if len(words) > 14:
            lost = 6
        odd = [ODD] if self.chance.random() < 0.05 else []
        return " ".join([*words[:at], self.word(), *odd, *words[at + lost :]])

    async def add(self) -> None:
        cell = self.some(self.browser.page.named("cell"))
        if cell is None or len(self.cards()) > 60:
            return
        place = {"stage": cell["data-stage"], "lane": cell["data-lane"]}
        card, text = str(uuid4()), self.word()
        fields = {"id": card, "text": text, **place, "after": self.behind(place)}
        row = self.row_of(place["lane"])
        if row["data-content"] == "emotion":
            fields["emotion"] = 0
        self.browser.send("cards/", fields, verb="add", card=card, text=text, base="")

    def row_of(self, lane: str) -> dict:
        return self.browser.page.said(f"row-{lane.replace('-', '')}")

    def behind(self, place: dict) -> str:
        cell = "-".join(["cell", *(place[name].replace("-", "") for name in ("stage", "lane"))])
        cards = self.browser.page.inside(cell, "card")
        return self.chance.choice(
            ["first", "", *(self.browser.page.said(card)["data-id"] for card in cards)]
        )

    async def move(self) -> None:
        card, cell = self.some(self.cards()), self.some(self.browser.page.named("cell"))
        if card and cell:
            place = {"stage": cell["data-stage"], "lane": cell["data-lane"]}
            fields = {**place, "after": self.behind(place)}
            self.browser.send(f"cards/{card['data-id']}/move/", fields, verb="move")

    async def delete(self) -> None:
        card = self.some(self.cards())
        if card and not card["data-text"].startswith(HOT) and len(self.cards()) > 15:
            self.browser.send(f"cards/{card['data-id']}/delete/", {}, verb="delete")

    async def color(self) -> None:
        if card := self.some(self.cards()):
            fields = {"color": self.chance.choice(COLORS)}
            self.browser.send(f"cards/{card['data-id']}/", fields, verb="color")

    async def rate(self) -> None:
        feeling = self.chance.random() < 0.5
        card = self.some(self.cards("emotion" if feeling else "touchpoint"))
        if card:
            said = {"emotion": self.chance.randint(-5, 5)}
            if not feeling:
                said = {name: self.chance.randint(1, 10) for name in ("expectation", "perception")}
            self.browser.send(f"cards/{card['data-id']}/", said, verb="rate")

    async def color_many(self) -> None:
        cards = self.cards()
        chosen = self.chance.sample(cards, min(3, len(cards)))
        ids = ",".join(self.browser.page.said(card)["data-id"] for card in chosen)
        fields = {"cards": ids, "color": self.chance.choice(COLORS)}
        if chosen:
            self.browser.send("cards/edit/", fields, verb="color_many")

    async def undo(self) -> None:
        self.browser.send("undo/", {}, verb="undo")

    async def redo(self) -> None:
        self.browser.send("redo/", {}, verb="redo")

    async def choose(self) -> None:
        """Ends a conflict that shows on a card."""
        parts = self.browser.page.parts
        for mark in self.browser.page.named("mark"):
            for token in parts[mark]:
                said = dict(token[2]) if token[0] == "<" else {}
                if "data-conflict" in said:
                    card = self.browser.page.said(f"card-{mark.removeprefix('mark-')}")
                    choice = self.chance.choice(["mine", "theirs", "both"])
                    fields = {"choice": choice, "base": card["data-text"]}
                    path = f"conflicts/{said['data-conflict']}/"
                    self.browser.send(path, fields, verb="choose", mine=said["data-mine"])
                    return

    async def rename(self) -> None:
        noun = self.chance.choice(["stage", "lane"])
        if part := self.some(self.browser.page.named(noun)):
            name = f"{noun} {self.word()}"
            self.browser.send(f"{noun}s/{part['data-id']}/", {"name": name}, verb="rename")

    async def build(self) -> None:
        """A stage comes, goes or changes its place: every screen fetches the board."""
        stages = self.browser.page.named("stage")
        stage, other = self.some(stages), self.some(stages)
        if stage is None or other is None:
            return
        made = stage["data-name"].startswith("made")
        if len(stages) < 6:
            fields = {"id": str(uuid4()), "name": f"made {self.word()}", "after": other["data-id"]}
            self.browser.send("stages/", fields, verb="add_stage")
        elif made and self.chance.random() < 0.5:
            self.browser.send(f"stages/{stage['data-id']}/delete/", {}, verb="delete_stage")
        else:
            fields = {"after": other["data-id"]}
            self.browser.send(f"stages/{stage['data-id']}/move/", fields, verb="move_stage")


ACTS = {
    Person.write: 44,
    Person.move: 14,
    Person.add: 10,
    Person.delete: 4,
    Person.undo: 6,
    Person.redo: 2,
    Person.color: 4,
    Person.rate: 6,
    Person.color_many: 2,
    Person.choose: 4,
    Person.rename: 3,
    Person.build: 1,
}
