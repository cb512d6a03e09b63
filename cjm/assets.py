"""What is made once from sources and never committed: compiled translations and fonts.

Built before Django starts, because Django keeps a catalogue as it first found it.
"""

import importlib.metadata
import importlib.resources
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "build"

# What the web font keeps: Latin with its accents, Cyrillic, punctuation, figures above the
# line, currencies, №, arrows, mathematical signs, a tick. Paper takes the whole font.
CHARACTERS = (
    "U+0020-007E,U+00A0-017F,U+0300-0304,U+0306,U+0308,U+0400-052F,U+2000-206F,U+2070-209F,"
    "U+20A0-20BF,U+2113,U+2116,U+2122,U+2190-2199,U+2200-22FF,U+25A0-25FF,U+2713"
)


def build() -> None:
    """Bring translations and fonts up to date; does nothing when they are."""
    for source in (ROOT / "cjm" / "locale").glob("*/LC_MESSAGES/django.po"):
        _compile(source)
    _fonts()


def _compile(source: Path) -> None:
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file)
    unfinished = _beside(target)
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(target)


def _fonts() -> None:
    recipe = f"{importlib.metadata.version('fontpkg-onest')} {CHARACTERS}"
    stamp = FONTS / ".recipe"
    if stamp.exists() and stamp.read_text() == recipe:
        return
    from fontTools import subset

    FONTS.mkdir(parents=True, exist_ok=True)
    source = importlib.resources.files("fontpkg_onest") / "files" / "Onest[wght].ttf"
    with importlib.resources.as_file(source) as font:
        for_paper, for_web = FONTS / "onest.ttf", FONTS / "onest.woff2"
        unfinished = _beside(for_paper)
        shutil.copyfile(font, unfinished)
        unfinished.replace(for_paper)
        unfinished = _beside(for_web)
        subset.main(
            [
                str(font),
                f"--unicodes={CHARACTERS}",
                "--layout-features=*",
                "--flavor=woff2",
                f"--output-file={unfinished}",
            ]
        )
        unfinished.replace(for_web)
    stamp.write_text(recipe)


def _beside(target: Path) -> Path:
    """A name of our own to write to first: two commands may build at the same time."""
    return target.with_name(f".{target.name}.{os.getpid()}")
