"""What the customer asks or objects: how it feels, and the answer the team has for it.

Its lanes hold texts; the kind of the lane says that they are questions.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, Scale, Text, common

STATUSES = [("", _("Open")), ("open", _("Open")), ("answered", _("Answered"))]

KIND = Kind(
    "question",
    {
        **common(),
        "emotion": Scale(-5, 5, label=_("Emotion")),
        "answer": Text(label=_("Answer")),
        "status": forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False),
    },
)
