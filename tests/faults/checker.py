"""Was anything lost, doubled, torn or shown to the wrong person? Decided from logs and rows alone.

It knows nothing of how the product works: what people sent and got stands in the logs, what became
of it in the database, and each of the invariants below says how the two must agree. What they say
of a workshop stands in minutes.py; I11 is the drill of backup and restore, a test of its own.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from uuid import UUID

from .database import Database
from .page import BOARD, Page, Scene, Torn

WORD = re.compile(r"\b(?:rose|lily)\w+")
BRINGS = ("edit_card", "add_card", "edit_guest_card", "add_guest_card")
SEEN = ("page", "board", "event", "answer", "fresh", "bytes", "screen", "acted")
FOREIGN = "garagecanary"  # stands in every text of another team
PRIVATE = "privatecanary"  # in a card for one person
RAW = "<x-typed"  # typed by people; as markup it must never come back
EACH, OTHERS = 12 + 2, 5  # connections of a process: its pool, a listener, one to catch up
THREADS = 16 + 4 + 1  # of the process on SQLite, each with a connection
REMOVED = 2.5  # seconds in which somebody removed must hear nothing more
OWN = ("version", "deleted_at", "deleted_by")  # said by the history as a whole
PARTS = ("stage", "lane", "card")  # of a map; what a workshop notes is judged in minutes.py


@dataclass
class Op:
    """One edit as its sender saw it."""

    said: dict
    answers: list[dict] = field(default_factory=list)
    cuts: int = 0
    status: int | None = None  # of the answer that ended it

    @property
    def key(self) -> str:
        return self.said["key"].replace("-", "")

    @property
    def outcome(self) -> str:
        if self.status is None:
            return "unknown"
        return "ok" if self.status < 400 else "refused"

    def __str__(self) -> str:
        return f"{self.said.get('verb')} {self.key} ({self.outcome})"

    @property
    def in_room(self) -> bool:
        """Whether a guest did it: the answer is their whole screen, as it is by then."""
        return self.said["at"].startswith("/room/")

    @property
    def words(self) -> set[str]:
        """Words of its own that it brought, and with `lost` those that it took away."""
        return _words(self.said.get("text")) - _words(self.said.get("base"))

    @property
    def lost(self) -> set[str]:
        """Words that its sender saw and left out."""
        if self.said["verb"] == "choose":
            choice = self.said["fields"]
            return _words(choice["base"]) if choice["choice"] == "mine" else set()
        return _words(self.said.get("base")) - _words(self.said.get("text"))


def _words(text: str | None) -> set[str]:
    return set(WORD.findall(text or ""))


class Evidence:
    """The logs of one run and the rows of its map."""

    def __init__(self, folder: Path, database: Database):
        self.logs = {
            file.stem: [json.loads(line) for line in file.read_text().splitlines()]
            for file in sorted(folder.glob("*.jsonl"))
        }
        self.run = {line["what"]: line for line in self.logs.pop("run")}
        self.map = self.run["begins"]["map"]
        self.on_postgres = bool(database.url)
        self.document = _rows(database, "changes_document", "id", self.map, "id")[0]
        self.changes = self._of(database, "changes_change", "document_id", "seq")
        self.conflicts = self._of(database, "changes_conflict", "document_id", "at")
        self.parts = parts_of(database, self.map)
        self.ours = {
            name: lines for name, lines in self.logs.items() if name not in ("gleb", "stranger")
        }

    def _of(self, database: Database, table: str, column: str, order: str) -> list[dict]:
        return _rows(database, table, column, self.map, order)

    @cached_property
    def ops(self) -> list[Op]:
        """All edits of this map."""
        found: dict[str, Op] = {}
        for lines in self.ours.values():
            for line in lines:
                if line["what"] == "op":
                    found[line["key"]] = Op(line)
                elif line["what"] == "answer":
                    found[line["key"]].answers.append(line)
                elif line["what"] == "cut":
                    found[line["key"]].cuts += 1
                elif line["what"] == "left":
                    found[line["key"]].status = line.get("status")
        return list(found.values())

    @cached_property
    def by_key(self) -> dict[str, dict]:
        return {change["key"]: change for change in self.changes}

    def each(self, what: str, of: dict[str, list] | None = None) -> Iterator[tuple[str, dict]]:
        for name, lines in (self.ours if of is None else of).items():
            for line in lines:
                if line["what"] == what:
                    yield name, line

    @cached_property
    def living_cards(self) -> dict[str, dict]:
        """What stands on the team's board."""

        def lives(row: dict | None) -> bool:
            return row is not None and row["deleted_at"] is None

        def stands(row: dict) -> bool:
            stage = self.parts.get(f"stage:{row['stage_id']}")
            parent = stage and stage["parent_id"] and self.parts.get(f"stage:{stage['parent_id']}")
            lane = self.parts.get(f"lane:{row['lane_id']}")
            return lives(row) and lives(stage) and lives(lane) and (not parent or lives(parent))

        return {
            row["id"]: row
            for name, row in self.parts.items()
            if name.startswith("card:") and row["audience"] == "team" and stands(row)
        }


