"""A map as one plain description: what every format is read into and written from.

Parts name each other by `key`, unique among the stages, the lanes, the owners, the metrics and
the cards of one plan. Lists are in the order of the map. `extra` holds what a file said beyond
what a map knows, and is written back. Nothing here knows a database.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

type Extra = dict[str, Any]


@dataclass
class PersonaPlan:
    """`data` is `{field key: text or list of texts}`. `id` is that of a row that exists: a copy
    of a map in its own workspace names its personas; a file never does."""

    name: str
    language: str = "ru"
    key: str = ""
    data: dict[str, str | list[str]] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)
    id: UUID | None = field(default=None, compare=False)


@dataclass
class OwnerPlan:
    """`user_id`, the member behind the name, stays within the workspace: no file has it."""

    key: str
    name: str
    extra: Extra = field(default_factory=dict)
    user_id: UUID | None = field(default=None, compare=False)


@dataclass
class StagePlan:
    """`parent` is the key of the stage that this one is a step of; steps follow their stage.
    `loop_to` is the key of the stage that customers come back to from here."""

    key: str
    name: str
    description: str = ""
    duration: str = ""
    weight: int | None = None
    parent: str = ""
    loop_to: str = ""
    loop_name: str = ""
    exit_reason: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass
class LanePlan:
    """`kind` is a key of the catalogue or empty for an own lane."""

    key: str
    name: str
    content: str = "text"
    kind: str = ""
    hint: str = ""
    extra: Extra = field(default_factory=dict)


@dataclass
class MetricPlan:
    """`stage` is empty for a figure of the whole map."""

    key: str
    name: str
    stage: str = ""
    metric_key: str = ""
    unit: str = ""
    direction: str = "higher"
    period: str = ""
    plan: float | None = None
    fact: float | None = None
    source: str = ""
    facts: list[tuple[date, float]] = field(default_factory=list)
    extra: Extra = field(default_factory=dict)


@dataclass
class ImagePlan:
    """An image of a card. `data` is what a file holds of it, `id` that of a row that exists: a
    copy of a map names the images of the first; a file never does."""

    alt: str = ""
    data: bytes = field(default=b"", repr=False)
    id: UUID | None = field(default=None, compare=False)

    @property
    def source(self) -> UUID | bytes:
        """What is the same for the same image on several cards."""
        return self.id or self.data


@dataclass
class CardPlan:
    """The columns of a card; `stage` … `resolves` are keys. `persona` is the place of one in the
    map's list, from 1."""

    key: str
    stage: str
    lane: str
    text: str = ""
    color: str = ""
    tags: list[str] = field(default_factory=list)
    evidence: str = ""
    catalogue_key: str = ""
    channel: str = ""
    mode: str = ""
    expectation: int | None = None
    perception: int | None = None
    importance: int | None = None
    moment_of_truth: bool = False
    way_in: bool = False
    emotion: int | None = None
    answer: str = ""
    severity: int | None = None
    source: str = ""
    status: str = ""
    effort: int | None = None
    impact: int | None = None
    cost: Decimal | None = None
    remedy: str = ""
    due_day: int | None = None
    factor_kind: str = ""
    rated: list[dict[str, Any]] = field(default_factory=list)  # what rooms answered
    persona: int | None = None
    owner: str = ""
    touchpoint: str = ""
    solution: str = ""
    metric: str = ""
    resolves: list[str] = field(default_factory=list)
    images: list[ImagePlan] = field(default_factory=list)
    extra: Extra = field(default_factory=dict)


@dataclass
class MapPlan:
    """A whole map. Cards stand lane by lane, in a lane stage by stage, in a cell in order."""

    title: str
    language: str = "ru"
    key: str = ""
    kind: str = "as_is"
    method: str = ""
    template: str = ""
    summary: str = ""
    goal: str = ""
    measure: str = ""
    currency: str = "RUB"
    plan_starts: date | None = None
    notes: list[str] = field(default_factory=list)
    personas: list[PersonaPlan] = field(default_factory=list)
    owners: list[OwnerPlan] = field(default_factory=list)
    stages: list[StagePlan] = field(default_factory=list)
    lanes: list[LanePlan] = field(default_factory=list)
    metrics: list[MetricPlan] = field(default_factory=list)
    cards: list[CardPlan] = field(default_factory=list)
    images_left_out: int = 0  # that a file had no room for
    extra: Extra = field(default_factory=dict)

    def in_order(self) -> list[CardPlan]:
        """The cards as the class promises, whatever order they were put together in."""
        stages = {stage.key: place for place, stage in enumerate(self.stages)}
        lanes = {lane.key: place for place, lane in enumerate(self.lanes)}
        return sorted(self.cards, key=lambda card: (lanes[card.lane], stages[card.stage]))


@dataclass(frozen=True)
class Remark:
    """Something in a file that was understood in part, or not at all and left out (`refused`),
    or that is only good to know (`note`). `where` names the line or the place."""

    where: str
    text: str
    kind: str = "partly"  # note, partly, refused

    def __str__(self):
        return f"{self.where}: {self.text}" if self.where else self.text


def understood(plan: MapPlan) -> str:
    """How much a file holds, in one sentence."""
    stages, lanes, cards = len(plan.stages), len(plan.lanes), len(plan.cards)
    return _("Understood: %(stages)s, %(lanes)s, %(cards)s.") % {
        "stages": ngettext("%(n)d stage", "%(n)d stages", stages) % {"n": stages},
        "lanes": ngettext("%(n)d lane", "%(n)d lanes", lanes) % {"n": lanes},
        "cards": ngettext("%(n)d card", "%(n)d cards", cards) % {"n": cards},
    }


class Unreadable(Exception):
    """The file can't be read; the message is one sentence for the reader, with the line."""

    def __init__(self, what: str, line: int | None = None):
        said = f"{at_line(line)}: {what}" if line else what[:1].upper() + what[1:]
        super().__init__(f"{said.rstrip('.')}.")
        self.line = line


def at_line(line: int) -> str:
    """How a sentence names a line."""
    return _("Line %(line)d") % {"line": line}


def decode(data: bytes) -> str:
    """The text of a file in UTF-8. Raises Unreadable with the line of the first other byte."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(_("the file is not encoded in UTF-8"), line) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise Unreadable(_("a character that can't be kept stands here"), line)
    return text
