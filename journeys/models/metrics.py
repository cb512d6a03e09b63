from django.db import models

from .part import Part
from .stages import Stage


class Metric(Part):
    """A figure of the map or of one stage, with a plan; its facts are dated."""

    stage = models.ForeignKey(Stage, models.CASCADE, null=True, blank=True, related_name="metrics")
    metric_key = models.CharField(max_length=60, blank=True)  # of the metric catalogue
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=6, default="higher")  # higher or lower is better
    period = models.CharField(max_length=20, blank=True)
    plan = models.FloatField(null=True, blank=True)
    fact = models.FloatField(null=True, blank=True)  # the newest fact
    source = models.CharField(max_length=60, blank=True)

    FIELDS = (
        "stage_id",
        "metric_key",
        "name",
        "unit",
        "direction",
        "period",
        "plan",
        "fact",
        "source",
        "position",
    )


class Fact(models.Model):
    """What a metric was on a day."""

    metric = models.ForeignKey(Metric, models.CASCADE, related_name="facts")
    day = models.DateField()
    value = models.FloatField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["metric", "day"], name="fact_once_a_day")]
