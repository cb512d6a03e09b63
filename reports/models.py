"""What has been asked to be printed."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from journeys.models import Journey
from ui.ids import uuid7

# A job that nobody has touched for so long lost its process.
LOST_AFTER = timedelta(seconds=30)


class Printout(models.Model):
    """A PDF of a map: asked for, being made, made. In the database, so that any process can show
    how far it is, hand it out, or cancel it.

    `key` names all that the document depends on; another request with an equal key gets this file.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    UNFINISHED = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="printouts")
    key = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    by = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)  # percent
    error = models.CharField(max_length=20, blank=True)
    warnings = models.JSONField(default=list)  # [code, number] each
    pages = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=100, blank=True)  # in the default storage
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["journey", "key"], name="printout_key"),
            models.Index(fields=["created_at"], name="printout_age"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(file=""), name="printout_done_has_file"
            ),
            models.CheckConstraint(
                condition=Q(progress__lte=100), name="printout_progress_percent"
            ),
        ]

    @property
    def format(self) -> str:
        """pdf, png or svg."""
        return self.options.get("format", "pdf")

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED and not self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether the process that made it is gone, e.g. after a restart."""
        return self.state in self.UNFINISHED and self.touched_at < timezone.now() - LOST_AFTER


@receiver(post_delete, sender=Printout)
def _delete_file(instance: Printout, **kwargs) -> None:
    if instance.file:
        transaction.on_commit(lambda: default_storage.delete(instance.file))
