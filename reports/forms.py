"""Which document of a map is wanted, and on what paper."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.models import Lane

from .sheets import FIT, MANY, ONE, PAPERS, PDF, PERSONA, PNG, POSTER, REPORT, SVG


class PaperForm(forms.Form):
    """The document, by the button pressed. All else is about the poster: a PDF with its paper,
    orientation and pages, or a picture; and which lanes."""

    document = forms.ChoiceField(
        choices=[(REPORT, REPORT), (POSTER, POSTER), (PERSONA, PERSONA)], required=False
    )
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

    def __init__(self, *args, personas: bool, lanes: Iterable[Lane], **kwargs):
        super().__init__(*args, **kwargs)
        self.all_lanes = [lane.pk.hex for lane in lanes]
        self.fields["lanes"] = forms.MultipleChoiceField(
            label=_("Rows to print"),
            choices=[(lane.pk.hex, lane.name) for lane in lanes],
            initial=self.all_lanes,
            required=bool(self.all_lanes) and self.data.get("document") in (None, POSTER),
            error_messages={"required": _("Choose at least one row.")},
            widget=forms.CheckboxSelectMultiple,
        )
        self.personas = personas

    @property
    def of_the_poster(self) -> list:
        """What is asked about the poster."""
        return [self[name] for name in self.fields if name != "document"]

    def clean_document(self) -> str:
        document = self.cleaned_data["document"] or POSTER
        if document == PERSONA and not self.personas:
            raise forms.ValidationError(_("This map is made for no persona yet."))
        return document

    def clean_lanes(self) -> list[str]:
        """The lanes that were chosen; none, when all were."""
        chosen = self.cleaned_data["lanes"]
        return [] if len(chosen) == len(self.all_lanes) else chosen

    def options(self) -> dict:
        """What the document depends on: only the poster is set on paper of choice."""
        if self.cleaned_data["document"] == POSTER:
            return self.cleaned_data
        return {"document": self.cleaned_data["document"]}
