from django.db import models
from django.db.models import Q

from changes.models import Document
from personas.models import Persona


class Journey(Document):
    """A customer journey map: a grid of stages × lanes with cards, made for personas."""

    class Kind(models.TextChoices):
        AS_IS = "as_is"
        TO_BE = "to_be"

    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    goal = models.TextField(blank=True)  # why this map
    measure = models.TextField(blank=True)  # how we shall know that it worked
    language = models.CharField(max_length=2, default="ru")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.AS_IS)
    # How it is made: by following a real customer, or by laying out the logic of the purchase.
    method = models.CharField(max_length=10, blank=True)  # observed, logical
    template = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    plan_starts = models.DateField(null=True, blank=True)
    # The map this one was copied from: a to-be map names its as-is map.
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    # A copy to rehearse a workshop on: listed nowhere, and gone for good with the rehearsal.
    rehearses = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="rehearsals"
    )
    is_template = models.BooleanField(default=False)  # offered when a new map is made
    archived_at = models.DateTimeField(null=True, blank=True)
    archived_by = models.CharField(max_length=120, blank=True)
    # What a file called it, and what else the file said.
    key = models.CharField(max_length=100, blank=True)
    notes = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    personas = models.ManyToManyField(Persona, through="JourneyPersona", related_name="journeys")

    # While a workshop goes on: the audience of its wall, which is told of each change by a word.
    desk = models.CharField(max_length=120, blank=True)

    # Set by access for the reader who asked; a template draws no control without it.
    can_edit = False

    FIELDS = (
        "title",
        "summary",
        "goal",
        "measure",
        "language",
        "kind",
        "method",
        "currency",
        "plan_starts",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="journey_titled"),
            models.CheckConstraint(
                condition=Q(archived_at=None, archived_by="")
                | Q(archived_at__isnull=False) & ~Q(archived_by=""),
                name="journey_archived_paired",
            ),
            models.CheckConstraint(
                condition=Q(language__in=["ru", "en"]), name="journey_language_known"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def room(self) -> str:
        """The audience of that workshop's phones."""
        return self.desk.replace("desk:", "room:", 1)


class JourneyPersona(models.Model):
    """A map is made for one or more personas, in an order."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="made_for")
    persona = models.ForeignKey(Persona, models.CASCADE, related_name="made_in")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["journey", "persona"], name="journey_persona_once")
        ]
