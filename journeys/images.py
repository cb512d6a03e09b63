"""The files of images: made ours in a child process, kept in the storage, thrown away in time.

A file that comes from outside is never kept: a child (image_worker.py) decodes it, and what is
stored is encoded from its pixels. An image waits a day for its first card; one that has left its
last card is kept as long as the bin, so that it can be brought back.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from changes.record import Refused

from . import limits
from .formats.plan import MapPlan
from .models import Card, Image, Journey

TYPE = "image/webp"
AT_ONCE = 2
SECONDS = 20
WAITS_FOR_A_CARD = timedelta(days=1)
KEPT_IN_BIN = timedelta(days=30)
# What a map's file may carry of images: in base64, with the rest, it still fits into a request.
MOST_IN_A_FILE = 12 * 1024 * 1024

_ROOT = Path(__file__).resolve().parent.parent
# What a child may know of our environment: where its libraries are, never a secret.
_PASSED_ON = ("PATH", "HOME", "SYSTEMROOT")
_turn = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Encoded:
    """An image as we keep it."""

    width: int
    height: int
    image: bytes
    thumbnail: bytes


def encode(data: bytes) -> Encoded:
    """Any file made ours. Raises Refused with the sentence for who sent it."""
    if len(data) > limits.IMAGE_BYTES:
        raise Refused(limits.IMAGE.sentence)
    with _turn:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "journeys.image_worker"],
                cwd=_ROOT,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
                input=data,
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Refused(_sentence("broken")) from None
    line, _newline, files = done.stdout.partition(b"\n")
    # Out of memory or of time it is killed before it says anything.
    answer: dict = json.loads(line) if done.returncode == 0 and line else {"error": "broken"}
    if "error" in answer:
        raise Refused(_sentence(answer["error"]))
    size = answer["sizes"][0]
    return Encoded(answer["width"], answer["height"], files[:size], files[size:])


def _sentence(error: str) -> str:
    if error == "unknown":
        return _("This is not an image that can be read here. JPEG, PNG, WebP and GIF can.")
    if error == "pixels":
        return _("This image has too many pixels: 50 million at most.")
    return _("This image is damaged and can't be read.")


def keep(journey: Journey, pk: UUID, data: bytes) -> Image:
    """The image of a file that was sent; the same one if it is sent again. Raises Refused."""
    if there := Image.objects.filter(pk=pk).first():
        if there.journey_id != journey.pk:
            raise Refused(_("This image exists already."))
        return there
    prune(journey)
    limits.IMAGES.check(journey.images.count() + 1)
    found = encode(data)
    row = store(journey, found, timezone.now() + WAITS_FOR_A_CARD)
    return Image.objects.get_or_create(pk=pk, defaults=row)[0]


def store(journey: Journey, found: Encoded, kept_until=None) -> dict:
    """The files written; the columns of their row."""
    digest = sha256(found.image).hexdigest()
    name = f"images/{journey.pk.hex}/{digest}"
    return {
        "journey": journey,
        "width": found.width,
        "height": found.height,
        "bytes": len(found.image),
        "sha256": digest,
        "file": default_storage.save(f"{name}.webp", ContentFile(found.image)),
        "thumbnail": default_storage.save(f"{name}.small.webp", ContentFile(found.thumbnail)),
        "kept_until": kept_until,
    }


def prune(journey: Journey) -> None:
    """Deletes the images of a map that no card has had for long enough."""
    now = timezone.now()
    cards = Card.objects.filter(journey=journey).exclude(images=[])
    cards = cards.filter(Q(deleted_at=None) | Q(deleted_at__gt=now - KEPT_IN_BIN))
    used = {UUID(one["id"]) for images in cards.values_list("images", flat=True) for one in images}
    journey.images.filter(pk__in=used).update(kept_until=None)
    unused = journey.images.exclude(pk__in=used)
    unused.filter(kept_until__lt=now).delete()
    unused.filter(kept_until=None).update(kept_until=now + KEPT_IN_BIN)


def read(name: str) -> bytes:
    """A file of the storage."""
    with default_storage.open(name) as file:
        return file.read()


def thumbnails(ids: Iterable[str]) -> dict[str, bytes]:
    """The thumbnails of images by id, as a card has it."""
    found = Image.objects.in_bulk(list(ids)).items()
    return {
        str(pk): read(row.thumbnail) for pk, row in found if default_storage.exists(row.thumbnail)
    }


def fill(plan: MapPlan) -> None:
    """Reads the images of a plan for a file, in the order of the map, as many as it may carry."""
    wanted = {image.id for card in plan.cards for image in card.images}
    rows = {row.pk: row for row in Image.objects.filter(pk__in=wanted)}
    room = MOST_IN_A_FILE
    for image in _images_of(plan):
        row = rows.get(image.id)
        if row and row.bytes <= room and default_storage.exists(row.file):
            image.data = read(row.file)
            room -= row.bytes
        else:
            plan.images_left_out += 1


def _images_of(plan: MapPlan) -> Iterable:
    return (image for card in plan.cards for image in card.images)
