"""Places among neighbours, for what comes back."""

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
        placed = [
            UUID(name.removeprefix(kind))
            for name, facts in mine.turn.after.items()
            if name.startswith(kind) and facts and facts.keys() & _PLACING
        ]
        living = model._default_manager.filter(journey=mine.journey, deleted_at=None)
        if not placed:
            continue
        groups = [{}] if not names else living.filter(pk__in=placed).values(*names)
        for group in groups:
            rows = list(living.filter(**group).order_by("position", "id"))
            if len({row.position for row in rows}) < len(rows):
                mine.set_all((row, {"position": n * GAP}) for n, row in enumerate(rows, 1))
