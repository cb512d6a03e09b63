"""A page as a browser holds it: its elements with an id, and what stands in each.

HTML becomes a dict: id → the markup of that element, with each element below it that has an id of
its own left out but for its name. Fragments are applied as htmx morphs them, so two pages that show
the same are equal dicts.
"""

import re
from html.parser import HTMLParser
from zlib import crc32

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
BOARD = re.compile(r'<hx-partial hx-target="#board-word"[^>]*>board</hx-partial>')
# That a workshop over the map has changed: told beside the map, no part of what is compared.
MEETING = re.compile(r'<hx-partial hx-target="#workshop-word"[^>]*>\d+</hx-partial>')

MOVES = ("data-left", "data-drawn")  # a clock's hands

type Part = tuple[tuple, ...]  # ("<", tag, attributes), (">", tag), ("…", id), ("", words)


class Torn(Exception):
    """HTML that is not what a browser would have been sent on purpose."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, list[tuple]] = {"": []}
        self.partials: list[tuple[dict, list[str]]] = []  # attributes of each, ids at its top
        self._open: list[tuple[str, str]] = [("", "")]  # tag, id of the part it belongs to

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag == "hx-partial":
            self.partials.append((said, []))
        part = self._open[-1][1]
        if name := said.get("id"):
            if name in self.parts:
                raise Torn(f"#{name} stands twice")
            self.parts[part].append(("…", name))
            self.parts[name] = []
            if self.partials and self._open[-1][0] == "hx-partial":
                self.partials[-1][1].append(name)
            part = name
        self.parts[part].append(("<", tag, tuple(sorted(said.items()))))
        if tag not in VOID:
            self._open.append((tag, part))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        opened, part = self._open.pop()
        if opened != tag:
            raise Torn(f"<{opened}> is closed by </{tag}>")
        self.parts[part].append((">", tag))

    def handle_data(self, data):
        if words := " ".join(data.split()):
            self.parts[self._open[-1][1]].append(("", words))


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


class Scene:
    """What a screen of a workshop shows: #screen, which the server draws as a whole."""

    def __init__(self, html: str):
        parts = _read(html).parts
        self.parts: dict[str, Part] = {}
        self._keep("screen", parts)
        self.said = dict(_attributes(self.parts["screen"]))

    def _keep(self, name: str, parts: dict[str, list[tuple]]) -> None:
        self.parts[name] = tuple(parts[name])
        for token in self.parts[name]:
            if token[0] == "…":
                self._keep(token[1], parts)

    def all(self, attribute: str) -> list[dict[str, str]]:
        """Each element that has the attribute, as its attributes."""
        tokens = [token for part in self.parts.values() for token in part if token[0] == "<"]
        return [said for token in tokens if attribute in (said := dict(token[2]))]

    @property
    def shown(self) -> dict[str, str]:
        """All of it but the clock's hands, as comparable text."""
        return {name: " ".join(map(_word, part)) for name, part in self.parts.items()}


class Page:
    """The board and what stands above it, as one screen shows them."""

    def __init__(self, html: str):
        read = _read(html)
        self.parts: dict[str, Part] = {}
        self.map = dict(_attributes(read.parts["map"]))
        for name in ("board", "map-head"):
            self._put(name, read)

    def show_board(self, html: str) -> None:
        """The board as a whole."""
        self._replace(["board"], _read(html))

    def apply(self, html: str) -> None:
        """The fragments of one frame. Raises Torn where a browser would show something else."""
        read = _read(MEETING.sub("", html))
        targets = [said["hx-target"].removeprefix("#") for said, _names in read.partials]
        for target, (said, names) in zip(targets, read.partials, strict=True):
            if said["hx-swap"] != "outerMorph" or names != [target]:
                raise Torn(f"{said} brings {names}")
            if target not in self.parts:
                raise Torn(f"#{target} is not on the screen")
        self._replace(targets, read)

    def _replace(self, targets: list[str], read: _Reader) -> None:
        """All at once: what goes from one of them to another is moved. Nothing, if it is Torn."""
        before = dict(self.parts)
        try:
            for target in targets:
                self._take(target)
            for target in targets:
                self._put(target, read)
        except Torn:
            self.parts = before
            raise

    def _take(self, name: str) -> None:
        for token in self.parts.pop(name):
            if token[0] == "…":
                self._take(token[1])

    def _put(self, name: str, read: _Reader) -> None:
        if name in self.parts:
            raise Torn(f"#{name} stands twice")
        self.parts[name] = tuple(read.parts[name])
        for token in self.parts[name]:
            if token[0] == "…":
                self._put(token[1], read)

    # What a person sees on it

    def said(self, name: str) -> dict[str, str]:
        """The attributes of an element."""
        return dict(_attributes(self.parts[name]))

    def named(self, kind: str) -> list[str]:
        """The ids of all cards, cells, stages or lanes, in one order."""
        return sorted(name for name in self.parts if name.startswith(f"{kind}-"))

    def inside(self, name: str, kind: str) -> list[str]:
        """The ids of one kind that stand in an element, in the order in which they stand."""
        found = []
        for token in self.parts[name]:
            if token[0] == "…":
                found += (
                    [token[1]] if token[1].startswith(f"{kind}-") else self.inside(token[1], kind)
                )
        return found

    @property
    def digest(self) -> str:
        """The sum that the heartbeat tells, reckoned as static/js/digest.js does."""
        total = 0
        for part in self.parts.values():
            said = dict(_attributes(part))
            if "data-id" in said and "data-v" in said:
                total ^= crc32(f"{said['data-id'].replace('-', '')}:{said['data-v']}".encode())
        return f"{total:08x}"

    @property
    def shown(self) -> dict[str, str]:
        """All of it, as comparable text."""
        return {name: " ".join(map(_word, part)) for name, part in self.parts.items()}


def _attributes(part) -> tuple:
    """Of the element itself: its start is the first token."""
    return part[0][2]


def _word(token: tuple) -> str:
    if token[0] == "<":
        said = "".join(f' {name}="{value}"' for name, value in token[2] if name not in MOVES)
        return f"<{token[1]}{said}>"
    return "</" + token[1] + ">" if token[0] == ">" else "".join(token)
