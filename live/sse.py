"""Server-sent events: the one encoder.

Card text reaches a stream only through here, so nobody can forge an `id:` or a second event by
typing line breaks.
"""

import random
import re

_BREAK = re.compile("\r\n|\r|\n")


def encode(
    data: str, *, id: int | None = None, event: str | None = None, retry: int | None = None
) -> bytes:
    """One event. An empty `data` is still an event: a number can pass without any HTML.

    `event` is a word of our own code, never of a user.
    """
    lines = []
    if id is not None:
        lines.append(f"id: {int(id)}")
    if event is not None:
        lines.append(f"event: {event}")
    if retry is not None:
        lines.append(f"retry: {int(retry)}")
    lines += [f"data: {line}" for line in _BREAK.split(data.replace("\0", ""))]
    return ("\n".join(lines) + "\n\n").encode()


def retry_ms() -> int:
    """When to come back: spread, so that a restart isn't followed by everyone at once."""
    return random.randint(500, 2500)


def again() -> bytes:
    """The last words of a stream that ends in peace: come back in a moment.

    htmx ignores a `retry:` that stands alone, so it travels with an event.
    """
    return encode("", event="again", retry=retry_ms())
