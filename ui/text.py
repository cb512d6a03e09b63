"""Text as it is drawn: typographic binding, signs, initials. The data is never changed."""

import re
from decimal import Decimal
from functools import cache

import pyphen
from django.utils.formats import number_format

NBSP = "\u00a0"
MINUS = "\u2212"
SOFT_HYPHEN = "\u00ad"
LONG_WORD = 16

_SPACE_AFTER_SHORT_WORD = re.compile(r"(?<![\w-])([А-Яа-яЁё]{1,2}) (?=\S)")
_SPACE_BEFORE_DASH = re.compile(r"(?<=\S) (?=[—–](?:\s|$))")
# Long nouns after a number are left alone: bound, they could be wider than a card.
_SPACE_IN_QUANTITY = re.compile(r"(?<=\d) (?=(?:\d|[%‰₽€$°№]|[^\W\d_]{1,7}\b))")
_SPACE_AFTER_SIGN = re.compile(r"([№§]) (?=\d)")
# In pieces of at most 100: the time a word takes grows with the square of its length.
_LETTERS = re.compile(rf"[^\W\d_]{{{LONG_WORD + 1},100}}")
# A soft hyphen inside an address would be copied with it.
_WRITTEN_TOGETHER = re.compile(r"\S+")
_OF_ADDRESS = re.compile(r"://|@|www\.")


def folded(text: str) -> str:
    """A text as it is compared: one case, one е, one kind of space."""
    return " ".join(text.casefold().replace("ё", "е").split())


def bind(text: str) -> str:
    """Joins what must not be parted by a line's end, and lets very long words break."""
    text = _SPACE_AFTER_SHORT_WORD.sub(rf"\1{NBSP}", text)
    text = _SPACE_BEFORE_DASH.sub(NBSP, text)
    text = _SPACE_IN_QUANTITY.sub(NBSP, text)
    text = _SPACE_AFTER_SIGN.sub(rf"\1{NBSP}", text)
    addresses = [
        match.span() for match in _WRITTEN_TOGETHER.finditer(text) if _OF_ADDRESS.search(match[0])
    ]

    def hyphenated(match: re.Match) -> str:
        if any(start <= match.start() < end for start, end in addresses):
            return match[0]
        return _hyphenator(_language(match[0])).inserted(match[0], SOFT_HYPHEN)

    return _LETTERS.sub(hyphenated, text)


def _language(word: str) -> str:
    return "ru_RU" if re.search("[А-Яа-яЁё]", word) else "en_US"


@cache
def _hyphenator(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language, left=3, right=3)


def signed(value: int | float | None) -> str:
    """−7, 0, +1 with a real minus; nothing for no value."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    return f"{MINUS if value < 0 else '+'}{abs(value)}"


def figure(value: float | Decimal | str | None) -> str:
    """A number as people write it: 5 900, 4,2."""
    if value in (None, ""):
        return ""
    text = f"{Decimal(str(value)):f}"
    decimals = len(text.rstrip("0").partition(".")[2]) if "." in text else 0
    written = number_format(value, decimals, use_l10n=True, force_grouping=True)
    return written.replace("-", MINUS)


def initials(name: object) -> str:
    """At most two letters for a ring: the first of the first and of the last word."""
    words = [
        word for word in re.split(r"[\s._-]+", str(name).partition("@")[0]) if word[:1].isalnum()
    ]
    if not words:
        return "?"
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
