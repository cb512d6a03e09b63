"""Who answers for the stage: a department, a role, a person."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, common

KIND = Kind(
    "owner",
    {
        **common(),
        "owner": forms.CharField(label=_("Responsible"), max_length=200, required=False),
    },
)
