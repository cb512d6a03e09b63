"""What the screens of a workshop show: the same scene for wall and panel, a guest's own for a
phone. The words of hidden cards are read for their author alone; everybody else gets counts."""

import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import Now

from journeys.models import ON_BOARD, Card, Stage
from journeys.reads import stages
from live.models import Screen
from teams.actors import TEAM

from ..models import Contribution, Group, Guest, Rating, Step, Vote, Workshop
from .answers import Rated, people_in, rated_in, votes_in
from .ballot import Subject, candidates, stages_of, subjects
from .groups import Groups
from .likeness import alike
from .pages import MOST_LINES, WIDTH, is_long, lines, pages, room_under, size_alone
from .results import Ranked, ranking
from .wall_map import A_ROW, ROWS, WallMap

ALIVE = timedelta(seconds=25)
Kind = Step.Kind
_IN_COLUMNS = (Kind.WRITE, Kind.GROUP)  # steps whose wall is a row of stages


@dataclass
class Column:
    """A stage in the step at hand."""

    stage: Stage
    number: int
    cards: list[Card] = field(default_factory=list)  # that everybody sees
    hidden: int = 0  # how many nobody but their authors sees
    drawn: dict = field(default_factory=dict)  # what was drawn of it for all phones

    @property
    def ref(self) -> str:
        return f"stage:{self.stage.pk.hex}"

    @property
    def count(self) -> int:
        return len(self.cards) + self.hidden


@dataclass
class Person:
    """Somebody in the room, as the facilitator sees them."""

    guest: Guest
    here: bool
    cards: int = 0
    done: bool = False
    namesake: bool = False  # of somebody who was shown out before they came


