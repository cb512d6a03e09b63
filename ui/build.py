"""Which build of the product this is.

Pages and streams carry it; a tab of another build offers to reload, and cached fragments are
drawn anew. It depends on the files alone, so every process and every host agrees.
"""

from hashlib import sha256
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
# Rooms that draw what people see; `static/build` holds copies of packages' fonts.
_ROOMS = (
    "cjm",
    "changes",
    "journeys",
    "live",
    "personas",
    "reports",
    "static",
    "teams",
    "templates",
    "ui",
)
_KINDS = {".py", ".html", ".css", ".js", ".po", ".svg", ".txt"}


def _build() -> str:
    digest = sha256()
    for room in _ROOMS:
        for path in sorted((_ROOT / room).rglob("*")):
            if path.suffix in _KINDS and path.parent != _ROOT / "static" / "build":
                digest.update(path.relative_to(_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


BUILD = _build()
