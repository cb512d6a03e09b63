"""What stages, lanes, cards, metrics and owners of a map have in common."""

from django.db import models
from django.db.models import Q

from ui.ids import uuid7

from .journeys import Journey

# Room between two neighbours, so that a card can be put between them without moving others.
GAP = 1024


class Living(models.Manager):
    """Only what is not deleted."""

    def get_queryset(self):
        return super().get_queryset().filter(deleted_at=None)


class Part(models.Model):
    """A row of a map. `version` is the number of the change that last touched it.

    `key` is the name a file gave the row, `extra` what else it said of it; both are written back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="%(class)ss")
    key = models.CharField(max_length=100, blank=True)
    position = models.BigIntegerField(default=GAP)
    version = models.PositiveBigIntegerField(default=0)
    extra = models.JSONField(default=dict)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.CharField(max_length=120, blank=True)

    objects = models.Manager()
    living = Living()

    # The columns a change may set; history, undo and versions know a part by these.
    FIELDS: tuple[str, ...] = ()

    class Meta:
        abstract = True
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(deleted_at=None, deleted_by="")
                | Q(deleted_at__isnull=False) & ~Q(deleted_by=""),
                name="%(class)s_deleted_paired",
            )
        ]
