"""Workbooks made to take the server's memory, time or files: each ends in a sentence, quickly."""

import io
import json
import subprocess
import sys
import zipfile

import pytest
import xlsxwriter
from django.conf import settings

from journeys.formats import workbook
from journeys.formats.plan import Unreadable
from journeys.formats.read import read

pytestmark = pytest.mark.one_engine

MEGABYTES, SECONDS = 300, 2
# Reads one workbook as the server does, and tells what the child took.
MEASURED = """
import json, resource, sys
from journeys.formats import workbook
try:
    said = workbook.sheets_in(sys.stdin.buffer.read())
except workbook.Failed as failed:
    said = failed.code
took = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([said, took.ru_maxrss / 1024, took.ru_utime + took.ru_stime]))
"""
LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)


def book(**replaced: str) -> bytes:
    """A workbook of one map with some of its files replaced; `sheet` and `strings` for short."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["", "Поиск", "Покупка"])
        sheet.write_row(1, 0, ["Цели", "Найти", "Купить"])
        sheet.write_row(2, 0, ["Боли", "Долго", "Дорого"])
    names = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    replaced = {names.get(name, name): text for name, text in replaced.items()}
    again = io.BytesIO()
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name) or old.read(name))
        for name in replaced.keys() - set(old.namelist()):
            new.writestr(name, replaced[name])
    return again.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def strings(declared: str, said: str) -> str:
    return f'<!DOCTYPE sst [{declared}]><sst xmlns="{MAIN}"><si><t>{said}</t></si></sst>'


def rows(count: int, columns: int = 1, dimension: str = "") -> str:
    cells = "".join(f'<c r="{chr(65 + n)}{{0}}"><v>1</v></c>' for n in range(columns))
    body = "".join(f'<row r="{n}">{cells.format(n)}</row>' for n in range(1, count + 1))
    return f'<worksheet xmlns="{MAIN}">{dimension}<sheetData>{body}</sheetData></worksheet>'


def zip_of(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


BOMBS = {
    "a billion laughs": lambda: book(strings=strings(LAUGHS, "&l9;")),
    "a file of the server": lambda: book(
        strings=strings('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;")
    ),
    "an address": lambda: book(strings=strings('<!ENTITY f SYSTEM "http://127.0.0.1/">', "&f;")),
    "a foreign grammar": lambda: book(
        strings=f'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><sst xmlns="{MAIN}"/>'
    ),
    "a million rows": lambda: book(sheet=rows(1_000_000)),
    "a sheet that says it is whole": lambda: book(
        sheet=rows(1, dimension='<dimension ref="A1:XFD1048576"/>')
    ),
    "a row of a far number": lambda: book(
        sheet=f'<worksheet xmlns="{MAIN}"><sheetData><row r="4294967295"><c r="ZZZZ4294967295">'
        "<v>1</v></c></row></sheetData></worksheet>"
    ),
    "deep nesting": lambda: book(sheet="<a>" * 1_000_000),
    "a long attribute": lambda: book(sheet=f'<worksheet a="{"a" * 40_000_000}"/>'),
    "many members": lambda: zip_of(*((f"{n}", b"") for n in range(workbook.MEMBERS + 1))),
    "a zip of zips": lambda: zip_of(
        *((f"{n}.zip", zip_of(("0", b"\0" * 10**6))) for n in range(99))
    ),
    "zeros": lambda: zip_of(("xl/workbook.xml", b"\0" * 50_000_000)),
    "a name that leads out": lambda: book(**{"../../../tmp/a": "a", "/etc/a": "a"}),
    "merged without end": lambda: book(
        sheet=rows(2).replace(
            "</worksheet>",
            "<mergeCells>"
            + '<mergeCell ref="A1:XFD1048576"/>' * 50_000
            + "</mergeCells></worksheet>",
        )
    ),
    "not a workbook": lambda: b"PK\x03\x04<script>x()</script>",
    "an old one": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 4_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_and_gives_nothing(name):
    done = subprocess.run(
        [sys.executable, "-c", MEASURED],
        input=BOMBS[name](),
        capture_output=True,
        cwd=settings.ROOT,
    )
    said, megabytes, seconds = json.loads(done.stdout)
    assert "root:" not in str(said)
    assert megabytes < MEGABYTES, f"{megabytes:.0f} MB"
    assert seconds < SECONDS * 2, f"{seconds:.1f} s of processor"  # half of it is the start
    assert said in ("bomb", "damaged", "large") or len(str(said)) < 1_000


@pytest.mark.parametrize("name", ["map.xlsx", "map.csv", "map.json", "map.png", "map.html", ""])
def test_the_content_decides_and_not_the_name(name):
    assert len(read(name, book())[0].cards) == 4
    with pytest.raises(Unreadable):
        read(name, b"<html><script>x()</script>")
