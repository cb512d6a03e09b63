"""What must hold for each PDF we make, whatever is in it.

`prove(pdf, language=…, title=…, words=…)` checks that it can be read by people and programs:
all words are in the text layer, all type is ours and embedded, no glyph is missing, nothing is
printed over something else or off the page, and it is tagged with language, title, bookmarks.
"""

import ctypes
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from .conftest import read
from .conftest import words as text_of

OURS = {"Onest", "Onest-Bold"}
# How deep, in points, two inked boxes may run into each other: kerning, an accent.
TOUCH = 0.75
# A text so long may go on over several pages.
LONG = 2000
# The side of a square in which boxes are compared, in points.
SQUARE = 60


class Run(NamedTuple):
    """Words that stand together, with the box of their ink in points."""

    words: str
    left: float
    bottom: float
    right: float
    top: float


def prove(
    pdf: bytes,
    *,
    language: str,
    title: str,
    words: Iterable[str] = (),
    fallbacks: Iterable[str] = (),
) -> None:
    """Fails with what is wrong with a document; `fallbacks` are the fonts it may use beside
    ours, for letters that ours has not."""
    _is_told_to_programs(pdf, language, title)
    _type_is_embedded(pdf, OURS | set(fallbacks))
    _no_glyph_is_missing(pdf)
    _all_is_said(pdf, words)
    _words_stand_apart(pdf)


def _all_is_said(pdf: bytes, words: Iterable[str]) -> None:
    said = text_of(read(pdf))
    letters = squeezed(said)
    for phrase in words:
        if len(phrase) <= LONG:
            assert squeezed(phrase) in letters, f"not in the text layer: {phrase}"
            continue
        # It goes on over pages, with their heads and feet in between.
        wanted, found = Counter(phrase.split()), Counter(said.split())
        lost = [word for word in wanted if found[word] < 0.99 * wanted[word]]
        assert not lost, f"not in the text layer: {lost[:5]} of {phrase[:60]}…"


def squeezed(text: str) -> str:
    """A text without what a line's end may add or take away: spaces, hyphens."""
    return re.sub(r"[\s\u00ad\u2010\ufffe\x02\u200b-]+", "", text)


def words_of(story) -> list[str]:
    """All that people wrote on a map."""
    cards = [card for lane in story.lanes for cell in lane.cells for card in cell]
    return [
        story.title,
        *(persona.name for persona in story.personas),
        *(stage.name for stage in story.stages),
        *(stage.description for stage in story.stages),
        *(lane.name for lane in story.lanes),
        *(card.text for card in cards),
        *(metric.name for metric in story.metrics),
        *story.notes,
    ]


def runs(pdf: bytes) -> Iterator[list[Run]]:
    """The words of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            chars = page.get_textpage()
            yield [
                _run(item, chars)
                for item in page.get_objects([pdfium.FPDF_PAGEOBJ_TEXT], max_depth=8)
            ]


def _run(item, chars) -> Run:
    length = pdfium.FPDFTextObj_GetText(item, chars, None, 0)
    buffer = (ctypes.c_ushort * (length // 2))()
    pdfium.FPDFTextObj_GetText(item, chars, buffer, length)
    words = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    return Run(words, *item.get_bounds())


def _is_told_to_programs(pdf: bytes, language: str, title: str) -> None:
    reader = read(pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True, "not tagged"  # noqa: E712
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata.title == title
    assert reader.outline, "no bookmarks"
    silent = [figure for figure in tags(reader, "/Figure") if not figure.get("/Alt")]
    assert not silent, f"{len(silent)} figures without words for those who can't see them"


def tags(reader, wanted: str) -> list:
    """Every structure element of one kind."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        if node.get("/S") == wanted:
            found.append(node)
        kids = node.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        waiting += [kid.get_object() for kid in kids if hasattr(kid, "get_object")]
    return found


def fonts(pdf: bytes) -> dict[str, dict]:
    """Each font by its name without the prefix of a subset."""
    return {
        re.sub(r"^/(\w+\+)?", "", font["/BaseFont"]): font
        for page in read(pdf).pages
        for font in (entry.get_object() for entry in page["/Resources"].get("/Font", {}).values())
    }


def _type_is_embedded(pdf: bytes, allowed: set[str]) -> None:
    used = fonts(pdf)
    assert used.keys() <= allowed, f"foreign type: {used.keys() - allowed}"
    for name, font in used.items():
        if font["/Subtype"] == "/Type3":  # drawn glyph by glyph in the file itself
            continue
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys(), f"{name} is not embedded"


def _no_glyph_is_missing(pdf: bytes) -> None:
    """Glyph 0 is the empty box that stands for a letter nobody has."""
    for number, page in enumerate(read(pdf).pages, 1):
        for glyphs in re.findall(rb"<((?:[0-9a-fA-F]{4})+)>", page.get_contents().get_data()):
            numbers = [glyphs[i : i + 4] for i in range(0, len(glyphs), 4)]
            assert b"0000" not in numbers, f"a missing glyph on page {number}"


def _words_stand_apart(pdf: bytes) -> None:
    """No word is off the page, none is printed over another."""
    with pypdfium2.PdfDocument(pdf) as document:
        sizes = [page.get_size() for page in document]
    for number, ((width, height), page) in enumerate(zip(sizes, runs(pdf), strict=True), 1):
        inked = [run for run in page if run.words.strip()]
        cut = [
            run.words
            for run in inked
            if run.left < 0 or run.bottom < 0 or run.right > width or run.top > height
        ]
        assert not cut, f"off page {number}: {cut[:3]}"
        squares = defaultdict(list)
        for run in inked:
            for x in range(int(run.left // SQUARE), int(run.right // SQUARE) + 1):
                for y in range(int(run.bottom // SQUARE), int(run.top // SQUARE) + 1):
                    squares[x, y].append(run)
        for together in squares.values():
            for one, other in combinations(together, 2):
                across = min(one.right, other.right) - max(one.left, other.left)
                up = min(one.top, other.top) - max(one.bottom, other.bottom)
                assert across < TOUCH or up < TOUCH, (
                    f"page {number}: “{one.words}” over “{other.words}”"
                )
