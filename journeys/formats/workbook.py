"""Workbooks (XLSX, XLS, ODS) read in a child process, which may be killed.

A workbook is an archive of anybody's making: one that swells when unpacked, or one cell at the far
corner of an empty sheet, may ask for more memory than there is. So the child
(`python -m journeys.formats.workbook`) has bounds on memory and time, no database and no Django:
the file comes in, the sheets go out as JSON. What goes wrong there harms one import.
"""

import json
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

from journeys.shut_in import shut_in

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY = 1024**3
SECONDS = 20
# What an honest workbook of 20 MB never needs.
MEMBERS, UNPACKED, RATIO = 2_000, 300 * 1024**2, 200
SHEETS, ROWS, COLUMNS = 50, 20_000, 200


class Failed(Exception):
    """No sheets came out; `code` is one of: bomb, password, damaged, large."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def sheets_in(data: bytes) -> list[dict]:
    """The sheets with content: name, hidden, rows of texts, merged areas. Raises Failed."""
    try:
        child = subprocess.run(
            [sys.executable, "-m", "journeys.formats.workbook"],
            cwd=ROOT,
            env={name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
            | {"LANG": "C.UTF-8", "PYTHONUTF8": "1"},
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        answer = json.loads(child.stdout)
    except subprocess.TimeoutExpired:
        raise Failed("large") from None
    except ValueError:  # killed by its bounds before it could answer
        raise Failed("large") from None
    if "error" in answer:
        raise Failed(answer["error"])
    return answer["sheets"]


# --- in the child ------------------------------------------------------------------------------


def _check_archive(data: bytes) -> None:
    """Unpacks it once, counting: what an archive says of its own size need not be true."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MEMBERS:
            raise Failed("bomb")
        total = 0
        for member in members:
            with archive.open(member) as packed:
                size = 0
                while piece := packed.read(1 << 20):
                    size += len(piece)
                    total += len(piece)
                    swells = size > 1 << 20 and size > RATIO * max(member.compress_size, 1)
                    if swells or total > UNPACKED:
                        raise Failed("bomb")


def _read(data: bytes) -> list[dict]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    if data[:2] == b"PK":
        _check_archive(data)
    found = []
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        for about in book.sheets_metadata[:SHEETS]:
            if about.typ != SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            height, width = sheet.total_height, sheet.total_width
            if not height:
                continue
            if height > ROWS or width > COLUMNS:
                raise Failed("large")
            found.append(
                {
                    "name": about.name,
                    "hidden": about.visible != SheetVisibleEnum.Visible,
                    "rows": [
                        [_text(value) for value in row]
                        for row in sheet.to_python(skip_empty_area=False)
                    ],
                    "merged": [list(map(list, area)) for area in sheet.merged_cell_ranges or ()],
                }
            )
    return found


def _text(value) -> str:
    """A value as a person would write it; a formula has come as its value."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.time() != time() else f"{value:%Y-%m-%d}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (time, timedelta, bool, int)):
        return str(value)
    return value


def main() -> None:
    """One workbook on stdin, one JSON object on stdout."""
    shut_in(MEMORY, SECONDS)
    from python_calamine import CalamineError, PasswordError

    try:
        answer: dict = {"sheets": _read(sys.stdin.buffer.read())}
    except Failed as failed:
        answer = {"error": failed.code}
    except PasswordError:
        answer = {"error": "password"}
    except MemoryError:
        answer = {"error": "large"}
    except (CalamineError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        answer = {"error": "damaged"}
    except (ValueError, OverflowError, EOFError, KeyError, zipfile.zlib.error):  # type: ignore[attr-defined]
        answer = {"error": "damaged"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
