"""A short sum of what a screen shows, told in the heartbeat: a screen whose sum differs has missed
something and fetches the board.

The browser reckons the same over its elements (static/js/digest.js): CRC-32 of
`<hex id>:<version>` of each card, stage header and lane header on the board, joined by XOR,
because elements come in any order.
"""

from uuid import UUID
from zlib import crc32

from changes.models import Document
from journeys.models import Card, Journey
from teams.actors import TEAM

from . import stages
from .board import lanes_of

TRIES = 3


def digest_of(journey_id: UUID, audience: str) -> tuple[int, str]:
    """`(seq, digest)` of what an audience sees; an empty digest while edits come too fast to
    read the board between two of them, and for audiences that look at no board."""
    if audience != TEAM:
        return _seq(journey_id), ""
    seq = _seq(journey_id)
    for _try in range(TRIES):
        total = _sum(journey_id, audience)
        now = _seq(journey_id)
        if now == seq:
            return seq, f"{total:08x}"
        seq = now
    return seq, ""


def _seq(journey_id: UUID) -> int:
    return Document.objects.values_list("seq", flat=True).get(pk=journey_id)


def _sum(journey_id: UUID, audience: str) -> int:
    journey = Journey(pk=journey_id)
    heads = stages.headings(stages.rows_of(journey))
    columns = {head.stage.pk: head.stage.version for head in heads}
    lanes = {row.pk: row.version for row in lanes_of(journey)}
    cards = Card.living.filter(
        journey=journey_id, audience=audience, stage__in=columns, lane__in=lanes
    ).values_list("pk", "version")
    total = 0
    for pk, version in [*columns.items(), *lanes.items(), *cards]:
        total ^= crc32(f"{pk.hex}:{version}".encode())
    return total
