from django.db import models
from django.db.models import Q
from django.utils import timezone

from ui.ids import uuid7

from .journeys import Journey


class Version(models.Model):
    """A state of the map that somebody gave a name. `seq` is the number of the last change in it.

    `snapshot` is what the team saw, as JSON (journeys/formats) without the images: to be looked
    at. What brings it back is the history (edits/versions.py).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="versions")
    label = models.CharField(max_length=100)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=120)
    by_name = models.CharField(max_length=100)
    snapshot = models.JSONField()

    class Meta:
        ordering = ["-seq", "-at"]
        constraints = [models.CheckConstraint(condition=~Q(label=""), name="version_labelled")]

    def __str__(self):
        return self.label
