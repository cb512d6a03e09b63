"""Documents, their numbered history, and the frames that screens receive.

Knows no word of a journey: a document is anything that many people edit at once.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from teams.models import Workspace
from ui.ids import uuid7


class Document(models.Model):
    """Something that many people edit at once. `seq` is the number of its last change.

    The row is the lock: whoever raises `seq` has the document's turn until the commit, so the
    order of numbers is the order of commits. `epoch` changes when a backup is restored, and
    tells a browser that the numbers it knows belong to another past.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="documents")
    seq = models.PositiveBigIntegerField(default=0)
    epoch = models.UUIDField(default=uuid7)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "deleted_at"], name="document_living")]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at=None, deleted_by="")
                | Q(deleted_at__isnull=False) & ~Q(deleted_by=""),
                name="document_deleted_paired",
            )
        ]


class Change(models.Model):
    """One line of history, kept for ever: what was before, what is after, who did it.

    `before` and `after` hold facts only, `{"card:<hex>": {"text": …}, …}`, with None for a row
    that was not there. `key` is the browser's idempotency key, `body` a digest of what was
    asked: a second post with the same key gets the first answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="changes")
    seq = models.PositiveBigIntegerField()
    key = models.UUIDField()
    body = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=40)
    target = models.CharField(max_length=60, blank=True)
    audience = models.CharField(max_length=120, default="team")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.CharField(max_length=120)
    by_name = models.CharField(max_length=100)
    visit = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    # An undo names the first number of what it took back; what was taken back names its undo.
    undoes = models.PositiveBigIntegerField(null=True)
    undone_by = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["document", "seq"], name="change_seq_once"),
            models.UniqueConstraint(fields=["document", "key"], name="change_key_once"),
        ]
        indexes = [
            models.Index(fields=["document", "by", "-seq"], name="change_by_actor"),
            models.Index(fields=["document", "target", "-seq"], name="change_by_target"),
        ]


class Frame(models.Model):
    """What one change draws for one audience: the bytes every screen of it receives. Kept 24 h."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="frames")
    seq = models.PositiveBigIntegerField()
    audience = models.CharField(max_length=120, default="team")
    html = models.TextField(blank=True)
    build = models.CharField(max_length=16)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "seq", "audience"], name="frame_once")
        ]
        indexes = [models.Index(fields=["at"], name="frame_age")]


class Conflict(models.Model):
    """Two people changed the same words of one field; both versions wait here to be chosen."""

    FACT = "conflict:"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="conflicts")
    target = models.CharField(max_length=60)  # "card:<hex>"
    field = models.CharField(max_length=40)
    base = models.TextField(blank=True)
    mine = models.TextField(blank=True)
    theirs = models.TextField(blank=True)
    by = models.CharField(max_length=120)
    by_name = models.CharField(max_length=100)
    theirs_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(solved_at=None, solved_by="")
                | Q(solved_at__isnull=False) & ~Q(solved_by=""),
                name="conflict_solved_paired",
            )
        ]

    @property
    def fact(self) -> str:
        """Its name among the facts of its target; the fact is what waits, or None."""
        return f"{self.FACT}{self.pk.hex}"

    @property
    def waiting(self) -> str | None:
        return self.mine if self.solved_at is None else None