def parts_of(database: Database, map_id: str) -> dict[str, dict]:
    """The stages, lanes and cards of a map by the names that the history has for them."""
    return {
        f"{kind}:{row['id']}": row
        for kind in PARTS
        for row in _rows(database, f"journeys_{kind}", "journey_id", map_id, "id")
    }


def _rows(database: Database, table: str, column: str, map_id: str, order: str) -> list[dict]:
    sql = f"SELECT * FROM {table} WHERE {column} = ? ORDER BY {order}"
    return database.rows(sql, UUID(map_id))


type Findings = Iterator[str]


def accepted_is_written(it: Evidence) -> Findings:
    """I1: what was answered with success has one row, under the number that was told. What changed
    nothing has none; a copy of it that was late may find that it does by then, and is excused."""
    twice = {key.replace("-", "") for key in it.run["quiet"]["twice"]}
    for op in it.ops:
        seqs = {answer["seq"] for answer in op.answers if answer["status"] < 400}
        row = it.by_key.get(op.key)
        if op.outcome != "ok":
            continue
        silent = all(not answer["html"] for answer in op.answers if answer["status"] < 400)
        if row is None and not ((silent or op.in_room) and not op.words):
            yield f"{op} left no row"
        elif op.in_room and (op.cuts or op.key in twice):
            continue
        elif row and (min(seqs) < row["seq"] if op.in_room else seqs != {row["seq"]}):
            yield f"{op} was told {seqs}, its row is {row['seq']}"


def written_once(it: Evidence) -> Findings:
    """I2: no edit counts twice, and none is there that nobody sent."""
    sent = {op.key for op in it.ops}
    pressed = Counter(line["verb"] for _name, line in it.each("act"))
    pressed.update(("prepare_workshop", "open_entry") if "room" in it.run else ())
    for change in it.changes[1:]:
        if change["key"] not in sent and not pressed[change["verb"]]:
            yield f"{change['verb']} {change['seq']} was sent by nobody"
        elif change["key"] not in sent:
            pressed[change["verb"]] -= 1
    for key, times in Counter(change["key"] for change in it.changes).items():
        if times > 1:
            yield f"{key} stands {times} times"
    brought: Counter[str] = Counter()
    for change in it.changes:
        if change["verb"] in BRINGS:
            for name, after in change["after"].items():
                before = change["before"][name] or {}
                brought.update(_words((after or {}).get("text")) - _words(before.get("text")))
    own = {word for op in it.ops for word in op.words}
    for word in own:
        if brought[word] > 1 and not _came_back(it, word):
            yield f"{word} was brought {brought[word]} times"


def _came_back(it: Evidence, word: str) -> bool:
    """Typed on over a version that was not taken: the next save brings its words too."""
    return any(word in _words(op.said.get("base")) for op in it.ops)


def refused_is_not_written(it: Evidence) -> Findings:
    """I3: what was refused left nothing. Where a post was on its way twice, the one that was not
    answered may come after the one that was: that is known, and excused."""
    twice = {key.replace("-", "") for key in it.run["quiet"]["twice"]}
    for op in it.ops:
        excused = op.cuts or op.key in twice
        if op.outcome == "refused" and op.key in it.by_key and not excused:
            yield f"{op} with {op.status} left the row {it.by_key[op.key]['seq']}"
        if op.outcome == "refused" and op.status and op.status >= 500:
            yield f"{op}: the server answered {op.status}"


def numbers_are_whole(it: Evidence) -> Findings:
    """I4: 1, 2, 3 … without a gap or a repeat."""
    seqs = [change["seq"] for change in it.changes]
    if seqs != list(range(1, len(seqs) + 1)):
        odd = next((b for a, b in pairwise([0, *seqs]) if b != a + 1), None)
        yield f"after {len(seqs)} changes the numbers end with {seqs[-3:]}; odd: {odd}"
    if it.document["seq"] != len(seqs):
        yield f"the document says {it.document['seq']}, there are {len(seqs)} changes"


