"""Places among neighbours, for what comes back."""

from collections import defaultdict
from uuid import UUID

from journeys.models import Card, Lane, Stage
from journeys.models.part import GAP, Part

from .door import Editing

AMONG: dict[type[Part], tuple[str, ...]] = {
    Card: ("stage_id", "lane_id"),
    Stage: ("parent_id",),
    Lane: (),
}
_PLACING = {"deleted", "position", "stage_id", "lane_id", "parent_id"}


def spread(mine: Editing) -> None:
    """Numbers anew the neighbours of what came back to a place that was taken meanwhile."""
    for model, names in AMONG.items():
        kind = f"{model._meta.model_name}:"
        placed = {
            UUID(name.removeprefix(kind))
            for name, facts in mine.turn.after.items()
            if name.startswith(kind) and facts and facts.keys() & _PLACING
        }
        if not placed:
            continue
        living = model._default_manager.filter(journey=mine.journey, deleted_at=None)
        neighbours: dict[tuple, dict[UUID, int]] = defaultdict(dict)
        in_order = living.order_by("position", "id").values_list("pk", "position", *names)
        for pk, position, *where in in_order:
            neighbours[tuple(where)][pk] = position
        for group in neighbours.values():
            if placed.isdisjoint(group) or len(set(group.values())) == len(group):
                continue
            rows = living.in_bulk(group)
            mine.set_all((rows[pk], {"position": n * GAP}) for n, pk in enumerate(group, 1))
