"""A table as a map. Two kinds are understood, told apart by their headings:

- **flat**: one row a card, with columns for stage, lane and text (columns.py);
- **grid**: stages across, lanes down (or the other way round); a cell holds cards line by line.

What can't be kept is told in remarks, with its line: left out (`refused`) or kept without a value.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from journeys import limits
from journeys.catalogues import content_called, lane_kind, lane_kind_called, metric_called

from .columns import DIRECTIONS, OF_METRICS, OF_STAGES, REQUIRED, Misread, by_name, of, plain
from .plan import (
    CardPlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    Remark,
    StagePlan,
    Unreadable,
    at_line,
)
from .sheets import Sheet
from .statements import statements, valued

REFUSED = 500  # rows left out; with more it is another file than we think
HEADINGS = 20  # rows among which the headings are looked for


def parse(sheets: list[Sheet], title: str = "") -> tuple[MapPlan, list[Remark]]:
    """Reads the map of a file's tables. Raises Unreadable."""
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise Unreadable(_("this table is empty"))
    shown = [sheet for sheet in sheets if not sheet.hidden] or sheets
    chosen = next((sheet for sheet in shown if _flat_heading(sheet) is not None), shown[0])
    reading = _Reading(chosen, title)
    reading.note_sheets(sheets)
    heading = _flat_heading(chosen)
    if heading is None:
        reading.grid()
    else:
        reading.flat(heading)
    for sheet in sheets:
        if sheet is not chosen:
            reading.metrics(sheet)
    return reading.finish()


def _flat_heading(sheet: Sheet) -> int | None:
    """Which row holds the headings of a flat table; None if none does."""
    for at, (_line, cells) in enumerate(sheet.rows[:HEADINGS]):
        if {by_name().get(plain(cell)) for cell in cells} >= set(REQUIRED):
            return at
    return None


