"""Where the typeface lies that everything is printed in."""

from pathlib import Path

import fontpkg_onest

ROOT = Path(__file__).resolve().parent.parent


def onest() -> Path:
    """The file made at set-up, else the package's own."""
    built = ROOT / "static" / "build" / "onest.ttf"
    if built.exists():
        return built
    return Path(fontpkg_onest.__file__).parent / "files" / "Onest[wght].ttf"