def history_gives_the_state(it: Evidence) -> Findings:
    """I5: the facts of the history, put upon what the map began with, are what is stored."""
    first = it.run["rows"]["parts"]
    state: dict[str, dict] = defaultdict(dict)
    state |= {name: row | {"deleted": row["deleted_at"] is not None} for name, row in first.items()}
    touched = dict.fromkeys(first, 1)
    for change in it.changes[1:]:
        for name, after in change["after"].items():
            if not name.startswith(PARTS):
                continue
            before = change["before"][name]
            for fact, value in (before or {}).items():
                if _unlike(state[name].get(fact), value, fact):
                    yield (
                        f"{change['verb']} {change['seq']} found {fact}={value!r} of {name},"
                        f" the history says {state[name].get(fact)!r}"
                    )
            state[name] |= after or {}
            touched[name] = change["seq"]
    for name, row in it.parts.items():
        if name not in touched:
            yield f"{name} is in no change"
        for fact, value in state[name].items():
            if fact == "deleted":
                now = row["deleted_at"] is not None
            elif fact not in row or fact in OWN:
                continue  # what hangs on it stands in other rows
            else:
                now = row[fact]
            if _unlike(now, value, fact):
                yield f"{name} has {fact}={now!r}, the history says {value!r}"
        if row["version"] != touched.get(name):
            yield f"{name} has version {row['version']}, last touched by {touched.get(name)}"


def _unlike(one: object, other: object, fact: str) -> bool:
    """Facts leave out what is empty; SQLite writes false as 0."""
    if fact.startswith("conflict"):
        return False
    if fact == "moment_of_truth":
        return bool(one) != bool(other)
    return one != other and not (_is_empty(one) and _is_empty(other))


def _is_empty(value: object) -> bool:
    return value is None or value is False or value == "" or value == []


def no_word_is_lost(it: Evidence) -> Findings:
    """I6: every accepted word is in a card, or was taken away by somebody who saw it, or by its
    author's undo, or waits in a conflict."""
    standing = {word for name, row in it.parts.items() for word in _words(row.get("text"))}
    waiting = {
        word for row in it.conflicts for side in ("mine", "theirs") for word in _words(row[side])
    }
    done = [op for op in it.ops if op.key in it.by_key]
    seen = {word for op in done if it.by_key[op.key]["undone_by"] is None for word in op.lost}
    for op in done:
        if it.by_key[op.key]["undone_by"] is not None:
            continue
        for word in op.words - standing - waiting - seen:
            yield f"{word} of {op}, change {it.by_key[op.key]['seq']}, is nowhere"


def streams_have_no_gap(it: Evidence) -> Findings:
    """I7: on each connection the numbers rise by one from what the screen knew; only the word
    `board` may skip some."""
    for name, lines in it.ours.items():
        last: dict[int, int] = {}
        for line in lines:
            if line["what"] == "stream":
                last[line["n"]] = line["since"]
                fresh = True
            if line["what"] != "event":
                continue
            said = _strictly(line["raw"])
            if said is None:
                yield f"{name}: not an event: {line['raw'][:200]!r}"
                continue
            if "event" in said:
                continue
            number, before = said.get("id"), last[line["n"]]
            if number is None:
                yield f"{name}: a frame without a number: {line['raw'][:200]!r}"
                continue
            is_board = bool(BOARD.search(said["data"]))
            if not (number == before + 1 or (is_board and (fresh or number > before))):
                yield f"{name}, stream {line['n']}: {number} came after {before}"
            last[line["n"]] = number
            fresh = False


def _strictly(raw: str) -> dict | None:
    """An event as the standard has it; None for what our server never means to send."""
    said: dict = {}
    data = []
    for line in raw.split("\n"):
        found = re.fullmatch(r"(id|retry): (\d+)|(event): (\w+)|(data):(?: (.*))?", line)
        if found is None or "\r" in line or found[1] in said or found[3] in said:
            return None
        if found[5]:
            data.append(found[6] or "")
        else:
            said |= {found[1]: int(found[2])} if found[1] else {found[3]: found[4]}
    return said | {"data": "\n".join(data)} if data else None