@dataclass
class _Reading:
    """One reading of one table: gathers the parts of a map as they are first named."""

    sheet: Sheet
    title: str
    remarks: list[Remark] = field(default_factory=list)
    refused: int = 0
    stages: dict[tuple[str, str], StagePlan] = field(default_factory=dict)
    lanes: dict[str, LanePlan] = field(default_factory=dict)
    owners: dict[str, OwnerPlan] = field(default_factory=dict)
    figures: dict[str, MetricPlan] = field(default_factory=dict)
    cards: list[CardPlan] = field(default_factory=list)

    # --- flat ----------------------------------------------------------------------------------

    def flat(self, heading: int) -> None:
        self.take_title(heading)
        line, names = self.sheet.rows[heading]
        fields: dict[str, int] = {}
        for at, name in enumerate(names):
            found = by_name().get(plain(name))
            if found and found not in fields:
                fields[found] = at
            elif name:
                self.remark(
                    line,
                    _("the column “%(name)s” is not known here; it was left out") % {"name": name},
                )
        for line, cells in self.sheet.rows[heading + 1 :]:
            self.flat_row(line, {name: cells[at] for name, at in fields.items() if at < len(cells)})

    def flat_row(self, line: int, row: dict[str, str]) -> None:
        """One card; a row without a text only names its stage or its lane."""
        text = row.get("text", "")
        names = {name: " ".join(row.get(name, "").split()) for name in ("stage", "step", "lane")}
        stage = self.stage(line, names["stage"], names["step"]) if names["stage"] else None
        lane = self.lane(line, names["lane"], row.get("lane_type", "")) if names["lane"] else None
        valued = text or any(row[name] for name in row if name not in ("lane_type", *names))
        if valued and stage is None:
            self.refuse(line, _("no stage is named"))
        elif valued and lane is None:
            self.refuse(line, _("no lane is named"))
        if not valued or stage is None or lane is None:
            return
        if card := self.card(line, stage, lane, text):
            self.values(line, card, lane, row)

    def values(self, line: int, card: CardPlan, lane: LanePlan, row: dict[str, str]) -> None:
        figures = {}
        for name, written in row.items():
            if name in (*REQUIRED, "step", "lane_type") or not written:
                continue
            column = of(name)
            try:
                value = column.read(written)
            except Misread as misread:
                self.remark(
                    line,
                    _("%(column)s “%(value)s”: %(why)s; the card came without it")
                    % {
                        "column": column.name(
                            "ru" if (get_language() or "").startswith("ru") else "en"
                        ),
                        "value": written[:60],
                        "why": misread,
                    },
                )
                continue
            if name == "owner":
                card.owner = self.owner(line, value)
            elif name in ("fact", "plan", "unit"):
                figures[name] = value
            else:
                setattr(card, name, value)
        if lane.content == "metric" and figures:
            card.metric = self.figure(line, card.text, card.stage, figures).key
        elif figures:
            self.remark(line, _("fact and plan are kept among figures only; they were left out"))

    # --- grid ----------------------------------------------------------------------------------

    def grid(self) -> None:
        sheet = self.sheet
        heading = next(
            (at for at, (_line, cells) in enumerate(sheet.rows[:HEADINGS]) if _count(cells) > 1),
            None,
        )
        if heading is None or heading + 1 >= len(sheet.rows):
            raise Unreadable(
                _(
                    "there is no table of a map here: neither columns for stage, lane and text,"
                    " nor stages across and lanes down"
                )
            )
        self.take_title(heading)
        rows = [(line, self.merged(line, cells)) for line, cells in sheet.rows[heading:]]
        names = [cell for cell in rows[0][1][1:] if cell]
        lanes = [cells[0] for _line, cells in rows[1:] if cells[0]]
        if _known(names) > _known(lanes):
            rows = _turned(rows)
            self.note(_("Lanes stand across in this table and stages down: it was turned."))
        elif len(set(lanes)) > limits.LANES.most:
            raise Unreadable(
                _(
                    "this doesn’t look like a map: its first column would be %(count)d lanes;"
                    " expected are columns for stage, lane and text, or stages across, lanes down"
                )
                % {"count": len(set(lanes))}
            )
        elif not _known(lanes):
            self.note(_("No lane was recognised by its name: stages were read across, lanes down."))
        self.columns(rows)

    def merged(self, line: int, cells: list[str]) -> list[str]:
        """The cells of a row, each merged one with the text of the area it belongs to, if that
        names a stage or a lane: in the first row or column of the grid."""
        filled = list(cells)
        texts = dict(self.sheet.rows)
        for column in range(len(filled)):
            home = self.sheet.merged.get((line, column))
            if home and not filled[column] and (column == 0 or home[0] == line):
                row = texts.get(home[0], [])
                filled[column] = row[home[1]] if home[1] < len(row) else ""
        return filled

    def columns(self, rows: list[tuple[int, list[str]]]) -> None:
        """The stages out of the headings, then lane by lane."""
        (line, head), body = rows[0], rows[1:]
        first = 2 if len(head) > 1 and by_name().get(plain(head[1])) == "lane_type" else 1
        about: dict[str, list[str]] = {}
        while body and (said := _of_stages(body[0][1][0])) and said not in about:
            about[said] = body.pop(0)[1]
        if "step" not in about and body and not body[0][1][0] and _repeats(head[first:]):
            about["step"] = body.pop(0)[1]
        at: dict[int, StagePlan] = {}
        name = ""
        for column in range(first, max(len(cells) for _line, cells in rows)):
            # A heading over several columns fills its first one only.
            named, step = (
                " ".join(_at(said, column).split()) for said in (head, about.get("step", []))
            )
            name = named or name
            if name and (named or step or any(_at(cells, column) for _line, cells in body)):
                stage = at[column] = self.stage(line, name, step)
                stage.description = stage.description or _at(about.get("description", []), column)
                stage.duration = stage.duration or _at(about.get("duration", []), column)[:100]
        if not at:
            raise Unreadable(_("no stage is named in the first row"), line)
        lane = None
        for line, cells in body:
            name = " ".join(_at(cells, 0).split())
            if name:
                lane = self.lane(line, name, _at(cells, 1) if first == 2 else "")
            for column, cell in enumerate(cells[first:], first):
                if not cell:
                    continue
                if lane is None:
                    self.refuse(line, _("no lane is named in the first column"))
                    break
                if column not in at:
                    self.refuse(
                        line, _("“%(text)s” stands under no stage") % {"text": _short(cell)}
                    )
                    continue
                for text in statements(cell):
                    text, values = valued(text, lane.content)
                    if card := self.card(line, at[column], lane, text):
                        for value_name, value in values.items():
                            setattr(card, value_name, value)

    # --- figures on a sheet of their own --------------------------------------------------------

    def metrics(self, sheet: Sheet) -> None:
        """Figures of the whole map from a sheet as we write it; any other sheet is left alone."""
        names = [plain(cell) for cell in sheet.rows[0][1]]
        fields = {
            name: next((names.index(plain(word)) for word in words if plain(word) in names), None)
            for name, words in OF_METRICS.items()
        }
        if fields["name"] is None or fields["plan"] is None or fields["fact"] is None:
            return
        stages = {plain(stage.name): stage.key for stage in self.stages.values()}
        for line, cells in sheet.rows[1:]:
            row = {name: _at(cells, at) for name, at in fields.items() if at is not None}
            stage = stages.get(plain(row.get("stage", "")), "")
            if not row["name"]:
                continue
            metric = next(
                (
                    metric
                    for metric in self.figures.values()
                    if metric.stage == stage and plain(metric.name) == plain(row["name"])
                ),
                None,
            ) or self.figure(line, row["name"], stage, self.read_figures(sheet, line, row))
            for key, words in DIRECTIONS.items():
                if plain(row.get("direction", "")) in map(plain, words):
                    metric.direction = key

    def read_figures(self, sheet: Sheet, line: int, row: dict[str, str]) -> dict:
        figures = {}
        for name in ("plan", "fact", "unit"):
            try:
                if row.get(name):
                    figures[name] = of(name).read(row[name])
            except Misread as misread:
                self.remark(line, f"{sheet.name}, {row['name'][:60]}: {row[name][:60]}: {misread}")
        return figures

    # --- parts ---------------------------------------------------------------------------------

    def stage(self, line: int, name: str, step: str = "") -> StagePlan:
        """The stage of that name, or its step; made when it is first named."""
        place = (plain(name) or name, plain(step) or step)
        if place not in self.stages:
            self.fitting(line, name, limits.TITLE)
            self.fitting(line, step, limits.TITLE)
            parent = ""
            if step:
                top = (place[0], "")
                if top not in self.stages:
                    self.stages[top] = StagePlan(f"stage-{len(self.stages) + 1}", name)
                parent = self.stages[top].key
            self.stages[place] = StagePlan(
                f"stage-{len(self.stages) + 1}", step or name, parent=parent
            )
            divided = {stage.parent for stage in self.stages.values() if stage.parent}
            self.check(line, limits.STAGES, len(self.stages) - len(divided))
        return self.stages[place]

    def lane(self, line: int, name: str, kind_name: str = "") -> LanePlan:
        """The lane of that name, its kind guessed by it unless the table says one."""
        place = plain(name) or name
        if place not in self.lanes:
            self.fitting(line, name, limits.TITLE)
            content = content_called(kind_name) if kind_name else ""
            kind = lane_kind_called(name if content or not kind_name else kind_name)
            if content and kind and kind.content != content:
                kind = None  # a lane of the team's own, whatever its name reminds of
            self.lanes[place] = LanePlan(
                f"lane-{len(self.lanes) + 1}",
                name,
                content or (kind.content if kind else "text"),
                kind.key if kind else "",
            )
            self.check(line, limits.LANES, len(self.lanes))
        return self.lanes[place]

    def owner(self, line: int, name: str) -> str:
        place = plain(name) or name
        if place not in self.owners:
            self.owners[place] = OwnerPlan(f"owner-{len(self.owners) + 1}", name)
            self.check(line, limits.OWNERS, len(self.owners))
        return self.owners[place].key

    def figure(self, line: int, name: str, stage: str, figures: dict) -> MetricPlan:
        kind = metric_called(name)
        metric = MetricPlan(
            f"metric-{len(self.figures) + 1}",
            name[: limits.TITLE] or "—",
            stage,
            kind.key if kind else "",
            figures.get("unit") or (kind.unit if kind else ""),
            kind.direction if kind else "higher",
            plan=float(figures["plan"]) if "plan" in figures else None,
            fact=float(figures["fact"]) if "fact" in figures else None,
        )
        self.figures[metric.key] = metric
        self.check(line, limits.METRICS, len(self.figures))
        return metric

    def card(self, line: int, stage: StagePlan, lane: LanePlan, text: str) -> CardPlan | None:
        """A new card; None if it can't be kept."""
        if len(text) > limits.CARD_TEXT:
            self.refuse(line, limits.characters(limits.CARD_TEXT).sentence)
            return None
        self.check(line, limits.CARDS, len(self.cards) + 1)
        card = CardPlan(f"card-{len(self.cards) + 1}", stage.key, lane.key, text)
        self.cards.append(card)
        return card

    # --- the end -------------------------------------------------------------------------------

    def take_title(self, heading: int) -> None:
        """What stands alone above the headings."""
        alone = [cells for _line, cells in self.sheet.rows[:heading] if _count(cells) == 1]
        if alone:
            title = " ".join(next(filter(None, alone[0])).split())
            self.title = title[: limits.TITLE]

    def note_sheets(self, sheets: list[Sheet]) -> None:
        if self.sheet.how:
            self.note(
                ngettext(
                    "Read as: %(how)s, %(count)d row.",
                    "Read as: %(how)s, %(count)d rows.",
                    len(self.sheet.rows),
                )
                % {"how": self.sheet.how, "count": len(self.sheet.rows)}
            )
        if len(sheets) > 1:
            self.note(
                _("The file has several sheets; the map was read from “%(name)s”.")
                % {"name": self.sheet.name}
            )

    def finish(self) -> tuple[MapPlan, list[Remark]]:
        if not self.stages or not self.lanes:
            raise Unreadable(_("no card was found in this table"))
        names = [stage.name for stage in self.stages.values()]
        names += [lane.name for lane in self.lanes.values()]
        language = "ru" if re.search("[а-яё]", " ".join(names), re.I) else "en"
        with override(language):
            untitled = _("Untitled map")
        plan = MapPlan(
            title=self.title or untitled,
            language=language,
            owners=list(self.owners.values()),
            stages=self.in_tree(),
            lanes=list(self.lanes.values()),
            metrics=list(self.figures.values()),
            cards=self.cards,
        )
        plan.cards = plan.in_order()
        return plan, self.remarks

    def in_tree(self) -> list[StagePlan]:
        """Each stage followed by its steps; a stage with steps gives them the cards it had."""
        stages = list(self.stages.values())
        tree = [
            row
            for top in stages
            if not top.parent
            for row in (top, *(step for step in stages if step.parent == top.key))
        ]
        first: dict[str, str] = {}
        for stage in stages:
            if stage.parent:
                first.setdefault(stage.parent, stage.key)
        for card in self.cards:
            card.stage = first.get(card.stage, card.stage)
        return tree

    # --- remarks -------------------------------------------------------------------------------

    def note(self, text: str) -> None:
        self.remarks.append(Remark("", text, "note"))

    def remark(self, line: int, text: str) -> None:
        if len(self.remarks) < 10 * REFUSED:
            self.remarks.append(Remark(at_line(line), text))

    def refuse(self, line: int, text: str) -> None:
        self.refused += 1
        if self.refused > REFUSED:
            raise Unreadable(_("most of this file was not understood"), line)
        self.remarks.append(Remark(at_line(line), text, "refused"))

    def fitting(self, line: int, text: str, most: int) -> None:
        if len(text) > most:
            raise Unreadable(limits.characters(most).sentence, line)

    def check(self, line: int, limit: limits.Limit, count: int) -> None:
        if count > limit.most:
            raise Unreadable(limit.sentence, line)


