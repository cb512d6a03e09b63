"""Tables as they lie in files, before anybody asks what they mean: numbered rows of texts.

CSV comes as Excel of any country writes it (encoding and separator are found out), workbooks come
through a child process (workbook.py), a Markdown table is read too.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import workbook
from .plan import Unreadable

ROWS, COLUMNS = workbook.ROWS, workbook.COLUMNS
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Of cp1251 and of what Excel calls Unicode text; a table has none of these.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
# The apostrophe in front of a text that a spreadsheet would calculate (table_out.py).
_UNCALCULATED = re.compile(r"^'(?='*(\s*[=+\-@＝＋－＠]|[\t\r\n]))")
_RULE = re.compile(r"\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?\s*)?")


@dataclass
class Sheet:
    """One table: its rows that are not empty, each with the number people see beside it."""

    rows: list[tuple[int, list[str]]]
    name: str = ""
    hidden: bool = False
    # (row, column) of merged cells → (row, column) of the one that holds their text; from 1 and 0.
    merged: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    how: str = ""  # in words, how the file was read

    @property
    def width(self) -> int:
        return max((len(cells) for _line, cells in self.rows), default=0)


def sheets_of(data: bytes) -> list[Sheet]:
    """The tables of a file that is neither JSON nor Mermaid. Raises Unreadable."""
    if data.startswith((ZIP, OLE)):
        return _of_workbook(data)
    text, encoding = decoded(data)
    if markdown := _of_markdown(text):
        return [markdown]
    return [_of_csv(text, encoding)]


def _of_workbook(data: bytes) -> list[Sheet]:
    try:
        found = workbook.sheets_in(data)
    except workbook.Failed as failed:
        raise Unreadable(_why(failed.code)) from failed
    return [
        Sheet(
            _numbered(enumerate(sheet["rows"], 1)),
            sheet["name"],
            sheet["hidden"],
            {
                (row + 1, column): (top + 1, left)
                for (top, left), (bottom, right) in sheet["merged"]
                for row in range(top, min(bottom, ROWS) + 1)
                for column in range(left, min(right, COLUMNS) + 1)
            },
            _("workbook"),
        )
        for sheet in found
    ]


def _why(code: str) -> str:
    return {
        "bomb": _("this workbook unpacks into far more than a table needs; it was not read"),
        "password": _("this workbook is protected by a password; save it without one"),
        "large": _too_large(),
    }.get(code, _("this workbook is damaged, or it is not a workbook; save it again as XLSX"))


def _too_large() -> str:
    rows = ngettext("%(count)d row", "%(count)d rows", ROWS) % {"count": ROWS}
    columns = ngettext("%(count)d column", "%(count)d columns", COLUMNS) % {"count": COLUMNS}
    return _("this table is too large: %(rows)s and %(columns)s at most") % {
        "rows": rows,
        "columns": columns,
    }


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding: by its mark, else UTF-8, else what Excel
    writes in Russia. Raises Unreadable."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return _strictly(data, encoding)
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = data[start:4000:2]  # of Latin and Cyrillic letters
        if len(data) % 2 == 0 and 5 * (high.count(0) + high.count(4)) > 4 * len(high):
            return _strictly(data, encoding)
    try:
        return _strictly(data, "utf-8")
    except Unreadable:
        return _strictly(data, "cp1251")


def _strictly(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(_("this is not a text in an encoding we know"), line) from error
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise Unreadable(_("a character that can't be kept stands here"), line)
    return text, {"cp1251": "Windows-1251"}.get(encoding, encoding.partition("-sig")[0].upper())


def _of_csv(text: str, encoding: str) -> Sheet:
    lines = 0
    if match := re.match(r"sep=(.)\r?\n", text, re.I):  # Excel's own word for the separator
        separator, text, lines = match[1], text[match.end() :], 1
    else:
        separator = _separator(text)
    rows = _numbered(
        (lines + number, [_UNCALCULATED.sub("", cell) for cell in cells])
        for number, cells in _records(text, separator)
    )
    names = {";": _("semicolons"), ",": _("commas"), "\t": _("tabs")}
    how = _("%(encoding)s, divided by %(separator)s") % {
        "encoding": encoding,
        "separator": names.get(separator, separator),
    }
    return Sheet(rows, how=how)


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV with the line each begins at; quoted ones may have several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(_("the quotes of this table don’t match"), begins) from error


def _separator(text: str) -> str:
    """The one that gives the first rows most columns, as many in each."""

    def fit(separator: str) -> tuple[int, int]:
        try:
            records = [
                cells for number, cells in _records(text[:20_000], separator) if number <= 40
            ]
        except Unreadable:
            return 0, 0
        widths = [len(cells) for cells in records if any(cells)]
        if not widths or max(widths) < 2:
            return 0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width))
        return (100 * widths.count(usual) // len(widths) if usual > 1 else 0), usual

    best = max(";\t,", key=fit)
    if not fit(best)[0]:
        raise Unreadable(
            _("this is neither a map as JSON, nor a table of a map, nor a Mermaid journey diagram")
        )
    return best


def _of_markdown(text: str) -> Sheet | None:
    """The first table of a Markdown text."""
    lines = text.split("\n")
    for at, line in enumerate(lines[1:], 1):
        if "|" in lines[at - 1] and _RULE.fullmatch(line.strip()[:2000]):
            end = at + 1
            while end < len(lines) and "|" in lines[end]:
                end += 1
            rows = [(number + 1, lines[number]) for number in range(at - 1, end) if number != at]
            return Sheet(
                _numbered((number, _cells_of(row)) for number, row in rows), how="Markdown"
            )
    return None


def _cells_of(row: str) -> list[str]:
    row = row.strip().removeprefix("|").removesuffix("|")
    cells = re.split(r"(?<!\\)\|", row)
    plain = (re.sub(r"\*\*|__|`", "", cell).replace("\\|", "|") for cell in cells)
    return [re.sub(r"<br\s*/?>", "\n", cell) for cell in plain]


def _numbered(rows) -> list[tuple[int, list[str]]]:
    """The rows that hold something, trimmed, with their numbers. Raises Unreadable."""
    found = []
    for number, cells in rows:
        if len(found) == ROWS or len(cells) > COLUMNS:
            raise Unreadable(_too_large(), number)
        trimmed = [cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in cells]
        if any(trimmed):
            found.append((number, trimmed))
    return found
