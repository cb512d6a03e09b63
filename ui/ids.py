"""Identifiers: time-ordered UUIDs, and the ids that elements carry in a page."""

import os
import time
import uuid


def uuid7() -> uuid.UUID:
    """A new UUID, version 7 (RFC 9562): 48 bits of milliseconds, then random bits.

    Rows made later sort later, so an index grows at its end. Browsers make them too
    (static/js/ids.js); Python has its own from 3.14 on.
    """
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def dom_id(kind: str, *keys: object) -> str:
    """The id of an element: `dom_id("cell", stage.pk, lane.pk)` → `cell-<hex>-<hex>`.

    Templates, fragments and tests all ask here, so that they cannot disagree.
    """
    return "-".join([kind, *(key.hex if isinstance(key, uuid.UUID) else str(key) for key in keys)])
