"""A map's workshops in its own file: agendas, sums of votes, ratings. Nobody's name is in it, and
nothing that was not shown in the room. docs/format.md describes the keys."""

from collections.abc import Mapping
from uuid import UUID

from journeys.models import Journey

from ..models import Step, Workshop
from .answers import Rated
from .outcome import Outcome, Voted
from .results import Spread

# Columns of a step that the file calls by the same name.
SAID = ("name", "kind", "question", "instructions", "aspect", "minutes", "hidden", "take")

type Keys = Mapping[UUID, str]  # what the file calls a part


def workshops_of(journey: Journey, keys: Keys) -> list[dict]:
    """Those that people came to, the first one first."""
    found = journey.workshops.exclude(opened_at=None).order_by("created_at")
    return [_workshop(one, journey, keys) for one in found.select_related("before", "after")]


def _workshop(workshop: Workshop, journey: Journey, keys: Keys) -> dict:
    workshop.journey = journey
    outcome = Outcome(workshop)
    voted = {one.step.pk: one for one in outcome.votes}
    rated = {step.pk: found for step, found in outcome.rated}
    steps = []
    for step in workshop.steps.all():
        said = _step(step, keys)
        if vote := voted.get(step.pk):
            said["voted"] = _voted(vote, keys)
        if answers := rated.get(step.pk):
            said["rated"] = _rated(answers, keys)
        steps.append(said)
    return _given(
        {
            "agenda": workshop.agenda,
            "opened": _moment(workshop.opened_at),
            "ended": _moment(workshop.ended_at),
            "people": outcome.people,
            "steps": steps,
        }
    )


def _step(step: Step, keys: Keys) -> dict:
    stages = [keys.get(UUID(one)) for one in step.stages]
    said = {name: getattr(step, name) for name in SAID}
    if step.kind == Step.Kind.VOTE:
        said["votes_each"] = step.votes
    else:
        del said["take"]
    return _given(
        said
        | {
            "lane": keys.get(step.lane_id) if step.lane_id else None,
            "stages": [one for one in stages if one],
        }
    )


def _voted(vote: Voted, keys: Keys) -> dict:
    return {
        "people": vote.voters,
        "sum": vote.sum,
        "cards": [
            {
                "card": keys.get(one.card.pk, ""),
                "text": one.card.text,
                "rank": one.rank,
                "votes": one.votes,
                "taken": one.taken,
                **({"by_standing": {_who(who): n for who, n in one.parts}} if one.parts else {}),
            }
            for one in vote.ranked
        ],
    }


def _rated(answers: list[Rated], keys: Keys) -> list[dict]:
    found = []
    for one in answers:
        kind, hexa, *_whose = one.subject.ref.split(":")
        for question, spread in one.spreads:
            said = {
                kind: keys.get(UUID(hexa), ""),
                "text": one.subject.name,
                "persona": one.subject.persona,
                "question": question,
                **_spread(spread),
                "by_standing": {_who(who): _spread(part) for who, part in spread.parts},
            }
            found.append({name: value for name, value in said.items() if value not in ("", {})})
    return found


def _spread(spread: Spread) -> dict:
    return {
        "answers": spread.n,
        "median": spread.median,
        "lowest": spread.low,
        "highest": spread.high,
    }


def _who(standing: str) -> str:
    return standing or "not_said"


def _moment(value) -> str:
    return value.isoformat(timespec="seconds") if value else ""


def _given(values: dict) -> dict:
    """Without what is empty; zero is not."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value is not False and value not in ("", [])
    }
