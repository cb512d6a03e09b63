"""A place where the customer meets the company: what was expected, what was got."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .kind import Kind, Scale, common

MODES = [("", "—"), ("online", _("Online")), ("offline", _("Offline")), ("both", _("Both"))]

CHANNELS = {
    "advertising": _("Advertising"),
    "search": _("Search"),
    "pr": _("Press"),
    "website": _("Website"),
    "content": _("Articles and video"),
    "social": _("Social networks"),
    "messaging": _("Chat"),
    "ugc": _("Reviews"),
    "app": _("App"),
    "email": _("E-mail"),
    "outdoor": _("Outdoor"),
    "print": _("Print"),
    "broadcast": _("TV and radio"),
    "place": _("Place"),
    "staff": _("Staff"),
    "product": _("Product"),
    "process": _("Process"),
    "phone": _("Phone"),
    "people": _("People"),
    "delivery": _("Delivery"),
    "none": _("No contact"),
}

KIND = Kind(
    "touchpoint",
    {
        **common(),
        "owner": forms.CharField(label=_("Responsible"), max_length=200, required=False),
        "channel": forms.CharField(label=_("Channel"), max_length=60, required=False),
        "mode": forms.ChoiceField(label=_("Online or offline"), choices=MODES, required=False),
        "catalogue_key": forms.CharField(max_length=60, required=False),
        "expectation": Scale(1, 10, label=_("Expectation")),
        "perception": Scale(1, 10, label=_("Perception")),
        "importance": Scale(1, 5, label=_("Importance")),
        "moment_of_truth": forms.BooleanField(label=_("Moment of truth"), required=False),
        "way_in": forms.BooleanField(label=_("Customers come in here"), required=False),
    },
    marked=True,
    scored=True,
)
