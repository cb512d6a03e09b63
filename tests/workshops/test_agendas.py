"""Agendas that a team keeps, and how they find their place on another map."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from changes.record import Refused
from journeys.edits import columns as parts
from journeys.edits.maps import create_map
from journeys.formats.plan import LanePlan, MapPlan, StagePlan
from journeys.models import Lane, Stage
from teams.actors import member
from tests.support.people import signed_in
from workshops.agendas import BY_KEY, chosen, described
from workshops.edits import agenda, meeting, own_agendas
from workshops.models import OwnAgenda, Step, Workshop

from .conftest import Room

pytestmark = pytest.mark.one_engine


@pytest.fixture
def plan(bouquet, by_anna) -> Room:
    """A prepared workshop."""
    return Room(meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna), by_anna)


@pytest.fixture
def other(flowers, by_anna):
    """Another map of the team: one stage is called as on the first, one lane is alike."""
    plan = MapPlan(
        title="Delivery",
        language="en",
        stages=[StagePlan("a", "Ordering"), StagePlan("b", "Waiting")],
        lanes=[LanePlan("pains", "Pains", "barrier"), LanePlan("w", "Weather", "text")],
    )
    return create_map(plan, workspace=flowers, by=by_anna)


def post(person, route: str, *args, **fields):
    return signed_in(person).post(reverse(route, args=args), fields)


def said(answer) -> list[str]:
    return [str(one) for one in get_messages(answer.wsgi_request)]


def test_an_agenda_is_kept_as_it_was_made_ones_own(anna, plan):
    step = plan.step("write", "barrier")
    agenda.edit_step(plan.workshop, step.pk, {"question": "What hurts?"}, by=plan.by)
    assert post(anna, "keep_agenda", plan.pk, name=" Our  way ").status_code == 302
    kept = OwnAgenda.objects.get()
    assert kept.name == "Our way"
    assert [one["name"] for one in kept.steps] == [one.name for one in plan.workshop.steps.all()]
    assert "What hurts?" in {one["question"] for one in kept.steps}


def test_it_finds_its_lanes_on_another_map_and_adds_what_the_catalogue_knows(anna, plan, other):
    post(anna, "keep_agenda", plan.pk, name="Ours")
    key = f"kept:{OwnAgenda.objects.get().pk.hex}"
    assert post(anna, "new_workshop", other.pk, agenda=key).status_code == 302
    made = Workshop.objects.get(journey=other)
    assert made.agenda == "Ours"
    steps = list(made.steps.select_related("lane"))
    assert steps[1].lane.name == "Pains"
    assert steps[-1].lane.kind == "solutions" and steps[-1].lane.journey == other
    assert [one.question for one in steps] == [
        one.question for one in plan.workshop.steps.order_by("position")
    ]


def test_what_another_map_does_not_have_is_said(anna, plan, other, bouquet):
    weather = Lane.objects.create(journey=bouquet, name="Smells", content="text", position=99)
    stage = Stage.living.filter(journey=bouquet, parent=None).order_by("position").first()
    parts.edit(bouquet.pk, Stage, stage.pk, fields={"name": "Ordering"}, by=plan.by)
    here = list(Stage.living.filter(journey=bouquet, parent=None).order_by("position"))
    step = plan.step("write", "barrier")
    fields = {"lane_id": weather.pk, "stages": [here[0].pk.hex, here[1].pk.hex]}
    agenda.edit_step(plan.workshop, step.pk, fields, by=plan.by)
    post(anna, "keep_agenda", plan.pk, name="Ours")
    answer = post(anna, "new_workshop", other.pk, agenda=f"kept:{OwnAgenda.objects.get().pk.hex}")
    made = Workshop.objects.get(journey=other).steps.get(name=step.name)
    ordering = Stage.objects.get(journey=other, name="Ordering")
    assert (made.lane, made.stages) == (None, [ordering.pk.hex])
    lane, stages = said(answer)
    assert "Smells" in lane and here[1].name in stages
    assert here[0].name not in stages


def test_on_its_own_map_nothing_is_lost(anna, plan, bouquet):
    steps = described(plan.workshop)
    post(anna, "keep_agenda", plan.pk, name="Ours")
    meeting.drop_workshop(plan.workshop, by=plan.by)
    answer = post(anna, "new_workshop", bouquet.pk, agenda=chosen_key())
    assert not said(answer)
    assert described(Workshop.objects.get(journey=bouquet)) == steps


def chosen_key() -> str:
    return f"kept:{OwnAgenda.objects.get().pk.hex}"


def test_as_in_the_last_workshop(anna, room, bouquet, other):
    steps = described(room.workshop)
    assert chosen("last", bouquet) is None
    meeting.end(room.workshop, by=room.by)
    post(anna, "new_workshop", bouquet.pk, agenda="last")
    assert described(bouquet.workshops.exclude(state="ended").get()) == steps
    assert chosen("last", other).steps() == steps


def test_names_are_changed_and_agendas_deleted(anna, plan, bouquet):
    own_agendas.keep(plan.workshop, "Ours", by=plan.by)
    other = own_agendas.keep(plan.workshop, "Other", by=plan.by)
    with pytest.raises(Refused):
        own_agendas.keep(plan.workshop, "ours", by=plan.by)
    answer = post(anna, "rename_agenda", bouquet.pk, other.pk, name="OURS")
    assert said(answer) and not OwnAgenda.objects.filter(name="OURS").exists()
    post(anna, "rename_agenda", bouquet.pk, other.pk, name="Another")
    assert OwnAgenda.objects.filter(name="Another").exists()
    post(anna, "delete_agenda", bouquet.pk, other.pk)
    assert [one.name for one in OwnAgenda.objects.all()] == ["Ours"]


def test_another_teams_agendas_are_not_there(gleb, garage, plan, anna):
    own_agendas.keep(plan.workshop, "Ours", by=plan.by)
    theirs = create_map(
        MapPlan(title="Car", stages=[StagePlan("a", "A")]),
        workspace=garage,
        by=member(gleb),
    )
    pk = OwnAgenda.objects.get().pk
    assert chosen(f"kept:{pk.hex}", theirs) is None
    assert post(gleb, "rename_agenda", theirs.pk, pk, name="Mine").status_code == 410
    assert "Ours" not in signed_in(gleb).get(reverse("new_workshop", args=[theirs.pk])).text


# --- the plan of seven steps ---------------------------------------------------------------------


def test_the_seven_steps_go_over_two_days(bouquet, by_anna, client):
    room = Room(meeting.new_workshop(bouquet, BY_KEY["seven"], by=by_anna), by_anna)
    room.open()
    guest = room.join("Marina")
    steps = list(room.workshop.steps.all())
    night = room.step("break")
    assert 0 < steps.index(night) < len(steps) - 1
    room.go(night)
    assert (room.workshop.state, room.workshop.ends_at) == ("adjourned", None)
    assert room.client(guest).get(reverse("room", args=[room.pk])).status_code == 200
    room.go(steps[steps.index(night) + 1])
    assert room.workshop.state == "running"


def test_a_break_with_minutes_has_a_clock_and_takes_nothing(room):
    step = room.step("show")
    Step.objects.filter(pk=step.pk).update(kind="break", minutes=10, lane=None)
    room.go(step)
    assert room.workshop.state == "running" and room.workshop.ends_at
    assert not room.workshop.step.is_secret
