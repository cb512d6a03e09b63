"""A map as JSON, without loss: docs/format.md describes the document.

Version 1 is the schema of the demo maps. Version 2 adds optional keys to it and changes none, so
one reader reads both, and a map that has nothing beyond version 1 is written as version 1.
"""

import base64
import binascii
import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from journeys import limits
from journeys.catalogues import lane_kind, metric
from personas.fields import fields

from .columns import DIRECTIONS, EVIDENCE, FACTORS, MODES, REMEDIES, tags_of
from .json_node import SMALL, Node, Place, Wrong, line_of, name_of, storable
from .plan import (
    CardPlan,
    ImagePlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    PersonaPlan,
    Remark,
    StagePlan,
    Unreadable,
    decode,
)

CONTENTS = (
    "text",
    "touchpoint",
    "emotion",
    "barrier",
    "solution",
    "task",
    "metric",
    "owner",
    "factor",
)
TASK_STATUS = ("todo", "in_progress", "done")
OTHER_STATUS = ("open", "closed", "answered")  # of barriers and questions
KINDS = ("as_is", "to_be")
METHODS = ("observed", "logical")
# Keys that say nothing of the map itself: kept without a word. Workshops are told by who has them.
SILENT = {"twin", "source", "workshops"}
# Keys of a card as version 1 has them, and what version 2 adds.
CARD_FIRST = (
    "catalogue_key",
    "channel",
    "mode",
    "expectation",
    "perception",
    "emotion",
    "severity",
    "touchpoint",
    "effort",
    "impact",
    "resolves",
    "owner",
    "due_day",
    "solution",
    "metric",
    "factor_kind",
)
CARD_SECOND = (
    "color",
    "tags",
    "answer",
    "evidence",
    "importance",
    "moment_of_truth",
    "way_in",
    "source",
    "cost",
    "remedy",
    "persona",
    "rated",
)
# What a room can be asked about a card.
RATED = ("emotion", "expectation", "perception", "effort", "impact")
KEY, DAYS = 100, 1_000_000


def parse(data: bytes) -> tuple[MapPlan, list[Remark]]:
    """Reads a document. Raises Unreadable."""
    text = decode(data)
    try:
        document = _load(text)
        return _Reader().read(Node(document))
    except Wrong as error:
        place = name_of(error.place)
        raise Unreadable(
            f"{place}: {error}" if place else str(error), line_of(text, error.place)
        ) from error


def load(document: dict[str, Any]) -> MapPlan:
    """The map of a document that `dump` has made."""
    return _Reader().read(Node(document))[0]


def _load(text: str) -> Any:
    try:
        document = json.loads(text)
        storable(document)
    except json.JSONDecodeError as error:
        raise Unreadable(
            _("this is not JSON: a mistake at column %(column)d") % {"column": error.colno},
            error.lineno,
        ) from error
    except (RecursionError, ValueError) as error:  # ValueError: a number of 5,000 digits
        raise Unreadable(_("this JSON is nested too deep or has too long numbers")) from error
    return document


