"""What a report says to somebody who decides: chosen from a story by rules, worded elsewhere.

Pure functions of a `story.Story` (or of the same read back from JSON). A report names the weakest
link, the worst barriers with what is being done about each, the figures that should move, and
what its reader is asked for: a choice, money, an owner, a date. A delay alone is no question; the
new date is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from journeys.reads import method

BARRIERS, FIGURES = 3, 4
DONE, BEGUN = "done", ("in_progress", "done")


@dataclass(frozen=True)
class Headline:
    """The sentence on top. `kind` says which: "weakest" (a touchpoint below expectation), "met"
    (`count` touchpoints are scored, none is below), "low" (the worst emotion), "barriers" (`count`
    stand open), or "" when the map knows nothing of the kind."""

    kind: str = ""
    text: str = ""
    stage: int = 0
    expectation: int = 0
    perception: int = 0
    level: int = 0
    emotion: int = 0
    count: int = 0


@dataclass(frozen=True)
class Worst:
    """The touchpoint of a stage with the lowest service level."""

    level: int
    expectation: int
    perception: int


@dataclass(frozen=True)
class Work:
    """A solution and the tasks that carry it out. `weight` is the severity of the worst open
    barrier it lifts."""

    solution: Any
    tasks: tuple
    weight: int

    @property
    def begun(self) -> bool:
        return any(task.status in BEGUN for task in self.tasks)

    @property
    def finished(self) -> bool:
        return bool(self.tasks) and all(task.status == DONE for task in self.tasks)

    @property
    def owner(self) -> str:
        """Who answers: said on the solution, else on one of its tasks."""
        return self.solution.owner or next((t.owner for t in self.tasks if t.owner), "")


@dataclass(frozen=True)
class Obstacle:
    """An open barrier, the number of its stage, and what was decided about it."""

    barrier: Any
    stage: int
    works: tuple[Work, ...]


@dataclass(frozen=True)
class Asked:
    """One thing to decide on: a barrier or a solution by its number, or a task by its text.
    `due` is a missed date, `number` is None for a task that belongs to no solution."""

    text: str
    number: int | None = None
    owner: str = ""
    due: str = ""
    cost: Decimal | None = None


@dataclass(frozen=True)
class Asks:
    """What the reader is asked for."""

    choice: tuple[Asked, ...]  # barriers that nobody has a solution for
    money: tuple[Asked, ...]  # solutions with a price that nobody has begun
    owner: tuple[Asked, ...]  # solutions, then tasks, that nobody answers for
    undated: int  # tasks with a day of the plan, while the plan has no first day
    date: tuple[Asked, ...]  # solutions without a task, then tasks without a day
    again: tuple[Asked, ...]  # tasks whose day has passed

    def __bool__(self) -> bool:
        return any(vars(self).values())

    @property
    def sum(self) -> Decimal:
        return sum((one.cost for one in self.money if one.cost), Decimal())


@dataclass(frozen=True)
class Brief:
    """All that the main page of a report says."""

    headline: Headline
    worst: tuple[Worst | None, ...]  # for each stage
    obstacles: tuple[Obstacle, ...]
    open_barriers: int
    figures: tuple  # metrics with fact and plan
    asks: Asks

    @property
    def settled(self) -> bool:
        """Whether every open barrier has its solutions, owners and dates."""
        return bool(self.open_barriers) and not self.asks


def brief_of(story) -> Brief:
    """What the main page says about this map."""
    works = works_of(story)
    barriers = open_barriers(story, works)
    return Brief(
        headline=headline(story),
        worst=worst_of_stages(story),
        obstacles=tuple(barriers[:BARRIERS]),
        open_barriers=len(barriers),
        figures=figures(story, barriers[:BARRIERS]),
        asks=asks(story, works, barriers),
    )


def headline(story) -> Headline:
    """The one sentence a hurried reader takes along."""
    if weakest := story.weakest:
        return Headline(
            "weakest",
            weakest.text,
            weakest.stage,
            weakest.expectation,
            weakest.perception,
            weakest.level,
        )
    scored = [card for _stage, card in _cards(story, "touchpoint") if card.level is not None]
    if scored:
        return Headline("met", count=len(scored))
    felt = [(card.emotion, stage, card.text) for stage, card in _cards(story, "emotion")
            if card.emotion is not None]  # fmt: skip
    if felt and (low := min(felt, key=lambda one: one[0]))[0] < 0:
        return Headline("low", low[2], low[1], emotion=low[0])
    open_ones = [card for _stage, card in _cards(story, "barrier") if method.is_open(card)]
    return Headline("barriers", count=len(open_ones)) if open_ones else Headline()


def worst_of_stages(story) -> tuple[Worst | None, ...]:
    """The lowest service level of each stage: never a mean, which would hide a drop."""
    found: list[Worst | None] = [None] * len(story.stages)
    for stage, card in _cards(story, "touchpoint"):
        known = found[stage - 1]
        if card.level is not None and (known is None or card.level < known.level):
            found[stage - 1] = Worst(card.level, card.expectation, card.perception)
    return tuple(found)


def works_of(story) -> list[Work]:
    """The solutions that still matter: not carried out, and lifting a barrier that stands, or
    none in particular. The weightiest first, then those that bring most for their effort."""
    severity = {
        card.number: card.severity or 0
        for _stage, card in _cards(story, "barrier")
        if method.is_open(card)
    }
    tasks: dict[int, list] = {}
    for _stage, task in _cards(story, "task"):
        if task.solution is not None:
            tasks.setdefault(task.solution, []).append(task)
    works = []
    for _stage, card in _cards(story, "solution"):
        standing = [severity[number] for number in card.lifts if number in severity]
        if standing or not card.lifts:
            works.append(Work(card, tuple(tasks.get(card.number, ())), max(standing, default=0)))
    works.sort(key=lambda work: (-work.weight, _effort_for_impact(work.solution)))
    return works


def open_barriers(story, works: list[Work]) -> list[Obstacle]:
    """The barriers that stand, the worst first: by severity; those at the weakest link before
    others, then those in its stage."""
    weakest = story.weakest.stage if story.weakest else 0
    found = [
        Obstacle(card, stage, tuple(w for w in works if card.number in w.solution.lifts))
        for stage, card in _cards(story, "barrier")
        if method.is_open(card)
    ]
    found.sort(
        key=lambda one: (-(one.barrier.severity or 0), not one.barrier.at_weakest,
                         one.stage != weakest)
    )  # fmt: skip
    return found


def figures(story, obstacles: Iterable[Obstacle]) -> tuple:
    """At most four figures with fact and plan: those behind their plan first; among them those
    of the weakest link's stage, of the named barriers' stages, of the whole map, the others."""
    near = [story.weakest.stage] if story.weakest else []
    near += [one.stage for one in obstacles]
    shown = [card.metric for _stage, card in _cards(story, "metric") if card.metric]
    known = [metric for metric in (*shown, *story.metrics)
             if metric.fact is not None and metric.plan is not None]  # fmt: skip
    unique = {(metric.name, metric.stage): metric for metric in known}.values()

    def place(metric) -> int:
        if metric.stage is None:
            return len(near)
        return near.index(metric.stage) if metric.stage in near else len(near) + 1

    return tuple(sorted(unique, key=lambda metric: (metric.met, place(metric)))[:FIGURES])


def asks(story, works: list[Work], barriers: list[Obstacle]) -> Asks:
    """What has to be decided before work goes on. Nothing is asked for twice: who answers comes
    before the date, and a solution with a task is asked about through the task."""
    left = [work for work in works if not work.finished]
    begun = [task for _stage, task in _cards(story, "task") if task.status != DONE]
    owner_of = {work.solution.number: work.owner for work in works}
    alone = [work for work in left if not work.tasks]

    def answers(task) -> str:
        return task.owner or owner_of.get(task.solution, "")

    return Asks(
        choice=tuple(
            _asked(one.barrier)
            for one in barriers
            if not any(one.barrier.number in card.lifts for _s, card in _cards(story, "solution"))
        ),
        money=tuple(
            _asked(work.solution, cost=Decimal(work.solution.cost))
            for work in left
            if work.solution.cost and Decimal(work.solution.cost) > 0 and not work.begun
        ),
        owner=(
            *(_asked(work.solution) for work in alone if not work.owner),
            *(_asked_task(task) for task in begun if not answers(task)),
        ),
        undated=sum(1 for task in begun if task.due_day is not None and not task.due),
        date=(
            *(_asked(work.solution, owner=work.owner) for work in alone if work.owner),
            *(
                _asked_task(task, answers(task))
                for task in begun
                if task.due_day is None and answers(task)
            ),
        ),
        again=tuple(_asked_task(task, answers(task)) for task in begun if task.days_late),
    )


def _asked(card, **more) -> Asked:
    return Asked(card.text, card.number, **more)


def _asked_task(task, owner: str = "") -> Asked:
    return Asked(task.text, task.solution, owner, due=task.due if task.days_late else "")


def _effort_for_impact(card) -> int:
    return (card.effort or 3) - (card.impact or 3)


def _cards(story, content: str) -> Iterable[tuple[int, Any]]:
    """The cards of one content with the numbers of their stages, in map order."""
    for column, stage in enumerate(story.stages):
        for lane in story.lanes:
            if lane.content == content:
                for card in lane.cells[column]:
                    yield stage.number, card
