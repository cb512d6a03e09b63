"""Real image files, made on the spot."""

import io
import struct
import zlib

from PIL import Image
from PIL.ExifTags import IFD, Base

ORIENTED, GPS_LATITUDE_REF, GPS_LATITUDE = Base.Orientation, 1, 2


def file(width: int = 60, height: int = 40, kind: str = "PNG", colour="teal", **saved) -> bytes:
    """A plain image as a file."""
    out = io.BytesIO()
    mode = "RGBA" if isinstance(colour, tuple) and len(colour) == 4 else "RGB"
    Image.new(mode, (width, height), colour).save(out, kind, **saved)
    return out.getvalue()


def photo(width: int = 80, height: int = 60) -> bytes:
    """As a phone takes it: lying on its side, with the place where it was taken."""
    image = Image.new("RGB", (width, height), "white")
    image.paste("red", (0, 0, width, height // 4))  # on the upper edge of the sensor
    exif = Image.Exif()
    exif[ORIENTED] = 6  # to be turned a quarter clockwise
    exif[Base.Make] = "Phone"
    exif.get_ifd(IFD.GPSInfo).update({GPS_LATITUDE_REF: "N", GPS_LATITUDE: (55.0, 45.0, 7.0)})
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"Moscow", quality=95)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says that it has so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def opened(data: bytes) -> Image.Image:
    """A file read back."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
