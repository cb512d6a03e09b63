"""The child that sets PDFs: `python -m reports.worker`, one JSON object a line in, one a line out.

    → {"story": "<json>", "options": {"paper": …, "pages": …, "format": …}}
    ← {"progress": 0.3}      …as often as it likes
    ← {"size": 97604, "pages": 1, "warnings": [["small", 5.2]]}   and then so many bytes of file
    ← {"error": "pango" | "forbidden" | "failed", "detail": "…"}

It has no database, no settings of the server, no network where the kernel lets us give that up,
and bounds on memory and time. What goes wrong here harms one document.
"""

import json
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

MEMORY = 2 * 1024**3
CPU_SECONDS = 60

log = logging.getLogger("reports")


def _shut_in() -> None:
    """Gives up the network and endless memory, as far as this system knows how."""
    if hasattr(os, "unshare"):
        # Where it isn't allowed, the URL fetcher still knows only our own assets.
        with suppress(OSError):
            os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    try:
        import resource
    except ImportError:  # Windows
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    with suppress(OSError, ValueError):  # macOS refuses
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _allow_seconds() -> None:
    """Moves the bound on processor time to a minute from now: the process serves many jobs."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


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
    )
    django.setup()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)


def _answer(out: BinaryIO, message: dict, body: bytes = b"") -> None:
    out.write(json.dumps(message).encode() + b"\n" + body)
    out.flush()


def _job(request: dict, out: BinaryIO) -> None:
    try:
        from . import booklet, sheets, typeset
    except OSError as error:  # WeasyPrint looks for Pango when it is imported.
        _answer(out, {"error": "pango", "detail": str(error)[:500]})
        return
    from .assets import Forbidden

    options = sheets.Options(**request["options"])
    try:
        pdf = (typeset if options.document == sheets.POSTER else booklet).typeset(
            typeset.story_from(request["story"]),
            options,
            lambda share: _answer(out, {"progress": share}),
        )
        data = pdf.data if options.format == sheets.PDF else _picture(pdf.data, options.format)
    except Forbidden as error:
        _answer(out, {"error": "forbidden", "detail": str(error)})
    except Exception as error:
        log.exception("A PDF could not be set")
        _answer(out, {"error": "failed", "detail": repr(error)[:500]})
    else:
        header = {"size": len(data), "pages": pdf.pages, "warnings": pdf.warnings}
        _answer(out, header, data)


def _picture(pdf: bytes, format: str) -> bytes:
    from . import picture

    return {"png": picture.png, "svg": picture.svg}[format](pdf)


def main() -> None:
    """Answers requests until the parent closes its end."""
    _shut_in()
    _configure()
    # Nothing that a library prints may get between our lines.
    out, sys.stdout = sys.stdout.buffer, sys.stderr
    for line in sys.stdin.buffer:
        _allow_seconds()
        _job(json.loads(line), out)


if __name__ == "__main__":
    main()
