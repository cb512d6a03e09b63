"""From a page of a PDF to a picture: PNG, or SVG whose words stay words.

The SVG holds the paths and the runs of text that PDFium finds on the page, with our typeface
embedded: browsers show it as it is, drawing programs let every word and line be changed.
"""

import ctypes
import re
from base64 import b64encode
from collections.abc import Iterator
from html import escape
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
from fontTools.subset import Options as SubsetOptions
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

from . import measure
from .typeface import onest

# Dots for each point of the page; a picture has at most so many dots.
SHARP, DOTS = 200 / 72, 40_000_000
FAMILY = "Onest"
# PDFium's sign for a hyphen at the end of a line; and what XML can't say at all.
HYPHEN = "\x02"
UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def png(pdf: bytes) -> bytes:
    """The first page, at 200 dots an inch unless that would be too many dots."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        scale = min(SHARP, (DOTS / (page.get_width() * page.get_height())) ** 0.5)
        picture = page.render(scale=scale).to_pil()
    file = BytesIO()
    picture.save(file, "PNG", dpi=(72 * scale, 72 * scale))
    return file.getvalue()


def svg(pdf: bytes) -> bytes:
    """The first page as a drawing."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _Drawing(document[0], document.get_metadata_value("Title")).text().encode()


class _Drawing:
    """One page on its way from PDFium's objects to SVG elements."""

    def __init__(self, page: pypdfium2.PdfPage, title: str):
        self.page, self.title = page, UNSAYABLE.sub("", title)
        self.width, self.height = page.get_size()
        self.clips: dict[str, str] = {}  # path data → name
        self.letters: set[str] = set()
        self.chars = page.get_textpage()
        self.lengths = self._lengths()

    def text(self) -> str:
        body = "\n".join(self._elements(self._on_page(), (1, 0, 0, 1, 0, 0)))
        clips = "".join(
            f'<clipPath id="{name}"><path d="{path}"/></clipPath>'
            for path, name in self.clips.items()
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width:.1f}pt"'
            f' height="{self.height:.1f}pt" viewBox="0 0 {self.width:.2f} {self.height:.2f}">'
            f"<title>{escape(self.title)}</title><style>{_font_face(self.letters)}</style>"
            f'<defs>{clips}</defs><rect width="100%" height="100%" fill="white"/>'
            f'<g transform="matrix(1 0 0 -1 0 {self.height:.2f})">\n{body}\n</g></svg>\n'
        )

    def _on_page(self) -> Iterator:
        for index in range(pdfium.FPDFPage_CountObjects(self.page)):
            yield pdfium.FPDFPage_GetObject(self.page, index)

    def _elements(self, objects: Iterator, matrix: tuple) -> Iterator[str]:
        for item in objects:
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                yield self._run(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                yield self._path(item, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM:
                inner = (
                    pdfium.FPDFFormObj_GetObject(item, index)
                    for index in range(pdfium.FPDFFormObj_CountObjects(item))
                )
                yield from self._elements(inner, _times(_matrix(item), matrix))

    # Text

    def _run(self, item, matrix: tuple) -> str:
        """A run of text. SVG's y grows downwards, so it is turned over once more."""
        words = self._words(item).rstrip()
        if not words:
            return ""
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(item, size)
        name = ctypes.create_string_buffer(200)
        pdfium.FPDFFont_GetBaseFontName(pdfium.FPDFTextObj_GetFont(item), name, 200)
        family, _, style = name.value.decode().rpartition("+")[2].partition("-")
        if family == FAMILY:
            self.letters |= set(words)
        weight = ' font-weight="700"' if "Bold" in style else ""
        a, b, c, d, e, f = _times(_matrix(item), matrix)
        at = " ".join(f"{n:.4g}" for n in (a, b, -c, -d)) + f" {e:.2f} {f:.2f}"
        length = self.lengths.get(_address(item), 0) / (a or 1) + size.value * (
            measure.width(words[-1]) / measure.MARGIN
        )
        fitted = f' textLength="{length:.2f}"' if len(words) > 1 and length > 0 else ""
        return (
            f'<text transform="matrix({at})" font-family="{escape(family)}, sans-serif"'
            f'{weight} font-size="{size.value:.2f}"{fitted} xml:space="preserve"'
            f"{self._paint(item, True, False)}>{escape(words)}</text>"
        )

    def _words(self, item) -> str:
        length = pdfium.FPDFTextObj_GetText(item, self.chars, None, 0)
        buffer = (ctypes.c_ushort * (length // 2))()
        pdfium.FPDFTextObj_GetText(item, self.chars, buffer, length)
        words = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
        return UNSAYABLE.sub("", words.replace(HYPHEN, "-"))

    def _lengths(self) -> dict[int, float]:
        """How far each run goes from its first letter to its last: letters may be spaced."""
        x, y = ctypes.c_double(), ctypes.c_double()
        ends: dict[int, tuple[float, float]] = {}
        for index in range(self.chars.count_chars()):
            run = pdfium.FPDFText_GetTextObject(self.chars, index)
            if run and pdfium.FPDFText_GetCharOrigin(self.chars, index, x, y):
                first, last = ends.get(_address(run), (x.value, x.value))
                is_space = chr(pdfium.FPDFText_GetUnicode(self.chars, index)).isspace()
                ends[_address(run)] = first, last if is_space else x.value
        return {run: last - first for run, (first, last) in ends.items()}

    # Paths

    def _path(self, item, matrix: tuple) -> str:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        if not (fill.value or stroke.value):
            return ""
        segments = (
            pdfium.FPDFPath_GetPathSegment(item, index)
            for index in range(pdfium.FPDFPath_CountSegments(item))
        )
        at = " ".join(f"{n:.6g}" for n in _times(_matrix(item), matrix))
        rule = ' fill-rule="evenodd"' if fill.value == pdfium.FPDF_FILLMODE_ALTERNATE else ""
        path = f'<path transform="matrix({at})" d="{_data(segments)}"{rule}'
        path += f"{self._paint(item, fill.value, stroke.value)}/>"
        for clip in self._clips(item):
            name = self.clips.setdefault(clip, f"clip-{len(self.clips)}")
            place = " ".join(f"{n:.6g}" for n in matrix)
            path = (
                f'<g transform="matrix({place})" clip-path="url(#{name})">'
                f'<g transform="matrix({" ".join(f"{n:.6g}" for n in _inverse(matrix))})">'
                f"{path}</g></g>"
            )
        return path

    def _clips(self, item) -> Iterator[str]:
        """The paths that cut the item off, but for those it lies within."""
        clip = pdfium.FPDFPageObj_GetClipPath(item)
        bounds = [ctypes.c_float() for _ in range(4)]
        pdfium.FPDFPageObj_GetBounds(item, *bounds)
        left, bottom, right, top = (value.value for value in bounds)
        for number in range(max(pdfium.FPDFClipPath_CountPaths(clip), 0) if clip else 0):
            segments = [
                pdfium.FPDFClipPath_GetPathSegment(clip, number, index)
                for index in range(pdfium.FPDFClipPath_CountPathSegments(clip, number))
            ]
            points = [_point(segment) for segment in segments]
            xs, ys = [x for x, _y in points], [y for _x, y in points]
            if points and not (
                min(xs) <= left
                and max(xs) >= right
                and min(ys) <= bottom
                and max(ys) >= top
                and len(points) <= 5
            ):
                yield _data(iter(segments))

    def _paint(self, item, fill: int | bool, stroke: int | bool) -> str:
        """The attributes of colour and line."""
        paint = ""
        for name, used, read in (
            ("fill", fill, pdfium.FPDFPageObj_GetFillColor),
            ("stroke", stroke, pdfium.FPDFPageObj_GetStrokeColor),
        ):
            if not used:
                paint += ' fill="none"' if name == "fill" else ""
                continue
            rgba = [ctypes.c_uint() for _ in range(4)]
            read(item, *rgba)
            red, green, blue, alpha = (value.value for value in rgba)
            paint += f' {name}="#{red:02x}{green:02x}{blue:02x}"'
            paint += f' {name}-opacity="{alpha / 255:.2f}"' if alpha < 255 else ""
        if stroke:
            width = ctypes.c_float()
            pdfium.FPDFPageObj_GetStrokeWidth(item, width)
            cap = ("butt", "round", "square")[pdfium.FPDFPageObj_GetLineCap(item)]
            join = ("miter", "round", "bevel")[pdfium.FPDFPageObj_GetLineJoin(item)]
            paint += f' stroke-width="{width.value:.3g}" stroke-linecap="{cap}"'
            paint += f' stroke-linejoin="{join}"{_dashes(item)}'
        return paint


def _dashes(item) -> str:
    count = pdfium.FPDFPageObj_GetDashCount(item)
    if count <= 0:
        return ""
    dashes = (ctypes.c_float * count)()
    pdfium.FPDFPageObj_GetDashArray(item, dashes, count)
    return f' stroke-dasharray="{" ".join(f"{dash:.3g}" for dash in dashes)}"'


def _address(item) -> int:
    return ctypes.cast(item, ctypes.c_void_p).value or 0


def _matrix(item) -> tuple:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: tuple, outer: tuple) -> tuple:
    """First the inner matrix, then the outer one."""
    return pypdfium2.PdfMatrix(*inner).multiply(pypdfium2.PdfMatrix(*outer)).get()


def _inverse(matrix: tuple) -> tuple:
    a, b, c, d, e, f = matrix
    area = a * d - b * c
    return (
        d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area
    )  # fmt: skip


def _point(segment) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    return x.value, y.value


def _data(segments: Iterator) -> str:
    """SVG path data."""
    data, curve = [], 0
    for segment in segments:
        kind = pdfium.FPDFPathSegment_GetType(segment)
        x, y = _point(segment)
        if kind == pdfium.FPDF_SEGMENT_BEZIERTO:  # three points make one curve
            command = "" if curve % 3 else "C"
            curve += 1
        else:
            command = "M" if kind == pdfium.FPDF_SEGMENT_MOVETO else "L"
        data.append(f"{command}{x:.5g} {y:.5g}")
        if pdfium.FPDFPathSegment_GetClose(segment):
            data.append("Z")
    return " ".join(data)


def _font_face(letters: set[str]) -> str:
    """Our typeface with these letters only, as a rule that carries its file."""
    font = TTFont(onest())
    options = SubsetOptions()
    options.layout_features = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(letter) for letter in letters])
    subsetter.subset(font)
    font.flavor = "woff2"
    file = BytesIO()
    font.save(file)
    body = b64encode(file.getvalue()).decode()
    return (
        f"@font-face{{font-family:{FAMILY};font-weight:100 900;"
        f"src:url(data:font/woff2;base64,{body})}}"
    )
