"""A change in words, in the reader's language: one small function per verb.

No gendered past tense: the program knows no gender, so a line says what there is now
("New card «…»"), beside the name of who did it. A verb without words fails a test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from changes.models import Change, Conflict
from journeys import catalogues
from journeys.kinds import ALL
from journeys.kinds.touchpoint import CHANNELS
from ui.text import figure, signed

LONGEST = 80
# Facts that name another row, by what they name; the others name cards.
_NOUNS = {
    "owner_id": "owner",
    "metric_id": "metric",
    "persona_id": "persona",
    "stage_id": "stage",
    "parent_id": "stage",
    "loop_to_id": "stage",
    "lane_id": "lane",
}


def noun_of(fact: str) -> str:
    """The kind of part that a fact names, empty where it names none."""
    return _NOUNS.get(fact, "card") if fact.endswith("_id") else ""


@dataclass
class Names:
    """What the parts of a map are called now, deleted ones too: `{"card:<hex>": "…"}`."""

    of: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, ref: str) -> str:
        return self.of.get(ref, "")

    def quoted(self, ref: str) -> str:
        return quote(self.of.get(ref, ""))


def quote(text: str) -> str:
    """«The first words …», on one line."""
    words = " ".join(text.split())
    short = words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"
    return _("“%(text)s”") % {"text": short} if short else _("without words")


def sentence(change: Change, names: Names) -> str:
    """What happened, without who and when."""
    return _VERBS[change.verb](change, names)


# Who has no name of their own stands in the history under a word: commands, nameless guests.
_SYSTEM = {
    "system:demo": gettext_lazy("Demo"),
    "system:import_map": gettext_lazy("Import from a file"),
    "guest:": gettext_lazy("A participant"),  # of a workshop, without a name
}


def who(change: Change) -> str:
    """Who did it, as readers are told."""
    return str(_SYSTEM.get(change.by) or change.by_name or _("Former member"))


def _cards_in(change: Change) -> list[str]:
    return [ref for ref, before in change.before.items() if ref[:5] == "card:" and before is None]


def _add_card(change: Change, names: Names) -> str:
    new = _cards_in(change)
    if len(new) > 1:
        return ngettext("%(count)s new card", "%(count)s new cards", len(new)) % {"count": len(new)}
    text = (change.after.get(change.target) or {}).get("text", "") or names[change.target]
    return _("New card %(card)s") % {"card": quote(text)}


def _edit_card(change: Change, names: Names) -> str:
    before = change.before.get(change.target) or {}
    after = change.after.get(change.target) or {}
    if any(name.startswith(Conflict.FACT) for name in after):
        return _("Two versions of %(card)s") % {"card": names.quoted(change.target)}
    if set(after) - {"metric_id"} <= {"text"} and "text" in after:
        return _("Card %(old)s is now %(new)s") % {
            "old": quote(before.get("text", "")),
            "new": quote(after["text"]),
        }
    parts = [_field(name, before.get(name), after[name], names) for name in after]
    parts += _figures(change)
    return _("%(card)s: %(changes)s") % {
        "card": names.quoted(change.target),
        "changes": "; ".join(part for part in parts if part) or _("details"),
    }


def _figures(change: Change) -> list[str]:
    """What the card's metric got, if anything."""
    parts = []
    for ref, after in change.after.items():
        if ref.startswith("metric:") and after:
            before = change.before[ref] or {}
            for name in ("fact", "plan"):
                if name in after:
                    parts.append(_field(name, before.get(name), after[name], Names()))
    return parts


def _labels() -> dict[str, str]:
    return {
        name: str(found.label).lower()
        for kind in ALL
        for name, found in kind.fields.items()
        if found.label
    }


def _field(name: str, old, new, names: Names) -> str:
    label = _labels().get(name.removesuffix("_id"))
    if name == "rated":
        return _("the answers of a room")
    if name in ("resolves", "images") or label is None:
        return label or ""
    if noun := noun_of(name):
        return f"{label} {names.quoted(f'{noun}:{new}') if new else '—'}"
    return f"{label} {_value(name, old)} → {_value(name, new)}"


def _value(name: str, value) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value) or "—"
    if name == "emotion":
        return signed(value)
    if isinstance(value, (int, float)):
        return figure(value)
    if name == "channel":
        return str(CHANNELS.get(value, value)).lower()
    if name == "unit":
        return catalogues.unit_name(value)
    for kind in ALL:
        choices = dict(getattr(kind.fields.get(name), "choices", []))
        if value in choices:
            return str(choices[value]).lower()
    return quote(str(value))


def _about(template: Callable[[], str]) -> Callable[[Change, Names], str]:
    """A sentence that only names the part it is about."""
    return lambda change, names: template() % {"name": names.quoted(change.target)}


def _count(change: Change) -> int:
    """How many cards a change of many is about; 0 where it is about one part."""
    kind, _colon, count = change.target.partition(":")
    return int(count) if kind == "cards" else 0


def _of_many(template: Callable[[int], str]) -> Callable[[Change, Names], str]:
    """A sentence that counts the cards it is about."""
    return lambda change, names: template(_count(change)) % {"count": figure(_count(change))}


def _edit_cards(change: Change, names: Names) -> str:
    count = _count(change)
    return ngettext("%(count)s card: %(changes)s", "%(count)s cards: %(changes)s", count) % {
        "count": figure(count),
        "changes": "; ".join(_given(change, names)) or _("details"),
    }


