"""Which change a person's undo takes back, and which undo their redo takes back.

All saves of one visit count as one step, as long as nobody else wrote between them. Undo is an
ordinary change that names what it takes back; redo takes back an undo.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

from .models import Change

UNDO, REDO = "undo", "redo"
# What the room did together is not one person's to take back. Other apps add their verbs.
NEVER = {
    "create_map",
    "delete_map",
    "restore_map",
    "archive_map",
    "unarchive_map",
    "solve_conflict",
    "keep_version",
    "restore_version",
}
# Sets the whole document anew, whoever wrote in it. Taking that back would be refused after the
# next word of anybody, and taking back what was before it would mix two states: so undo stops
# there, and the way back is the version that restoring keeps.
WALL = "restore_version"
LOOK_BACK = 500


def wall(document_id) -> int:
    """The number of the change that no undo and no redo reaches behind; 0 for none."""
    walls = Change.objects.filter(document_id=document_id, verb=WALL).order_by("-seq")
    return walls.values_list("seq", flat=True).first() or 0


def _mine(document_id, by: str) -> QuerySet[Change]:
    """The person's changes that undo and redo may look at, newest first."""
    since = {"seq__gt": wall(document_id)}
    return Change.objects.filter(document_id=document_id, by=by, **since).order_by("-seq")


def last_step(document_id, by: str) -> list[Change]:
    """The changes of the person's last step that still stands, newest first; empty if none.

    A redo is no step of its own: what it brought back stands again and is found by its own name.
    """
    standing = _mine(document_id, by).filter(undone_by=None)
    change = standing.exclude(verb__in=(UNDO, REDO, *NEVER)).first()
    return [change, *_same_visit(change)] if change else []


def _same_visit(last: Change) -> Iterator[Change]:
    """Earlier saves of the same visit, until somebody else's change stands between."""
    if last.visit is None:
        return
    seq = last.seq
    earlier = Change.objects.filter(document_id=last.document_id, seq__lt=seq).order_by("-seq")
    for change in earlier[:LOOK_BACK]:
        same = change.visit == last.visit and change.by == last.by and change.undone_by is None
        if not same or change.seq != seq - 1 or change.verb in NEVER:
            return
        seq = change.seq
        yield change


def last_undo(document_id, by: str) -> Change | None:
    """The undo that a redo would take back: the newest one that stands, if the person has
    changed nothing else since."""
    since = _mine(document_id, by).exclude(verb=REDO).exclude(verb=UNDO, undone_by__isnull=False)
    change = since.first()
    return change if change and change.verb == UNDO else None


def mark_undone(changes: list[Change], seq: int) -> None:
    """Notes that the change `seq` took these back."""
    Change.objects.filter(pk__in=[change.pk for change in changes]).update(undone_by=seq)


def mark_redone(undo: Change, seq: int) -> None:
    """Notes that the change `seq` took an undo back: what that had taken back stands again."""
    mark_undone([undo], seq)
    Change.objects.filter(document_id=undo.document_id, undone_by=undo.seq).update(undone_by=None)
