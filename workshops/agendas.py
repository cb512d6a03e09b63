"""The ready agendas, from the method; words in the language of the map they are used on."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from journeys import catalogues
from journeys.edits.door import Editing
from journeys.models import Lane

from .models import Step, Workshop

Kind, Aspect = Step.Kind, Step.Aspect


@dataclass(frozen=True)
class Agenda:
    """A ready agenda. `steps` gives the columns of its steps; `lane` in them is a lane's kind."""

    key: str
    name: object
    about: object
    steps: Callable[[], list[dict]] = field(compare=False)

    @property
    def minutes(self) -> int:
        return sum(step["minutes"] for step in self.steps())

    @property
    def count(self) -> int:
        return len(self.steps())


def _show(minutes: int = 5) -> dict:
    return {
        "kind": Kind.SHOW,
        "name": _("Getting to know the map"),
        "question": _("What do we know already?"),
        "instructions": _("Look at the map on the screen. Whoever leads tells its story."),
        "minutes": minutes,
    }


def _write(lane: str, name: str, question: str, minutes: int, **more) -> dict:
    return {
        "kind": Kind.WRITE,
        "lane": lane,
        "name": name,
        "question": question,
        "instructions": _(
            "Write on your phone, stage by stage. One thought, one card. Nobody sees the others’: "
            "we open all at once."
        ),
        "minutes": minutes,
        **more,
    }


def _group(lane: str, minutes: int = 5) -> dict:
    return {
        "kind": Kind.GROUP,
        "lane": lane,
        "name": _("Alike together"),
        "question": _("Which cards say the same?"),
        "instructions": _("Say it aloud: whoever leads joins them."),
        "minutes": minutes,
        "hidden": False,
    }


def _vote(lane: str, question: str, minutes: int = 5, votes: int = 3) -> dict:
    return {
        "kind": Kind.VOTE,
        "lane": lane,
        "name": _("Vote"),
        "question": question,
        "instructions": _(
            "Give your votes on your phone. They are secret and can be moved until the end."
        ),
        "minutes": minutes,
        "votes": votes,
    }


def _rate(aspect: str, lane: str, name: str, question: str, minutes: int) -> dict:
    return {
        "kind": Kind.RATE,
        "aspect": aspect,
        "lane": lane,
        "name": name,
        "question": question,
        "instructions": _("Answer on your phone. What you don’t know, leave out."),
        "minutes": minutes,
    }


def _decide(minutes: int = 10) -> dict:
    return {
        "kind": Kind.DECIDE,
        "lane": "solutions",
        "name": _("Tasks"),
        "question": _("Who does what by when?"),
        "instructions": _("A task has one owner and a date."),
        "minutes": minutes,
        "hidden": False,
        "named": True,
    }


def _barriers() -> dict:
    return _write("barriers", _("Barriers"), _("What gets in the customer’s way?"), 10)


def _solutions(minutes: int = 10) -> dict:
    return _write("solutions", _("Solutions"), _("How do we lift this?"), minutes)


def _barriers_and_solutions() -> list[dict]:
    return [
        _show(),
        _barriers(),
        _group("barriers"),
        _solutions(),
        _vote("solutions", _("What do we do first?")),
        _decide(),
    ]


def _whole_map() -> list[dict]:
    return [
        _show(5),
        _write("goals", _("Goals"), _("What does the customer want at this stage?"), 10),
        _write("actions", _("Actions"), _("What does the customer do?"), 15),
        _write("touchpoints", _("Touchpoints"), _("Where does the customer meet us?"), 10),
        _rate(Aspect.EMOTION, "emotions", _("Emotions"), _("How does the customer feel?"), 5),
        _barriers(),
        _group("barriers"),
        _solutions(15),
        _vote("solutions", _("What do we do first?")),
        _decide(10),
    ]


def _curve_and_service() -> list[dict]:
    return [
        _show(3),
        _rate(Aspect.EMOTION, "emotions", _("Emotions"), _("How does the customer feel?"), 7),
        _rate(
            Aspect.SERVICE,
            "touchpoints",
            _("Service level"),
            _("What does the customer expect, and what do they get?"),
            12,
        ),
        _write("barriers", _("Weak links"), _("Why is it so here?"), 8),
    ]


def _seven_steps() -> list[dict]:
    return [
        _show(10),
        _write("goals", _("What we want"), _("What should change for the customer?"), 10),
        _write("questions", _("Research"), _("What do we not know about the customer?"), 10),
        _write("actions", _("The map"), _("What does the customer do?"), 20),
        _write("touchpoints", _("Departments"), _("Which touchpoints are ours?"), 10),
        _solutions(15),
        _rate(
            Aspect.EFFORT,
            "solutions",
            _("Effort × impact"),
            _("What does it cost, what does it bring?"),
            10,
        ),
        _decide(15),
    ]


AGENDAS = [
    Agenda(
        "barriers",
        gettext_lazy("Barriers and solutions"),
        gettext_lazy("From what gets in the way to tasks with owners"),
        _barriers_and_solutions,
    ),
    Agenda(
        "curve",
        gettext_lazy("Curve and service level"),
        gettext_lazy("The room rates the map: emotions, expectation and perception"),
        _curve_and_service,
    ),
    Agenda(
        "whole",
        gettext_lazy("A whole map from nothing"),
        gettext_lazy("Goals, actions, touchpoints, barriers, solutions"),
        _whole_map,
    ),
    Agenda(
        "seven",
        gettext_lazy("A plan of seven steps"),
        gettext_lazy("From aims to a detailed plan, perhaps on two days"),
        _seven_steps,
    ),
    Agenda(
        "own",
        gettext_lazy("An agenda of your own"),
        gettext_lazy("Begins with one step"),
        lambda: [_barriers()],
    ),
]
BY_KEY = {agenda.key: agenda for agenda in AGENDAS}


def steps_of(agenda: Agenda, workshop: Workshop, mine: Editing) -> list[Step]:
    """The agenda's steps for a workshop. Lanes that the map lacks are added to it."""
    steps = []
    with override(workshop.journey.language):
        for number, columns in enumerate(agenda.steps(), 1):
            kind = columns.pop("lane", None)
            lane = lane_of(mine, kind) if kind else None
            steps.append(Step(workshop=workshop, position=number, lane=lane, **columns))
    return steps


def lane_of(mine: Editing, kind: str) -> Lane:
    """The map's lane of a kind; one of the same content where there is none; else a new one.
    Lanes of plain text are alike in nothing but their kind."""
    usual = catalogues.lane_kind(kind, mine.journey.language)
    assert usual is not None
    lanes = list(Lane.living.filter(journey=mine.journey).order_by("position", "id"))
    same = [lane for lane in lanes if lane.kind == kind]
    if usual.content != "text":
        same += [lane for lane in lanes if lane.content == usual.content]
    if same:
        return same[0]
    position = mine.positions_after(lanes, lanes[-1].pk if lanes else None)[0]
    lane = Lane(kind=kind, content=usual.content, name=usual.name, position=position)
    mine.add(lane)
    return lane
