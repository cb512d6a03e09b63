"""docs/glossary.md decides the words: none that it bans stands in a Russian text of ours."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

pytestmark = pytest.mark.one_engine

ROOT = Path(__file__).resolve().parent.parent


def banned() -> list[str]:
    rows = re.findall(r"^\|(.+)\|$", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    words = [row.split("|")[2] for row in rows[2:]]
    return [word.strip() for cell in words for word in cell.split(",") if word.strip()]


def russian_texts() -> list[str]:
    """The catalogue of translations, and what our own data files say on the screen."""
    with (ROOT / "cjm/locale/ru/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message.string for message in read_po(file) if message.id]
    files = [*(ROOT / "journeys/catalogues").glob("*.json"), ROOT / "personas/persona_fields.json"]
    data = [_russian(json.loads(file.read_text())) for file in files]
    return [text for text in _flat([messages, data]) if text]


def _russian(data) -> list:
    """Whatever stands under a key "ru"."""
    if isinstance(data, dict):
        return [value if key == "ru" else _russian(value) for key, value in data.items()]
    return [_russian(value) for value in data] if isinstance(data, list) else []


def _flat(texts) -> Iterator[str]:
    if isinstance(texts, str):
        yield texts
    else:
        for text in texts:
            yield from _flat(text)


# What Russian nouns and adjectives end in, after the letters that stay.
ENDINGS = (
    "а|ам|ами|ах|ая|е|его|ей|ем|ему|ею|и|ие|ий|им|ими|их|й|о|ов|ого|ое|ой|ом|ому|ою|"
    "у|ую|ы|ые|ый|ым|ыми|ых|ь|ью|ю|я|ям|ями|ях"
)


def _all_cases(phrase: str) -> re.Pattern:
    words = []
    for word in phrase.split():
        stem = re.sub("(?:ая|ое|ый|[аеиоуыьюяй])$", "", word)
        stem = re.sub("чк$", "ч[ео]?к", stem)  # точка, точек
        words.append(rf"{stem}(?:{ENDINGS})?")
    return re.compile(rf"\b{r'\s'.join(words)}\b", re.IGNORECASE)


@pytest.mark.parametrize("word", banned())
def test_no_banned_word(word):
    found = _all_cases(word)
    assert [text for text in russian_texts() if found.search(text)] == []


@pytest.mark.parametrize("text", ["у точки касания", "шесть точек касания", "Точками касания"])
def test_a_banned_word_is_found_in_every_case(text):
    assert _all_cases("точка касания").search(text)


def test_more_is_no_pain():
    assert not _all_cases("боль").search("не больше и не более трёх")


def test_a_dash_stays_with_the_word_before_it():
    assert [text for text in russian_texts() if re.search(r"\S [—–](?:\s|$)", text)] == []
