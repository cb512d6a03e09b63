"""The child that sets PDFs: `python -m reports.worker`, one JSON object a line in, one a line out.

    → {"story": "<json>", "options": {"paper": …, "pages": …, "format": …}}
    ← {"progress": 0.3}      …as often as it likes
    ← {"size": 97604, "pages": 1, "warnings": [["small", 5.2]]}   and then so many bytes of file
    ← {"error": "pango" | "forbidden" | "failed", "detail": "…"}

It has no database, no settings of the server, no network where the kernel lets us give that up,
and bounds on memory and time.
"""

import gc
import json
import logging
import os
import sys
from pathlib import Path
from typing import BinaryIO

from journeys.shut_in import allow, shut_in
from ui import logs

MEMORY = 2 * 1024**3
SECONDS = 60

log = logging.getLogger("reports")


def _configure() -> None:
    """A Django that only translates and fills templates."""
    import django
    from django.conf import settings

    root = Path(__file__).resolve().parent.parent
    settings.configure(
        USE_I18N=True,
        USE_TZ=True,
        LANGUAGES=[("ru", "Русский"), ("en", "English")],
        LOCALE_PATHS=[root / "cjm" / "locale"],
        INSTALLED_APPS=[],
        LOGGING=logs.config(os.environ.get("CJM_LOG", "")),
    )
    django.setup()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)


def _answer(out: BinaryIO, message: dict, body: bytes = b"") -> None:
    out.write(json.dumps(message).encode() + b"\n" + body)
    out.flush()


def _job(request: dict, out: BinaryIO) -> None:
    try:
        from . import booklet, leaflet, sheets, typeset
    except OSError as error:  # WeasyPrint looks for Pango when it is imported.
        _answer(out, {"error": "pango", "detail": str(error)[:500]})
        return
    from .assets import Forbidden

    options = sheets.Options(**request["options"])
    try:
        press = {sheets.POSTER: typeset, sheets.OUTCOME: leaflet}.get(options.document, booklet)
        pdf = press.typeset(
            typeset.story_from(request["story"]),
            options,
            lambda share: _answer(out, {"progress": share}),
        )
        data = pdf.data if options.format == sheets.PDF else _picture(pdf.data, options.format)
    except Forbidden:
        _answer(out, {"error": "forbidden", "detail": ""})
    except Exception as error:
        log.exception("A PDF could not be set")
        _answer(out, {"error": "failed", "detail": type(error).__name__})
    else:
        header = {"size": len(data), "pages": pdf.pages, "warnings": pdf.warnings}
        _answer(out, header, data)


def _picture(pdf: bytes, format: str) -> bytes:
    from . import picture

    return {"png": picture.png, "svg": picture.svg}[format](pdf)


def main() -> None:
    """Answers requests until the parent closes its end."""
    shut_in(MEMORY, SECONDS)
    _configure()
    # A page is made of many objects that all live as long as it: looking for garbage among them
    # takes a tenth of the time. It is looked for between pages instead (typeset.py).
    gc.disable()
    # Nothing that a library prints may get between our lines.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    for line in sys.stdin.buffer:
        allow(SECONDS)  # to each: the process serves many jobs
        _job(json.loads(line), out)
        gc.collect()
        gc.freeze()  # libraries, fonts and stylesheets stay: nobody need look through them again


if __name__ == "__main__":
    main()
