"""One of six hues for a person, the same on every screen and after every restart."""

from zlib import crc32

HUES = 6


def person_hue(person: object) -> str:
    """A class name `person-0` … `person-5` from the person's id (or the object itself)."""
    return f"person-{crc32(str(getattr(person, 'pk', person)).encode()) % HUES}"
