"""The short report and the page of a persona, as PDF. Runs in the child process, like typeset.

A report is a booklet of parts: the page that says it all, a page for each persona, the map over
sheets. Each part is set by itself, told how many pages come before it, and they are bound into
one document. A page that has to be one page is tried in smaller and smaller type.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from types import SimpleNamespace

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from weasyprint.document import Document

from ui.text import NBSP, signed
from ui.tones import gap_tone

from . import emotions, measure, sheets
from .brief import brief_of
from .sheets import MM_PER_PT
from .templatetags.print_tags import figure
from .typeset import PX_PER_MM, Numbering, Pdf, Setter, even, small

# Millimetres: the text of a portrait page, that of a persona's page; the column of row names.
WIDE, PERSONA_WIDE, LABEL = 168, 199, 22
# The path's type in points, and a column in which the names of stages can be read.
PATH, READABLE = 8.0, 15
# A column in which a service level can be written; in narrower ones it is a bar, so high a point.
NUMBERS, POINT = 7, 0.45
# Words stand at the lowest and highest point where there is room for them.
ROOM_FOR_WORDS, WORDS = 17, 60
# Fact and plan with more digits than this together are set smaller.
LONG_FIGURES = 11


@dataclass(frozen=True)
class Fit:
    """How tightly a page is set: its type, the height of the curve in mm, how many of one kind
    are listed."""

    size: float
    curve: float
    items: int = 0


MAIN = (
    Fit(9.4, 20, 4), Fit(9.2, 16, 4), Fit(9, 14, 3),
    Fit(8.6, 12, 3), Fit(8.2, 12, 2), Fit(7.6, 10, 1),
)  # fmt: skip
PERSONA = tuple(Fit(size, 16) for size in (12, 11.2, 10.4, 9.6, 8.8, 8.2, 7.6, 7, 6.6))

type Part = Callable[[Numbering], Document]


def typeset(story, options: sheets.Options, tell: Callable[[float], None] = lambda share: None):
    """Sets a report, or the pages of a story's personas; `tell` hears how far we are, 0 … 1."""
    with translation.override(story.language):
        binder = _Binder(story, tell)
        return binder.report() if options.document == sheets.REPORT else binder.personas()


class _Binder:
    """One story on its way to a booklet."""

    def __init__(self, story, tell: Callable[[float], None]):
        self.story = story
        self.setter = Setter(story, tell)
        self.has_cards = any(cell for lane in story.lanes for cell in lane.cells)

    def report(self) -> Pdf:
        told = [persona for persona in self.story.personas if persona.told]
        parts = [self._main, *self._pages_of(told)]
        if not self.has_cards:
            return self._bind(parts, [1] * len(parts))
        layout = self.setter.sheets_on(sheets.page_of(sheets.Options("a4", True, sheets.MANY)))
        parts.append(lambda numbering: self.setter.lay_out(layout, numbering=numbering))
        counts = [1] * (len(parts) - 1) + [layout.all_pages]
        return self._bind(parts, counts, small(layout))

    def personas(self) -> Pdf:
        parts = self._pages_of(self.story.personas)
        return self._bind(parts, [1] * len(parts))

    def _bind(self, parts: Sequence[Part], counts: list[int], warnings=()) -> Pdf:
        """All parts in one document, numbered through. `counts` is a guess at their pages."""
        for _try in range(2):
            documents = [
                part(Numbering(sum(counts[:place]), sum(counts)))
                for place, part in enumerate(parts)
            ]
            found = [len(document.pages) for document in documents]
            if found == counts:
                break
            counts = found
        pages = [page for document in documents for page in document.pages]
        return self.setter.write(documents[0].copy(pages), warnings)

    # The page that says it all

    def _main(self, numbering: Numbering) -> Document:
        told = brief_of(self.story)

        def context(fit: Fit) -> dict:
            cells = _emotions(self.story)
            column = (WIDE - LABEL) / max(len(self.story.stages), 1)
            return {
                "brief": told,
                "path": _path(
                    self.story,
                    cells,
                    column,
                    fit.curve,
                    told.worst,
                    label=LABEL,
                    personas=[persona.name for persona in self.story.personas],
                ),
                "items": f":{fit.items}",
                "long_figures": any(
                    len(figure(metric.fact)) + len(figure(metric.plan)) > LONG_FIGURES
                    for metric in told.figures
                ),
                "empty": not self.has_cards,
            }

        return self._on_one("main", MAIN, numbering, context)

    # The page of a persona

    def _pages_of(self, personas) -> list[Part]:
        return [
            lambda numbering, persona=persona: self._persona(persona, numbering)
            for persona in personas
        ]

    def _persona(self, persona, numbering: Numbering) -> Document:
        told = {one.key: one for one in persona.told}
        quote, *quotes = told["quotes"].values if "quotes" in told else [""]
        _job, *jobs = told["jtbd"].values if "jtbd" in told else [""]
        lists = [
            SimpleNamespace(label=one.label, values=values)
            for one in persona.told
            if one.key not in ASIDE
            and (values := {"quotes": quotes, "jtbd": jobs}.get(one.key, one.values))
        ]

        # Three lists in a row, or four where that leaves fewer holes.
        across = min((3, 4), key=lambda columns: -len(lists) % columns)

        def context(fit: Fit) -> dict:
            cells = _emotions(self.story, persona.name)
            column = PERSONA_WIDE / max(len(self.story.stages), 1)
            return {
                "persona": persona,
                "quote": quote,
                "job": told.get("jtbd"),
                "about": [told[key] for key in ASIDE[1:] if key in told],
                "quote_width": even(quote, PERSONA_WIDE / (2.3 * fit.size * MM_PER_PT)),
                "across": across,
                "rows": [
                    [*lists[at : at + across], *[None] * (at + across - len(lists))]
                    for at in range(0, len(lists), across)
                ],
                "assumed": bool(persona.told) and "evidence" not in told,
                "path": _path(self.story, cells, column, fit.curve) if any(cells) else None,
            }

        return self._on_one("persona", PERSONA, numbering, context)

    def _on_one(
        self,
        part: str,
        fits: Sequence[Fit],
        numbering: Numbering,
        context: Callable[[Fit], dict],
    ) -> Document:
        """A part on one page, in the largest type that fits; what room is left goes to the curve.
        What no type can hold flows over pages."""

        def lay_out(fit: Fit, **more) -> Document:
            return self.setter.pages(
                "report",
                "report",
                context(fit)
                | {
                    "part": part,
                    "story": self.story,
                    "title": self.story.title.replace(NBSP, " "),
                    "fit": fit,
                    "numbering": numbering,
                    "barrier": pgettext("before the number of a barrier", "B"),
                    "solution": pgettext("before the number of a solution", "S"),
                    **PAGES[part],
                    **more,
                },
            )

        room, likely = PAGES[part]["height"] - FOOT, fits[0].size
        for fit in fits:
            if fit.size > likely and fit is not fits[-1]:
                continue
            (endless,) = lay_out(fit, height=sheets.ENDLESS).pages
            anchors = endless.anchors
            ends = (anchors["end"][1], anchors.get("portrait", (0, 0, 0, 0))[3])
            needed = max(ends) / PX_PER_MM
            if needed <= room:
                taller = min(fit.curve + 0.8 * (room - needed), 1.7 * fit.curve)
                return lay_out(replace(fit, curve=taller))
            # Text shrinks in both directions, so its height goes with the square of its type.
            likely = 1.04 * fit.size * sqrt(room / needed)
        return lay_out(fits[2], flows=True)


