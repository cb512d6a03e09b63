"""From a story to the pages of a PDF. Runs in the child process: WeasyPrint, no database.

One page: lay out on endless paper, see how high it gets, and halve towards the largest type that
the page holds; what height is left goes to the curve. Several sheets: the type is given, stages
are grouped, rows break where the paper ends.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from math import ceil, inf, sqrt
from pathlib import Path
from types import SimpleNamespace

from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from weasyprint import HTML
from weasyprint.document import Document

from ui.text import NBSP, SOFT_HYPHEN, bind, signed

from . import emotions, measure, sheets
from .assets import Assets
from .signs import legend_of

ROOT = Path(__file__).resolve().parent.parent
PX_PER_MM = 96 / 25.4
# A page so full is full enough; how often we try for it.
FULL, TRIES = 0.96, 7
# A guess so far below the smallest type need not be tried.
HOPELESS = 0.8


# Up to how many letters a title gets which size.
TITLES = ((50, 3.05), (110, 2.3), (inf, 1.5))


@dataclass(frozen=True)
class Pdf:
    """A document: its bytes, how many pages, and what its reader should know. A warning is a
    code with its number, put into words where it is shown (reports.words)."""

    data: bytes
    pages: int
    warnings: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Numbering:
    """Where pages stand in a booklet: how many come before them, and how many there are."""

    before: int
    total: int

    @property
    def first(self) -> int:
        """The number of the first page."""
        return self.before + 1


def story_from(text: str):
    """A story that came as JSON, with its spaces bound for good line ends (never in the data)."""

    def bound(fields: dict) -> SimpleNamespace:
        return SimpleNamespace(**{name: _bound(value) for name, value in fields.items()})

    return json.loads(text, object_hook=bound)


def _bound(value):
    if isinstance(value, list):
        return [_bound(item) for item in value]
    # Soft hyphens would stay in the PDF's text, and search would miss the word.
    return bind(value).replace(SOFT_HYPHEN, "") if isinstance(value, str) else value


def typeset(story, options: sheets.Options, tell: Callable[[float], None] = lambda share: None):
    """Sets a story on paper; `tell` hears how far we are, 0 … 1."""
    with translation.override(story.language):
        return Setter(story, tell).set(options)


class Setter:
    """One story on its way to paper."""

    def __init__(self, story, tell: Callable[[float], None]):
        self.story, self.tell = story, tell
        self.passes = 0

    def set(self, options: sheets.Options) -> Pdf:
        if options.paper == sheets.FIT:
            return self._as_large_as_needed()
        page = sheets.page_of(options)
        if options.pages == sheets.MANY:
            return self._over_sheets(page)
        return self._on_one(page) or self._over_sheets(page, ("spread", 0))

    # One page

    def _on_one(self, page: sheets.Page) -> Pdf | None:
        layout = self._largest_that_fits(page)
        if layout is None:
            return None
        document = self.lay_out(layout)
        while len(document.pages) > 1:  # a rounding too much
            layout = replace(layout, curve=layout.curve - 0.2 * layout.em)
            document = self.lay_out(layout)
        return self.write(document, small(layout))

    def _largest_that_fits(self, page: sheets.Page) -> sheets.Layout | None:
        stages = len(self.story.stages)
        card = high = sheets.largest_card(page, stages)
        low, best = sheets.FLOOR, None
        if high < low:
            return None
        for _try in range(TRIES):
            layout = sheets.one_sheet(page, stages, card)
            needed = self._height(layout)
            if needed <= page.height:
                best, low = self._filled(layout, page.height - needed), card
                if card == high or needed > FULL * page.height:
                    break
            elif card == low:
                break
            else:
                high = card
            # Text shrinks in both directions, so a page's height goes with the square of its type.
            guess = card * sqrt(0.99 * page.height / needed)
            if guess < HOPELESS * low:
                break
            guess = max(guess, low)
            card = guess if guess < high and (guess > low or not best) else (low + high) / 2
        return best

    def _filled(self, layout: sheets.Layout, left: float) -> sheets.Layout:
        """Gives what height is left to the curves, as far as it does them good."""
        curves = sum(lane.content == "emotion" for lane in self.story.lanes)
        if not curves:
            return layout
        return layout.with_more(min(0.9 * left / curves, 1.6 * layout.curve))

    # Other papers

    def _as_large_as_needed(self) -> Pdf:
        stages = len(self.story.stages)
        layout = sheets.as_large_as_needed(stages, sheets.ENDLESS)
        height = self._height(layout) + 0.5
        warnings = []
        if height > sheets.LONGEST:
            height, warnings = sheets.LONGEST, [("spread", 0)]
            layout = _with_tall_rows(layout, self._endless(layout), height)
        page = replace(layout.page, height=height)
        return self.write(self.lay_out(replace(layout, page=page)), warnings)

    def _over_sheets(self, page: sheets.Page, *warnings) -> Pdf:
        layout = self.sheets_on(page)
        document = self.lay_out(layout)
        if len(document.pages) == 1:
            warnings = ()
        return self.write(document, [*warnings, *small(layout)])

    def sheets_on(self, page: sheets.Page) -> sheets.Layout:
        """Stage groups over sheets. If a little smaller type keeps each group on one, so be it."""
        wanted = sheets.many_sheets(page, len(self.story.stages))
        places = self._endless(wanted)
        return self._shrunk(wanted, places) or _with_tall_rows(wanted, places, page.height)

    def _shrunk(self, wanted: sheets.Layout, places: dict) -> sheets.Layout | None:
        page, least = wanted.page, sheets.smallest_for_sheets(wanted.card)
        layout = wanted
        for _try in range(4):
            needed = max(place[3] for place in places.values()) / PX_PER_MM + page.foot
            if needed <= page.height:
                return layout
            card = layout.card * sqrt(0.98 * page.height / needed)
            if card < 0.97 * least or layout.card == least:
                return None
            layout = sheets.many_sheets(page, len(self.story.stages), max(card, least))
            places = self._endless(layout)
        return None

    # Passes

    def lay_out(self, layout: sheets.Layout, numbering: Numbering | None = None) -> Document:
        """The map on pages; in a booklet they are numbered on and have no head of their own."""
        return self.pages("map_on_paper.html", _context(self.story, layout, numbering))

    def pages(self, name: str, context: dict) -> Document:
        """A filled template on pages."""
        html = _template(name).render(Context(context))
        document = HTML(string=html, url_fetcher=Assets()).render(
            pdf_variant="pdf/ua-1", pdf_tags=True
        )
        self.passes += 1
        self.tell(1 - 0.7**self.passes)
        return document

    def _endless(self, layout: sheets.Layout) -> dict[str, tuple]:
        """Where everything stands when paper has no end."""
        page = replace(layout.page, height=sheets.ENDLESS)
        pages = self.lay_out(replace(layout, page=page)).pages
        return {name: place for page in pages for name, place in page.anchors.items()}

    def _height(self, layout: sheets.Layout) -> float:
        """The height of paper that a layout needs, with its margins."""
        return self._endless(layout)["end"][1] / PX_PER_MM + layout.page.margins[2]

    def write(self, document: Document, warnings: Iterable) -> Pdf:
        self.tell(0.95)
        data = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
        return Pdf(data, len(document.pages), tuple(warnings))


def _with_tall_rows(layout: sheets.Layout, places: dict, height: float) -> sheets.Layout:
    """Marks the rows that may break within: no page, under its head, could hold them."""
    room = 0.7 * height * PX_PER_MM
    tall = (name for name, (_x0, top, _x1, bottom) in places.items() if bottom - top > room)
    return replace(layout, tall_rows=frozenset(tall))


def small(layout: sheets.Layout) -> list[tuple[str, float]]:
    """A warning when the smallest type on the page asks for a glass."""
    smallest = layout.card * sheets.NOTE
    return [("small", round(smallest, 1))] if smallest < sheets.WARNED else []


@cache
def _template(name: str):
    engine = Engine(
        dirs=[str(ROOT / "templates")],
        libraries={"print_tags": "reports.templatetags.print_tags"},
        builtins=["django.templatetags.i18n", "ui.templatetags.ui"],
    )
    return engine.get_template(f"reports/{name}")


def _context(story, layout: sheets.Layout, numbering: Numbering | None = None) -> dict:
    legend = legend_of(story)
    last = layout.sheets[-1]
    free = max(map(len, layout.sheets)) - len(last)
    pictures = {
        place: emotions.picture(lane.cells, column=layout.column, em=layout.em, scale=layout.curve)
        for place, lane in enumerate(story.lanes)
        if lane.content == "emotion" and lane.cells
    }
    # A free column on the last sheet takes what else would stand under the map.
    aside = bool(free and (legend or story.metrics) and len(story.metrics) <= 8)
    return {
        "story": story,
        "title": story.title.replace(NBSP, " "),  # for programs, not for line ends
        "legend": legend,
        "layout": layout,
        "numbering": numbering,
        "running": layout.several or numbering,
        "page": layout.page,
        "head_size": layout.page.head,
        "foot": layout.page.foot,
        "stage_size": _stage_size(story, layout),
        "title_size": (title := _title_size(story, layout)),
        "title_width": _title_width(story, layout, title),
        "barrier": pgettext("before the number of a barrier", "B"),
        "solution": pgettext("before the number of a solution", "S"),
        "aside": aside,
        "sheets": [
            _sheet(story, layout, pictures, number, aside and number == len(layout.sheets) - 1)
            for number in range(len(layout.sheets))
        ],
    }


def _title_size(story, layout: sheets.Layout) -> float:
    """The type of the title in sizes of the head: long ones don't push the map down."""
    size = next(size for longest, size in TITLES if len(story.title) <= longest)
    return min(size, 2.2) if layout.several else size


