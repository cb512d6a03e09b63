"""Who is on which page now."""

from django.db import models

from ui.ids import uuid7


class Screen(models.Model):
    """One open page of one actor; alive for 25 s after `seen_at`, by the database's clock."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.UUIDField(db_index=True)
    process = models.UUIDField(db_index=True)  # which server process holds its stream
    actor = models.CharField(max_length=120)
    name = models.CharField(max_length=100)
    target = models.CharField(max_length=60, blank=True)  # the card being written in …
    target_until = models.DateTimeField(null=True, blank=True)  # … unless this has passed
    away = models.BooleanField(default=False)
    seen_at = models.DateTimeField()
