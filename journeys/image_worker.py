"""The child that reads an image: `python -m journeys.image_worker`, a file in, ours out.

    → the bytes of any file, to the end of the input
    ← {"width": …, "height": …, "sizes": [n, m]} in one line, then n bytes of the image and m of
      its thumbnail, both WebP
    ← {"error": "unknown" | "pixels" | "broken"}

It has no database, no settings, no network where the kernel lets us give that up, and bounds on
memory and time: what a hostile file does here, it does to itself. Nothing of the file but its
pixels comes out: no place, no camera, no profile.
"""

import io
import json
import sys
from contextlib import suppress

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from .shut_in import shut_in

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 50_000_000
LONGEST, LONGEST_OF_THUMBNAIL = 2560, 640
GROUND = (240, 96)  # about what a card shows of an image
MEMORY = 1536 * 1024**2
SECONDS = 15


def read(data: bytes) -> Image.Image:
    """The first frame of a file, upright, in sRGB, no larger than we keep. Raises ValueError with
    "unknown" or "pixels"; whatever Pillow raises means that the file is broken."""
    Image.MAX_IMAGE_PIXELS = None  # counted here, from the header, before anything is decoded
    try:
        found = Image.open(io.BytesIO(data), formats=FORMATS)
    except UnidentifiedImageError as error:
        raise ValueError("unknown") from error
    if found.width * found.height > MOST_PIXELS:
        raise ValueError("pixels")
    found.draft(None, (LONGEST, LONGEST))  # a JPEG is decoded no larger than needed
    found.load()
    profile = found.info.get("icc_profile")
    image: Image.Image = ImageOps.exif_transpose(found)
    image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return _in_srgb(image, profile)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        # A profile that says nonsense is as good as none.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            there = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, there, srgb, outputMode=mode) or image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def thumbnail_of(image: Image.Image) -> Image.Image:
    """Small enough for many on one page; an icon stands on empty ground, or it would be blown up
    to the width of its card."""
    small = image.copy()
    small.thumbnail((LONGEST_OF_THUMBNAIL, LONGEST_OF_THUMBNAIL), Image.Resampling.LANCZOS)
    if small.width >= GROUND[0] or small.height >= GROUND[1]:
        return small
    ground = Image.new("RGBA", GROUND, (0, 0, 0, 0))
    ground.paste(small, ((GROUND[0] - small.width) // 2, (GROUND[1] - small.height) // 2))
    return ground


def encoded(image: Image.Image) -> bytes:
    """The pixels as WebP, and nothing else."""
    out = io.BytesIO()
    image.save(out, "WEBP", quality=88, exif=b"", xmp=b"", icc_profile="")
    return out.getvalue()


def main() -> None:
    shut_in(MEMORY, SECONDS)
    try:
        image = read(sys.stdin.buffer.read())
        files = [encoded(image), encoded(thumbnail_of(image))]
        answer = {"width": image.width, "height": image.height, "sizes": [*map(len, files)]}
    except Exception as error:
        code = str(error) if str(error) in ("unknown", "pixels") else "broken"
        files, answer = [], {"error": code}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(files))


if __name__ == "__main__":
    main()
