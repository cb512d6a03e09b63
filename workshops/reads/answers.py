"""What the room has answered in a step of ratings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from personas.models import Persona

from ..models import STANDINGS, Guest, Rating, Step, Vote
from .ballot import Subject, subjects
from .results import Spread, split, spreads, undivided, widest_first


@dataclass
class Rated:
    """A stage or a card with what the room answers about it."""

    subject: Subject
    spreads: list[tuple[str, Spread]]  # (aspect, answers)


def people_in(given: QuerySet) -> int:
    """How many people have given these votes or ratings: a table counts all of its own."""
    guests = Guest.objects.filter(pk__in=given.values("guest"))
    return guests.aggregate(sum=Sum("heads"))["sum"] or 0


def rated_in(step: Step, asked: Sequence[Subject] | None = None) -> list[Rated]:
    """The widest disagreement first. Where groups have spoken for personas, each persona's answers
    stand apart. `asked` is what was asked about, where the map is not what it was."""
    rows = Rating.objects.filter(step=step)
    if step.split:
        found = split(rows.values_list("subject", "aspect", "value", "standing"), STANDINGS)
    else:
        found = spreads(rows.values_list("subject", "aspect", "value"))
    asked = _by_persona(subjects(step) if asked is None else asked, {ref for ref, _aspect in found})
    return [
        Rated(one, [(a, s) for (ref, a), s in sorted(found.items()) if ref == one.ref])
        for one in widest_first(asked, found)
    ]


def votes_in(step: Step) -> tuple[dict[UUID, int], dict[UUID, tuple[tuple[str, int], ...]], str]:
    """The votes of each card; the same by who people are, where that is shown; why it is not."""
    given = Vote.objects.filter(step=step)
    sums = dict(given.values_list("card").annotate(sum=Sum("count")))
    if not step.split:
        return sums, {}, ""
    voters = dict(given.values_list("standing").annotate(n=Count("guest", distinct=True)))
    if why := undivided(voters.values()):
        return sums, {}, why
    rows = given.values_list("card", "standing").annotate(sum=Sum("count"))
    by = {(card, standing): sum_ for card, standing, sum_ in rows}
    there = [one for one in STANDINGS if one in voters]
    return sums, {card: tuple((one, by.get((card, one), 0)) for one in there) for card in sums}, ""


def _by_persona(asked: Sequence[Subject], answered: Iterable[str]) -> list[Subject]:
    apart = sorted(ref for ref in answered if ref.count(":") == 2)
    if not apart:
        return list(asked)
    personas = Persona.objects.in_bulk({UUID(ref.rpartition(":")[2]) for ref in apart})
    found = []
    for one in asked:
        own = [
            replace(one, ref=ref, persona=personas[pk].name)
            for ref in apart
            if ref.startswith(f"{one.ref}:") and (pk := UUID(ref.rpartition(":")[2])) in personas
        ]
        found += own if own and one.ref not in answered else [one, *own]
    return found
