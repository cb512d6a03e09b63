"""The Russian catalogue: made anew from the sources, from what it held, and from the parts.

A part is `cjm/locale/parts/<name>.json`: {"English": "русский", "plural": ["1", "2", "5"]},
with a context as "context\\u0004English". A part wins over the catalogue.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "cjm" / "locale"
RUSSIAN = LOCALE / "ru" / "LC_MESSAGES" / "django.po"
ROOMS = [
    *("cjm", "ui", "live", "teams", "changes", "personas", "journeys", "workshops", "reports"),
    "templates",
]
XGETTEXT_REMEDY = "sudo apt install gettext (macOS: brew install gettext)"

type Key = tuple[str, str]  # context, English
type Text = str | tuple[str, ...]


def can_extract() -> bool:
    return all(map(shutil.which, ("xgettext", "msguniq", "msgmerge")))


def extracted() -> Catalog:
    """Every string of the sources that is to be translated.

    Taken from a copy, because makemessages writes into the folder that it reads.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for room in ROOMS:
            if (ROOT / room).exists():
                hidden = shutil.ignore_patterns("locale", "__pycache__")
                shutil.copytree(ROOT / room, copy / room, ignore=hidden)
        (copy / "static").mkdir()
        (copy / "cjm" / "locale" / "ru").mkdir(parents=True)
        subprocess.run(
            [sys.executable, "-m", "django", "makemessages", "-l", "ru", "--keep-pot", "-v", "0"],
            cwd=copy,
            env=os.environ
            | {"DJANGO_SETTINGS_MODULE": "cjm.settings", "CJM_VAR": str(copy / "var")},
            check=True,
        )
        template = (copy / "cjm" / "locale" / "django.pot").read_bytes()
    # xgettext leaves the header's plurals to the translator; Babel wants them now.
    blank = b"nplurals=INTEGER; plural=EXPRESSION"
    return read_po(BytesIO(template.replace(blank, b"nplurals=2; plural=(n != 1)")))


def russian() -> Catalog:
    """The catalogue as it is committed."""
    if not RUSSIAN.exists():
        return Catalog(locale="ru")
    with RUSSIAN.open("rb") as file:
        return read_po(file, locale="ru")


def merge() -> Catalog:
    """Write the catalogue: what the sources ask for, translated as far as anybody has."""
    before = russian()
    known: dict[Key, Text] = {
        _key(message): message.string
        for message in before
        if message.id and not message.fuzzy and any(_forms(message))
    }
    for part in sorted((LOCALE / "parts").glob("*.json")):
        for english, text in json.loads(part.read_text()).items():
            context, _, bare = english.rpartition("\u0004")
            known[context, bare] = text if isinstance(text, str) else tuple(text)
    merged = Catalog(
        locale="ru",
        project="cjm",
        fuzzy=False,
        header_comment="# The Russian texts; `manage.py translations` writes this file.",
        creation_date=before.creation_date,  # a run that changes nothing leaves the file as it was
    )
    for message in extracted():
        if not message.id:
            continue
        merged.add(
            message.id,
            _translation(message, known),
            locations=message.locations,
            flags=message.flags,
            auto_comments=message.auto_comments,
            context=message.context,
        )
    RUSSIAN.parent.mkdir(parents=True, exist_ok=True)
    with RUSSIAN.open("wb") as file:
        write_po(file, merged, width=100, include_lineno=False, sort_output=True)
    return merged


def faults(asked: Catalog, given: Catalog) -> list[str]:
    """What a reader of Russian would meet in English or broken, a line each."""
    there = {_key(message): message for message in given if message.id}
    lines = []
    for message in asked:
        if not message.id:
            continue
        context, english = _key(message)
        name = f"{english!r}" + (f" ({context})" if context else "")
        answer = there.get((context, english))
        if answer is None or not answer.string or not all(_forms(answer)):
            lines.append(f"not translated: {name}")
        elif answer.fuzzy:
            lines.append(f"fuzzy: {name}")
        elif message.pluralizable and len(_forms(answer)) != given.num_plurals:
            lines.append(f"needs {given.num_plurals} plural forms: {name}")
        else:
            lines.extend(f"{error}: {name}" for error in answer.check(given))
    return lines


def _key(message: Message) -> Key:
    english = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", english


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _translation(message: Message, known: dict[Key, Text]) -> Text:
    """Found by the singular or, because parts may name either, by the plural."""
    context = message.context or ""
    if isinstance(message.id, str):
        return known.get((context, message.id), "")
    found = known.get((context, message.id[0])) or known.get((context, message.id[1]), "")
    return ("", "", "") if isinstance(found, str) else found
