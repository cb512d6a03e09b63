"""What the server says of itself: a JSON object a line in `serve`, words for people in `start`.

Logs are kept longer and seen by more people than the maps, so nothing personal gets into the lines
for machines: no names, addresses, texts of cards, no path (it may hold the token of a link). Of
others' messages only the words that stand in their code are told, without the values; of an error
its kind and where it happened, without what it says (a database quotes the row it refuses).
"""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Whose values are known to be harmless.
SPEAK = ("cjm", "ui", "live", "teams", "changes", "personas", "journeys", "reports", "psycopg.pool")


def config(form: str) -> dict:
    """Django's LOGGING; `form` is "json", or anything else for people."""
    as_json = form == "json"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"ours": {"()": Json if as_json else Words}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            # Its refusals are told by the line of the request.
            "django.request": {"level": "ERROR"},
            "psycopg.pool": {"level": "WARNING"},
            # How a font is cut to its letters interests nobody.
            "fontTools": {"level": "WARNING"},
            # At home nobody reads a line a request.
            "cjm.requests": {"level": "INFO" if as_json else "WARNING"},
        },
    }


class Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
        }
        if fields := getattr(record, "fields", None):
            told |= fields
        elif record.name.startswith(SPEAK):
            told["message"] = record.getMessage()
        elif record.args:
            told["message"] = str(record.msg)
        else:  # it may have been put together before it came here
            told["message"] = f"{_short(record.pathname)}:{record.lineno}"
        if reference := getattr(getattr(record, "request", None), "reference", ""):
            told["reference"] = reference
        if record.exc_info and (error := record.exc_info[1]):
            told["error"] = " < ".join(_kinds(error))
            told["trace"] = _places(error)
        return json.dumps(told, ensure_ascii=False)


class Words(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        if fields := getattr(record, "fields", None):
            text += " {method} {route}: {status}, {ms} ms".format(**fields)
        reference = getattr(getattr(record, "request", None), "reference", "")
        return f"{text}\n[{reference}]" if reference else text


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The kinds of an error and of those behind it."""
    while error:
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        error = error.__cause__ or error.__context__


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(file: str) -> str:
    return file.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
