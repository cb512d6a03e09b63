"""What decides the customer's choice: hard factors can't be changed, soft ones can be shaped."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, common

FACTOR_KINDS = [("", "—"), ("hard", _("Hard")), ("soft", _("Soft"))]

KIND = Kind(
    "factor",
    {
        **common(),
        "factor_kind": forms.ChoiceField(label=_("Kind"), choices=FACTOR_KINDS, required=False),
    },
)
