"""docs/glossary.md decides the words: none that it bans stands in a Russian text of ours."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def banned() -> list[str]:
    rows = re.findall(r"^\|(.+)\|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    words = [row.split("|")[2] for row in rows[2:]]
    return [word.strip() for cell in words for word in cell.split(",") if word.strip()]


def russian_texts() -> list[str]:
    with (ROOT / "cjm/locale/ru/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file)
    strings = [message.string for message in catalogue if message.id]
    return [
        text
        for string in strings
        for text in (string if isinstance(string, tuple) else (string,))
        if text
    ]


def _stem(word: str) -> str:
    """Without its ending, so that all cases of a word are found."""
    return r"\s".join(re.escape(part[:-1] if len(part) > 4 else part) for part in word.split())


@pytest.mark.parametrize("word", banned())
def test_no_banned_word(word):
    pattern = re.compile(rf"\b{_stem(word)}\w{{0,3}}\b", re.IGNORECASE)
    assert [text for text in russian_texts() if pattern.search(text)] == []


def test_the_check_finds_what_it_looks_for():
    assert re.search(rf"\b{_stem('точка касания')}\w{{0,3}}\b", "у точки касания", re.IGNORECASE)
