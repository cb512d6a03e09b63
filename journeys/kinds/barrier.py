"""What keeps the customer from going on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, Scale, common

STATUSES = [("", _("Open")), ("open", _("Open")), ("closed", _("Removed"))]
SOURCES = [
    ("", "—"),
    ("own_experience", _("Being the customer")),
    ("feedback", _("Feedback")),
    ("review", _("Reviews")),
    ("complaint", _("Complaints")),
    ("wish", _("Wishes")),
    ("nps", "NPS"),
    ("staff", _("Front-line staff")),
    ("mystery_shopper", _("Mystery shopper")),
]

KIND = Kind(
    "barrier",
    {
        **common(),
        "severity": Scale(1, 5, label=_("Severity")),
        "status": forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False),
        "source": forms.ChoiceField(label=_("Source"), choices=SOURCES, required=False),
        "touchpoint": forms.UUIDField(label=_("Touchpoint"), required=False),
    },
    marked=True,
    scored=True,
)
