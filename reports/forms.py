"""What paper a map shall be printed on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .sheets import FIT, MANY, ONE, PAPERS


class PosterForm(forms.Form):
    """Paper, orientation, one page or several."""

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