class Scene:
    """What wall and panel show of a workshop, read as it is asked for."""

    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.journey = workshop.journey

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.workshop.steps.select_related("lane"))

    @cached_property
    def step(self) -> Step | None:
        found = next((one for one in self.steps if one.pk == self.workshop.step_id), None)
        if found:
            found.workshop = self.workshop
        return found

    @property
    def number(self) -> int:
        return self.steps.index(self.step) + 1 if self.step else 0

    @property
    def next(self) -> Step | None:
        return self.steps[self.number] if self.number < len(self.steps) else None

    @property
    def before(self) -> Step | None:
        return self.steps[self.number - 2] if self.number > 1 else None

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    # --- cards ---------------------------------------------------------------------------------

    @cached_property
    def stages(self) -> list[Stage]:
        """All columns of the map."""
        return stages.leaves(stages.rows_of(self.journey))

    @cached_property
    def columns(self) -> list[Column]:
        step = self.step
        if step is None:
            return []
        opened = stages_of(step, columns=self.stages)
        columns = [Column(stage, number) for number, stage in enumerate(opened, 1)]
        by_stage = {column.stage.pk: column for column in columns}
        for card in self.cards:
            if column := by_stage.get(card.stage_id):
                column.cards.append(card)
        for stage, count in self._hidden():
            if column := by_stage.get(stage):
                column.hidden = count
        return columns

    @cached_property
    def cards(self) -> list[Card]:
        """Of the step's lane, those that everybody sees; in a writing step only what it brought."""
        step = self.step
        if step is None or step.lane_id is None:
            return []
        if step.kind == Kind.WRITE and step.is_secret:
            return []
        found = candidates(step).annotate(joined_count=Count("joined"))
        if step.kind == Kind.WRITE:
            found = found.filter(contribution__step=step)
        cards: list[Card] = [
            *found.select_related("stage", "contribution__guest", "contribution__step")
        ]
        for card in cards:
            card.by = self._author(card)  # type: ignore[attr-defined]
            card.ref = f"card:{card.pk.hex}"  # type: ignore[attr-defined]
        return cards

    def _author(self, card: Card) -> str:
        """By the promise of the step it was written in, whichever the room is at."""
        contribution = getattr(card, "contribution", None)
        if contribution is None or contribution.guest is None or not contribution.step.named:
            return ""
        return contribution.guest.name

    def _hidden(self) -> Sequence[tuple[UUID, int]]:
        if self.step is None or self.step.kind != Kind.WRITE:
            return []
        rows = (
            Contribution.objects.filter(
                step=self.step,
                card__audience__startswith="guest:",
                **{f"card__{name}": value for name, value in ON_BOARD.items()},
            )
            .values_list("card__stage")
            .annotate(count=Count("pk"))
        )
        return list(rows)

    @property
    def hidden_count(self) -> int:
        return sum(column.hidden for column in self.columns)

    @property
    def open_count(self) -> int:
        return sum(len(column.cards) for column in self.columns)

    @property
    def tallest(self) -> int:
        return max((column.count for column in self.columns), default=0)

    @cached_property
    def likely_doubles(self) -> list[list[Card]]:
        return alike(self.cards)

    @cached_property
    def barriers(self) -> dict[UUID, list[Card]]:
        """What a solution may be for, by stage."""
        step = self.step
        if step is None or step.lane is None or step.lane.content != "solution":
            return {}
        found = Card.objects.filter(
            journey=self.journey, audience=TEAM, lane__content="barrier", **ON_BOARD
        ).exclude(status="closed")
        by_stage = defaultdict(list)
        for card in found.order_by("position", "id"):
            by_stage[card.stage_id].append(card)
        return by_stage

    # --- the spotlight and pages ---------------------------------------------------------------

    @property
    def is_long(self) -> bool:
        """Whether the question is written smaller."""
        return bool(self.step and is_long(self.step.question))

    @cached_property
    def lit(self) -> str:
        """What is in the spotlight, if it is on this screen: nothing is dimmed for what is gone."""
        step, ref = self.step, self.workshop.spotlight
        if step is None or not ref:
            return ""
        if step.kind == Kind.SHOW:
            return self.map.lit
        known = {column.ref for column in self.columns} if step.kind in _IN_COLUMNS else set()
        if step.kind == Kind.DECIDE:
            known |= {card.ref for card in self.decisions}  # type: ignore[attr-defined]
        elif step.kind == Kind.RATE:
            known |= {one.subject.ref for one in self.rated} if step.revealed_at else set()
        elif not step.is_secret:
            known |= {card.ref for card in self.cards}  # type: ignore[attr-defined]
        return ref if ref in known else ""

    @cached_property
    def lit_column(self) -> Column | None:
        """The stage in the spotlight, or the one whose card is in it."""
        card = self.lit_card
        return next(
            (
                one
                for one in self.columns
                if one.ref == self.lit or (card and one.stage.pk == card.stage_id)
            ),
            None,
        )

    @cached_property
    def lit_card(self) -> Card | None:
        kind, _colon, hexa = self.lit.partition(":")
        if kind != "card":
            return None
        return next((card for card in self.cards if card.pk.hex == hexa), None)

    @property
    def lit_words(self) -> str:
        """What is in the spotlight, said in words."""
        if self.step and self.step.kind == Kind.SHOW:
            lit = self.map.lit_card or self.map.lit_stage or self.map.lit_lane
            return getattr(lit, "text", "") or getattr(lit, "name", "")
        said = {column.ref: column.stage.name for column in self.columns}
        if self.step and self.step.kind == Kind.DECIDE:
            said |= {card.ref: card.text for card in self.decisions}  # type: ignore[attr-defined]
        elif self.step and self.step.kind == Kind.RATE:
            said |= {one.subject.ref: one.subject.name for one in self.rated}
        else:
            said |= {card.ref: card.text for card in self.cards}  # type: ignore[attr-defined]
        return said.get(self.lit, "")

    @property
    def lit_size(self) -> int:
        """The size in which the card in the spotlight is seen whole."""
        if self.step is None:
            return 0
        card = self.map.lit_card if self.step.kind == Kind.SHOW else self.lit_card
        room = self.map.room if self.step.kind == Kind.SHOW else self._room
        return size_alone(card.text, room) if card else 0

    @property
    def _room(self) -> float:
        step = self.step
        return room_under(step.question, clock=step.revealed_at is None) if step else 0

    @property
    def is_crowded(self) -> bool:
        """Whether the other stages are names only beside what is in the spotlight."""
        return len(self.columns) > A_ROW

    @cached_property
    def _lit_pages(self) -> tuple[bool, list[list[Card]]]:
        """The cards of the stage in the spotlight, and whether they are large: then all of them
        are on one page."""
        cards = self.lit_column.cards if self.lit_column else []
        room = self._room - 150
        large = pages(cards, lambda card: _card_height(card, 40, 36), room)
        if len(large) == 1:
            return True, large
        return False, pages(cards, lambda card: _card_height(card, 32, 20), room)

    @property
    def is_large(self) -> bool:
        return self._lit_pages[0]

    @cached_property
    def pages(self) -> list:
        """What the wall lists, cut so that each page is read whole; the panel turns them."""
        step = self.step
        if step is None or self.workshop.state != Workshop.State.RUNNING:
            return [[]]
        if step.kind in (Kind.VOTE, Kind.RATE) and step.is_secret:
            return [[]]  # even how many pages there are would tell something
        if step.kind == Kind.SHOW:
            return self.map.pages
        if step.kind == Kind.VOTE:
            return pages(self.ranked, self._ranked_height, self._room - 60)
        if step.kind == Kind.RATE:
            answered = [one for one in self.rated if one.spreads]
            return pages(answered, _rated_height, self._room)
        if step.kind == Kind.DECIDE:
            return pages(self.decisions, self._decided_height, self._room)
        if self.lit.startswith("stage:"):
            return self._lit_pages[1]
        most = A_ROW * ROWS
        return [self.columns[at : at + most] for at in range(0, len(self.columns), most)] or [[]]

    @cached_property
    def page(self) -> int:
        """Which of them, from 1: the one that was turned to, or the one with what is lit."""
        for number, rows in enumerate(self.pages, 1):
            if self.lit.startswith("card:") and any(_ref(row) == self.lit for row in rows):
                return number
        return min(self.workshop.page, len(self.pages) - 1) + 1

    @property
    def on_page(self) -> list:
        return self.pages[self.page - 1]

    @property
    def rows(self) -> list[list[Column]]:
        """The stages beside each other: up to seven in a row, in two rows what is more."""
        columns = self.columns if self.lit else self.on_page
        cut = len(columns) if len(columns) <= A_ROW else (len(columns) + 1) // ROWS
        return [columns[at : at + cut] for at in range(0, len(columns), cut or 1)]

    def _ranked_height(self, one: Ranked) -> float:
        if one.card.ref == self.lit:  # type: ignore[attr-defined]
            return 60 + 72 * lines(one.card.text, 1000, 60)
        if one.taken:
            return 60 + 49 * lines(one.card.text, 1000, 42)
        return 14 + max(45, 38 * lines(one.card.text, 1000, 30))

    def _decided_height(self, card: Card) -> float:
        size = 60 if card.ref == self.lit else 42  # type: ignore[attr-defined]
        tasks = sum(8 + 45 * lines(task.text, 1150, 36) for task in card.open_tasks)  # type: ignore[attr-defined]
        return 22 + 1.15 * size * lines(card.text, WIDTH, size) + tasks

    # --- answers -------------------------------------------------------------------------------

    @cached_property
    def _votes(self) -> tuple:
        return votes_in(self.step) if self.step else ({}, {}, "")

    @property
    def vote_sum(self) -> int:
        return sum(self._votes[0].values())

    @cached_property
    def ranked(self) -> list[Ranked[Card]]:
        votes, parts, _why = self._votes
        return ranking(self.cards, votes, take=self.step.take, parts=parts) if self.step else []

    @property
    def undivided(self) -> str:
        """Why results that are to be shown by who people are, are not, or not all of them."""
        step = self.step
        if step is None or not step.split:
            return ""
        if step.kind == Kind.VOTE:
            return self._votes[2]
        why = [spread.undivided for one in self.rated for _aspect, spread in one.spreads]
        return "few" if "few" in why else "alike" if why and all(why) else ""

    @property
    def taken(self) -> list[Ranked[Card]]:
        return [one for one in self.ranked if one.taken]

    @property
    def without_votes(self) -> int:
        return len(self.cards) - len(self.ranked)

    @cached_property
    def rated(self) -> list[Rated]:
        return rated_in(self.step) if self.step else []

    @cached_property
    def answered(self) -> int:
        """How many people have voted or rated."""
        if self.step is None:
            return 0
        model = Vote if self.step.kind == Kind.VOTE else Rating
        return people_in(model.objects.filter(step=self.step))

    # --- the map and what is decided -----------------------------------------------------------

    @cached_property
    def map(self) -> WallMap:
        ws, step = self.workshop, self.step
        return WallMap(self.journey, step.lane if step else None, ws.spotlight, ws.page)

    @cached_property
    def decisions(self) -> list[Card]:
        """The solutions that won the last vote about them (all of them where none was held), each
        with its `open_tasks`, whose `due` is a date."""
        step = self.step
        if step is None or step.lane_id is None:
            return []
        cards = list(candidates(step).prefetch_related("lifts__barrier"))
        votes = self._last_vote(step.lane_id)
        if votes:
            given, take = votes
            cards = [one.card for one in ranking(cards, given, take=take) if one.taken]
        tasks = defaultdict(list)
        found = Card.objects.filter(
            journey=self.journey, audience=TEAM, solution__in=cards, **ON_BOARD
        )
        for task in found.select_related("owner").order_by("due_day", "id"):
            task.due = due_date(self.journey, task)  # type: ignore[attr-defined]
            tasks[task.solution_id].append(task)
        for card in cards:
            card.open_tasks = tasks[card.pk]  # type: ignore[attr-defined]
            card.ref = f"card:{card.pk.hex}"  # type: ignore[attr-defined]
        return cards

    def _last_vote(self, lane: UUID) -> tuple[dict[UUID, int], int] | None:
        voted = [
            one
            for one in self.steps
            if one.kind == Kind.VOTE and one.lane_id == lane and one.revealed_at
        ]
        if not voted:
            return None
        last = max(voted, key=lambda one: one.revealed_at.timestamp() if one.revealed_at else 0)
        rows = Vote.objects.filter(step=last).values_list("card").annotate(sum=Sum("count"))
        return dict(rows), last.take

    # --- people --------------------------------------------------------------------------------

    @cached_property
    def guests(self) -> list[Guest]:
        found = list(self.workshop.guests.filter(removed_at=None).select_related("group"))
        for guest in found:
            guest.workshop = self.workshop
        return found

    @property
    def newest(self) -> list[Guest]:
        return self.guests[::-1][:14]

    @property
    def not_shown(self) -> int:
        return sum(guest.heads for guest in self.guests[:-14])

    @property
    def takers(self) -> list[Guest]:
        """Those who are asked in this step."""
        return [guest for guest in self.guests if not guest.observes and self.is_asked(guest.group)]

    def is_asked(self, group: Group | None) -> bool:
        """Whether the step has anything for a group to write or to rate."""
        step = self.step
        if step is None or group is None or step.kind not in (Kind.WRITE, Kind.RATE):
            return True
        return bool(stages_of(step, group, self.stages))

    @property
    def ready(self) -> list[Guest]:
        return [g for g in self.takers if self.step and g.done_id == self.step.pk]

    @cached_property
    def people(self) -> list[Person]:
        """Those who write or are away first, the ready ones last."""
        keys = [guest.key for guest in self.guests]
        here = set(
            Screen.objects.filter(
                channel=self.journey.pk, actor__in=keys, seen_at__gt=Now() - ALIVE
            ).values_list("actor", flat=True)
        )
        given: Counter = Counter()
        if self.step:
            rows = Contribution.objects.filter(step=self.step, card__deleted_at=None)
            given.update(dict(rows.values_list("guest").annotate(count=Count("pk"))))
        people = [
            Person(
                guest,
                here=guest.by_hand or guest.made_up or guest.key in here,
                cards=given[guest.pk],
                done=bool(self.step and guest.done_id == self.step.pk),
                namesake=self._is_namesake(guest),
            )
            for guest in self.guests
        ]
        return sorted(people, key=lambda person: person.done)

    @cached_property
    def groups(self) -> Groups:
        return Groups(self.workshop)

    @property
    def by_group(self) -> list[tuple[Group | None, list[Person]]]:
        """The people of each group, those of none last; one list of all where there are none."""
        found: list[tuple[Group | None, list[Person]]] = [
            (group, [one for one in self.people if one.guest.group_id == group.pk])
            for group in self.groups.all
        ]
        rest = [one for one in self.people if one.guest.group_id is None]
        return [*found, (None, rest)] if rest or not found else found

    def _is_namesake(self, guest: Guest) -> bool:
        return not guest.forgotten and any(
            one.removed_at <= guest.joined_at and _plain(one.name) == _plain(guest.name)
            for one in self.removed
            if one.removed_at and not one.forgotten
        )

    @property
    def contributors(self) -> list[tuple[str, int]]:
        """Each expected name with how many cards they have given; what they wrote, nobody sees."""
        given = {person.guest.name.casefold(): person.cards for person in self.people}
        return [(name, given.get(name.casefold(), 0)) for name in self.workshop.expected]

    @property
    def wall_here(self) -> bool:
        """Whether the wall is open on some screen."""
        return Screen.objects.filter(
            channel=self.journey.pk,
            actor=f"wall:{self.workshop.pk.hex}",
            seen_at__gt=Now() - ALIVE,
        ).exists()

    @cached_property
    def removed(self) -> list[Guest]:
        return list(self.workshop.guests.exclude(removed_at=None))