def _given(change: Change, names: Names) -> list[str]:
    """What all of them got: each may have had something else before."""
    given: dict[str, object] = {}
    tags: dict[str, None] = {}
    for ref, after in change.after.items():
        before = change.before[ref] or {}
        given |= {name: value for name, value in (after or {}).items() if name != "tags"}
        now, then = (after or {}).get("tags", []), before.get("tags", [])
        tags |= dict.fromkeys(f"+{tag}" for tag in now if tag not in then)
        tags |= dict.fromkeys(f"−{tag}" for tag in then if tag not in now)
    parts = []
    for name, value in given.items():
        label = _labels().get(name.removesuffix("_id"), "")
        noun = noun_of(name)
        said = names.quoted(f"{noun}:{value}") if noun and value else _value(name, value)
        parts.append(f"{label} {said}")
    return [*parts, *([f"{_labels()['tags']} {', '.join(tags)}"] if tags else [])]


def _edit_map(change: Change, names: Names) -> str:
    after = next(iter(change.after.values())) or {}
    if "title" in after:
        return _("The map is now called %(title)s") % {"title": quote(after["title"])}
    if "goal" in after or "measure" in after:
        return _("Aim and measure of the map")
    if "plan_starts" in after:
        return _("Start of the plan")
    return _("Settings of the map")


def _paste_block(change: Change, names: Names) -> str:
    count = len(_cards_in(change))
    return ngettext("Table pasted: %(count)s card", "Table pasted: %(count)s cards", count) % {
        "count": count
    }


def _edit_stage(change: Change, names: Names) -> str:
    after = change.after.get(change.target) or {}
    said = {"name": names.quoted(change.target)}
    if after.get("loop_to_id"):
        said["to"] = names.quoted(f"stage:{after['loop_to_id']}")
        return _("Customers come back from %(name)s to %(to)s") % said
    if "loop_to_id" in after:
        return _("Customers no longer come back from %(name)s") % said
    if after.get("exit_reason"):
        said["reason"] = quote(after["exit_reason"])
        return _("Customers leave at %(name)s: %(reason)s") % said
    if "exit_reason" in after:
        return _("Customers no longer leave at %(name)s") % said
    if "weight" in after:
        weight = figure(after["weight"]) if after["weight"] else "—"
        return _("Stage %(name)s: importance %(weight)s") % {**said, "weight": weight}
    return _("Stage %(name)s: name and description") % said


def _undo(change: Change, names: Names) -> str:
    if count := _count(change):
        return ngettext(
            "A step undone: %(count)s card", "A step undone: %(count)s cards", count
        ) % {"count": figure(count)}
    if not names[change.target]:
        return _("A step undone")
    return _("A step undone: %(name)s") % {"name": names.quoted(change.target)}


def _redo(change: Change, names: Names) -> str:
    if count := _count(change):
        return ngettext(
            "A step redone: %(count)s card", "A step redone: %(count)s cards", count
        ) % {"count": figure(count)}
    if not names[change.target]:
        return _("A step redone")
    return _("A step redone: %(name)s") % {"name": names.quoted(change.target)}


_VERBS: dict[str, Callable[[Change, Names], str]] = {
    "create_map": lambda change, names: _("The map begins"),
    "add_card": _add_card,
    "edit_card": _edit_card,
    "move_card": _about(lambda: _("New place for card %(name)s")),
    "duplicate_card": _about(lambda: _("Copy of card %(name)s")),
    "delete_card": _about(lambda: _("Card %(name)s is in the bin")),
    "move_cards": _of_many(
        lambda n: ngettext("%(count)s card: new place", "%(count)s cards: new places", n)
    ),
    "edit_cards": _edit_cards,
    "duplicate_cards": _of_many(
        lambda n: ngettext("Copy of %(count)s card", "Copies of %(count)s cards", n)
    ),
    "delete_cards": _of_many(
        lambda n: ngettext("%(count)s card in the bin", "%(count)s cards in the bin", n)
    ),
    "restore_card": _about(lambda: _("Card %(name)s is back")),
    "add_image": _about(lambda: _("New image on card %(name)s")),
    "describe_image": _about(lambda: _("Words for an image on card %(name)s")),
    "remove_image": _about(lambda: _("One image less on card %(name)s")),
    "solve_conflict": _about(lambda: _("Choice made for %(name)s")),
    "add_stage": _about(lambda: _("New stage %(name)s")),
    "divide_stage": _about(lambda: _("Stage %(name)s is divided into steps")),
    "edit_stage": _edit_stage,
    "move_stage": _about(lambda: _("New place for stage %(name)s")),
    "duplicate_stage": _about(lambda: _("Copy of stage %(name)s")),
    "delete_stage": _about(lambda: _("Stage %(name)s is in the bin")),
    "restore_stage": _about(lambda: _("Stage %(name)s is back")),
    "add_lane": _about(lambda: _("New lane %(name)s")),
    "edit_lane": _about(lambda: _("Lane %(name)s: name and hint")),
    "move_lane": _about(lambda: _("New place for lane %(name)s")),
    "duplicate_lane": _about(lambda: _("Copy of lane %(name)s")),
    "delete_lane": _about(lambda: _("Lane %(name)s is in the bin")),
    "restore_lane": _about(lambda: _("Lane %(name)s is back")),
    "edit_map": _edit_map,
    "set_personas": lambda change, names: _("Personas of the map"),
    "archive_map": lambda change, names: _("The map is in the archive"),
    "unarchive_map": lambda change, names: _("The map is out of the archive"),
    "delete_map": lambda change, names: _("The map is in the bin"),
    "restore_map": lambda change, names: _("The map is back"),
    "keep_version": _about(lambda: _("Version kept: %(name)s")),
    "restore_version": _about(lambda: _("The map is as in the version %(name)s")),
    "paste_block": _paste_block,
    "undo": _undo,
    "redo": _redo,
}


def learn(verbs: Mapping[str, Callable[[Change, Names], str]]) -> None:
    """Another app's verbs on a map, and how they are said."""
    _VERBS.update(verbs)
