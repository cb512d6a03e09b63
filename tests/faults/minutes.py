"""What the invariants say of a workshop: who saw whose words when, what was taken from whom, and
where the room was. Decided, as in checker.py, from logs, the history and the rows.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cached_property
from io import StringIO

from .checker import REMOVED, SEEN, Evidence, Findings, Op, _hex, _rows, _seconds
from .database import Database
from .page import Scene

WORD = re.compile(r"\blily(\d+)x\w+")
SAID = (*SEEN, "peek")
LATE = 120  # seconds in which a step that is over still takes cards
GIVES = ("vote", "rate")
CARDS = ("add_guest_card", "edit_guest_card", "delete_guest_card")


class Minutes:
    """The workshop of a run, told from the map's history."""

    def __init__(self, it: Evidence, database: Database):
        self.it = it
        self.room = it.run["room"]
        pk = self.room["id"]
        (self.workshop,) = _rows(database, "workshops_workshop", "id", pk, "id")
        self.steps = {
            row["id"]: row for row in _rows(database, "workshops_step", "workshop_id", pk, "id")
        }
        self.guests = {
            line["key"].removeprefix("guest:"): name
            for name, line in it.each("sits")
            if line["role"] == "guest"
        }
        self.given = {
            table: [
                row
                for step in self.steps
                for row in _rows(database, f"workshops_{table}", "step_id", step, "id")
            ]
            for table in ("vote", "rating", "contribution")
        }

    def ops(self, *verbs: str) -> list[tuple[str, Op, dict | None]]:
        """What guests sent, with the change that came of it, in the history's order; what left no
        change comes last."""
        found = []
        for name in self.guests.values():
            keys = {line["key"] for line in self.it.logs[name] if line["what"] == "op"}
            for op in self.it.ops:
                if op.said["key"] in keys and op.said["verb"] in verbs:
                    found.append((name, op, self.it.by_key.get(op.key)))
        return sorted(found, key=lambda one: one[2]["seq"] if one[2] else float("inf"))

    @cached_property
    def opened(self) -> dict[str, dict]:
        """Step → the change that showed what was given in it."""
        found: dict[str, dict] = {}
        for change in self.it.changes:
            for name, after in change["after"].items():
                if name.startswith("step:") and (after or {}).get("revealed_at"):
                    found.setdefault(name.removeprefix("step:"), change)
        return found

    @cached_property
    def at(self) -> list[dict]:
        """Where the room was after each change: its step, and whether it takes anything."""
        now = {"state": "preparing", "step": None, "locked": False, "paused": False, "over": {}}
        found = []
        for change in self.it.changes:
            for name, after in change["after"].items():
                after = after or {}
                if name == f"workshop:{self.room['id']}":
                    now |= {
                        fact: after[fact] for fact in ("state", "step", "locked") if fact in after
                    }
                    if "paused_left" in after:
                        now["paused"] = after["paused_left"] is not None
                elif name.startswith("step:") and "ended_at" in after:
                    step = name.removeprefix("step:")
                    now["over"] = now["over"] | {step: after["ended_at"] and change["at"]}
            found.append(dict(now))
        return found


def what_is_taken_is_there(it: Minutes) -> Findings:
    """I1: the last word of each guest about each thing is in the rows: cards, votes, ratings."""
    written = {row["card_id"]: row["guest_id"] for row in it.given["contribution"]}
    for name, op, change in it.ops("add_guest_card"):
        card = _hex(op.said["card"])
        if change and it.guests.get(written.get(card, "")) != name:
            yield f"{op} of {name}: the card is not theirs, or not there"
    for table, verb in (("vote", "vote"), ("rating", "rate")):
        told = _last(it, verb)
        rows = {_place(it, row): row.get("count", row.get("value")) for row in it.given[table]}
        for place in told.keys() | rows.keys():
            if told.get(place) != rows.get(place):
                yield f"{place}: taken is {told.get(place)}, there is {rows.get(place)}"


def _place(it: Minutes, row: dict) -> tuple:
    about = (row["card_id"],) if "card_id" in row else (row["subject"], row["aspect"])
    return (row["step_id"], it.guests[row["guest_id"]], *about)


