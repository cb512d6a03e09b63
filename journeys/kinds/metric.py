"""A figure: fact against plan. The figure itself is a Metric of the map; the card shows it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, common

DIRECTIONS = [("higher", _("Higher is better")), ("lower", _("Lower is better"))]

KIND = Kind(
    "metric",
    {
        **common(),
        "metric": forms.UUIDField(required=False),
        "fact": forms.FloatField(label=_("Fact"), required=False, localize=True),
        "plan": forms.FloatField(label=_("Plan"), required=False, localize=True),
        "unit": forms.CharField(label=_("Unit"), max_length=60, required=False),
        "direction": forms.ChoiceField(label=_("Direction"), choices=DIRECTIONS, required=False),
        "metric_key": forms.CharField(max_length=60, required=False),
    },
)

# Of the fields above, those that live on the Metric and not on the card.
ON_METRIC = ("fact", "plan", "unit", "direction", "metric_key")
