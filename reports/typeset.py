"""From a story to the pages of a PDF. Runs in the child process: WeasyPrint, no database.

A page of many cards takes seconds to set, so sizes are found without it: heights are guessed
from the words (reports.guess), and corrected by a gauge, a small page that holds only the
highest cells of each lane. The map itself is set once.

One page: the largest type that the page holds; what height is left goes to the curve. Several
sheets: the type is given, stages are grouped, lanes are as high on all sheets, rows break where
the paper ends.
"""

import gc
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice, pairwise
from math import ceil, inf
from pathlib import Path
from types import SimpleNamespace

from django.template import Context, Engine
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration

from ui.text import NBSP, SOFT_HYPHEN, bind, signed

from . import emotions, guess, heads, measure, sheets
from .assets import Assets
from .signs import legend_of

ROOT = Path(__file__).resolve().parent.parent
PX_PER_MM = 96 / 25.4
# A page so full is full enough; how often we try for it.
FULL, TRIES = 0.975, 5
# A guess so far over the page, with the smallest type, need not be tried.
HOPELESS = 1.25
# The share of a page that its lanes have, roughly: where the search begins.
ROWS = 0.71
# A size so near to the one that was measured is right without another gauge.
NEAR = 0.1
# How many cells of a lane go on the gauge at most, and by what share and how many lines a guess may
# be wrong: cells that are lower by more can't be the highest.
HIGHEST, WRONG, LINES = 3, 0.08, 1.5
# By how much a guess at the height of a page may be too low.
GUESSED = 1.008
# Em: what the icon of a lane leaves to its name.
LANE_ROOM = 7
# Millimetres: heights are rounded when they are written.
SLACK = 0.05

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
        return SimpleNamespace(
            **{name: value if name == "data" else _bound(value) for name, value in fields.items()}
        )

    return json.loads(text, object_hook=bound)


def _bound(value):
    if isinstance(value, list):
        return [_bound(item) for item in value]
    # Soft hyphens would stay in the PDF's text, and search would miss the word.
    return bind(value).replace(SOFT_HYPHEN, "") if isinstance(value, str) else value


@dataclass(frozen=True)
class Heights:
    """What a gauge says, in millimetres: where the map begins, how high all of its head, the rows
    of stages and the lanes are, how high the whole would be on endless paper, and where its free
    column ends."""

    layout: sheets.Layout
    top: float
    head: float
    heads: tuple[float, ...]
    rows: tuple[float, ...]
    total: float
    aside: float

    @property
    def rest(self) -> float:
        """What stands under the map, and the bottom margin."""
        return self.total - self.top - self.head - sum(self.rows)

    def is_like(self, layout: sheets.Layout) -> bool:
        """Whether a guess corrected by this one is good enough for a page that is set anyway."""
        return abs(layout.card / self.layout.card - 1) < NEAR


def typeset(story, options: sheets.Options, tell: Callable[[float], None] = lambda share: None):
    """Sets a story on paper; `tell` hears how far we are, 0 … 1."""
    if options.lanes:
        story.lanes = [lane for lane in story.lanes if lane.id in options.lanes]
    with translation.override(story.language):
        return Setter(story, tell).set(options)