def _last(it: Minutes, verb: str) -> dict[tuple, int]:
    """What each guest said last of each thing, of all that was taken; nothing where they took it
    back."""
    told: dict[tuple, int] = {}
    for name, op, change in it.ops(verb):
        said = op.said["fields"]
        card = (_hex(said["card"]),) if verb == "vote" else (said["subject"], said["aspect"])
        place = (_hex(said["step"]), name, *card)
        value = said["count"] or None if verb == "vote" else said["value"]
        value = None if value in ("", None) else value
        if change:
            told[place] = value
    return {place: value for place, value in told.items() if value is not None}


def what_is_refused_is_not_there(it: Minutes) -> Findings:
    """I3: a card that was never taken is in no row."""
    twice = {_hex(key) for key in it.it.run["quiet"]["twice"]}
    for _name, op, change in it.ops("add_guest_card"):
        is_there = f"card:{_hex(op.said['card'])}" in it.it.parts
        if (
            is_there
            and op.outcome == "refused"
            and not change
            and not op.cuts
            and op.key not in twice
        ):
            yield f"{op} with {op.status} left a card"


def the_room_is_led(it: Minutes) -> Findings:
    """I10: the room goes where whoever leads says, and takes only what it takes there."""
    panel = it.it.logs["panel"]
    answers = {line["n"]: line["status"] for line in panel if line["what"] == "acted"}
    pressed: dict[str, Counter] = defaultdict(Counter)
    for act in panel:
        if act["what"] == "act" and act["verb"] == "go_to_step":
            pressed[_hex(act["target"])][answers.get(act["n"], 0)] += 1
    went = Counter(
        change["target"].removeprefix("step:")
        for change in it.it.changes
        if change["verb"] == "go_to_step"
    )
    for step in pressed.keys() | went.keys():
        sure, perhaps = pressed[step][200], pressed[step][0]
        if not sure <= went[step] <= sure + perhaps:
            yield f"step {step}: {went[step]} times there, pressed {dict(pressed[step])}"
    last = it.at[-1]
    if it.workshop["step_id"] != last["step"]:
        yield f"the room is at {it.workshop['step_id']}, the history says {last['step']}"
    for name, op, change in it.ops(*GIVES, *CARDS):
        if change and (reason := _why_not(it, op, change)):
            yield f"{op} of {name}, change {change['seq']}, was taken: {reason}"


def _why_not(it: Minutes, op: Op, change: dict) -> str:
    before = it.at[change["seq"] - 2]
    step = _hex(op.said["fields"].get("step") or _step_of(it, op))
    if before["state"] != "running":
        return f"the workshop is {before['state']}"
    if before["locked"]:
        return "nothing is taken"
    if before["step"] != step:
        if op.said["verb"] in GIVES:
            return "the room is at another step"
        ended = before["over"].get(step)
        if not ended or _seconds(change["at"]) > _seconds(ended) + LATE:
            return "its step is over, or has not begun"
    elif before["paused"]:
        return "it is a pause"
    opened = it.opened.get(step)
    if op.said["verb"] in GIVES and opened and opened["seq"] < change["seq"]:
        return f"the result is shown since {opened['seq']}"
    return ""


def _step_of(it: Minutes, op: Op) -> str:
    card = _hex(op.said["card"])
    return next((row["step_id"] for row in it.given["contribution"] if row["card_id"] == card), "")


def votes_are_within_the_budget(it: Minutes) -> Findings:
    """I10: at no time has anybody given more than they have; what was shown is the sum of it."""
    now: dict[tuple, dict[str, int]] = defaultdict(dict)
    for name, op, change in it.ops("vote"):
        said = op.said["fields"]
        step = _hex(said["step"])
        if change:
            given = now[step, name]
            given[_hex(said["card"])] = said["count"]
            if sum(given.values()) > it.steps[step]["votes"]:
                yield f"{name} gave {sum(given.values())} votes with {op}, change {change['seq']}"
    there: Counter = Counter()
    for row in it.given["vote"]:
        there[row["step_id"], it.guests[row["guest_id"]]] += row["count"]
    for (step, name), count in there.items():
        if count > it.steps[step]["votes"]:
            yield f"{name} has {count} votes in {step}"
    yield from _shown(it)