class _Reader:
    """One reading: gathers remarks, and the keys that parts may name."""

    def __init__(self):
        self.remarks: list[Remark] = []
        self.unknown: set[tuple[str, str]] = set()
        self.known: dict[str, set[str]] = {}
        self.divided: set[str] = set()  # stages that have steps

    def read(self, node: Node) -> tuple[MapPlan, list[Remark]]:
        version = node.left.pop("schema_version", None)
        if node.left.pop("kind", None) != "journey_map" or not isinstance(version, int):
            raise Wrong((), _("this JSON is not a journey map"))
        if version not in (1, 2):
            raise Wrong(("schema_version",), _("this file was made by a newer version"))
        counts = node.left.pop("counts", None)
        left_out = node.integer("images_left_out", 0, SMALL)
        if left_out:
            self.remarks.append(
                Remark(
                    "",
                    ngettext(
                        "%(count)s image had no room in this file",
                        "%(count)s images had no room in this file",
                        left_out,
                    )
                    % {"count": left_out},
                )
            )
        language = self.language(node)
        plan = MapPlan(
            title=node.text("title", limits.TITLE, required=True),
            language=language,
            key=node.text("key", KEY),
            kind=node.choice("state", KINDS, "as_is"),
            method=node.choice("method", METHODS),
            template=node.text("template", 60),
            summary=node.text("summary", limits.CARD_TEXT),
            goal=node.text("goal", limits.CARD_TEXT),
            measure=node.text("measure", limits.CARD_TEXT),
            currency=node.text("currency", 3) or "RUB",
            plan_starts=node.day("plan_starts"),
            notes=node.texts("notes"),
            personas=self.personas(node, language),
        )
        plan.owners = [self.owner(row) for row in self.rows(node, "owners", limits.OWNERS)]
        plan.stages = self.stages(self.rows(node, "stages"), node.at("stages"))
        plan.lanes = [self.lane(row) for row in self.rows(node, "lanes", limits.LANES)]
        rows = self.rows(node, "metrics", limits.METRICS, "id")
        plan.metrics = [self.metric(row) for row in rows]
        rows = self.rows(node, "cards", limits.CARDS, "id")
        plan.cards = [self.card(row, len(plan.personas)) for row in rows]
        plan.cards = plan.in_order()
        plan.extra = self.rest(node, "")
        self.compare(counts, plan)
        return plan, self.remarks

    def language(self, node: Node) -> str:
        language = node.text("lang", KEY, required=True)
        if language not in ("ru", "en"):
            self.remarks.append(
                Remark("lang", _("maps are in Russian or English; this one becomes English"))
            )
            return "en"
        return language

    def personas(self, node: Node, language: str) -> list[PersonaPlan]:
        one = node.child("persona")
        found = node.children("personas")
        _check(limits.PERSONAS, len(found), node.at("personas"))
        return [self.persona(row, language) for row in ([one] if one else []) + found]

    def persona(self, node: Node, language: str) -> PersonaPlan:
        plan = PersonaPlan(
            name=node.text("name", 100, required=True),
            language=node.choice("lang", ("ru", "en"), language),
            key=node.text("key", KEY),
        )
        for field in fields():
            if field.key == "name" or field.key not in node.left:
                continue
            plan.data[field.key] = (
                node.texts(field.key) if field.multiple else node.text(field.key, limits.CARD_TEXT)
            )
        plan.data = {key: value for key, value in plan.data.items() if value}
        plan.extra = self.rest(node, "persona")
        return plan

    def owner(self, node: Node) -> OwnerPlan:
        return OwnerPlan(
            key=node.text("key", KEY, required=True),
            name=node.text("name", 200, required=True),
            extra=self.rest(node, "owners"),
        )

    def stages(self, rows: list[Node], place: Place) -> list[StagePlan]:
        """The stages, each followed by its steps."""
        tops: list[StagePlan] = []
        steps: list[tuple[StagePlan, Node]] = []
        for row in rows:
            stage = StagePlan(
                key=row.text("key", KEY, required=True),
                name=row.text("name", limits.TITLE, required=True),
                description=row.text("description", limits.CARD_TEXT),
                duration=row.text("duration", 100),
                weight=row.integer("weight", 1, 5),
                parent=row.reference("parent", self.known["stages"]),
                loop_to=row.reference("loop_to", self.known["stages"]),
                loop_name=row.text("loop_name", limits.TITLE),
                exit_reason=row.text("exit_reason", limits.CARD_TEXT),
            )
            stage.extra = self.rest(row, "stages")
            if stage.parent:
                steps.append((stage, row))
            else:
                tops.append(stage)
        for step, row in steps:
            if step.parent not in {top.key for top in tops}:
                raise Wrong(row.at("parent"), _("a step can't have steps of its own"))
        self.divided = {step.parent for step, _row in steps}
        _check(limits.STAGES, len(rows) - len(self.divided), place)
        return [
            stage
            for top in tops
            for stage in (top, *(step for step, _row in steps if step.parent == top.key))
        ]

    def lane(self, node: Node) -> LanePlan:
        key = node.text("key", KEY, required=True)
        content = node.choice("content", CONTENTS)
        name = node.text("type", KEY)
        kind = lane_kind(name)
        if name and not kind and not content:
            self.remarks.append(
                Remark(
                    name_of(node.at("type")),
                    _("the lane type “%(type)s” is not known; it becomes an own lane of texts")
                    % {"type": name},
                )
            )
        plan = LanePlan(
            key=key,
            name=node.text("name", limits.TITLE, required=True),
            content=content or (kind.content if kind else "text"),
            kind=name if kind else "",
            hint=node.text("hint", limits.CARD_TEXT),
        )
        plan.extra = self.rest(node, "lanes")
        if name and not kind:
            plan.extra["type"] = name
        return plan

    def metric(self, node: Node) -> MetricPlan:
        metric_key = node.text("metric_key", 60)
        facts = {}
        for row in node.children("facts"):
            day, value = row.day("day"), row.number("value")
            if day is None or value is None:
                raise Wrong(row.place, _("a fact needs a day and a value"))
            facts[day] = value
        return MetricPlan(
            key=node.text("id", KEY, required=True),
            name=node.text("name", limits.TITLE, required=True),
            stage=node.reference("stage", self.known["stages"]),
            metric_key=metric_key,
            unit=node.text("unit", 60),
            direction=node.choice("direction", DIRECTIONS, _usual_direction(metric_key)),
            period=node.text("period", 20),
            plan=node.number("plan"),
            fact=node.number("fact"),
            source=node.text("source", 60),
            facts=sorted(facts.items()),
            extra=self.rest(node, "metrics"),
        )

    def card(self, row: Node, personas: int) -> CardPlan:
        stage = row.reference("stage", self.known["stages"], required=True)
        if stage in self.divided:
            raise Wrong(
                row.at("stage"),
                _("“%(key)s” is divided into steps; a card stands in a step") % {"key": stage},
            )
        cards = self.known["cards"]
        return CardPlan(
            key=row.text("id", KEY, required=True),
            stage=stage,
            lane=row.reference("lane", self.known["lanes"], required=True),
            text=row.text("text", limits.CARD_TEXT),
            color=row.text("color", 20),
            tags=self.tags(row),
            evidence=row.choice("evidence", EVIDENCE),
            catalogue_key=row.text("catalogue_key", 60),
            channel=row.text("channel", 60),
            mode=row.choice("mode", MODES),
            expectation=row.integer("expectation", 1, 10),
            perception=row.integer("perception", 1, 10),
            importance=row.integer("importance", 1, 5),
            moment_of_truth=row.flag("moment_of_truth"),
            way_in=row.flag("way_in"),
            emotion=row.integer("emotion", -5, 5),
            answer=row.text("answer", limits.CARD_TEXT),
            severity=row.integer("severity", 1, 5),
            source=row.text("source", 60),
            status=row.choice("status", TASK_STATUS + OTHER_STATUS),
            effort=row.integer("effort", 1, 5),
            impact=row.integer("impact", 1, 5),
            cost=row.money("cost"),
            remedy=row.choice("remedy", REMEDIES),
            due_day=row.integer("due_day", -DAYS, DAYS),
            factor_kind=row.choice("factor_kind", FACTORS),
            persona=row.integer("persona", 1, personas),
            owner=row.reference("owner", self.known["owners"]),
            touchpoint=row.reference("touchpoint", cards),
            solution=row.reference("solution", cards),
            metric=row.reference("metric", self.known["metrics"]),
            resolves=row.references("resolves", cards),
            images=self.images(row),
            rated=self.rated(row),
            extra=self.rest(row, "cards"),
        )

    def rated(self, card: Node) -> list[dict[str, Any]]:
        """What rooms answered about the card, once for each question."""
        found = {}
        for row in card.children("rated"):
            said: dict[str, Any] = {
                "question": row.choice("question", RATED),
                "answers": row.integer("answers", 1, SMALL),
                **{name: row.number(name) for name in ("median", "lowest", "highest", "taken")},
            }
            for name, value in said.items():
                if not (value or value == 0) or (name != "question" and abs(value) > SMALL):
                    raise Wrong(row.at(name), _("a number was expected"))
                said[name] = _plain(value)
            found[said["question"]] = {**row.rest(), **said}
        return list(found.values())

    def tags(self, card: Node) -> list[str]:
        tags = tags_of(card.texts("tags"))
        if len(tags) > limits.TAGS_OF_CARD or any(len(tag) > limits.TAG for tag in tags):
            raise Wrong(card.at("tags"), _("too many tags, or too long ones"))
        return tags

    def images(self, card: Node) -> list[ImagePlan]:
        rows = card.children("images")
        _check(limits.IMAGES_OF_CARD, len(rows), card.at("images"))
        return [ImagePlan(row.text("alt", limits.IMAGE_WORDS), self.image(row)) for row in rows]

    def image(self, row: Node) -> bytes:
        try:
            return base64.b64decode(
                row.text("data", 2 * limits.IMAGE_BYTES, required=True), validate=True
            )
        except binascii.Error as error:
            raise Wrong(row.at("data"), _("an image in base64 was expected")) from error

    def rows(
        self, node: Node, name: str, limit: limits.Limit | None = None, called: str = "key"
    ) -> list[Node]:
        """The objects of a list in the order their `order` says; notes their keys as known."""
        rows = node.children(name)
        if limit:
            _check(limit, len(rows), node.at(name))
        known = self.known[name] = set()
        order = {}
        for number, row in enumerate(rows, 1):
            key = row.left.get(called)
            if isinstance(key, str):
                if key in known:
                    raise Wrong(row.at(called), _("“%(key)s” is there twice") % {"key": key})
                known.add(key)
            order[id(row)] = row.integer("order", 0, 10**9) or number
        return sorted(rows, key=lambda row: order[id(row)])

    def rest(self, node: Node, level: str) -> dict[str, Any]:
        """What the map does not know; said once for each key of a level."""
        for key in node.rest():
            if (key in SILENT and not level) or (level, key) in self.unknown:
                continue
            self.unknown.add((level, key))
            self.remarks.append(
                Remark(
                    name_of((level, key)) if level else key,
                    _("this key is not known here; it is kept and written back"),
                )
            )
        return node.rest()

    def compare(self, counts: Any, plan: MapPlan) -> None:
        if isinstance(counts, dict) and {**_counts(plan), **counts} != _counts(plan):
            self.remarks.append(
                Remark("counts", _("the file says other numbers than it holds; they are not used"))
            )


