"""What the team does, who answers for it, by which day."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, common

STATUSES = [
    ("", "—"),
    ("todo", _("To do")),
    ("in_progress", _("In progress")),
    ("done", _("Done")),
]

KIND = Kind(
    "task",
    {
        **common(),
        "owner": forms.CharField(label=_("Responsible"), max_length=200, required=False),
        "status": forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False),
        "due_day": forms.IntegerField(
            label=_("Due"), min_value=-3650, max_value=3650, required=False
        ),
        "solution": forms.UUIDField(label=_("Solution"), required=False),
    },
)