# What a persona's page has beside the lists: the head, then what stands under the portrait.
ASIDE = ("segment", "demographics", "background", "behaviour", "evidence")
PAGES = {"main": {"width": 210, "height": 297}, "persona": {"width": 297, "height": 210}}
# Under the last line of a page: its margin; mm.
FOOT = 16.5


def _emotions(story, persona: str = "") -> list[list]:
    """The emotions of each stage, of everybody or of one persona: the first lane that has any."""
    for lane in story.lanes:
        cells = [
            [
                card
                for card in cell
                if card.emotion is not None and (not persona or card.persona in ("", persona))
            ]
            for cell in lane.cells
        ]
        if lane.content == "emotion" and any(cells):
            return cells
    return [[] for _stage in story.stages]


def _path(
    story,
    cells: list[list],
    column: float,
    scale: float,
    worst: Sequence = (),
    label: float = 0,
    personas: Sequence[str] = (),
) -> dict:
    """The stages in a row, the curve over them, of several `personas` one each, and the worst
    service level of each stage."""
    weakest = story.weakest.stage if story.weakest else 0
    values = [card.emotion for cell in cells for card in cell]
    low, high = min(values, default=0), max(values, default=0)
    strip = min((column / len(cell) for cell in cells if cell), default=column)
    em = min(PATH * MM_PER_PT, 0.45 * strip)
    longest = max(
        (
            measure.widest_word(stage.name) * (measure.BOLD if stage.number == weakest else 1)
            for stage in story.stages
        ),
        default=0,
    )
    longest_label = max((stage.label for stage in story.stages), key=len, default="")
    wordy = strip >= ROOM_FOR_WORDS
    shown = [
        [
            SimpleNamespace(
                emotion=card.emotion,
                persona=card.persona if personas else "",
                text=card.text if wordy and card.emotion in (low, high) and _short(card) else "",
            )
            for card in cell
        ]
        for cell in cells
    ]
    picture = (
        emotions.picture(shown, column=column, em=em, scale=scale, personas=personas)
        if values
        else None
    )
    return {
        "picture": picture,
        "scale": scale,
        "middle": scale / 2,
        "column": column,
        "width": column * len(story.stages),
        "label": label,
        "table": label + column * len(story.stages),
        "em": em,
        "size": em / MM_PER_PT,
        "faces": strip >= 5,
        "readable": column >= READABLE,
        "numbers": column >= NUMBERS,
        "bars": [_bar(one, place * column, column) for place, one in enumerate(worst)],
        "name_size": min(PATH, (column - 2) / MM_PER_PT / (longest or 1)),
        "says": _("Emotion curve: %(points)s")
        % {
            "points": "; ".join(
                f"{story.stages[spot.column].name} {signed(spot.value)}"
                for spot in (picture.spots if picture else ())
            )
        },
        "spots": [
            {
                "spot": spot,
                "middle": column * spot.column + spot.x,
                "left": column * spot.column + spot.x - spot.width / 2,
                "loud": spot.value < 0 and spot.column + 1 == weakest,
            }
            for spot in (picture.spots if picture else ())
        ],
        "stages": [
            {
                "stage": stage,
                "weak": stage.number == weakest,
                "worst": worst[place] if worst else None,
                "numbered": column >= 2 * len(longest_label) + 2
                or stage.number % 5 == 0
                or stage.number == weakest,
            }
            for place, stage in enumerate(story.stages)
        ],
        "levels": any(worst),
    }


def _bar(touchpoint, left: float, column: float) -> dict:
    """A service level as a bar under the line, or above it where it is better than expected."""
    level = touchpoint.level if touchpoint else 0
    high, middle = abs(level) * POINT, 9 * POINT
    return {
        "left": left,
        "top": middle if level < 0 else middle - high,
        "height": high,
        "width": 0.6 * column,
        "tone": gap_tone(level),
    }


def _short(card) -> bool:
    return len(card.text) <= WORDS
