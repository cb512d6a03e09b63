"""What only the templates of a map need: a card's attributes, the curve's drawing, form fields."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms, template
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from journeys import catalogues, drawing, gallery
from journeys.kinds import ALL, KINDS, Kind
from journeys.kinds.kind import COLORS, EVIDENCE, Text
from journeys.kinds.metric import ON_METRIC
from journeys.kinds.touchpoint import CHANNELS
from journeys.models import Card, Journey, Lane
from journeys.reads import curve, method, rated
from journeys.reads.board import Board
from ui import icons
from ui.text import NBSP, figure, signed

register = template.Library()
register.filter("service_level", method.service_level)
register.filter("is_open", method.is_open)
register.filter("figure", figure)
register.filter("room_said", rated.said)

# The box a curve is drawn in: units per column, and 8.8 px per point of −5 … +5.
COLUMN, HEIGHT = 100, 88

_ID_AND_FOCUS = re.compile(r' id="card-\w+" tabindex="-1"')


# --- cards -------------------------------------------------------------------------------------


def value_of(card: Card, name: str) -> Any:
    """What stands in a field of the card's form; some fields are rows or live on the metric."""
    if name == "owner":
        return card.owner.name if card.owner else ""
    if name in ON_METRIC:
        return getattr(card.metric, name) if card.metric else ""
    if name in ("touchpoint", "solution", "metric", "persona"):
        return getattr(card, f"{name}_id")
    return getattr(card, name)


@register.simple_tag
def card_data(card: Card, kind: Kind) -> SafeString:
    """The form's values that are set, as `data-<field>`: what the editor in the browser reads."""
    values = {"id": card.pk, "v": card.version, "content": kind.content, "text": card.text}
    for name in kind.fields:
        # What a solution lifts would cost a query a card, an answer may be long: details show them.
        if name not in ("text", "resolves", "answer", "images"):
            value = value_of(card, name)
            values[name] = ", ".join(value) if isinstance(value, list) else value
    return format_html_join(
        " ",
        'data-{}="{}"',
        (
            (name, int(value) if isinstance(value, bool) else value)
            for name, value in values.items()
            if name == "text" or not (value is None or value is False or value == "")
        ),
    )


@register.filter
def choice(kind: Kind, pair: str) -> str:
    """The words of a choice: `kind|choice:"status=done"`."""
    name, _equals, value = pair.partition("=")
    return str(_choices(kind.fields[name]).get(value, value))


def _choices(found: forms.Field) -> dict[str, Any]:
    """What a field offers, in order; nothing for a field without choices."""
    return dict(getattr(found, "choices", ()))


@register.filter
def height(emotion: int | None) -> str:
    """The class that puts a face at its height."""
    if emotion is None:
        return "at-none"
    return f"at-{'m' if emotion < 0 else 'p'}{abs(emotion)}"


@register.filter
def due_date(card: Card) -> date | None:
    """A task's date, once the map says when its plan starts."""
    return method.due_date(card.journey.plan_starts, card.due_day)


@register.filter
def due(card: Card) -> str:
    """A task's date, or the day of the plan while nobody knows when that starts."""
    if found := due_date(card):
        return date_format(found, "j E").replace(" ", NBSP)
    return "" if card.due_day is None else _("day %(number)s") % {"number": card.due_day}


@register.filter
def unit(key: str) -> str:
    """How a unit is written behind a number."""
    return catalogues.unit_name(key) if key else ""


register.simple_tag(gallery.lanes, name="gallery_lanes")
register.simple_tag(gallery.states, name="gallery_states")


# --- the board ---------------------------------------------------------------------------------


@register.simple_tag
def lane_ask(lane: Lane) -> catalogues.LaneKind | None:
    """The catalogue's question and example for an empty lane."""
    return catalogues.lane_kind(lane.kind)


@register.simple_tag
def first_touchpoints() -> list[catalogues.Touchpoint]:
    """What an empty lane of touchpoints offers at once."""
    found = (catalogues.touchpoint(key) for key in ("serp", "website", "reviews"))
    return [touchpoint for touchpoint in found if touchpoint]


@register.simple_tag
def curve_of(voices: Sequence[curve.Voice], columns: int) -> dict[str, Any]:
    """The lines and surfaces of a curve as SVG path data, and the same in words."""
    box = {"width": columns * COLUMN, "height": HEIGHT, "columns": columns}
    drawn = []
    for personas, points in voices:
        if points:
            names = ", ".join(persona.name for persona in personas)
            drawn.append(
                {
                    "ids": " ".join(str(persona.pk) for persona in personas),
                    "names": names,
                    "whose": f" ({names})" if names else "",
                    "line": curve.path(points, **box),
                    "area": curve.area(points, **box),
                    "last": int(points[-1].value),
                    "words": ", ".join(signed(int(point.value)) for point in points),
                }
            )
    return {**box, "voices": drawn}


@register.filter
def having(rows: Iterable, content: str) -> list[Lane]:
    """The lanes of one content, out of a board's rows."""
    return [row["lane"] for row in rows if row["lane"].content == content]


@register.simple_tag
def synonyms() -> str:
    """Other names for the same thing, for finding in the map."""
    return json.dumps(catalogues.names_alike(), ensure_ascii=False)


# --- around the board --------------------------------------------------------------------------


