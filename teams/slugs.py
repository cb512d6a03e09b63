"""The address of a workspace, made from its name."""

from collections.abc import Iterator
from itertools import count

from django.utils.text import slugify

_CYRILLIC = dict(
    zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True),
)
_CYRILLIC |= {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
_CYRILLIC |= {"ъ": "", "ь": "", "ю": "yu", "я": "ya"}
_LATIN = str.maketrans(_CYRILLIC)

# The demo is found by this address, so nobody else's team may have it.
DEMO = "demo"


def slugs(name: str) -> Iterator[str]:
    """Addresses for a name, the plain one first: «Цветы» → tsvety, tsvety-2, tsvety-3 …"""
    base = slugify(name.lower().translate(_LATIN))[:50].strip("-") or "team"
    if base != DEMO:
        yield base
    yield from (f"{base}-{number}" for number in count(2))
