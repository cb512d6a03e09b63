"""The machine's own Chromium: found, never downloaded."""

import os
import shutil
from pathlib import Path

# First the engine without the browser's own windows, which takes half the time.
NAMES = [
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
]
REMEDY = (
    "Debian: sudo apt install chromium-headless-shell. Ubuntu, macOS: install Chrome."
    " Or name one: CJM_CHROMIUM=/path/to/chromium"
)


def find() -> str | None:
    """The program to start, or None."""
    if given := os.environ.get("CJM_CHROMIUM"):
        return given if Path(given).exists() else None
    return next(filter(None, map(shutil.which, NAMES)), None)


def arguments() -> list[str]:
    """A quiet browser that talks to nobody but the server under test."""
    quiet = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    as_root = ["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    return quiet + as_root