@register.simple_tag
def lanes_to_add(journey: Journey) -> dict[str, list[catalogues.LaneKind]]:
    """The usual lanes and the template's first, then the others of the catalogue."""
    found = catalogues.template(journey.template)
    first = {kind.key for kind in catalogues.usual_lanes()} | set(found.lanes if found else ())
    kinds = catalogues.lane_kinds()
    return {
        "first": [kind for kind in kinds if kind.key in first],
        "others": [kind for kind in kinds if kind.key not in first],
    }


@register.simple_tag
def kind_icon(kind: catalogues.LaneKind) -> SafeString:
    """The icon that a lane of this kind will have."""
    return icons.icon(icons.LANES[kind.key])


@register.simple_tag
def contents() -> list[tuple[str, str]]:
    """The nine contents with their names, for a lane of one's own."""
    return [(content, catalogues.content_name(content)) for content in KINDS]


@register.simple_tag
def all_touchpoints(language: str) -> dict[str, list[catalogues.Touchpoint]]:
    """The catalogue in the map's language, by the names of its groups."""
    groups: dict[str, list[catalogues.Touchpoint]] = {}
    for row in catalogues.touchpoints(language):
        groups.setdefault(row.group, []).append(row)
    return groups


@register.simple_tag
def all_colors() -> list[tuple[str, Any]]:
    """The colours a card may have, with their names."""
    return [choice for choice in COLORS if choice[0]]


@register.simple_tag
def statuses() -> list[tuple[str, list]]:
    """The statuses of each content that has some, for several cards at once."""
    offered = [
        (kind.content, _choices(kind.fields["status"])) for kind in ALL if "status" in kind.fields
    ]
    return [
        (content, [(key, said) for key, said in found.items() if key]) for content, found in offered
    ]


@register.simple_tag
def evidence_states() -> list[tuple[str, Any]]:
    """How sure the team may be of what a card says."""
    return EVIDENCE


@register.simple_tag
def all_metrics(language: str) -> tuple[catalogues.MetricKind, ...]:
    """The catalogue that is offered for a figure."""
    return catalogues.metrics(language)


@register.simple_tag
def own_examples(journey: Journey, board: Board) -> dict[str, Any]:
    """A drawn card of this map for each sign that cards carry, its weakest link, and what its
    stages say.

    The cards were drawn for the board a moment ago: no query.
    """
    lines = {}
    for row in board.rows:
        if row.lane.content in ("touchpoint", "barrier", "solution"):
            for line in [line for cell in row.cells for line in cell.cards][:1]:
                lines.setdefault(row.lane.content, line)
    if board.marks.weakest:
        lines["touchpoint"] = board.marks.weakest
    drawn = drawing.faces.of(journey, lines.values(), {})
    found: dict[str, Any] = {
        # The same card stands on the board: an id is there once, and this one takes no focus.
        content: mark_safe(_ID_AND_FOCUS.sub("", drawn[line.pk], count=1))  # noqa: S308 our own drawing
        for content, line in lines.items()
        if line.pk in drawn
    }
    stages = [head.stage for head in board.heads]
    return found | {
        "weakest": board.marks.weakest,
        "loop": next(iter(board.loops), None),
        "exit": next((stage for stage in stages if stage.exit_reason), None),
        "weighed": next((stage for stage in stages if stage.weight), None),
    }


# --- details -----------------------------------------------------------------------------------


@register.inclusion_tag("journeys/details/field.html", takes_context=True)
def field(context: template.Context, name: str, caption: str = "") -> dict[str, Any]:
    """One field of the card: its control for those who edit, its value for those who read."""
    card, kind = context["card"], context["kind"]
    found, value = kind.fields[name], value_of(card, name)
    choices: list[tuple[Any, Any]] = []
    if isinstance(found, forms.ChoiceField):
        choices = list(_choices(found).items())
        if kind.content in ("barrier", "question") and name == "status":
            # Files that say nothing of it mean that it is open.
            choices, value = choices[1:], value or "open"
    elif name == "tags":
        value = ", ".join(value)
    elif name == "persona":
        personas = {str(persona.pk): persona.name for persona in context["personas"]}
        choices, value = list(({"": _("All of them")} | personas).items()), str(value or "")
    elif name == "channel":
        # A file may have brought a channel of its own.
        choices = list(({"": "—"} | CHANNELS | {value: CHANNELS.get(value, value or "—")}).items())
    elif name == "unit":
        units = {metric.unit: catalogues.unit_name(metric.unit) for metric in catalogues.metrics()}
        choices = list(({"": "—"} | units | {value: catalogues.unit_name(value) or "—"}).items())
    return {
        "name": name,
        "label": caption or found.label,
        "value": value,
        "words": dict(choices).get(value, value) if choices else value,
        "choices": choices,
        "widget": _widget(name, found, choices),
        "levels": range(1, 6),
        "low": getattr(found, "min_value", None),
        "high": getattr(found, "max_value", None),
        "owners": context.get("owners", []),
        "card": card,
        "can_edit": context["can_edit"],
    }


def _widget(name: str, found: forms.Field, choices: list) -> str:
    if name in ("tags", "color"):
        return {"tags": "tags", "color": "swatches"}[name]
    if choices:
        return "select"
    if isinstance(found, forms.BooleanField):
        return "switch"
    if name in ("severity", "importance", "effort", "impact"):
        return "dots"
    if name in ("expectation", "perception", "emotion"):
        return "slider"
    if isinstance(found, Text):
        return "words"
    if isinstance(found, (forms.IntegerField, forms.FloatField, forms.DecimalField)):
        return "number"
    return "owner" if name == "owner" else "line"
