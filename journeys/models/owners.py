from django.db import models

from teams.models import User

from .part import Part


class Owner(Part):
    """Who answers for something: a department, a role or a person, who may be a member."""

    name = models.CharField(max_length=200)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    FIELDS = ("name", "user_id", "position")