def _plain(name: str) -> str:
    """A name without the number that tells it from another one."""
    return re.sub(r" \d+$", "", name).casefold()


def _card_height(card: Card, size: int, padding: int) -> float:
    """Of a card in the column that is in the spotlight."""
    by = 0.85 * size if card.by else 0  # type: ignore[attr-defined]
    return 14 + padding + 1.25 * (size * min(MOST_LINES, lines(card.text, 540, size)) + by)


def _rated_height(one: Rated) -> float:
    return 26 + max(96 * len(one.spreads), 32 + 42 * lines(one.subject.name, 800, 36))


def _ref(row: object) -> str:
    """Of whatever a page lists."""
    about = getattr(row, "card", None) or getattr(row, "subject", None) or row
    return getattr(about, "ref", "")


_scenes: OrderedDict[tuple[UUID, int], Scene] = OrderedDict()
MOST_SCENES = 8


def scene_of(workshop_id: UUID, seq: int) -> Scene:
    """The scene at a number of the map, shared by all phones and walls that ask for it; who is
    online is no part of it. It is read after its number: what slipped in since is newer, and the
    screens are told of it by its own word."""
    key = (workshop_id, seq)
    found = _scenes.get(key)
    if found is None:
        rows = Workshop.objects.select_related("step__lane", "journey__workspace")
        found = _scenes[key] = Scene(rows.get(pk=workshop_id))
    while len(_scenes) > MOST_SCENES:
        _scenes.popitem(last=False)
    return found


