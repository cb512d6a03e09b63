from django.db import models
from django.db.models import Q

from .part import Part


class Stage(Part):
    """A step of the customer's path: a column. With `parent` set it is a step within a stage;
    the columns of the grid are the leaves."""

    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="steps")
    name = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    duration = models.CharField(max_length=100, blank=True)
    weight = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5: how much it matters
    # A loop: from here the customer comes back to an earlier stage.
    loop_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    loop_name = models.CharField(max_length=300, blank=True)
    # An exit: why customers leave here; empty where they don't.
    exit_reason = models.TextField(blank=True)

    FIELDS = (
        "parent_id",
        "name",
        "description",
        "duration",
        "weight",
        "loop_to_id",
        "loop_name",
        "exit_reason",
        "position",
    )

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="stage_named"),
        ]