class Setter:
    """One story on its way to paper."""

    def __init__(self, story, tell: Callable[[float], None]):
        self.story, self.tell = story, tell
        self.passes = 0
        self.gauges: dict[sheets.Layout, Heights] = {}
        self.guesses: dict[sheets.Layout, list[float]] = {}

    def set(self, options: sheets.Options) -> Pdf:
        if options.format != sheets.PDF:
            return self._as_large_as_needed(inf)
        if options.paper == sheets.FIT:
            return self._as_large_as_needed(sheets.LONGEST)
        page = sheets.page_of(options)
        if options.pages == sheets.MANY:
            return self._over_sheets(page)
        return self._on_one(page) or self._over_sheets(page, ("spread", 0))

    # One page

    def _on_one(self, page: sheets.Page) -> Pdf | None:
        stages = len(self.story.stages)

        def layout_at(card: float) -> sheets.Layout:
            return sheets.one_sheet(page, stages, card)

        heights = self._sized(
            layout_at, sheets.FLOOR, sheets.largest_card(page, stages), page.height
        )
        if not heights:
            return None
        layout = self._filled(heights, page.height)
        document = self.lay_out(layout)
        while len(document.pages) > 1:  # the guess was wrong, or the gauge missed a cell
            layout = layout_at(0.99 * layout.card)
            document = self.lay_out(layout)
        return self.write(document, small(layout, tight=True))

    def _sized(
        self,
        layout_at: Callable[[float], sheets.Layout],
        low: float,
        high: float,
        room: float,
    ) -> Heights | None:
        """The largest type for one page; near to what was measured, because the page will tell."""

        def guessed(card: float) -> float:
            return sum(self._guess(layout_at(card)))

        if high < low or guessed(low) > HOPELESS * room:
            return None
        self._gauge(layout_at(_highest(lambda card: guessed(card) < ROWS * room, low, high)))
        for _try in range(TRIES):
            heights = self._largest(layout_at, low, high, room)
            if heights and self._nearest(heights.layout).is_like(heights.layout):
                return heights
            layout = heights.layout if heights else layout_at(low)
            if layout in self.gauges:
                break
            self._gauge(layout)
        return None

    def _filled(self, heights: Heights, room: float) -> sheets.Layout:
        """Gives what height is left to the curves, as far as it does them good."""
        layout = heights.layout
        curves = sum(lane.content == "emotion" for lane in self.story.lanes)
        left = 0.95 * (room - heights.total)
        if not curves or left <= 0:
            return layout
        return replace(layout, curve=layout.curve + min(left / curves, 1.6 * layout.curve))

    # Other papers

    def _as_large_as_needed(self, longest: float) -> Pdf:
        layout = sheets.as_large_as_needed(len(self.story.stages), sheets.ENDLESS)
        document = self.lay_out(layout)
        height = self._places(document)["end"][0] + layout.page.margins[2] + SLACK
        if height <= longest:
            document.pages[0].height = height * PX_PER_MM
            return self.write(document, [])
        layout = _on(layout, longest)
        layout = self._in_bands(self._gauge(layout), layout.page)
        document = self.lay_out(layout)
        return self.write(document, [("spread", 0)])

    def _over_sheets(self, page: sheets.Page, *warnings) -> Pdf:
        layout = self.sheets_on(page)
        document = self.lay_out(layout)
        if len(document.pages) == 1:
            warnings = ()
        return self.write(document, [*warnings, *small(layout)])

    def sheets_on(self, page: sheets.Page) -> sheets.Layout:
        """Stage groups over sheets, so that there are few. What seems best by all that is known is
        measured, until what seems best was."""
        self.gauges.clear()
        for _try in range(TRIES):
            measured, layout = self._best_groups(page)
            if measured in self.gauges:
                break
            self._gauge(measured)
        return layout

    def _best_groups(self, page: sheets.Page) -> tuple[sheets.Layout, sheets.Layout]:
        """The layout to be measured, and with what is known of it by now. Where the lanes of a
        group need more than one sheet, other groups may need fewer."""
        stages = len(self.story.stages)
        best = self._grouped(page)
        if best[1].bands == 1:
            return best
        for across in sheets.other_groups(best[1], stages):
            least = sheets.many_sheets(
                page, stages, sheets.smallest_for_sheets(best[1].card), across
            )
            if self._in_bands(self._heights(least), page).all_pages < best[1].all_pages:
                best = min(best, self._grouped(page, across), key=lambda found: found[1].all_pages)
        return best

    def _grouped(self, page: sheets.Page, across: int = 0) -> tuple[sheets.Layout, sheets.Layout]:
        """Groups of so many stages. If a little smaller type keeps each on one sheet, or saves
        some, so be it."""
        stages = len(self.story.stages)
        wanted = sheets.many_sheets(page, stages, across=across)
        aside = bool(wanted.free and _extras(self.story))

        def layout_at(card: float, aside: bool = aside) -> sheets.Layout:
            return replace(sheets.many_sheets(page, stages, card, across), aside=aside)

        if aside and self._heights(layout_at(wanted.card)).aside > page.height - page.foot:
            layout_at = partial(layout_at, aside=False)
        least = sheets.smallest_for_sheets(wanted.card)
        room = page.height - page.foot + page.margins[2]
        if fitting := self._largest(layout_at, least, wanted.card, room):
            return fitting.layout, _aligned(fitting, self._filled(fitting, room), self.story)
        sizes = (wanted.card, (least + wanted.card) / 2, least)
        found = [self._heights(layout_at(card)) for card in sizes]
        banded = [(heights.layout, self._in_bands(heights, page)) for heights in found]
        return min(banded, key=lambda one: one[1].bands)

    def _in_bands(self, heights: Heights, page: sheets.Page) -> sheets.Layout:
        """Rows over several pages: the lanes of the company begin one, if that costs no page."""
        bottom = page.height - page.foot
        room = bottom - heights.layout.page.margins[0] - heights.head - SLACK
        first = bottom - heights.top - heights.head - SLACK
        tall = {place for place, high in enumerate(heights.rows) if high > min(room, first)}
        company = next(
            (place for place, lane in enumerate(self.story.lanes) if lane.companys), None
        )
        # What stands under the map is like one lane more.
        below = len(heights.rows)
        rows = (*heights.rows, heights.rest - heights.layout.page.margins[2])
        fresh = _breaks(rows, first, room)
        if company:
            parted = _breaks(rows, first, room, {company})
            fresh = parted if len(parted) == len(fresh) else fresh
        return replace(
            heights.layout,
            heads=heights.heads,
            rows=tuple(0 if place in tall else high for place, high in enumerate(heights.rows)),
            fresh=frozenset(fresh - tall - {below}),
            tall=frozenset(tall),
            bands=1 + len(fresh) + sum(int(heights.rows[place] / room) for place in tall),
        )

    # Sizes

    def _largest(
        self,
        layout_at: Callable[[float], sheets.Layout],
        low: float,
        high: float,
        room: float,
    ) -> Heights | None:
        """The largest type between `low` and `high` whose layout is at most `room` high, by all
        that is known; one that was measured and fills the room well will do."""
        for heights in self.gauges.values():
            card = heights.layout.card
            if low <= card <= high and heights.layout == layout_at(card) and heights.total <= room:
                if card == high or heights.total > FULL * room:
                    return heights
                low = card
        card = _highest(lambda size: self._heights(layout_at(size)).total <= room, low, high)
        heights = self._heights(layout_at(card))
        return heights if heights.total <= room else None

    def _heights(self, layout: sheets.Layout) -> Heights:
        """As it was measured, or a guess corrected by the gauge that is most like it."""
        if not self.gauges:
            return self._gauge(layout)
        return self.gauges.get(layout) or self._corrected(self._nearest(layout), layout)

    def _nearest(self, layout: sheets.Layout) -> Heights:
        def unlike(heights: Heights) -> tuple[bool, float]:
            other = heights.layout
            return other.aside != layout.aside, abs(other.letters / layout.letters - 1)

        return min(self.gauges.values(), key=unlike)

    def _corrected(self, heights: Heights, layout: sheets.Layout) -> Heights:
        """A guess at the heights of this layout, by how wrong one is of that which was measured."""
        before = heights.layout
        rows = tuple(
            high * (true / wrong if wrong else 1)
            for high, true, wrong in zip(
                self._guess(layout), heights.rows, self._guess(before), strict=True
            )
        )
        scale = layout.card / before.card
        head = heights.head * scale
        total = (heights.top + sum(rows) + head + heights.rest * scale) * GUESSED
        heads = tuple(high * scale for high in heights.heads)
        return Heights(layout, heights.top, head, heads, rows, total, heights.aside * scale)

    def _guess(self, layout: sheets.Layout) -> list[float]:
        if layout not in self.guesses:
            pictures = _pictures(self.story, layout)
            self.guesses[layout] = [
                max(guess.cells(lane, layout, pictures.get(place)), default=0)
                for place, lane in enumerate(self.story.lanes)
            ]
        return self.guesses[layout]

    def _gauge(self, layout: sheets.Layout) -> Heights:
        self.gauges[layout] = self._measured(layout)
        return self.gauges[layout]

    def _measured(self, layout: sheets.Layout) -> Heights:
        """Sets the highest cells of each lane on endless paper."""
        pictures = _pictures(self.story, layout)

        rows = [
            highest(guess.cells(lane, layout, pictures.get(place)), layout)
            for place, lane in enumerate(self.story.lanes)
        ]
        stages = highest([guess.head(stage, layout) for stage in self.story.stages], layout)
        # A row may not have more cells than the table has columns.
        others = (place for place in range(len(self.story.stages)) if place not in stages)
        stages += tuple(islice(others, max(0, max(map(len, rows), default=0) - len(stages))))
        sheet = _sheet(
            self.story,
            layout,
            pictures,
            0,
            stages,
            rows,
        )
        last = layout.lane + layout.column * len(layout.sheets[-1])
        sheet |= _aside(layout, last) | {
            "aside": layout.aside,
            "has_tab": layout.several or bool(self.story.weakest),
        }
        places = self._places(self.lay_out(_on(layout, sheets.ENDLESS), [sheet]))
        tops = [
            *(places[f"row-0-{place}"][0] for place in range(len(self.story.lanes))),
            places["map"][1],
        ]
        return Heights(
            layout,
            top=places["map"][0],
            head=tops[0] - places["map"][0],
            heads=tuple(
                places[row][1] - places[row][0] for row in ("parts-0", "heads-0") if row in places
            ),
            rows=tuple(below - top for top, below in pairwise(tops)),
            total=places["end"][0] + layout.page.margins[2],
            aside=places.get("aside", (0, 0))[1],
        )

    # Passes

    def lay_out(
        self,
        layout: sheets.Layout,
        shown: Sequence[dict] = (),
        numbering: Numbering | None = None,
    ) -> Document:
        """The map on pages; in a booklet they are numbered on and have a small head."""
        context = _context(self.story, layout, shown, numbering)
        return self.pages("map_on_paper", "poster", context)

    def pages(self, template: str, look: str, context: dict) -> Document:
        """A filled template on pages."""
        html = self.html(template, look, context)
        gc.collect()  # the pass before: a document holds itself in circles
        document = HTML(string=html, url_fetcher=_assets()).render(
            font_config=_fonts(),
            stylesheets=[_look("paper"), _look(look)],
            pdf_variant="pdf/ua-1",
            pdf_tags=True,
        )
        self.passes += 1
        self.tell(1 - 0.7**self.passes)
        return document

    def html(self, template: str, look: str, context: dict) -> str:
        """A filled template, which is looked at through the stylesheet `look`."""
        return _template(template).render(Context(context))

    @staticmethod
    def _places(document: Document) -> dict[str, tuple[float, float]]:
        """Top and bottom of everything that has a name, in millimetres."""
        return {
            name: (top / PX_PER_MM, bottom / PX_PER_MM)
            for page in document.pages
            for name, (_x0, top, _x1, bottom) in page.anchors.items()
        }

    def write(self, document: Document, warnings: Iterable) -> Pdf:
        self.tell(0.95)
        data = document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
        return Pdf(data, len(document.pages), tuple(warnings))


