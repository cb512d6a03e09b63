"""What the gallery shows: names and texts of a flower shop's map, long and short, and none."""

from types import SimpleNamespace

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .icons import CHANNELS, LANES

LONG = (
    "Высококвалифицированный консультант-флорист отвечает в чате — но только по будням, "
    "с 10 до 18, и не раньше чем через 25 минут после вопроса"
)
PEOPLE = [
    "Анна Каренина",
    "Игорь Петров",
    "Мария Смирнова",
    "Ольга Ларина",
    "Управляющий салоном",
    "Vera Lee",
    "boris@example.org",
]
SCORES = [
    (8, 1, -7),
    (8, 4, -4),
    (8, 7, -1),
    (7, 7, 0),
    (5, 6, 1),
    (5, 8, 3),
    (3, 9, 6),
    (8, None, None),
    (None, 3, None),
    (None, None, None),
]
PLACES = [(1, 5), (2, 4), (3, 5), (4, 2), (None, None)]
_CONTENTS = {
    "touchpoints": "touchpoint",
    "emotions": "emotion",
    "barriers": "barrier",
    "solutions": "solution",
}


class _SampleForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the map"),
        help_text=_("Who does what: “Vasily buys a bouquet”."),
        initial="Василий покупает букет",
    )
    email = forms.EmailField(label=_("E-mail"))
    goal = forms.CharField(
        label=_("Why this map"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        initial=LONG,
    )
    language = forms.ChoiceField(
        label=_("Language of the map"), choices=[("ru", "Русский"), ("en", "English")]
    )
    agreed = forms.BooleanField(label=_("Only the team sees it"), required=False, initial=True)


def samples() -> dict:
    """The context of `ui/gallery.html`."""
    return {
        "long": LONG,
        "people": PEOPLE,
        "scores": SCORES,
        "emotions": range(-5, 6),
        "severities": range(6),
        "places": PLACES,
        "lanes": [
            SimpleNamespace(kind=kind, content=_CONTENTS.get(kind, "text")) for kind in LANES
        ],
        "channels": list(CHANNELS),
        "form": _SampleForm(),
        "refused_form": _SampleForm(
            {"name": "", "email": "anna", "language": "ru"}, auto_id="refused_%s"
        ),
        "dialog_form": _SampleForm(auto_id="dialog_%s"),
        "now": timezone.now(),
    }
