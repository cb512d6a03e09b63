from django.db import models
from django.db.models import Q

from .part import Part


class Lane(Part):
    """A row of the map. `kind` is a key of the lane catalogue, or empty for an own lane;
    `content` says which of the nine contents its cards have (journeys/kinds)."""

    kind = models.CharField(max_length=60, blank=True)
    content = models.CharField(max_length=20)
    name = models.CharField(max_length=300)
    hint = models.TextField(blank=True)

    FIELDS = ("kind", "content", "name", "hint", "position")

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="lane_named"),
            models.CheckConstraint(
                condition=Q(
                    content__in=[
                        "text",
                        "touchpoint",
                        "emotion",
                        "barrier",
                        "solution",
                        "task",
                        "metric",
                        "owner",
                        "factor",
                    ]
                ),
                name="lane_content_known",
            ),
        ]
