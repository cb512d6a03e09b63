"""The touchpoints a map offers while one is typed."""

from journeys import catalogues
from journeys.models import ON_BOARD, Card, Journey
from ui.text import folded

MOST_OWN = 200


def offered(journey: Journey) -> list[dict[str, str]]:
    """`[{key, name, channel, mode}]`: the team's own additions, newest first, then the catalogue.

    A touchpoint that a team once typed on any of its maps is offered on all of them."""
    catalogue = catalogues.touchpoints(journey.language)
    known = {folded(row.name) for row in catalogue}
    own = {}
    rows = Card.objects.filter(
        journey__workspace=journey.workspace_id,
        journey__deleted_at=None,
        journey__language=journey.language,
        lane__content="touchpoint",
        audience="team",
        catalogue_key="",
        **ON_BOARD,
    ).exclude(text="")
    for text, channel, mode in rows.order_by("-id").values_list("text", "channel", "mode")[:2000]:
        name = " ".join(text.split())
        if len(name) <= 120 and folded(name) not in known and len(own) < MOST_OWN:
            own.setdefault(
                folded(name), {"key": "", "name": name, "channel": channel, "mode": mode}
            )
    listed = [
        {"key": row.key, "name": row.name, "channel": row.channel, "mode": row.mode}
        for row in catalogue
    ]
    return [*own.values(), *listed]
