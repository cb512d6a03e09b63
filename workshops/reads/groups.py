"""The groups of a room, as they are set up: their people, and what may be chosen for them."""

from functools import cached_property

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from journeys.reads import stages
from personas.models import Persona

from ..models import Group, Workshop

# How many people are in a group.
THERE = Coalesce(Sum("members__heads", filter=Q(members__removed_at=None)), 0)


class Groups:
    def __init__(self, workshop: Workshop):
        self.workshop = workshop

    @cached_property
    def all(self) -> list[Group]:
        """Each with how many are in it, as `there`."""
        return list(self.workshop.groups.select_related("persona").annotate(there=THERE))

    @cached_property
    def without(self) -> int:
        """How many are in none."""
        rest = self.workshop.guests.filter(group=None, removed_at=None)
        return rest.aggregate(sum=Sum("heads"))["sum"] or 0

    @cached_property
    def stages(self) -> list:
        return stages.leaves(stages.rows_of(self.workshop.journey))

    @cached_property
    def personas(self) -> list[Persona]:
        """For whom a group may speak: there is a choice where the map is made for several."""
        made_for = self.workshop.journey.made_for.filter(persona__deleted_at=None)
        found = [one.persona for one in made_for.select_related("persona")]
        return found if len(found) > 1 else []