def screens_agree(it: Evidence) -> Findings:
    """I8: after quiet every screen shows what a page loaded now shows, and what the rows say."""
    settled = it.run.get("settled", {})
    if not settled.get("sent"):
        yield "edits still wait to be sent"
    if not settled.get("settled"):
        late = {
            name: where
            for name, where in settled["stand"].items()
            if where != [settled["head"], True]
        }
        yield f"not all screens stand at {settled['head']} in time: {late}"
    for what in ("torn", "broken"):
        for name, line in it.each(what):
            yield f"{name}: {line['error']}"
    for name, line in it.each("digest"):
        if line["told"] != line["mine"]:
            yield f"{name}: at {line['seq']} its digest is {line['mine']}, told {line['told']}"
    shown = dict(it.each("shows"))
    for name, fresh in it.each("fresh"):
        if fresh["status"] != 200:
            yield f"{name}: the page answered {fresh['status']}"
            continue
        in_room = name.startswith(("guest", "wall"))
        try:
            page = Scene(fresh["html"]) if in_room else Page(fresh["html"])
        except Torn as error:
            yield f"{name}: {error}"
            continue
        if not shown[name]["live"]:
            yield f"{name}: has no stream"
        yield from (f"{name}: {one}" for one in _differences(shown[name]["shown"], page.shown))
        if isinstance(page, Page):
            yield from (f"{name}: {one}" for one in _against_rows(page, it))


def _differences(mine: dict[str, str], fresh: dict[str, str]) -> Iterator[str]:
    for name in sorted(mine.keys() | fresh.keys()):
        if mine.get(name) != fresh.get(name):
            yield f"#{name} shows {mine.get(name)!r}, a fresh page {fresh.get(name)!r}"


def _against_rows(page: Page, it: Evidence) -> Iterator[str]:
    if int(page.map["data-seq"]) != it.document["seq"]:
        yield f"the page is of {page.map['data-seq']}, the map at {it.document['seq']}"
    there = {}
    for cell in page.named("cell"):
        place = page.said(cell)
        for card in page.inside(cell, "card"):
            said = page.said(card)
            there[_hex(said["data-id"])] = (
                said["data-text"],
                int(said["data-v"]),
                _hex(place["data-stage"]),
                _hex(place["data-lane"]),
            )
    rows = {
        pk: (row["text"], row["version"], row["stage_id"], row["lane_id"])
        for pk, row in it.living_cards.items()
    }
    for pk in there.keys() | rows.keys():
        if there.get(pk) != rows.get(pk):
            yield f"card {pk} is shown as {there.get(pk)}, stored as {rows.get(pk)}"


def _hex(text: str) -> str:
    return text.replace("-", "")


def nobody_sees_too_much(it: Evidence) -> Findings:
    """I9: no byte of another team, of another's private card, or of markup that was typed."""
    for name, lines in it.logs.items():
        canaries = (PRIVATE, RAW) if name == "gleb" else (PRIVATE, RAW, FOREIGN)
        if name in ("gleb", "stranger"):
            canaries = (*canaries, "rose", "lily")
        for line in lines:
            if line["what"] not in SEEN:
                continue
            said = line.get("html") or line.get("raw") or ""
            for canary in canaries:
                if canary in said:
                    yield f"{name} got {canary} in a {line['what']}"
    for _name, knock in it.each("knocks", {"stranger": it.logs["stranger"]}):
        if knock["status"] != 404:
            yield f"a stranger's {knock['path'] or 'page'} was answered {knock['status']}"
    removed = [line["t"] for _name, line in it.each("removed")]
    for line in it.logs["leaver"]:
        late = removed and line["t"] > removed[0] + REMOVED
        if late and line["what"] in ("event", "board", "page"):
            yield f"somebody removed got a {line['what']} {line['t'] - removed[0]:.1f} s later"
    stopped = any(line["what"] == "stopped" for line in it.logs["leaver"])
    if removed and not stopped and it.run["open"]["t"] > removed[0] + REMOVED:
        yield "the stream of somebody removed goes on"


def sums_hold(it: Evidence) -> Findings:
    """I10: every place is taken once, and nothing hangs in the air."""
    places = Counter(
        (row["stage_id"], row["lane_id"], row["position"]) for row in it.living_cards.values()
    )
    for place, count in places.items():
        if count > 1:
            yield f"{count} cards stand at {place}"
    for name, row in it.parts.items():
        kind = name.partition(":")[0]
        if kind == "card":
            for noun in ("stage", "lane"):
                if f"{noun}:{row[f'{noun}_id']}" not in it.parts:
                    yield f"{name} stands in no {noun} of its map"
        elif kind == "stage" and row["parent_id"]:
            parent = it.parts.get(f"stage:{row['parent_id']}")
            if parent is None or parent["parent_id"]:
                yield f"{name} is a step of no stage"
    for kind in ("stage", "lane"):
        positions = Counter(
            (row.get("parent_id"), row["position"])
            for name, row in it.parts.items()
            if name.startswith(kind) and row["deleted_at"] is None
        )
        yield from (f"{n} {kind}s stand at {place}" for place, n in positions.items() if n > 1)
    for row in it.conflicts:
        if row["target"] not in it.parts:
            yield f"a conflict about {row['target']}, which is not there"


