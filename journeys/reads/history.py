"""History in words, by map and by card, and the bin."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from changes.models import Change
from journeys.models import Card, Journey, Lane, Metric, Owner, Stage, Version
from journeys.models.part import Part
from journeys.wording import Names, noun_of, sentence, who
from personas.models import Persona
from teams.actors import Actor

KEPT_IN_BIN = timedelta(days=30)
PAGE = 60
_NAMED = {
    "card": (Card, "text"),
    "stage": (Stage, "name"),
    "lane": (Lane, "name"),
    "owner": (Owner, "name"),
    "metric": (Metric, "name"),
    "persona": (Persona, "name"),
    "version": (Version, "label"),
}


@dataclass
class Entry:
    """One line: all saves of one visit are one line."""

    seq: int
    at: datetime
    by: str
    by_name: str
    words: str
    undone: bool


def names_of(changes: list[Change], *, journey: Journey) -> Names:
    """What the parts that these changes speak of are called now: one query per kind of part."""
    wanted: dict[str, set[UUID]] = {}
    for change in changes:
        refs = [change.target, *change.before]
        for facts in change.after.values():
            for name, value in (facts or {}).items():
                if (noun := noun_of(name)) and isinstance(value, str) and len(value) == 32:
                    refs.append(f"{noun}:{value}")
        for ref in refs:
            kind, _colon, hexa = ref.partition(":")
            if kind in _NAMED and hexa:
                wanted.setdefault(kind, set()).add(UUID(hexa))
    names = {}
    for kind, ids in wanted.items():
        model, column = _NAMED[kind]
        within: dict = {"journey": journey}
        if model is Persona:
            within = {"workspace": journey.workspace_id}
        rows = model._default_manager.filter(**within, pk__in=ids).values_list("pk", column)
        names |= {f"{kind}:{pk.hex}": name for pk, name in rows}
    return Names(names)


def who_deleted(part: Part) -> str:
    """The sentence for who finds a part gone, if the history knows whose doing it was."""
    changes = Change.objects.filter(document_id=part.journey_id, by=part.deleted_by)
    name = changes.order_by("-seq").values_list("by_name", flat=True).first()
    if not name:
        return ""
    if isinstance(part, Stage | Lane):
        return _("“%(part)s” was deleted meanwhile, with its cards, by: %(name)s") % {
            "part": part.name,
            "name": name,
        }
    return _("Deleted meanwhile by: %(name)s") % {"name": name}


def history_of(
    journey: Journey,
    actor: Actor,
    *,
    target: str = "",
    by: str = "",
    before: int | None = None,
) -> list[Entry]:
    """The newest lines first; `before` pages on, `target` is one card's, `by` one person's."""
    rows = Change.objects.filter(document_id=journey.pk, audience__in=actor.audiences)
    if by:
        rows = rows.filter(by=by)
    if target:
        # What was done to many names no single one of them.
        rows = rows.filter(
            Q(target=target) | Q(target__startswith="cards:", before__has_key=target)
        )
    if before:
        rows = rows.filter(seq__lt=before)
    changes = list(rows.order_by("-seq")[:PAGE])
    names = names_of(changes, journey=journey)
    entries: list[Entry] = []
    last: Change | None = None
    for change in changes:
        if last and change.visit and (change.visit, change.by) == (last.visit, last.by):
            # An earlier save of the same visit: the line tells from its first words to its last.
            last = _joined(change, last)
            entries[-1] = _entry(last, names, entries[-1])
        else:
            last = change
            entries.append(_entry(change, names))
    return entries


def people_of(journey: Journey, actor: Actor) -> list[tuple[str, str]]:
    """Who has done what the actor may read of: key and newest name, by name."""
    rows = Change.objects.filter(document_id=journey.pk, audience__in=actor.audiences)
    rows = rows.order_by("seq").only("by", "by_name")
    names = {change.by: who(change) for change in rows}
    return sorted(names.items(), key=lambda person: person[1].casefold())


def _joined(first: Change, last: Change) -> Change:
    refs = {*first.before, *last.before}
    first.after = {
        ref: {**(first.after.get(ref) or {}), **(last.after.get(ref) or {})} for ref in refs
    }
    first.before = {
        ref: first.before[ref]
        if ref in first.before and first.before[ref] is None
        else {**(last.before.get(ref) or {}), **(first.before.get(ref) or {})}
        for ref in refs
    }
    return first


def _entry(change: Change, names: Names, newer: Entry | None = None) -> Entry:
    return Entry(
        change.seq,
        newer.at if newer else change.at,
        change.by,
        who(change),
        sentence(change, names),
        change.undone_by is not None and change.verb != "undo",
    )


def bin_of(journey: Journey, actor: Actor) -> dict[str, list]:
    """What was deleted in the last 30 days and can be brought back."""
    since = timezone.now() - KEPT_IN_BIN
    cards = Card.objects.filter(
        journey=journey,
        deleted_at__gte=since,
        audience__in=actor.audiences,
        stage__deleted_at=None,
        stage__parent__deleted_at=None,
        lane__deleted_at=None,
    ).select_related("stage", "lane")
    return {
        # A step of a deleted stage comes back with it.
        "stages": list(
            Stage.objects.filter(
                journey=journey, deleted_at__gte=since, parent__deleted_at=None
            ).select_related("parent")
        ),
        "lanes": list(Lane.objects.filter(journey=journey, deleted_at__gte=since)),
        "cards": list(cards.order_by("-deleted_at")[:500]),
    }