def _on(layout: sheets.Layout, height: float) -> sheets.Layout:
    """The same on paper of another height."""
    return replace(layout, page=replace(layout.page, height=height))


def highest(heights: Sequence[float], layout: sheets.Layout) -> tuple[int, ...]:
    """The places of those that may be the highest in truth, by their guessed heights."""
    order = sorted(range(len(heights)), key=heights.__getitem__, reverse=True)
    least = (1 - WRONG) * max(heights, default=0) - LINES * guess.LINE * layout.em
    return tuple(place for place in order[:HIGHEST] if heights[place] >= least)


def _highest(fits: Callable[[float], bool], low: float, high: float) -> float:
    """The highest size between two that fits, halving; `low` when none does."""
    if fits(high):
        return high
    for _step in range(7):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def _breaks(
    rows: Sequence[float], first: float, room: float, wanted: Iterable[int] = ()
) -> set[int]:
    """Which rows begin a page when the first page has room for `first` and others for `room`."""
    fresh, left = set(), first
    for place, high in enumerate(rows):
        if place in wanted or high > left:
            fresh.add(place)
            left = room
        left -= high
    return fresh


def _aligned(heights: Heights, layout: sheets.Layout, story) -> sheets.Layout:
    """Fixes the heights of the rows, so that sheets taped together align. A lane with a curve
    keeps the height of its picture, which is the same on all sheets."""
    if not layout.several:
        return layout
    rows = tuple(
        high + (layout.curve - heights.layout.curve) * (lane.content == "emotion")
        for high, lane in zip(heights.rows, story.lanes, strict=True)
    )
    return replace(layout, heads=heights.heads, rows=rows)