def nothing_is_held(it: Evidence) -> Findings:
    """I12: streams hold no connection, and who left leaves nothing behind."""
    before, during = (it.run[name]["held"] for name in ("begins", "open"))
    workers = it.run["begins"]["workers"]
    most = workers * EACH + OTHERS if it.on_postgres else THREADS
    if during["connections"] > most:
        yield f"{during['connections']} connections to the database, allowed are {most}"
    if "left" not in it.run:
        return  # the run had no time for it
    after = it.run["left"]["held"]
    files = [held["files"] - held["connections"] for held in (before, after)]
    if files[1] > files[0] + 8:
        yield f"open files went from {files[0]} to {files[1]}"
    if after["temporary"] > before["temporary"]:
        yield f"{after['temporary']} temporary files were left"
    if it.run["left"]["screens"]:
        yield f"{it.run['left']['screens']} screens are counted that nobody looks at"


INVARIANTS: dict[str, Callable[[Evidence], Findings]] = {
    "I1": accepted_is_written,
    "I2": written_once,
    "I3": refused_is_not_written,
    "I4": numbers_are_whole,
    "I5": history_gives_the_state,
    "I6": no_word_is_lost,
    "I7": streams_have_no_gap,
    "I8": screens_agree,
    "I9": nobody_sees_too_much,
    "I10": sums_hold,
    "I12": nothing_is_held,
}


@dataclass
class Report:
    """What the checker found, and the figures of the run."""

    folder: Path
    seed: int
    broken: dict[str, list[str]]
    ops: Counter
    conflicts: int
    faults: dict[str, int]
    answers: Counter  # status → how many edits were answered so
    delays: dict[str, list[float]]  # seconds from a change to its fragment, on each screen
    settled: float
    lag: float

    @property
    def holds(self) -> bool:
        return not self.broken

    @property
    def figures(self) -> str:
        faults = ", ".join(f"{count} {name}" for name, count in sorted(self.faults.items()))
        p50, p95 = self.delay(*self.delays)
        return (
            f"{self.ops.total()} ops: {self.ops['ok']} ok, {self.ops['refused']} refused,"
            f" {self.ops['unknown']} unknown; {self.conflicts} conflicts;"
            f" faults: {faults or 'none'}; commit to fragment p50 {p50:.0f} ms, p95 {p95:.0f} ms;"
            f" quiet after {self.settled:.1f} s; meter late {1000 * self.lag:.0f} ms"
        )

    def delay(self, *names: str) -> tuple[float, float]:
        """p50 and p95 of these screens, in milliseconds."""
        seconds = [one for name in names for one in self.delays[name]]
        if len(seconds) < 2:
            return 0.0, 0.0
        cuts = quantiles(seconds, n=20)
        return 1000 * cuts[9], 1000 * cuts[18]

    def __str__(self) -> str:
        told = [f"seed {self.seed}, logs in {self.folder}"]
        for name, findings in self.broken.items():
            told += [f"{name} is broken, {len(findings)} times:", *findings[:5]]
        return "\n  ".join([*told, self.figures])


def check(folder: Path, database: Database) -> Report:
    """Decides all invariants of the run whose logs lie in the folder."""
    from . import minutes  # which reads what stands here

    it = Evidence(folder, database)
    found = {name: list(judge(it)) for name, judge in INVARIANTS.items()}
    if "room" in it.run:
        room = minutes.Minutes(it, database)
        for name, judge in minutes.INVARIANTS.items():
            found[name] += judge(room)
    return Report(
        folder=folder,
        seed=it.run["begins"]["seed"],
        broken={name: findings for name, findings in found.items() if findings},
        ops=Counter(op.outcome for op in it.ops),
        answers=Counter(answer["status"] for op in it.ops for answer in op.answers),
        conflicts=len(it.conflicts),
        faults=it.run["ends"]["trace"],
        delays=_delays(it),
        settled=it.run["settled"]["seconds"],
        lag=it.run["ends"]["lag"],
    )


def _delays(it: Evidence) -> dict[str, list[float]]:
    made = {change["seq"]: _seconds(change["at"]) for change in it.changes}
    found: dict[str, list[float]] = defaultdict(list)
    for name, line in it.each("event"):
        said = _strictly(line["raw"])
        if said and "event" not in said and said.get("id") in made:
            found[name].append(line["t"] - made[said["id"]])
    return found


def _seconds(at: str | datetime) -> float:
    """SQLite keeps a moment as words in UTC."""
    if isinstance(at, str):
        return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
    return at.timestamp()
