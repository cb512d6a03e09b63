from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from ui.ids import uuid7

from .journeys import Journey


class Image(models.Model):
    """An image of a map, as we encoded it; a card names its images by id (Card.images).

    Copies of a map share the files: they go with the last row that names them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    journey = models.ForeignKey(Journey, models.CASCADE, related_name="images")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Names in the default storage.
    file = models.CharField(max_length=200, db_index=True)
    thumbnail = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    # How long it may wait for a card; null while a card has it (journeys/images.py).
    kept_until = models.DateTimeField(null=True, blank=True)


@receiver(post_delete, sender=Image)
def _delete_files(instance: Image, **kwargs) -> None:
    def delete() -> None:
        if not Image.objects.filter(file=instance.file).exists():
            default_storage.delete(instance.file)
            default_storage.delete(instance.thumbnail)

    transaction.on_commit(delete)
