"""Which document of a map is wanted, and on what paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .sheets import FIT, MANY, ONE, PAPERS, PERSONA, POSTER, REPORT


class PaperForm(forms.Form):
    """The document, by the button pressed. Paper, orientation and pages are the poster's."""

    document = forms.ChoiceField(
        choices=[(REPORT, REPORT), (POSTER, POSTER), (PERSONA, PERSONA)], required=False
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
    pages = forms.ChoiceField(
        label=_("Pages"),
        choices=[(ONE, _("One page")), (MANY, _("Several sheets"))],
        initial=ONE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, personas: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.personas = personas

    @property
    def choices_of_paper(self) -> list:
        """What is asked about the poster."""
        return [self[name] for name in ("paper", "landscape", "pages")]

    def clean_document(self) -> str:
        document = self.cleaned_data["document"] or POSTER
        if document == PERSONA and not self.personas:
            raise forms.ValidationError(_("This map is made for no persona yet."))
        return document

    def options(self) -> dict:
        """What the document depends on: only the poster is set on paper of choice."""
        if self.cleaned_data["document"] == POSTER:
            return self.cleaned_data
        return {"document": self.cleaned_data["document"]}
