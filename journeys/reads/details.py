"""What the details panel of a card shows beside the card itself."""

from django.db.models import Prefetch

from journeys.models import ON_BOARD, Card, Lift, Owner
from teams.actors import Actor

from .board import lanes_of, marks_of, personas_of, scored_rows, stages_of


def _on_board(**where):
    return Card.objects.filter(audience="team", **ON_BOARD, **where)


def _others(card: Card, content: str):
    """The map's living cards of a content, for choosing a link."""
    return list(
        _on_board(journey=card.journey, lane__content=content)
        .exclude(pk=card.pk)
        .select_related("stage", "lane", "journey")
        .order_by("stage__position", "position")
    )


def _lifts() -> Prefetch:
    """The living solutions of barriers, as `barrier.living_lifts`."""
    shown = {f"solution__{name}": value for name, value in ON_BOARD.items()}
    living = Lift.objects.filter(solution__audience="team", **shown)
    return Prefetch(
        "lifted_by",
        living.select_related("solution__lane", "solution__journey"),
        to_attr="living_lifts",
    )


def details_of(card: Card, actor: Actor) -> dict:
    """What the content of the card needs for its form: names to offer, cards to link."""
    content = card.lane.content
    context: dict = {
        "owners": list(Owner.living.filter(journey=card.journey)),
        "personas": personas_of(card.journey),
    }
    if content == "touchpoint":
        context["barriers"] = list(
            _on_board(touchpoint=card)
            .select_related("lane", "journey")
            .prefetch_related(_lifts())
            .order_by("position")
        )
        rows = scored_rows(card.journey, actor, stages_of(card.journey), lanes_of(card.journey))
        context["weakest"] = marks_of(rows, []).weakest
    elif content == "barrier":
        context["touchpoints"] = _others(card, "touchpoint")
        context["solutions"] = list(
            _on_board(lifts__barrier=card)
            .select_related("lane", "journey")
            .order_by("stage__position", "position")
        )
    elif content == "solution":
        context["barriers"] = _others(card, "barrier")
        context["lifted"] = set(card.lifts.values_list("barrier_id", flat=True))
        context["tasks"] = list(
            _on_board(solution=card).select_related("lane", "journey").order_by("position")
        )
    elif content == "task":
        context["solutions"] = _others(card, "solution")
    return context
