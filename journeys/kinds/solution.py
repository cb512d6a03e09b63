"""How a barrier is lifted: effort against impact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Ids, Kind, Scale, common

# What it does to the journey.
REMEDIES = [
    ("", "—"),
    ("prevent", _("Prevents a barrier")),
    ("remove", _("Removes a barrier")),
    ("strengthen", _("Strengthens what works")),
    ("personalise", _("Makes it personal")),
    ("wow", _("Wow: worth telling others")),
]

KIND = Kind(
    "solution",
    {
        **common(),
        "owner": forms.CharField(label=_("Responsible"), max_length=200, required=False),
        "effort": Scale(1, 5, label=_("Effort")),
        "impact": Scale(1, 5, label=_("Impact")),
        "cost": forms.DecimalField(
            label=_("Cost"),
            max_digits=14,
            decimal_places=2,
            min_value=0,
            required=False,
            localize=True,
        ),
        "remedy": forms.ChoiceField(label=_("What it does"), choices=REMEDIES, required=False),
        "resolves": Ids(label=_("Lifts barriers"), required=False),
    },
    scored=True,
)
