"""The outcome of a workshop as a plain description for paper, as `story.py` has one of a map."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone, translation

from workshops.models import ASPECTS, STANDINGS, Workshop
from workshops.reads.ballot import Subject
from workshops.reads.outcome import Outcome as Read
from workshops.reads.outcome import Voted
from workshops.reads.results import Spread

# How far the answers to a question may lie apart.
SCALES = {"emotion": (-5, 5), "expectation": (1, 10), "perception": (1, 10)}


@dataclass(frozen=True)
class Decided:
    """A solution above the cut. `stage` is said where it lifts no barrier."""

    rank: int
    tied: bool
    text: str
    barriers: tuple[str, ...]
    stage: str
    effort: int | None
    impact: int | None
    votes: int
    parts: tuple[tuple[str, int], ...] = ()  # by who people are, where the room saw it


@dataclass(frozen=True)
class Vote:
    """`left` got fewer votes than were taken, `without` none at all."""

    question: str
    voters: int
    sum: int
    decided: tuple[Decided, ...]
    left: int
    without: int


@dataclass(frozen=True)
class Task:
    text: str
    owner: str
    due: date | None
    solution: str


@dataclass(frozen=True)
class Answers:
    """What the room answers to one question: how many answers, their middle, how far apart."""

    question: str
    count: int
    median: float
    lowest: int
    highest: int
    scale: tuple[int, int]
    parts: tuple[tuple[str, int, float], ...] = ()  # who people are, how many answers, the median


@dataclass(frozen=True)
class Rated:
    """A stage or a card."""

    name: str
    answers: tuple[Answers, ...]

    @property
    def rows(self) -> int:
        """How many lines of a table it takes: parts have one of their own."""
        return len(self.answers) + sum(bool(one.parts) for one in self.answers)


@dataclass(frozen=True)
class Rating:
    question: str
    rated: tuple[Rated, ...]


@dataclass(frozen=True)
class Stage:
    """A column: its feelings before and after, and which lanes got how many new cards."""

    name: str
    before: tuple[int, ...]
    after: tuple[int, ...]
    new: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class OutcomeStory:
    """`day` is that of the workshop's end, or today while it goes on."""

    title: str
    language: str
    day: date
    version: int
    ended: bool
    minutes: int
    led_by: str
    people: int
    names: tuple[str, ...]
    votes: tuple[Vote, ...]
    tasks: tuple[Task, ...]
    ratings: tuple[Rating, ...]
    stages: tuple[Stage, ...]


def story_of_outcome(pk: UUID, today: date) -> OutcomeStory:
    """Describes what came of a workshop, in the language of its map."""
    workshop = Workshop.objects.select_related("journey", "before", "after").get(pk=pk)
    read, journey = Read(workshop), workshop.journey
    with translation.override(journey.language):
        return OutcomeStory(
            title=journey.title,
            language=journey.language,
            day=timezone.localdate(workshop.ended_at) if workshop.ended_at else today,
            version=workshop.after.seq if workshop.after else journey.seq,
            ended=workshop.ended_at is not None,
            minutes=read.minutes,
            led_by=workshop.led_by_name,
            people=read.people,
            names=tuple(guest.called for guest in read.guests),
            votes=tuple(_vote(vote) for vote in read.votes),
            tasks=tuple(
                Task(
                    task.text,
                    task.owner,
                    task.due,
                    task.solution,
                )
                for task in read.tasks
            ),
            ratings=tuple(_ratings(read)),
            stages=tuple(
                Stage(one.name, tuple(one.before), tuple(one.after), tuple(one.new))
                for one in read.change.columns
            ),
        )


def _vote(vote: Voted) -> Vote:
    return Vote(
        vote.step.question,
        vote.voters,
        vote.sum,
        tuple(
            Decided(
                one.rank,
                one.tied,
                one.card.text,
                one.card.barriers,
                one.card.stage,
                one.card.effort,
                one.card.impact,
                one.votes,
                tuple((str(STANDINGS[who]), votes) for who, votes in one.parts),
            )
            for one in vote.taken
        ),
        len(vote.left),
        vote.without,
    )


def _ratings(read: Read) -> Iterable[Rating]:
    for step, rated in read.rated:
        if rated:
            yield Rating(
                step.question,
                tuple(
                    Rated(_name(one.subject), tuple(_answers(*found) for found in one.spreads))
                    for one in rated
                ),
            )


def _name(subject: Subject) -> str:
    return f"{subject.name} · {subject.persona}" if subject.persona else subject.name


def _answers(aspect: str, spread: Spread) -> Answers:
    return Answers(
        str(ASPECTS[aspect]),
        spread.n,
        spread.median,
        spread.low,
        spread.high,
        SCALES.get(aspect, (1, 5)),
        tuple((str(STANDINGS[who]), part.n, part.median) for who, part in spread.parts),
    )
