"""The fields of a persona, in groups, as the catalogue persona_fields.json has them.

All but the photo, for which a monogram stands. `name` is a column of Persona, the others are
kept in `Persona.data`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language


@dataclass(frozen=True)
class Field:
    """One thing to say of a persona. With `multiple` it is a list of texts."""

    key: str
    label: str
    hint: str
    type: str  # text, longtext
    multiple: bool
    required: bool
    group: str


@dataclass(frozen=True)
class Group:
    key: str
    name: str
    fields: tuple[Field, ...]


def fields(language: str | None = None) -> tuple[Field, ...]:
    """All fields, in words of `language` (without one: of the reader)."""
    return tuple(field for group in groups(language) for field in group.fields)


def groups(language: str | None = None) -> tuple[Group, ...]:
    """The fields in their groups: who it is, how they live, how they choose, how we know."""
    known = (language or get_language() or "").startswith("ru")
    return _groups("ru" if known else "en")


@cache
def _groups(language: str) -> tuple[Group, ...]:
    path = Path(__file__).parent / "persona_fields.json"
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    found = [
        Field(
            key=row["key"],
            label=row["label"][language],
            hint=row["hint"][language],
            type=row["type"],
            multiple=row["multiple"],
            required=row["required"],
            group=row["group"],
        )
        for row in catalogue["fields"]
        if row["type"] != "image"
    ]
    return tuple(
        Group(key, words[language], tuple(field for field in found if field.group == key))
        for key, words in catalogue["groups"].items()
    )
