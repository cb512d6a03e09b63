"""What paper a map shall be printed on."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.models import Lane

from .sheets import FIT, MANY, ONE, PAPERS, PDF, PNG, SVG


class PosterForm(forms.Form):
    """A PDF with its paper, orientation and pages, or a picture; and which lanes."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=[(PDF, "PDF"), (PNG, _("PNG picture")), (SVG, _("SVG drawing"))],
        initial=PDF,
        widget=forms.RadioSelect,
    )
    paper = forms.ChoiceField(
        label=_("Paper"),
        choices=[
            *((key, key.upper()) for key in sorted(PAPERS, reverse=True)),
            (FIT, _("As large as needed")),
        ],
        initial="a3",
        widget=forms.RadioSelect,
    )
    landscape = forms.TypedChoiceField(
        label=_("Orientation"),
        choices=[("1", _("Landscape")), ("", _("Portrait"))],
        coerce=bool,
        required=False,
        initial="1",
        widget=forms.RadioSelect,
    )
    images = forms.TypedChoiceField(
        label=_("Images"),
        choices=[("1", _("With images")), ("", _("Without"))],
        coerce=bool,
        required=False,
        initial="1",
        widget=forms.RadioSelect,
    )
    pages = forms.ChoiceField(
        label=_("Pages"),
        choices=[(ONE, _("One page")), (MANY, _("Several sheets"))],
        initial=ONE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, lanes: Iterable[Lane], **kwargs):
        super().__init__(*args, **kwargs)
        self.all_lanes = [lane.pk.hex for lane in lanes]
        self.fields["lanes"] = forms.MultipleChoiceField(
            label=_("Rows to print"),
            choices=[(lane.pk.hex, lane.name) for lane in lanes],
            initial=self.all_lanes,
            required=bool(self.all_lanes),
            error_messages={"required": _("Choose at least one row.")},
            widget=forms.CheckboxSelectMultiple,
        )

    def clean_lanes(self) -> list[str]:
        """The lanes that were chosen; none, when all were."""
        chosen = self.cleaned_data["lanes"]
        return [] if len(chosen) == len(self.all_lanes) else chosen