def _title_width(story, layout: sheets.Layout, size: float) -> float:
    """How wide the title may run, in its own em."""
    room = 0.37 * layout.page.inner_width / (layout.page.head * sheets.MM_PER_PT * size)
    return even(story.title, room)


def even(text: str, room: float) -> float:
    """How wide a bold text may run, in its own em, so that its lines come out about even."""
    wide = measure.width(text) * measure.BOLD
    return min(room, 1.15 * wide / ceil(wide / room)) if wide else room


def _stage_size(story, layout: sheets.Layout) -> float:
    """The type of stage names in card sizes: as large as their longest word lets it be."""
    room = layout.column / layout.em - 2.4
    longest = max((measure.widest_word(stage.name) for stage in story.stages), default=0)
    return max(1.0, min(1.55, room / (longest * measure.BOLD or 1)))


def _sheet(story, layout: sheets.Layout, pictures: dict, number: int, aside: bool) -> dict:
    columns = layout.sheets[number]
    stages = [story.stages[column] for column in columns]
    width = layout.column * len(columns)
    weakest = story.weakest.stage if story.weakest else None
    table = layout.lane + width
    return {
        "first": number == 0,
        "of": len(layout.sheets),
        "from": columns[0] + 1 if columns else 0,
        "to": columns[-1] + 1 if columns else 0,
        "stages": stages,
        "left": layout.column * columns[0] if columns else 0,
        "width": width,
        "table": table,
        "has_tab": any(stage.number == weakest for stage in stages),
        "aside": aside,
        "aside_left": table + 0.06 * layout.column,
        "aside_width": min(0.94 * layout.column, layout.page.inner_width - table),
        "rows": [
            _row(story, layout, pictures.get(place), number, place)
            for place in range(len(story.lanes))
        ],
    }


