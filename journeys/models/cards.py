from django.db import models
from django.db.models import Q

from personas.models import Persona

from .lanes import Lane
from .metrics import Metric
from .owners import Owner
from .part import Part
from .stages import Stage

# A card is hidden when it or what it stands in is in the bin.
ON_BOARD = {
    "deleted_at": None,
    "stage__deleted_at": None,
    "stage__parent__deleted_at": None,
    "lane__deleted_at": None,
}


def _within(field: str, low: int, high: int) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{field: None}) | Q(**{f"{field}__gte": low, f"{field}__lte": high}),
        name=f"card_{field}_range",
    )


class Card(Part):
    """A statement in a cell. Which of the columns below mean something is said by the content
    of its lane (journeys/kinds).

    All contents share one table: an edit is one UPDATE, a map one query, and history, undo and
    merging know a card as one set of fields (docs/adr/0003).
    """

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="cards")
    lane = models.ForeignKey(Lane, models.CASCADE, related_name="cards")
    text = models.TextField(blank=True)
    color = models.CharField(max_length=20, blank=True)
    tags = models.JSONField(default=list, blank=True)  # words, as typed
    # [{"id": an Image's, "alt": the image in words}]: history and undo know both.
    images = models.JSONField(default=list, blank=True)
    persona = models.ForeignKey(Persona, models.SET_NULL, null=True, blank=True, related_name="+")
    evidence = models.CharField(max_length=10, blank=True)  # assumed, evidenced, confirmed, refuted
    # What a room answered about a column: [{"question": the column's name, "answers": how many,
    # "median", "lowest", "highest", "taken": the value that was set}], as in a map's file.
    rated = models.JSONField(default=list, blank=True)
    audience = models.CharField(max_length=120, default="team")
    owner = models.ForeignKey(Owner, models.SET_NULL, null=True, blank=True, related_name="cards")

    # touchpoint
    catalogue_key = models.CharField(max_length=60, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    mode = models.CharField(max_length=10, blank=True)  # online, offline, both
    expectation = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 10
    perception = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 10
    importance = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5
    moment_of_truth = models.BooleanField(default=False)
    way_in = models.BooleanField(default=False)  # customers come in here
    # emotion; a question's tint
    emotion = models.SmallIntegerField(null=True, blank=True)  # −5 … +5
    # question
    answer = models.TextField(blank=True)
    # barrier
    severity = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5
    source = models.CharField(max_length=60, blank=True)
    status = models.CharField(
        max_length=20, blank=True
    )  # barrier: open, closed; task: todo, in_progress, done; question: open, answered
    touchpoint = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="barriers"
    )
    # solution
    effort = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5
    impact = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 … 5
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    remedy = models.CharField(max_length=20, blank=True)  # journeys/kinds/solution.py
    # task
    solution = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    due_day = models.IntegerField(null=True, blank=True)  # days from the map's plan_starts
    # metric
    metric = models.ForeignKey(Metric, models.SET_NULL, null=True, blank=True, related_name="cards")
    # factor
    factor_kind = models.CharField(max_length=4, blank=True)  # hard, soft

    FIELDS = (
        "stage_id",
        "lane_id",
        "position",
        "text",
        "color",
        "tags",
        "images",
        "persona_id",
        "evidence",
        "rated",
        "owner_id",
        "catalogue_key",
        "channel",
        "mode",
        "expectation",
        "perception",
        "importance",
        "moment_of_truth",
        "way_in",
        "emotion",
        "answer",
        "severity",
        "source",
        "status",
        "touchpoint_id",
        "effort",
        "impact",
        "cost",
        "remedy",
        "solution_id",
        "due_day",
        "metric_id",
        "factor_kind",
        "resolves",
    )

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["journey", "lane", "stage"], name="card_place")]
        constraints = [
            *Part.Meta.constraints,
            _within("expectation", 1, 10),
            _within("perception", 1, 10),
            _within("importance", 1, 5),
            _within("emotion", -5, 5),
            _within("severity", 1, 5),
            _within("effort", 1, 5),
            _within("impact", 1, 5),
        ]


class Lift(models.Model):
    """A solution lifts a barrier."""

    solution = models.ForeignKey(Card, models.CASCADE, related_name="lifts")
    barrier = models.ForeignKey(Card, models.CASCADE, related_name="lifted_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["solution", "barrier"], name="lift_once"),
        ]
