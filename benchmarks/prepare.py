"""Run by `Site` on its own data folder: makes a map of as many cards as asked, and its editor.

The map is a demo map laid over itself as often as needed, so its texts are real and its links
and marks are those of a real map.
"""

import json
import sys
from collections import Counter
from dataclasses import replace

import django

django.setup()

from django.test import Client  # noqa: E402 after setup

from journeys.catalogues import demo_maps  # noqa: E402
from journeys.edits.maps import create_map  # noqa: E402
from journeys.formats.plan import CardPlan, MapPlan  # noqa: E402
from journeys.formats.read import read  # noqa: E402
from journeys.models import Card, Journey  # noqa: E402
from teams.actors import member  # noqa: E402
from teams.models import Membership, Role, User, Workspace  # noqa: E402

DEMO = "retail_bouquet"


def plan_of(cards: int) -> MapPlan:
    """A demo map, laid over itself until it has this many cards."""
    plans = [read("map.json", file)[0] for file in demo_maps("ru")]
    (plan,) = [plan for plan in plans if plan.key == DEMO]
    barriers = Counter(card.touchpoint for card in plan.cards if card.touchpoint)
    # The touchpoints with most barriers first: a map of ten cards has a pile too.
    layer = sorted(plan.cards, key=lambda card: -barriers[card.touchpoint or card.key])
    plan.cards = [
        _again(layer[number % len(layer)], number // len(layer)) for number in range(cards)
    ]
    known = {card.key for card in plan.cards}
    for card in plan.cards:  # the last layer may be cut in the middle of a link
        card.touchpoint = card.touchpoint if card.touchpoint in known else ""
        card.solution = card.solution if card.solution in known else ""
        card.resolves = [key for key in card.resolves if key in known]
    return plan


def _again(card: CardPlan, time: int) -> CardPlan:
    def name(key: str) -> str:
        return f"{key}-{time}" if key else ""

    return replace(
        card,
        key=name(card.key),
        touchpoint=name(card.touchpoint),
        solution=name(card.solution),
        resolves=[name(key) for key in card.resolves],
    )


def make(cards: int) -> tuple[Journey, Card, Client]:
    """The map, a plain text card of it, and Boris's browser."""
    workspace = Workspace.objects.create(name="Цветы", slug="flowers")
    boris = User.objects.create_user("boris@example.org", name="Boris")
    Membership.objects.create(workspace=workspace, user=boris, role=Role.EDITOR)
    journey = create_map(plan_of(cards), workspace=workspace, by=member(boris))
    card = Card.living.filter(journey=journey, lane__content="text").order_by("position")[0]
    browser = Client()
    browser.force_login(boris)
    return journey, card, browser


if __name__ == "__main__":
    journey, card, browser = make(int(sys.argv[1]))
    made = {
        "map": str(journey.pk),
        "card": str(card.pk),
        "text": card.text,
        "session": browser.cookies["sessionid"].value,
    }
    print(json.dumps(made))
