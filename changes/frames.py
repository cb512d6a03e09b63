"""Reading what screens receive: the frames after a number, and the heads of documents."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from ui.build import BUILD

from .models import Document, Frame

KEPT = timedelta(hours=24)
MOST = 500  # a screen further behind than this fetches the board


def after(document_id: UUID, seq: int, limit: int = MOST) -> list[tuple[int, str, str]] | None:
    """`(seq, audience, html)` of the frames after `seq` in order; None where they are too old,
    too many, or drawn by another build: the screen then fetches the board."""
    rows = list(
        Frame.objects.filter(document_id=document_id, seq__gt=seq)
        .order_by("seq", "audience")
        .values_list("seq", "audience", "html", "build")[: limit + 1]
    )
    if not rows:
        return [] if heads([document_id]).get(document_id, 0) == seq else None
    if rows[0][0] != seq + 1 or len(rows) > limit:
        return None
    if any(build != BUILD for *_, build in rows):
        return None
    return [(number, audience, html) for number, audience, html, _ in rows]


def heads(document_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The number of each document's last change."""
    return dict(Document.objects.filter(pk__in=document_ids).values_list("pk", "seq"))


def prune(document_id: UUID) -> int:
    """Deletes the document's frames that are older than a day; returns how many."""
    old = Frame.objects.filter(document_id=document_id, at__lt=timezone.now() - KEPT)
    return old.delete()[0]
