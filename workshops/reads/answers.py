"""What the room has answered in a step of ratings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from personas.models import Persona

from ..models import Rating, Step
from .ballot import Subject, subjects
from .results import Spread, spreads, widest_first


@dataclass
class Rated:
    """A stage or a card with what the room answers about it."""

    subject: Subject
    spreads: list[tuple[str, Spread]]  # (aspect, answers)


def rated_in(step: Step) -> list[Rated]:
    """The widest disagreement first. Where groups have spoken for personas, each persona's answers
    stand apart."""
    rows = Rating.objects.filter(step=step).values_list("subject", "aspect", "value")
    found = spreads(rows)
    asked = _by_persona(subjects(step), {ref for ref, _aspect in found})
    return [
        Rated(one, [(a, s) for (ref, a), s in sorted(found.items()) if ref == one.ref])
        for one in widest_first(asked, found)
    ]


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
