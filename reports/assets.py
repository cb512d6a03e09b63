"""Everything a printed page may load: our fonts, our stylesheets, and small drawings by name.

`asset:rail/8/2` and the like are drawn here. They are used as backgrounds, which PDF/UA counts
as decoration: the numbers they show always stand beside them as text.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from ui.faces import BOX, face
from ui.icons import icon
from ui.tones import gap_tone

from .typeface import onest

ROOT = Path(__file__).resolve().parent.parent
_NS = 'xmlns="http://www.w3.org/2000/svg"'

INK = "oklch(27% .02 265)"
EMPTY = "oklch(62% .015 265)"
# The tones of ui.tones, as static/css/print/poster.css has them for text.
TONES = {
    "bad-3": "oklch(53% .19 27)",
    "bad-2": "oklch(54% .12 27)",
    "bad-1": "oklch(52% .06 30)",
    "zero": EMPTY,
    "good-1": "oklch(50% .06 150)",
    "good-2": "oklch(50% .10 150)",
    "good-3": "oklch(49% .12 150)",
}
# How the lines of several personas are told apart, in card sizes (em): the first is unbroken.
DASHES: tuple[tuple[float, ...], ...] = ((), (0.7, 0.5), (0.2, 0.4), (1.4, 0.4, 0.2, 0.4))
COLOURS = {"red": TONES["bad-3"], "ink": INK, "white": "white", "good": TONES["good-3"]}


class Forbidden(FatalURLFetchingError):
    """A page asked for something that is not ours. It fails the whole document."""


class Assets(URLFetcher):
    """Knows our own assets and nothing else: no network, no files, no data: addresses."""

    def fetch(self, url, headers=None):
        kind, _, rest = url.partition("/")
        try:
            body, mime = _DRAWINGS[kind](*rest.split("/"))
        except Exception as error:
            raise Forbidden(f"Not an asset of ours: {url[:200]}") from error
        return URLFetcherResponse(url, body, {"Content-Type": mime})


@cache
def _font(name: str):
    return {"onest": onest}[name]().read_bytes(), "font/ttf"


def _css(name: str):
    if not re.fullmatch(r"[a-z]+\.css", name):
        raise ValueError(name)
    return (ROOT / "static" / "css" / "print" / name).read_bytes(), "text/css"


def _svg(width: float, height: float, inner: str):
    return f'<svg {_NS} viewBox="0 0 {width} {height}">{inner}</svg>'.encode(), "image/svg+xml"


@cache
def _icon(name: str, colour: str):
    svg = icon(name, 24).replace("<svg", f"<svg {_NS}", 1)
    return svg.replace("currentColor", COLOURS[colour]).encode(), "image/svg+xml"


@cache
def _face(value: str, colour: str):
    return _svg(BOX, BOX, face(int(value), COLOURS[colour]))


def _rail(expectation: str, perception: str):
    """A ring where it was expected, a dot where it was perceived, on a rail from 1 to 10."""
    expected = int(expectation) if expectation else None
    perceived = int(perception) if perception else None
    level = perceived - expected if expected and perceived else None

    def x(score: int) -> float:
        return 5 + (score - 1) * 70 / 9

    parts = [f'<path d="M5 6H75M5 4v4M75 4v4" stroke="{EMPTY}" stroke-width=".9" fill="none"/>']
    colour = TONES[gap_tone(level)]
    if expected and perceived:
        parts.append(
            f'<path d="M{x(expected)} 6H{x(perceived)}" stroke="{colour}" stroke-width="2.4"/>'
        )
    if expected:
        parts.append(
            f'<circle cx="{x(expected)}" cy="6" r="3.9" fill="white" stroke="{INK}"'
            ' stroke-width="1.3"/>'
        )
    if perceived:
        inside = level == 0
        parts.append(
            f'<circle cx="{x(perceived)}" cy="6" r="{2 if inside else 4.4}"'
            f' fill="{INK if inside else colour}"/>'
        )
    return _svg(80, 12, "".join(parts))


def _dots(severity: str):
    """Five dots; from 4 on red, so that the worst stands out."""
    n = int(severity)
    colour = TONES["bad-3"] if n >= 4 else "oklch(50% .05 27)"
    return _svg(
        50,
        10,
        "".join(
            f'<circle cx="{5 + 10 * i}" cy="5" r="3.6" stroke="{colour if i < n else EMPTY}"'
            f' stroke-width=".9" fill="{colour if i < n else "none"}"/>'
            for i in range(5)
        ),
    )


def _square(effort: str, impact: str):
    """Effort to the right, impact upwards; green where little effort brings much."""
    e, i = int(effort), int(impact)
    colour = TONES["good-3"] if e <= 2 and i >= 4 else INK
    return _svg(
        20,
        20,
        f'<path d="M.5.5h19v19H.5zM10 .5v19M.5 10h19" fill="white" stroke="{EMPTY}"'
        ' stroke-width=".7"/>'
        f'<circle cx="{e * 4 - 2}" cy="{22 - i * 4}" r="2.9" fill="{colour}"/>',
    )


def _spread(least: str, most: str, low: str, high: str, median: str):
    """How far answers lie apart on their scale, and a stroke at their middle."""

    def x(value: str) -> float:
        return 3 + 94 * (float(value) - float(least)) / (float(most) - float(least))

    return _svg(
        100,
        10,
        f'<path d="M3 5H97M3 3.4v3.2M97 3.4v3.2" stroke="{EMPTY}" stroke-width=".6" fill="none"/>'
        f'<path d="M{x(low)} 5H{x(high)}" stroke="{EMPTY}" stroke-width="3"'
        ' stroke-linecap="round"/>'
        f'<path d="M{x(median)} 1v8" stroke="{INK}" stroke-width="1.6"/>',
    )


def _dash(place: str):
    """How the line of a persona is drawn, for the key."""
    dashes = " ".join(f"{5 * part}" for part in DASHES[int(place) % len(DASHES)])
    line = f'<path d="M0 3H24" stroke="{INK}" stroke-width="1.4" stroke-dasharray="{dashes}"/>'
    return _svg(24, 6, line)


def _state(status: str):
    """An empty, a half and a full circle with a check."""
    inner = {
        "todo": "",
        "in_progress": f'<path d="M6 2a4 4 0 0 1 0 8z" fill="{INK}"/>',
        "done": f'<circle cx="6" cy="6" r="4" fill="{INK}"/>'
        '<path d="M4 6.1l1.5 1.5L8.1 4.7" fill="none" stroke="white" stroke-width="1.1"/>',
    }[status]
    return _svg(12, 12, f'<circle cx="6" cy="6" r="4.4" fill="white" stroke="{INK}"/>{inner}')


@lru_cache(1000)
def _image(encoded: str):
    """A thumbnail of ours, which the page brings along. Paper is white, and a PDF keeps a JPEG
    as it is."""
    image = Image.open(BytesIO(urlsafe_b64decode(encoded)), formats=("WEBP",)).convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    out = BytesIO()
    ground.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg"


_DRAWINGS: dict[str, Callable] = {
    "asset:font": _font,
    "asset:css": _css,
    "asset:icon": _icon,
    "asset:image": _image,
    "asset:face": _face,
    "asset:rail": _rail,
    "asset:dots": _dots,
    "asset:square": _square,
    "asset:spread": _spread,
    "asset:dash": _dash,
    "asset:state": _state,
}