def small(layout: sheets.Layout, tight: bool = False) -> list[tuple[str, float]]:
    """A warning when the smallest type on the page asks for a glass; with `tight`, a hint when
    larger paper would read better."""
    smallest = layout.card * sheets.NOTE
    if smallest < sheets.WARNED:
        return [("small", round(smallest, 1))]
    if tight and layout.card < sheets.TIGHT:
        return [("tight", round(layout.card, 1))]
    return []


@cache
def _template(name: str):
    engine = Engine(
        dirs=[str(ROOT / "templates")],
        libraries={"print_tags": "reports.templatetags.print_tags"},
        builtins=["django.templatetags.i18n", "ui.templatetags.ui"],
    )
    return engine.get_template(f"reports/{name}.html")


def _extras(story) -> bool:
    """Whether anything stands beside or under the map."""
    return bool(story.metrics or story.notes or story.goal or story.measure or legend_of(story))


def _pictures(story, layout: sheets.Layout) -> dict[int, emotions.Picture]:
    """The curves by the place of their lanes."""
    return {
        place: emotions.picture(
            lane.cells,
            column=layout.column,
            em=layout.em,
            scale=layout.curve,
            personas=[persona.name for persona in story.personas],
        )
        for place, lane in enumerate(story.lanes)
        if lane.content == "emotion" and lane.cells
    }