def _check(limit: limits.Limit, count: int, place: Place) -> None:
    if count > limit.most:
        raise Wrong(place, limit.sentence)


def _usual_direction(metric_key: str) -> str:
    kind = metric(metric_key)
    return kind.direction if kind else "higher"


def _counts(plan: MapPlan) -> dict[str, int]:
    names = ("stages", "lanes", "cards", "metrics")
    return {name: len(getattr(plan, name)) for name in names}


def dump(plan: MapPlan) -> dict[str, Any]:
    """The document of a map. Version 1 where nothing goes beyond it."""
    return _Writer().write(plan)


class _Writer:
    """One writing: knows whether a key beyond version 1 was needed."""

    version = 1

    def write(self, plan: MapPlan) -> dict[str, Any]:
        personas = [self.persona(persona, plan.language) for persona in plan.personas]
        body = self.object(
            plan.extra,
            {
                "kind": "journey_map",
                "key": plan.key,
                "lang": plan.language,
                "template": plan.template,
                "title": plan.title,
                "summary": plan.summary,
                "currency": plan.currency,
                "notes": plan.notes,
                "owners": [
                    self.object(owner.extra, {"key": owner.key, "name": owner.name})
                    for owner in plan.owners
                ],
                **({"persona": personas[0]} if len(personas) == 1 else {}),
                "stages": [self.stage(row, order) for order, row in enumerate(plan.stages, 1)],
                "lanes": [self.lane(row, order) for order, row in enumerate(plan.lanes, 1)],
                "cards": self.cards(plan),
                "metrics": [self.metric(row) for row in plan.metrics],
                "counts": _counts(plan),
            },
            {
                "goal": plan.goal,
                "measure": plan.measure,
                "state": plan.kind if plan.kind != "as_is" else None,
                "method": plan.method,
                "plan_starts": plan.plan_starts,
                "personas": personas if len(personas) > 1 else None,
                "images_left_out": plan.images_left_out or None,
            },
        )
        return {"schema_version": self.version, **body}

    def persona(self, plan: PersonaPlan, language: str) -> dict[str, Any]:
        return self.object(
            plan.extra,
            {"name": plan.name, **plan.data},
            {"key": plan.key, "lang": plan.language if plan.language != language else None},
        )

    def stage(self, plan: StagePlan, order: int) -> dict[str, Any]:
        return self.object(
            plan.extra,
            {
                "key": plan.key,
                "order": order,
                "name": plan.name,
                "description": plan.description,
                "duration": plan.duration,
            },
            {
                "weight": plan.weight,
                "parent": plan.parent,
                "loop_to": plan.loop_to,
                "loop_name": plan.loop_name,
                "exit_reason": plan.exit_reason,
            },
        )

    def lane(self, plan: LanePlan, order: int) -> dict[str, Any]:
        kind = lane_kind(plan.kind)
        usual = kind and kind.content == plan.content
        return self.object(
            plan.extra,
            {
                "key": plan.key,
                **({"type": plan.kind} if plan.kind else {}),
                "order": order,
                "name": plan.name,
            },
            {"content": None if usual else plan.content, "hint": plan.hint},
        )

    def metric(self, plan: MetricPlan) -> dict[str, Any]:
        usual = plan.direction == _usual_direction(plan.metric_key)
        return self.object(
            plan.extra,
            {
                "id": plan.key,
                "stage": plan.stage or None,
                "metric_key": plan.metric_key,
                "plan": _plain(plan.plan),
                "fact": _plain(plan.fact),
                "unit": plan.unit,
                "period": plan.period,
                "source": plan.source,
                "name": plan.name,
            },
            {
                "direction": None if usual else plan.direction,
                "facts": [
                    {"day": _plain(day), "value": _plain(value)} for day, value in plan.facts
                ],
            },
        )

    def cards(self, plan: MapPlan) -> list[dict[str, Any]]:
        filled: dict[tuple[str, str], int] = {}
        found = []
        for card in plan.in_order():
            cell = (card.stage, card.lane)
            filled[cell] = filled.get(cell, 0) + 1
            found.append(self.card(card, filled[cell]))
        return found

    def card(self, plan: CardPlan, order: int) -> dict[str, Any]:
        status_of_task = plan.status in TASK_STATUS
        return self.object(
            plan.extra,
            {
                "id": plan.key,
                "stage": plan.stage,
                "lane": plan.lane,
                "order": order,
                "text": plan.text,
                **_given({name: getattr(plan, name) for name in CARD_FIRST}),
                **({"status": plan.status} if status_of_task else {}),
            },
            {
                **{name: getattr(plan, name) for name in CARD_SECOND},
                "status": None if status_of_task else plan.status,
                "images": [
                    {
                        **({"alt": image.alt} if image.alt else {}),
                        "data": base64.b64encode(image.data).decode(),
                    }
                    for image in plan.images
                    if image.data
                ],
            },
        )

    def object(
        self, extra: dict[str, Any], first: dict[str, Any], second: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """An object: keys of version 1, and those of version 2 that are given."""
        grown = _given(second or {})
        if grown:
            self.version = 2
        return {**extra, **first, **grown}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty; zero is not."""
    return {
        key: _plain(value)
        for key, value in values.items()
        if value is not None and value is not False and value != "" and value != []
    }


def _plain(value: Any) -> Any:
    """A value as JSON has it: whole numbers without a point, dates as text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value