# --- a lane read again -------------------------------------------------------------------------


def retype(plan: MapPlan, lane: LanePlan, kind: str, content: str) -> None:
    """Makes the lane one of another kind (or an own one of a content) and reads the values that
    its texts carry for it."""
    known = lane_kind(kind)
    lane.kind, lane.content = (kind, known.content) if known else ("", content)
    for card in plan.cards:
        if card.lane == lane.key:
            card.text, values = valued(card.text, lane.content)
            for name, value in values.items():
                setattr(card, name, value)


# --- small things ------------------------------------------------------------------------------


def _at(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _count(cells: list[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _known(names: Iterable[str]) -> int:
    return sum(lane_kind_called(name) is not None for name in names)


def _repeats(names: list[str]) -> bool:
    """Whether a heading stands over several columns: filled from a merged cell, or left empty."""
    return any(not name or name == before for before, name in pairwise(names) if before)


def _of_stages(name: str) -> str:
    return next((key for key, names in OF_STAGES.items() if plain(name) in names), "")


def _turned(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Columns as rows; a row then has the number of its column."""
    width = max(len(cells) for _line, cells in rows)
    turned = [[_at(cells, column) for _line, cells in rows] for column in range(width)]
    return [(number, cells) for number, cells in enumerate(turned, 1) if any(cells)]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
