"""Paper: sizes, margins, how wide the columns are and which stages stand on which sheet.

Pure geometry in millimetres. The poster is drawn for A3; larger paper scales its type and
margins up, A4 keeps the type of A3 and gets it fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from math import ceil

PAPERS = {"a4": (210, 297), "a3": (297, 420), "a2": (420, 594), "a1": (594, 841), "a0": (841, 1189)}
FIT = "fit"  # one page as large as the map needs
ONE, MANY = "one", "many"
POSTER, REPORT, PERSONA, OUTCOME = "poster", "report", "persona", "outcome"
PDF, PNG, SVG = "pdf", "png", "svg"

MM_PER_PT = 25.4 / 72
# A card's type in points: what we like on A3; what a map over several sheets gets, on A3 and on
# A4; the size under which more paper is better; the size under which we warn; the one that can't
# be read even with a glass.
CEILING, SHEETS, SHEETS_A4, TIGHT, WARNED, FLOOR = 8.8, 8.1, 7.4, 7.5, 6.0, 3.0
# The smallest type of a page in card sizes: legend, figures of the scale.
NOTE = 0.88
# In card sizes (em): the lane names; a column to read well; the narrowest that holds its words.
LANE_EM, COLUMN_EM, NARROW_EM = 10.6, 18.5, 13
# The height of the scale from +5 to −5, in card sizes.
CURVE, CURVE_OF_SHEETS = 6.4, 4.5
# Over several sheets a column is at least this wide.
SHEET_COLUMN = 54
# Paper without an end, to see how much of it is needed.
ENDLESS = 20_000
# Readers of PDF stop at 200 inches.
LONGEST = 5000


@dataclass(frozen=True)
class Options:
    """What the reader asked for."""

    paper: str = "a3"
    landscape: bool = True
    pages: str = ONE
    document: str = POSTER
    lanes: Sequence[str] = ()  # ids of the lanes to print; none: all
    format: str = PDF  # pictures are one page as large as needed, whatever the paper
    images: bool = True  # of the cards; the story has none where they are not wanted
    workshop: str = ""  # the id of the one whose outcome is told


@dataclass(frozen=True)
class Page:
    """A sheet of paper. `scale` is 1 on A3: the head's type and the margins follow it."""

    width: float
    height: float
    scale: float

    @property
    def margins(self) -> tuple[float, float, float, float]:
        """Top, right, bottom, left. Printers for A4 can't print nearer to the edge."""
        side = max(12 * self.scale, 10)
        return max(9 * self.scale, 9), side, max(7.5 * self.scale, 7.5), side

    @property
    def head(self) -> float:
        """The type of the head, in points."""
        return max(8.1 * self.scale, 6.6)

    @property
    def foot(self) -> float:
        """The bottom margin of a page that carries a running line."""
        return self.margins[2] + 6 * max(self.scale, 0.8)

    @property
    def inner_width(self) -> float:
        return self.width - self.margins[1] - self.margins[3]


@dataclass(frozen=True)
class Layout:
    """Everything a drawing needs to know of its paper. `card` is the type of a card in points,
    `curve` the height of the emotions' scale from +5 to −5, `sheets` the stages of each sheet.

    Once measured, sheets that are taped together align: `heads` and `rows` are the heights of the
    rows of stages and of the lanes, `fresh` are the lanes that begin a page."""

    page: Page
    card: float
    lane: float
    column: float
    curve: float
    sheets: tuple[tuple[int, ...], ...]
    # The last sheet's free column takes what else would stand under the map.
    aside: bool = False
    heads: tuple[float, ...] = ()  # of steps' stages, if there are any, and of columns
    rows: tuple[float, ...] = ()
    fresh: frozenset[int] = frozenset()
    tall: frozenset[int] = frozenset()  # taller than a page: they break within
    bands: int = 1  # on how many pages each group of stages stands

    @property
    def em(self) -> float:
        return self.card * MM_PER_PT

    @property
    def letters(self) -> float:
        """How wide a column is in card sizes."""
        return self.column / self.em

    @property
    def several(self) -> bool:
        return len(self.sheets) > 1

    @property
    def all_pages(self) -> int:
        return len(self.sheets) * self.bands

    @property
    def free(self) -> int:
        """How many columns of the last sheet stay empty."""
        return len(self.sheets[0]) - len(self.sheets[-1])


def page_of(options: Options) -> Page:
    """The paper that was asked for."""
    short, long = PAPERS[options.paper]
    width, height = (long, short) if options.landscape else (short, long)
    return Page(width, height, short / 297)


def largest_card(page: Page, stages: int) -> float:
    """The card size to try first: no larger than words can stand in their columns."""
    widest = page.inner_width / (LANE_EM + NARROW_EM * max(stages, 1))
    return min(CEILING * max(1, page.scale), widest / MM_PER_PT)


def one_sheet(page: Page, stages: int, card: float) -> Layout:
    """All stages beside each other, over the whole width."""
    em = card * MM_PER_PT
    lane = LANE_EM * em
    column = (page.inner_width - lane) / max(stages, 1)
    return Layout(page, card, lane, column, CURVE * em, (tuple(range(stages)),))


def many_sheets(page: Page, stages: int, card: float = 0, across: int = 0) -> Layout:
    """Groups of stages over sheets, `across` on each, or as many as stand there comfortably; all
    columns have the same width, the last may stay free."""
    card = card or (SHEETS * page.scale if page.scale >= 1 else SHEETS_A4)
    em = card * MM_PER_PT
    lane = LANE_EM * em
    room = page.inner_width - lane
    across = across or max(1, min(int(room / (SHEET_COLUMN * max(1, page.scale))), stages))
    sheets = tuple(batched(range(stages), across)) or ((),)
    return Layout(page, card, lane, room / across, CURVE_OF_SHEETS * em, sheets)


def other_groups(layout: Layout, stages: int) -> list[int]:
    """How many columns a sheet may have besides: wider ones on as many sheets, then narrower ones
    on fewer, as long as words can stand in them."""
    across = len(layout.sheets[0])
    most = int((layout.page.inner_width - layout.lane) / (NARROW_EM * layout.em))
    evenly = [ceil(stages / sheets) for sheets in range(len(layout.sheets), 0, -1)]
    return [columns for columns in evenly if columns != across and columns <= most]


def smallest_for_sheets(card: float) -> float:
    """How far type may shrink to keep a group of stages on one sheet: not into warnings."""
    return max(0.85 * card, min(card, WARNED / NOTE))


def as_large_as_needed(stages: int, height: float) -> Layout:
    """Comfortable columns, and a page around them."""
    em = CEILING * MM_PER_PT
    lane, column = LANE_EM * em, COLUMN_EM * em
    page = Page(0, height, 1)
    inner = max(lane + column * stages, 297)
    width = min(inner + page.margins[1] + page.margins[3], LONGEST)
    page = Page(width, height, 1)
    column = (page.inner_width - lane) / max(stages, 1)
    return Layout(page, CEILING, lane, column, CURVE * em, (tuple(range(stages)),))