@cache
def _assets() -> Assets:
    """Made once: it reads the system's certificates, though it never asks the network."""
    return Assets()


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _look(name: str) -> CSS:
    """A stylesheet, read once: it takes as long as a dozen cards."""
    return CSS(url=f"asset:css/{name}.css", url_fetcher=_assets(), font_config=_fonts())


def _context(
    story, layout: sheets.Layout, shown: Sequence[dict], numbering: Numbering | None
) -> dict:
    """All that the template needs; `shown` are the sheets, if not those of the layout."""
    pictures = {} if shown else _pictures(story, layout)
    return {
        "story": story,
        "title": story.title.replace(NBSP, " "),  # for programs, not for line ends
        "legend": legend_of(story),
        "layout": layout,
        "numbering": numbering,
        "running": layout.several or numbering,
        "has_parts": any(stage.part_of for stage in story.stages),
        "stages_count": story.stages[-1].label.partition(".")[0] if story.stages else 0,
        "step_is_weakest": bool(
            story.weakest and story.stages[story.weakest.stage - 1].part_of is not None
        ),
        "page": layout.page,
        "head_size": layout.page.head,
        "foot": layout.page.foot,
        "stage_size": _stage_size(story, layout),
        "title_size": (title := _title_size(story, layout)),
        "title_width": _title_width(story, layout, title),
        "barrier": pgettext("before the number of a barrier", "B"),
        "solution": pgettext("before the number of a solution", "S"),
        "sheets": shown
        or [
            _sheet(story, layout, pictures, number, columns)
            for number, columns in enumerate(layout.sheets)
        ],
    }


def _title_size(story, layout: sheets.Layout) -> float:
    """The type of the title in sizes of the head: long ones don't push the map down."""
    size = next(size for longest, size in TITLES if len(story.title) <= longest)
    return min(size, 2.2) if layout.several else size


def _title_width(story, layout: sheets.Layout, size: float) -> float:
    """How wide the title may run, in its own em."""
    share = 0.6 if layout.several else 0.37
    room = share * layout.page.inner_width / (layout.page.head * sheets.MM_PER_PT * size)
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


def _sheet(
    story,
    layout: sheets.Layout,
    pictures: dict,
    number: int,
    columns: tuple[int, ...],
    rows: Sequence[tuple[int, ...]] = (),
) -> dict:
    """One sheet with the stages `columns`; `rows` are the columns of each row, if they differ."""
    stages = [story.stages[column] for column in columns]
    width = layout.column * len(columns)
    weakest = story.weakest.stage if story.weakest else None
    table = layout.lane + width
    return {
        "first": number == 0,
        "number": number,
        "stages": stages,
        "parts": heads.parts(stages),
        "loops": heads.drawn(story.stages, columns, layout.column, layout.em) if columns else None,
        "left": layout.column * columns[0] if columns else 0,
        "width": width,
        "table": table,
        # On several sheets all maps begin at the same height.
        "has_tab": layout.several or any(stage.number == weakest for stage in stages),
        "aside": layout.aside and number == len(layout.sheets) - 1,
        "rows": [
            _row(
                story, layout, pictures.get(place), number, place, rows[place] if rows else columns
            )
            for place in range(len(story.lanes))
        ],
        **_aside(layout, table),
    }


def _aside(layout: sheets.Layout, table: float) -> dict:
    """Where the free column stands beside a table so wide."""
    width = min(0.94 * layout.column, layout.page.inner_width - table)
    return {"aside_left": table + 0.06 * layout.column, "aside_width": width}


def _row(
    story, layout: sheets.Layout, picture, number: int, place: int, columns: tuple[int, ...]
) -> dict:
    lane = story.lanes[place]
    row = {
        "id": f"row-{number}-{place}",
        "lane": lane,
        # The longest word of its name stays whole.
        "name_size": min(1, LANE_ROOM / (measure.widest_word(lane.name) * measure.BOLD or 1)),
        "height": layout.rows[place] if layout.rows else 0,
        "fresh": place in layout.fresh,
        "tall": place in layout.tall,
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