def _shown(it: Minutes) -> Findings:
    told = it.it.run["outcome"]
    if told["status"] != 200:
        yield f"the outcome answered {told['status']}"
        return
    text = told["html"].removeprefix("\ufeff")
    delimiter = ";" if text.partition("\r\n")[0].count(";") > 3 else ","
    rows = list(csv.reader(StringIO(text), delimiter=delimiter))[1:]
    votes = Counter(int(row[7]) for row in rows if not row[8])  # a rating has a lowest
    sums: Counter = Counter()
    for (step, _name, card), count in _last(it, "vote").items():
        row = it.it.living_cards.get(card)
        shown = step in it.opened and row and row["text"]
        if shown and row["lane_id"] == it.steps[step]["lane_id"]:
            sums[step, card] += count
    if votes != Counter(sums.values()):
        yield f"the outcome shows {dict(votes)}, given was {dict(Counter(sums.values()))}"


def screens_stand_at_the_step(it: Minutes) -> Findings:
    """I8: all phones show the step the room is at, and all walls the same."""
    walls = {}
    state = it.workshop["state"]
    at = it.workshop["step_id"] if state == "running" else ""
    kind = it.steps[at]["kind"] if at else state
    for name, line in it.it.each("fresh"):
        if not name.startswith(("wall", "guest")):
            continue
        scene = Scene(line["html"])
        if name.startswith("wall"):
            walls[name] = scene.shown
        elif _hex(scene.said.get("data-step", "")) != at:
            yield f"{name} stands at {scene.said.get('data-step')}, the room at {at}"
        if not scene.said["class"].endswith(f"-{kind}"):
            yield f"{name} shows {scene.said['class']}, the room is at {kind}"
    if len({str(one) for one in walls.values()}) > 1:
        yield f"the walls {', '.join(walls)} show different things"


def hidden_words_are_hidden(it: Minutes) -> Findings:
    """I9: nobody gets a word of another's card before its step is opened; who was shown out gets
    nothing more."""
    step_of: dict[str, str] = {}
    for _name, op, _change in it.ops("add_guest_card", "edit_guest_card"):
        step = _hex(op.said["fields"].get("step") or _step_of(it, op))
        for word in op.words:
            step_of.setdefault(word, step)
    opened = {step: (_seconds(change["at"]), change["seq"]) for step, change in it.opened.items()}
    for name, lines in it.it.logs.items():
        for line in lines:
            if line["what"] not in SAID:
                continue
            said = line.get("html") or line.get("raw") or ""
            for found in WORD.finditer(said):
                if name == f"guest{found[1]}":
                    continue
                at, seq = opened.get(step_of.get(found[0], ""), (float("inf"), float("inf")))
                number = re.match(r"id: (\d+)\n", said) if line["what"] == "event" else None
                if line["t"] < at or (number and int(number[1]) < seq):
                    yield f"{name} got {found[0]} in a {line['what']} before it was shown"
    outcast = f"guest{len(it.guests) - 1}"
    removed = [line["t"] for line in it.it.logs[outcast] if line["what"] == "removed"]
    if removed:
        for line in it.it.logs[outcast]:
            if line["what"] == "event" and line["t"] > removed[0] + REMOVED:
                yield f"{outcast} was shown out and got a word {line['t'] - removed[0]:.1f} s later"
            if line["what"] in SAID and line["t"] > removed[0] and _others_words(line, outcast):
                yield f"{outcast} was shown out and got words of others"


def _others_words(line: dict, mine: str) -> bool:
    return any(f"guest{found[1]}" != mine for found in WORD.finditer(line.get("html") or ""))


INVARIANTS: dict[str, Callable[[Minutes], Findings]] = {
    "I1": what_is_taken_is_there,
    "I3": what_is_refused_is_not_there,
    "I8": screens_stand_at_the_step,
    "I9": hidden_words_are_hidden,
    "I10": lambda it: (*the_room_is_led(it), *votes_are_within_the_budget(it)),
}
