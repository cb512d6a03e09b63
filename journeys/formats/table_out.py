"""A map as a table: CSV (a row a card) and a workbook (the map, its cards, its figures).

What is written here is read back by table.py. A text that a spreadsheet would take for a formula
gets an apostrophe in front: visible in CSV, the spreadsheet's own mark of a text in a workbook.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import override

from journeys.catalogues import content_name, lane_kind, lane_kind_called, unit_name

from .columns import ALWAYS, COLUMNS, DIRECTIONS, OF_METRICS, REQUIRED
from .plan import CardPlan, LanePlan, MapPlan, MetricPlan
from .statements import written

# What a spreadsheet would calculate, also behind spaces; sheets.py takes the apostrophe off again.
FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
CELL = 32_767  # characters that a cell of a workbook holds
WIDTHS = {"stage": 24, "lane": 24, "text": 60, "owner": 22, "step": 24}


def to_csv(plan: MapPlan) -> bytes:
    """A row a card, as Excel of the map's language reads it: with a mark of UTF-8, and semicolons
    and decimal commas where the language has them."""
    russian = plan.language == "ru"
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if russian else ",", lineterminator="\r\n")
    for row in _flat(plan):
        writer.writerow(in_csv(value, russian) for value in row)
    return out.getvalue().encode("utf-8-sig")


def in_csv(value: Any, decimal_comma: bool) -> Any:
    """A value that no spreadsheet takes for a formula, figures as the language writes them."""
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    if isinstance(value, (float, Decimal)):
        text = f"{Decimal(str(value)).normalize():f}"
        return text.replace(".", ",") if decimal_comma else text
    return value


def to_xlsx(plan: MapPlan) -> bytes:
    """Three sheets: the map as people see it, its cards, its figures."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book, override(plan.language):
        sheets = _Sheets(book)
        sheets.map(plan)
        sheets.cards(plan)
        if plan.metrics:
            sheets.metrics(plan)
    return out.getvalue()


# --- rows --------------------------------------------------------------------------------------


def _flat(plan: MapPlan) -> Iterator[list[Any]]:
    """The headings, then the cards lane by lane. Stages and lanes come back in the order of their
    first mention: where the cards don't mention them so, rows without a text do."""
    names = _Names(plan)
    rows = [names.row(card) for card in plan.in_order()]
    mentioned = [names.place(stage.key) for stage in plan.stages if stage.key not in names.divided]
    lanes = [names.lanes[lane.key] for lane in plan.lanes]
    if list(dict.fromkeys((row.get("stage"), row.get("step")) for row in rows)) != mentioned:
        rows = [{"stage": stage, "step": step} for stage, step in mentioned] + rows
    if list(dict.fromkeys(row["lane"] for row in rows if "lane" in row)) != lanes:
        rows = [{"lane": lane, **names.lane_type(lane)} for lane in lanes] + rows
    used = {
        name for row in rows for name, value in row.items() if value not in (None, "", False, [])
    }
    columns = [
        column for number, column in enumerate(COLUMNS) if number < ALWAYS or column.field in used
    ]
    yield [column.name(plan.language) for column in columns]
    for row in rows:
        yield [column.write(row.get(column.field), plan.language) for column in columns]


class _Names:
    """What the parts of a plan are called in a table, where a name is all they have."""

    def __init__(self, plan: MapPlan):
        self.language = plan.language
        self.divided = {stage.parent for stage in plan.stages if stage.parent}
        self.parents = {stage.key: stage.parent for stage in plan.stages}
        self.stages = _unlike({stage.key: stage.name for stage in plan.stages})
        self.lanes = _unlike({lane.key: lane.name for lane in plan.lanes})
        self.owners = {owner.key: owner.name for owner in plan.owners}
        self.metrics = {metric.key: metric for metric in plan.metrics}
        self.kinds = {self.lanes[lane.key]: lane for lane in plan.lanes}

    def place(self, key: str) -> tuple[str, str | None]:
        """A stage and its step, as two columns say them."""
        parent = self.parents.get(key)
        return (self.stages[parent], self.stages[key]) if parent else (self.stages[key], None)

    def lane_type(self, name: str) -> dict[str, str]:
        """Of which kind a lane is, where its name doesn't tell."""
        lane = self.kinds[name]
        guessed = lane_kind_called(name)
        if lane.kind == (guessed.key if guessed else "") and (lane.kind or lane.content == "text"):
            return {}
        kind = lane_kind(lane.kind, self.language)
        usual = kind and kind.content == lane.content
        return {
            "lane_type": kind.name if kind and usual else content_name(lane.content, self.language)
        }

    def row(self, card: CardPlan) -> dict[str, Any]:
        """What a table can say of a card."""
        stage, step = self.place(card.stage)
        lane = self.lanes[card.lane]
        row = {
            column.field: getattr(card, column.field)
            for column in COLUMNS
            if hasattr(card, column.field) and column.field not in REQUIRED
        }
        row |= {"stage": stage, "step": step, "lane": lane, "text": card.text}
        row |= {"owner": self.owners.get(card.owner, ""), **self.lane_type(lane)}
        if metric := self.metrics.get(card.metric):
            row |= {"plan": metric.plan, "fact": metric.fact}
            row |= {"unit": metric.unit, "text": card.text or metric.name}
        return row


