"""Run on an installation of its own: one of everything, and what only one engine might mind."""

import json

from django.test import Client

from journeys.edits.maps import create_map
from journeys.models import Card
from teams.actors import member
from teams.models import Membership, Role, Workspace
from tests.support.maps import demo
from tests.support.people import person
from tests.support.routes import make_world


def make() -> None:
    """Anna's shop with a map to write on; prints the ids and her session."""
    anna = person("Anna")
    room = Workspace.objects.create(name="Цветы", slug="flowers")
    Membership.objects.create(workspace=room, user=anna, role=Role.OWNER)
    world = make_world(room, anna)
    world.metric.plan = 1e16
    world.metric.extra = {
        "big": 1e16,
        "small": 1e-7,
        "half": 0.5,
        "name": "«Ё» 🌷 \u2028",
        "none": None,
    }
    world.metric.save()
    plan = demo("retail_bouquet")
    journey = create_map(plan, workspace=room, by=member(anna))
    card = Card.living.filter(journey=journey, lane__content="text").order_by("position")[0]
    browser = Client()
    browser.force_login(anna)
    made = {
        "map": str(journey.pk),
        "card": str(card.pk),
        "session": browser.cookies["sessionid"].value,
        "image": world.on_card.file,
    }
    print(json.dumps(made))
