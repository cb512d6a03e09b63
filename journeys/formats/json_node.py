"""Reading a JSON document strictly: each value is asked for by key, type and range.

What was not asked for is `rest()`. A value that does not fit raises `Wrong` with its place in
the document, which `line_of` turns into a line of the text.
"""

import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from json import JSONDecoder
from typing import Any

from django.utils.translation import gettext as _

from journeys import limits

type Place = tuple[str | int, ...]

SMALL = 32_767  # the largest number of a small column in PostgreSQL
MONEY = Decimal("999999999999.99")


class Wrong(Exception):
    """A value does not fit; the message is the second half of the sentence."""

    def __init__(self, place: Place, what: str):
        super().__init__(what)
        self.place = place


def name_of(place: Place) -> str:
    """How a sentence names a place: `cards[3].stage`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".")


class Node:
    """A JSON object and its place."""

    def __init__(self, value: Any, place: Place = ()):
        if not isinstance(value, dict):
            raise Wrong(place, _("an object { … } was expected"))
        self.left = dict(value)
        self.place = place

    def at(self, key: str) -> Place:
        return (*self.place, key)

    def rest(self) -> dict[str, Any]:
        """What nobody asked for."""
        return self.left

    def text(self, key: str, most: int, *, required: bool = False) -> str:
        value = self.left.pop(key, None)
        if value is None:
            value = ""
        if not isinstance(value, str):
            raise Wrong(self.at(key), _("a text in quotes was expected"))
        if required and not value.strip():
            raise Wrong(self.at(key), _("this text is required"))
        if len(value) > most:
            raise Wrong(self.at(key), limits.characters(most).sentence)
        return value

    def texts(self, key: str) -> list[str]:
        """A list of texts; one text alone counts as a list of one."""
        value = self.left.pop(key, None) or []
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise Wrong(self.at(key), _("a list of texts was expected"))
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str = "") -> str:
        value = self.left.pop(key, None)
        if value is None or value == "":
            return default
        if value not in (known := tuple(allowed)):
            raise Wrong(
                self.at(key), _("one of %(known)s was expected") % {"known": ", ".join(known)}
            )
        return value

    def reference(self, key: str, known: Iterable[str], *, required: bool = False) -> str:
        """The key of another part of this document."""
        value = self.text(key, 100, required=required)
        if value and value not in known:
            raise Wrong(self.at(key), _("there is no “%(key)s” in this file") % {"key": value})
        return value

    def references(self, key: str, known: Iterable[str]) -> list[str]:
        values = list(dict.fromkeys(self.texts(key)))
        for number, value in enumerate(values):
            if value not in known:
                raise Wrong(
                    (*self.at(key), number),
                    _("there is no “%(key)s” in this file") % {"key": value},
                )
        return values

    def flag(self, key: str) -> bool:
        value = self.left.pop(key, None)
        if value is not None and not isinstance(value, bool):
            raise Wrong(self.at(key), _("true or false was expected"))
        return bool(value)

    def integer(self, key: str, low: int, high: int) -> int | None:
        value = self.left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(
                self.at(key),
                _("a whole number from %(low)s to %(high)s was expected")
                % {"low": low, "high": high},
            )
        return value

    def number(self, key: str) -> float | None:
        value = self.left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                if math.isfinite(found := float(value)):
                    return found
            except OverflowError:
                pass
        raise Wrong(self.at(key), _("a number was expected"))

    def money(self, key: str) -> Decimal | None:
        value = self.number(key)
        if value is None:
            return None
        try:
            found = Decimal(str(value)).quantize(Decimal("0.01"))
        except InvalidOperation:
            found = MONEY + 1
        if abs(found) > MONEY or float(found) != value:
            raise Wrong(self.at(key), _("a sum with at most two decimals was expected"))
        return found

    def day(self, key: str) -> date | None:
        value = self.left.pop(key, None)
        if value is None or value == "":
            return None
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise Wrong(self.at(key), _("a date like 2026-09-01 was expected"))

    def child(self, key: str) -> "Node | None":
        value = self.left.pop(key, None)
        return None if value is None else Node(value, self.at(key))

    def children(self, key: str) -> list["Node"]:
        value = self.left.pop(key, None)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Wrong(self.at(key), _("a list [ … ] was expected"))
        return [Node(item, (*self.at(key), number)) for number, item in enumerate(value)]


def is_storable(text: str) -> bool:
    """Whether every database takes each character: no NUL, no half of a pair."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def storable(value: Any, place: Place = ()) -> None:
    """Raises Wrong at a text or a number that can't be kept."""
    if isinstance(value, str):
        if not is_storable(value):
            raise Wrong(place, _("a character that can't be kept stands here"))
    elif isinstance(value, dict):
        for key, item in value.items():
            storable(key, place)
            storable(item, (*place, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            storable(item, (*place, number))
    elif isinstance(value, float) and not math.isfinite(value):
        raise Wrong(place, _("a number was expected"))


_SPACE = re.compile(r"[ \t\n\r]*")


def line_of(text: str, place: Place) -> int:
    """The line at which the value at `place` begins, or the last part of it that is there."""
    decoder = JSONDecoder()

    def skip(at: int) -> int:
        return _SPACE.match(text, at).end()  # type: ignore[union-attr]

    def find(at: int, step: str | int) -> int | None:
        found, number, at = None, 0, skip(at + 1)
        while text[at] not in "]}":
            key: str | int = number
            if isinstance(step, str):
                key, at = decoder.raw_decode(text, at)
                at = skip(skip(at) + 1)  # behind the colon
            if key == step:
                found = at  # the last one counts, as for the parser
            _value, at = decoder.raw_decode(text, at)
            number, at = number + 1, skip(at)
            at = skip(at + 1) if text[at] == "," else at
        return found

    at = skip(0)
    for step in place:
        inner = find(at, step)
        if inner is None:
            break
        at = inner
    return text.count("\n", 0, at) + 1
