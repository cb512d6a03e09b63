"""The agendas to begin with: the ready ones from the method, in the language of the map they are
used on; those that a team has kept; and the one of its last workshop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from journeys import catalogues
from journeys.edits.door import Editing
from journeys.models import Journey, Lane, Stage
from journeys.reads import stages
from teams.models import Workspace

from .models import Step, Workshop

Kind, Aspect = Step.Kind, Step.Aspect


@dataclass(frozen=True)
class Agenda:
    """What a workshop may begin with. `steps` gives the columns of its steps; `lane` in them is a
    lane's kind or, taken from another map, what describes it there, and `stages` are names."""

    key: str
    name: object
    about: object
    steps: Callable[[], list[dict]] = field(compare=False)
    kept_as: str = ""  # what the workshop says it began as, if not the key
    pk: UUID | None = None  # of one that the team keeps

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


def _break() -> dict:
    return {
        "kind": Kind.BREAK,
        "name": _("Until the second day"),
        "question": _("That is all for today"),
        "instructions": _("The same link brings you back, with everything written so far."),
        "minutes": 0,
        "hidden": False,
    }


def _seven_steps() -> list[dict]:
    """Aims, research, personas, the map; on the second day departments, hypotheses, the plan."""
    return [
        _write("goals", _("Aims"), _("What should change for the customer, and for us?"), 15),
        _write("questions", _("Research"), _("What do we not know about the customer?"), 15),
        {
            **_show(15),
            "name": _("Persona"),
            "question": _("Whose path is it?"),
            "instructions": _(
                "Whoever leads shows the persona. Say what you know, and from where."
            ),
        },
        _write("actions", _("The map"), _("What does the customer do?"), 25),
        _rate(Aspect.EMOTION, "emotions", _("Emotions"), _("How does the customer feel?"), 10),
        _break(),
        _write("touchpoints", _("Departments"), _("Which touchpoints are ours?"), 15),
        _barriers(),
        _write(
            "solutions", _("Hypotheses"), _("What do we try, and how shall we see it work?"), 20
        ),
        _rate(
            Aspect.EFFORT,
            "solutions",
            _("Effort × impact"),
            _("What does it cost, what does it bring?"),
            10,
        ),
        {**_decide(25), "question": _("Who does what by when, and how do we measure it?")},
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
        gettext_lazy(
            "On two days: aims, research, persona, map; then departments, hypotheses, plan"
        ),
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


# What is taken from a step to another map as it is.
PLAIN = (
    *("kind", "name", "question", "instructions", "minutes", "hidden", "named"),
    *("votes", "take", "aspect"),
)


def described(workshop: Workshop) -> list[dict]:
    """The steps of a workshop without their map."""
    names = {one.pk.hex: one.name for one in stages.leaves(stages.rows_of(workshop.journey))}
    return [
        {name: getattr(step, name) for name in PLAIN}
        | {
            "lane": step.lane
            and {name: getattr(step.lane, name) for name in ("kind", "content", "name")},
            "stages": [names[pk] for pk in step.stages if pk in names],
        }
        for step in workshop.steps.select_related("lane")
    ]


def own_agendas(workspace: Workspace) -> list[Agenda]:
    """Those that the team has kept."""
    return [
        Agenda(
            f"kept:{row.pk.hex}",
            row.name,
            ", ".join(step["name"] for step in row.steps),
            partial(list, row.steps),
            kept_as=row.name,
            pk=row.pk,
        )
        for row in workspace.agendas.all()
    ]


def last_agenda(journey: Journey) -> Agenda | None:
    """That of the last workshop on the map, or else of the team."""
    found = Workshop.objects.filter(
        journey__workspace=journey.workspace_id,
        journey__rehearses=None,
        journey__deleted_at=None,
        state=Workshop.State.ENDED,
    ).select_related("journey")
    last = (found.filter(journey=journey).first()) or found.first()
    if last is None:
        return None
    steps = described(last)
    day = date_format(timezone.localtime(last.ended_at), "j E") if last.ended_at else ""
    about = f"{last.journey.title}, {day}"
    name = gettext_lazy("As in the last workshop")
    return Agenda("last", name, about, lambda: steps, last.agenda or "own")


def chosen(key: str, journey: Journey) -> Agenda | None:
    """By its key, among all that this map's workshop may begin with."""
    last = [last_agenda(journey)] if key == "last" else []
    all = (*AGENDAS, *own_agendas(journey.workspace), *last)
    return next((one for one in all if one and one.key == key), None)


def steps_of(agenda: Agenda, workshop: Workshop, mine: Editing) -> list[Step]:
    """The agenda's steps for a workshop. Lanes that the map lacks are added to it, if the
    catalogue knows them; a step whose lane is nowhere has none."""
    columns = {one.name.casefold(): one.pk.hex for one in _columns(mine.journey)}
    steps = []
    with override(workshop.journey.language):
        for number, said in enumerate(agenda.steps(), 1):
            lane = said.get("lane")
            steps.append(
                Step(
                    workshop=workshop,
                    position=number,
                    lane=_like(mine, lane) if isinstance(lane, dict) else lane_of(mine, lane),
                    stages=[
                        columns[name.casefold()]
                        for name in said.get("stages", ())
                        if name.casefold() in columns
                    ],
                    **{name: said[name] for name in PLAIN if name in said},
                )
            )
    return steps


def _columns(journey: Journey) -> list[Stage]:
    return stages.leaves(stages.rows_of(journey))


def _like(mine: Editing, said: dict) -> Lane | None:
    """The map's lane that a lane of another map is like: by its kind, its name, its content."""
    lanes = list(Lane.living.filter(journey=mine.journey).order_by("position", "id"))
    name = said["name"].casefold()
    like = [
        *(one for one in lanes if said["kind"] and one.kind == said["kind"]),
        *(one for one in lanes if one.content == said["content"] and one.name.casefold() == name),
    ]
    if like:
        return like[0]
    if catalogues.lane_kind(said["kind"], mine.journey.language):
        return lane_of(mine, said["kind"])
    same = [one for one in lanes if one.content == said["content"] != "text"]
    return same[0] if same else None


def unmatched(agenda: Agenda, workshop: Workshop) -> list[str]:
    """What of an agenda this map doesn't have, in words for whoever leads."""
    found = []
    names = {one.pk.hex: one.name.casefold() for one in _columns(workshop.journey)}
    for said, step in zip(agenda.steps(), workshop.steps.select_related("lane"), strict=True):
        lane, wanted = said.get("lane"), said.get("stages", [])
        if isinstance(lane, dict) and step.lane is None:
            found.append(
                _("“%(step)s”: this map has no lane “%(lane)s”. Choose one for the step.")
                % {"step": step.name, "lane": lane["name"]}
            )
        kept = {names[pk] for pk in step.stages}
        lost = [name for name in wanted if name.casefold() not in kept]
        if lost:
            found.append(
                _("“%(step)s” is about all stages: this map has no “%(stages)s”.")
                % {"step": step.name, "stages": "”, “".join(lost)}
                if not kept
                else _("“%(step)s”: this map has no stage “%(stages)s”.")
                % {"step": step.name, "stages": "”, “".join(lost)}
            )
    return found


def lane_of(mine: Editing, kind: str | None) -> Lane | None:
    """The map's lane of a kind; one of the same content where there is none; else a new one.
    Lanes of plain text are alike in nothing but their kind."""
    if kind is None:
        return None
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