class Seat:
    """What one guest's phone shows beside the scene: their own cards, votes and ratings."""

    def __init__(self, guest: Guest, scene: Scene):
        self.guest = guest
        self.scene = scene
        if guest.group:
            guest.group.workshop = scene.workshop

    @cached_property
    def cards(self) -> list[Card]:
        """One's own in the step at hand, hidden or open."""
        if self.scene.step is None:
            return []
        found = Card.objects.filter(
            contribution__guest=self.guest, contribution__step=self.scene.step, **ON_BOARD
        )
        return list(found.select_related("stage").order_by("id"))

    @cached_property
    def by_stage(self) -> dict[UUID, list[Card]]:
        found = defaultdict(list)
        for card in self.cards:
            found[card.stage_id].append(card)
        return found

    @property
    def columns(self) -> list[tuple[Column, list[Card]]]:
        """Those that are open to one's group."""
        step, group = self.scene.step, self.guest.group
        own = stages_of(step, group, self.scene.stages) if step and group else None
        return [
            (column, self.by_stage.get(column.stage.pk, []))
            for column in self.scene.columns
            if own is None or column.stage in own
        ]

    @property
    def is_asked(self) -> bool:
        """Whether the step is for one's group too; what was rated is shown to all."""
        step = self.scene.step
        shown = step and step.kind == Kind.RATE and step.revealed_at
        return bool(shown) or self.scene.is_asked(self.guest.group)

    @cached_property
    def votes(self) -> dict[UUID, int]:
        rows = Vote.objects.filter(step=self.scene.step, guest=self.guest)
        return dict(rows.values_list("card", "count"))

    @property
    def budget(self) -> int:
        return self.scene.step.votes * self.guest.heads if self.scene.step else 0

    @property
    def votes_left(self) -> int:
        return self.budget - sum(self.votes.values())

    @property
    def dots(self) -> list[bool]:
        """Each of one's votes: whether it is spent."""
        return [number >= self.votes_left for number in range(self.budget)]

    @property
    def ballot(self) -> list[tuple[Card, int]]:
        return [(card, self.votes.get(card.pk, 0)) for card in self.scene.cards]

    @cached_property
    def ratings(self) -> dict[tuple[str, str], int]:
        rows = Rating.objects.filter(step=self.scene.step, guest=self.guest)
        return {
            (ref, aspect): value
            for ref, aspect, value in rows.values_list("subject", "aspect", "value")
        }

    @property
    def questions(self) -> list[tuple[Subject, list[tuple[str, int | None]]]]:
        step = self.scene.step
        if step is None or step.kind != Kind.RATE:
            return []
        aspects = {
            Step.Aspect.EMOTION: ["emotion"],
            Step.Aspect.SERVICE: ["expectation", "perception"],
            Step.Aspect.EFFORT: ["effort", "impact"],
        }[Step.Aspect(step.aspect)]
        return [
            (one, [(aspect, self.ratings.get((one.ref, aspect))) for aspect in aspects])
            for one in subjects(step, self.guest.group)
        ]

    @property
    def is_done(self) -> bool:
        return bool(self.scene.step and self.guest.done_id == self.scene.step.pk)


def due_date(journey, task: Card) -> date | None:
    """The day a task is due, where the map's plan has a beginning."""
    if task.due_day is None or journey.plan_starts is None:
        return None
    return journey.plan_starts + timedelta(days=task.due_day)