def _row(story, layout: sheets.Layout, picture, number: int, place: int) -> dict:
    lane = story.lanes[place]
    columns = layout.sheets[number]
    name = f"row-{number}-{place}"
    row = {
        "id": name,
        "lane": lane,
        "tall": name in layout.tall_rows,
        # One strong line where the customer's lanes end and the company's begin.
        "rule": place > 0
        and lane.companys
        and not any(before.companys for before in story.lanes[:place]),
        "cells": [{"cards": lane.cells[column]} for column in columns],
    }
    if picture:
        row |= _curve(story, layout, picture, columns)
    return row


def _curve(story, layout: sheets.Layout, picture, columns: tuple[int, ...]) -> dict:
    """The emotions of one sheet: the whole line, seen through the sheet's window."""
    em = layout.em
    radius = emotions.FACE * em / 2
    weakest = story.weakest.stage if story.weakest else None
    marks = ((value, picture.above + (5 - value) * layout.curve / 10) for value in (5, 0, -5))
    return {
        "picture": picture,
        "middle": layout.curve / 2,
        "stroke": 0.2 * em,
        # No figure may stand on the lane's name or outside the lane.
        "scale": [
            (value, y - 0.42 * em) for value, y in marks if 3 * em < y < picture.height - em / 2
        ],
        "says": _("Emotion curve: %(points)s")
        % {
            "points": "; ".join(
                f"{story.stages[spot.column].name} {signed(spot.value)}" for spot in picture.spots
            )
        },
        "cells": [
            {
                "first": place == 0,
                "cards": picture.below[column],
                "spots": [
                    {
                        "value": spot.value,
                        "text": spot.text,
                        "loud": spot.value < 0 and spot.column + 1 == weakest,
                        "face_left": spot.x - radius,
                        "face_top": spot.y - radius,
                        "left": spot.x - spot.width / 2,
                        "top": spot.top,
                        "width": spot.width,
                    }
                    for spot in picture.spots
                    if spot.column == column
                ],
            }
            for place, column in enumerate(columns)
        ],
    }
