"""The catalogues that the product carries: lanes, templates, touchpoints, metrics, demo maps.

Every function takes a language and gives words in it; without one, in the reader's. What is
drawn inside a board takes the map's language, what stands around it the reader's.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from ui.text import folded

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class LaneKind:
    """A usual kind of lane. `question` and `example` stand in its empty cells."""

    key: str
    name: str
    semantics: str
    content: str
    perspective: str  # customer or company
    card_fields: tuple[str, ...]
    icon: str  # of the Lucide set
    question: str
    example: str
    usual: bool  # one of the eight offered first


@dataclass(frozen=True)
class TemplateStage:
    key: str
    name: str
    description: str
    optional: bool
    steps: tuple[tuple[str, str], ...] = ()  # key and name
    actions: tuple[str, ...] = ()  # what customers usually do here


@dataclass(frozen=True)
class TemplateLoop:
    """From one stage customers come back to another; both are keys."""

    start: str
    to: str
    name: str


@dataclass(frozen=True)
class Template:
    """Stages and lanes to begin a map with."""

    key: str
    kind: str  # journey, interview, blueprint
    name: str
    description: str
    stages: tuple[TemplateStage, ...]
    lanes: tuple[str, ...]  # keys of lane kinds
    loop: TemplateLoop | None = None

    @property
    def has_actions(self) -> bool:
        return any(stage.actions for stage in self.stages)


@dataclass(frozen=True)
class Purpose:
    """What a map is for: an aim as an example, and the lanes that it needs."""

    key: str
    name: str
    description: str
    goal: str
    lanes: tuple[str, ...]  # keys of lane kinds


@dataclass(frozen=True)
class Touchpoint:
    """A place where customers meet companies."""

    key: str
    name: str
    channel: str
    mode: str  # online, offline, both
    group: str  # its name


@dataclass(frozen=True)
class MetricKind:
    """A usual figure. `direction` says whether a higher or a lower fact is better."""

    key: str
    name: str
    unit: str
    direction: str
    formula: str
    expression: str | None  # variables and + − * /
    group: str
    scope: str  # stage, map, touchpoint, any
    min: float | None
    max: float | None


def lane_kinds(language: str | None = None) -> tuple[LaneKind, ...]:
    """All 28 kinds of lanes."""
    return tuple(_lane_kinds(_known(language)).values())


def lane_kind(key: str, language: str | None = None) -> LaneKind | None:
    """One kind; None for an own lane and for a key that nobody knows."""
    return _lane_kinds(_known(language)).get(key)


def usual_lanes(language: str | None = None) -> tuple[LaneKind, ...]:
    """The eight lanes most maps have, in their order."""
    return tuple(kind for kind in lane_kinds(language) if kind.usual)


def lane_kind_called(name: str, language: str | None = None) -> LaneKind | None:
    """The kind that a team means by this name of a lane: the catalogue's in either language, or
    one of those that lane_names.json adds; first the whole name, then the words it holds."""
    wanted = plain(name)
    key = _kinds_by_name().get(wanted)
    if key is None:
        held = [known for known in _kinds_by_name() if f" {known} " in f" {wanted} "]
        key = _kinds_by_name()[max(held, key=len)] if held else ""
    return lane_kind(key, language)


@cache
def names_alike() -> tuple[tuple[str, ...], ...]:
    """Groups of names, folded, that teams give the same thing: to a stage, to each kind of lane."""
    names = _read("lane_names")
    usual = {row["key"]: row["name"].values() for row in _read("lane_types")["lane_types"]}
    lanes = ([*usual[key], *others] for key, others in names["names"].items())
    return tuple(tuple(dict.fromkeys(map(plain, group))) for group in [names["stage"], *lanes])


def content_called(name: str) -> str:
    """The content whose card is called so in either language; empty if none is."""
    kinds = _read("lane_types")["content_kinds"]
    named = {plain(word): key for key, words in kinds.items() for word in (key, *words.values())}
    return named.get(plain(name), "")


def metric_called(name: str) -> MetricKind | None:
    """The figure of the catalogue that has this name in either language."""
    for language in ("ru", "en"):
        for kind in metrics(language):
            if plain(kind.name) == plain(name):
                return kind
    return None


def content_name(content: str, language: str | None = None) -> str:
    """What one card of this content is called: “barrier”."""
    return _read("lane_types")["content_kinds"][content][_known(language)]


def templates(language: str | None = None) -> tuple[Template, ...]:
    """The nine templates of maps."""
    return tuple(_templates(_known(language)).values())


def template(key: str, language: str | None = None) -> Template | None:
    return _templates(_known(language)).get(key)


def purposes(language: str | None = None) -> tuple[Purpose, ...]:
    """What maps are made for, usually."""
    return tuple(_purposes(_known(language)).values())


def purpose(key: str, language: str | None = None) -> Purpose | None:
    return _purposes(_known(language)).get(key)


def touchpoints(language: str | None = None) -> tuple[Touchpoint, ...]:
    """The 78 touchpoints to choose from while typing."""
    return tuple(_touchpoints(_known(language)).values())


def touchpoint(key: str, language: str | None = None) -> Touchpoint | None:
    return _touchpoints(_known(language)).get(key)


def metrics(language: str | None = None) -> tuple[MetricKind, ...]:
    """The 29 figures with unit, direction and formula."""
    return tuple(_metrics(_known(language)).values())


def metric(key: str, language: str | None = None) -> MetricKind | None:
    return _metrics(_known(language)).get(key)


def unit_name(unit: str, language: str | None = None) -> str:
    """How a unit is written behind a number; an unknown one is written as it is."""
    words = _read("metrics")["units"].get(unit)
    return words[_known(language)] if words else unit


def demo_maps(language: str | None = None) -> tuple[bytes, ...]:
    """The three demo maps, as files."""
    found = sorted((FOLDER / "demo_maps").glob(f"*.{_known(language)}.json"))
    return tuple(path.read_bytes() for path in found)


def plain(name: str) -> str:
    """A name as it is compared: words alone."""
    return " ".join(re.findall(r"\w+", folded(name)))


@cache
def _kinds_by_name() -> dict[str, str]:
    named = {
        plain(name): key
        for key, names in _read("lane_names")["names"].items()
        for name in (key, *names)
    }
    kinds = _read("lane_types")["lane_types"]
    return named | {plain(name): row["key"] for row in kinds for name in row["name"].values()}


def _known(language: str | None) -> str:
    return "ru" if (language or get_language() or "").startswith("ru") else "en"


@cache
def _read(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _lane_kinds(language: str) -> dict[str, LaneKind]:
    catalogue = _read("lane_types")
    return {
        row["key"]: LaneKind(
            key=row["key"],
            name=row["name"][language],
            semantics=row["semantics"][language],
            content=row["content"],
            perspective=row["perspective"],
            card_fields=tuple(row["card_fields"]),
            icon=row["icon"],
            question=row["question"][language],
            example=row["example"][language],
            usual=row["key"] in catalogue["usual"],
        )
        for row in catalogue["lane_types"]
    }


@cache
def _templates(language: str) -> dict[str, Template]:
    return {
        row["key"]: Template(
            key=row["key"],
            kind=row["kind"],
            name=row["name"][language],
            description=row["description"][language],
            stages=tuple(
                TemplateStage(
                    key=stage["key"],
                    name=stage["name"][language],
                    description=stage["description"][language],
                    optional=stage["key"] in row.get("optional_stages", []),
                    steps=tuple(
                        (step["key"], step["name"][language])
                        for step in row.get("sublevels", {}).get(stage["key"], ())
                    ),
                    actions=tuple(words[language] for words in stage.get("actions", ())),
                )
                for stage in row["stages"]
            ),
            lanes=tuple(row["recommended_lanes"]),
            loop=_loop(row["loop"], language) if "loop" in row else None,
        )
        for row in _read("templates")["templates"]
        if row["kind"] != "workshop"  # an agenda, not a map
    }


def _loop(row: dict, language: str) -> TemplateLoop:
    return TemplateLoop(row["from"], row["to"], row["name"][language])


@cache
def _purposes(language: str) -> dict[str, Purpose]:
    return {
        row["key"]: Purpose(
            key=row["key"],
            name=row["name"][language],
            description=row["description"][language],
            goal=row["goal"][language],
            lanes=tuple(row["lanes"]),
        )
        for row in _read("purposes")["purposes"]
    }


@cache
def _touchpoints(language: str) -> dict[str, Touchpoint]:
    catalogue = _read("touchpoints")
    return {
        row["key"]: Touchpoint(
            key=row["key"],
            name=row["name"][language],
            channel=row["channel"],
            mode=row["mode"],
            group=catalogue["groups"][row["group"]][language],
        )
        for row in catalogue["touchpoints"]
    }


@cache
def _metrics(language: str) -> dict[str, MetricKind]:
    return {
        row["key"]: MetricKind(
            key=row["key"],
            name=row["name"][language],
            unit=row["unit"],
            direction=row["direction"],
            formula=row["formula"][language],
            expression=row["expression"],
            group=row["group"],
            scope=row["scope"],
            min=row["min"],
            max=row["max"],
        )
        for row in _read("metrics")["metrics"]
    }
