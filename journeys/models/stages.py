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
    weight = models.PositiveSmallIntegerField(null=True, blank=True)

    FIELDS = ("parent_id", "name", "description", "duration", "weight", "position")

    class Meta(Part.Meta):
        constraints = [
            *Part.Meta.constraints,
            models.CheckConstraint(condition=~Q(name=""), name="stage_named"),
        ]