def _unlike(names: dict[str, str]) -> dict[str, str]:
    """The same names, each only once: a table knows a stage by nothing else."""
    seen: Counter[str] = Counter()
    found = {}
    for key, name in names.items():
        name = " ".join(name.split()) or "—"
        seen[name.casefold()] += 1
        again = seen[name.casefold()]
        found[key] = f"{name} ({again})" if again > 1 else name
    return found


# --- a workbook --------------------------------------------------------------------------------


class _Sheets:
    """The sheets of one workbook, with the little dress a table on paper wants."""

    def __init__(self, book: xlsxwriter.Workbook):
        self.book = book
        base = {"valign": "top", "text_wrap": True}
        self.plain = book.add_format(base)
        self.quoted = book.add_format({**base, "quote_prefix": True})
        self.head = book.add_format({**base, "bold": True, "bottom": 2, "bg_color": "#F1EFEA"})
        self.title = book.add_format({"bold": True, "font_size": 14})

    def sheet(self, name: str, widths: dict[int, int], frozen: tuple[int, int]):
        sheet = self.book.add_worksheet(name)
        for column, width in widths.items():
            sheet.set_column(column, column, width)
        sheet.freeze_panes(*frozen)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def put(self, sheet, row: int, column: int, value: Any, dress=None) -> None:
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            sheet.write_number(row, column, value, dress or self.plain)
        elif value:
            text = str(value) if len(str(value)) <= CELL else f"{str(value)[: CELL - 1]}…"
            usual = self.quoted if FORMULA.match(text) else self.plain
            sheet.write_string(row, column, text, dress or usual)

    def map(self, plan: MapPlan) -> None:
        """Stages across, lanes down, as on the screen; below a stage its description."""
        names = _Names(plan)
        stages = [stage for stage in plan.stages if stage.key not in names.divided]
        widths = {0: 24} | dict.fromkeys(range(1, len(stages) + 1), 30)
        heads = [[_("Lane"), *(names.place(stage.key)[0] for stage in stages)]]
        if names.divided:
            steps = (names.place(stage.key)[1] or "" for stage in stages)
            heads.append([_("Step"), *steps])
        if any(stage.description for stage in stages):
            heads.append([_("Description"), *(stage.description for stage in stages)])
        if any(stage.duration for stage in stages):
            heads.append([_("Duration"), *(stage.duration for stage in stages)])
        sheet = self.sheet(_("Map"), widths, (len(heads) + 1, 1))
        self.put(sheet, 0, 0, plan.title, self.title)
        for number, head in enumerate(heads, 1):
            for column, text in enumerate(head):
                self.put(sheet, number, column, text, self.head)
        cells: dict[tuple[str, str], list[str]] = {}
        lanes = {lane.key: lane for lane in plan.lanes}
        for card in plan.in_order():
            line = _line(card, lanes[card.lane], names.metrics.get(card.metric))
            cells.setdefault((card.stage, card.lane), []).append(line)
        for number, lane in enumerate(plan.lanes, len(heads) + 1):
            self.put(sheet, number, 0, names.lanes[lane.key], self.head)
            for column, stage in enumerate(stages, 1):
                lines = cells.get((stage.key, lane.key), [])
                self.put(sheet, number, column, "\n".join(filter(None, lines)))

    def cards(self, plan: MapPlan) -> None:
        rows = list(_flat(plan))
        fields = {column.name(plan.language): column for column in COLUMNS}
        widths = {number: WIDTHS.get(fields[name].field, 14) for number, name in enumerate(rows[0])}
        sheet = self.sheet(_("Cards"), widths, (1, 0))
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                self.put(sheet, number, column, value, None if number else self.head)
        sheet.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)

    def metrics(self, plan: MapPlan) -> None:
        names = _Names(plan)
        which = plan.language != "ru"
        sheet = self.sheet(_("Figures"), {0: 40, 1: 24, 2: 12, 3: 12, 4: 14, 5: 12}, (1, 0))
        for column, words in enumerate(OF_METRICS.values()):
            self.put(sheet, 0, column, words[which], self.head)
        for number, metric in enumerate(plan.metrics, 1):
            stage = names.stages.get(metric.stage, "")
            direction = DIRECTIONS[metric.direction][which]
            row = [metric.name, stage, metric.plan, metric.fact, metric.unit, direction]
            for column, value in enumerate(row):
                self.put(sheet, number, column, value)


def _line(card: CardPlan, lane: LanePlan, metric: MetricPlan | None) -> str:
    """A card as a line of its cell."""
    if lane.content == "metric" and metric:
        unit = unit_name(metric.unit)
        figures = [
            f"{word} {value:g} {unit}".strip()
            for word, value in ((_("fact"), metric.fact), (_("plan"), metric.plan))
            if value is not None
        ]
        return ": ".join(filter(None, [card.text or metric.name, ", ".join(figures)]))
    return written(
        card.text,
        card.emotion if lane.content == "emotion" else None,
        (card.expectation, card.perception) if lane.content == "touchpoint" else (None, None),
    )
