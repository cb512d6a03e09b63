"""A workshop on the bouquet map, and people in it."""

from types import SimpleNamespace

import pytest
from django.test import Client

from journeys.models import Lane, Stage
from ui.ids import uuid7
from workshops.agendas import BY_KEY
from workshops.edits import guests, meeting, writing
from workshops.models import Guest, Step, Workshop


class Room:
    """A workshop and how to act in it."""

    def __init__(self, workshop: Workshop, by):
        self.pk, self.by = workshop.pk, by

    @property
    def workshop(self) -> Workshop:
        return Workshop.objects.select_related("journey", "step__lane").get(pk=self.pk)

    def step(self, kind: str, content: str = "") -> Step:
        found = Step.objects.filter(workshop=self.pk, kind=kind)
        return (found.filter(lane__content=content) if content else found).first()

    def open(self) -> None:
        meeting.open_entry(self.workshop, by=self.by)

    def go(self, step: Step) -> Step:
        meeting.go_to(self.workshop, step.pk, by=self.by)
        return Step.objects.select_related("lane").get(pk=step.pk)

    def join(self, name: str) -> Guest:
        guest = guests.join(self.workshop, name)
        return Guest.objects.select_related("workshop").get(pk=guest.pk)

    def write(self, guest: Guest, text: str, stage: Stage | None = None, step=None, **more):
        from workshops.actors import actor_of

        ws = self.workshop
        pk = uuid7()
        stage = stage or Stage.living.filter(journey=ws.journey).first()
        writing.add_card(
            guest,
            id=pk,
            step=(step or ws.step).pk,
            stage=stage.pk,
            text=text,
            by=actor_of(guest),
            **more,
        )
        return pk

    def reveal(self) -> None:
        meeting.reveal(self.workshop, by=self.by)

    def client(self, guest: Guest) -> Client:
        """The browser of a guest."""
        client = Client()
        session = client.session
        session["guests"] = {guest.workshop_id.hex: guest.pk.hex}
        session.save()
        return client


@pytest.fixture
def room(bouquet, by_anna) -> Room:
    """Prepared from the agenda «Barriers and solutions», its entry open."""
    made = Room(meeting.new_workshop(bouquet, BY_KEY["barriers"], by=by_anna), by_anna)
    made.open()
    return made


@pytest.fixture
def writing_room(room) -> SimpleNamespace:
    """At the step of hidden writing, with Marina and Igor."""
    step = room.go(room.step("write", "barrier"))
    stages = list(Stage.living.filter(journey=room.workshop.journey).order_by("position"))
    lane = Lane.objects.get(pk=step.lane_id)
    return SimpleNamespace(
        room=room,
        step=step,
        stages=stages,
        lane=lane,
        marina=room.join("Marina"),
        igor=room.join("Igor"),
    )
