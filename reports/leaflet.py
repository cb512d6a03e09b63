"""The outcome of a workshop as PDF, to be taken to the board. Runs in the child process.

One page if that costs no more than a little smaller type, else two; what two pages can't hold in
the smallest type is cut short, and says so: in full it stands on the map.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils import translation
from django.utils.translation import gettext as _
from weasyprint.document import Document

from journeys.reads import curve
from ui.text import NBSP, signed

from . import sheets
from .typeset import Setter, even

# The text in millimetres; the title in sizes of the text.
WIDE, TITLE = 168, 2.45
# The curve's scale, in millimetres; how many stages can be named below it.
SCALE, NAMED = 20, 8


@dataclass(frozen=True)
class Fit:
    """How tightly it is set: the type in points, how long a text may be, how many barriers are
    named with a solution, how many tasks, rated things, stages and people are listed."""

    size: float
    longest: int = 300
    barriers: int = 4
    rated: int = 1000
    tasks: int = 1000
    stages: int = 1000
    people: int = 1000

    @property
    def parts(self) -> bool:
        """Whether results are told by who people are, too."""
        return self.barriers > 0

    @property
    def short(self) -> int:
        """How long a text may be that says what another one is about."""
        return min(10 + self.longest // 2, 90)


# From the one we like to the tightest: for one page, and for two.
ONE = (Fit(9.4), Fit(9), Fit(8.6))
TWO = (
    Fit(9.4),
    Fit(8.8),
    Fit(8.2, 200, 3),
    Fit(7.6, 160, 2),
    Fit(7.6, 90, 1),
    Fit(7.6, 80, 0, rated=8),
    Fit(7.2, 60, 0, rated=4),
    Fit(7.2, 60, 0, rated=4, tasks=24),
    Fit(7.2, 60, 0, rated=3, tasks=12),
    Fit(7.2, 60, 0, rated=3, tasks=12, stages=12, people=60),
)


def typeset(story, options: sheets.Options, tell: Callable[[float], None] = lambda share: None):
    """Sets an outcome; `tell` hears how far we are, 0 … 1."""
    with translation.override(story.language):
        setter = Setter(story, tell)
        return setter.write(_fitting(story, setter), ())


def _fitting(story, setter: Setter) -> Document:
    @cache
    def laid_out(fit: Fit) -> Document:
        return _lay_out(story, setter, fit)

    def pages(fit: Fit) -> int:
        return len(laid_out(fit).pages)

    if pages(TWO[0]) > 2:
        place = bisect_left(TWO[:-1], True, key=lambda fit: pages(fit) <= 2)
        return laid_out(TWO[place])
    return laid_out(next((fit for fit in ONE if pages(fit) == 1), TWO[0]))


def _lay_out(story, setter: Setter, fit: Fit) -> Document:
    context = {
        "story": story,
        "title": story.title.replace(NBSP, " "),
        "title_width": even(story.title, WIDE / (TITLE * fit.size * sheets.MM_PER_PT)),
        "fit": fit,
        "barriers": f":{fit.barriers}",
        "rated": f":{fit.rated}",
        "tasks": f":{fit.tasks}",
        "people": f":{fit.people}",
        "change": _change(story, fit.stages),
        "most_votes": max((one.votes for vote in story.votes for one in vote.decided), default=1),
        "empty": not (story.votes or story.ratings or story.tasks or _news(story)),
    }
    return setter.pages("outcome", "report", context)


def _news(story) -> list:
    """The stages in which something is new."""
    return [stage for stage in story.stages if stage.new]


def _change(story, most: int) -> dict | None:
    """The curve before and after over its stages; of many stages only those that have changed, and
    of those at most so many."""
    stages = story.stages
    felt = any(stage.before or stage.after for stage in stages)
    if not felt and not _news(story):
        return None
    box = {"width": float(WIDE), "height": float(SCALE), "columns": len(stages)}
    before = curve.points([stage.before for stage in stages])
    after = curve.points([stage.after for stage in stages])
    named = len(stages) <= NAMED
    told = [one for one in stages if named or one.new or one.before != one.after]
    return {
        "rest": len(told[most:]),
        "felt": felt,
        "named": named,
        "column": WIDE / len(stages),
        "middle": SCALE / 2,
        "before": curve.path(before, **box),
        "after": curve.path(after, **box),
        "area": curve.area(after, **box),
        "points": [(at.x * WIDE / len(stages), (5 - at.value) * SCALE / 10) for at in after],
        "says": _("Feelings before and after: %(stages)s")
        % {"stages": "; ".join(_said(stage) for stage in stages if stage.before or stage.after)},
        "stages": [
            {
                "name": stage.name,
                "new": stage.new,
                "before": _values(stage.before) if stage.before != stage.after else "",
                "after": _values(stage.after) if stage.before != stage.after else "",
            }
            for stage in told[:most]
        ],
    }


def _said(stage) -> str:
    return f"{stage.name} {_values(stage.before) or '—'} → {_values(stage.after) or '—'}"


def _values(values: list[int]) -> str:
    return ", ".join(map(signed, values))
