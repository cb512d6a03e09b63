"""What a content of cards is, and the fields that several contents share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from journeys.formats.columns import tags_of
from journeys.limits import CARD_TEXT, CARDS, TAG, TAGS_OF_CARD

# A statement is assumed until data stands behind it.
EVIDENCE = [
    ("", "—"),
    ("assumed", _("Assumed")),
    ("evidenced", _("Has data")),
    ("confirmed", _("Confirmed")),
    ("refuted", _("Refuted")),
]


# Named, because colour alone means nothing to who can't see it.
COLORS = [
    ("", "—"),
    ("amber", _("Amber")),
    ("green", _("Green")),
    ("teal", _("Teal")),
    ("blue", _("Blue")),
    ("violet", _("Violet")),
    ("pink", _("Pink")),
]


class Text(forms.CharField):
    """Running text: kept as typed, line ends made one kind, no NUL."""

    def __init__(self, limit: int = CARD_TEXT, **kwargs):
        super().__init__(max_length=limit, required=False, strip=False, **kwargs)

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n").replace("\x00", ""))


class Scale(forms.IntegerField):
    """A whole number on a scale; empty means not rated."""

    def __init__(self, low: int, high: int, **kwargs):
        super().__init__(min_value=low, max_value=high, required=False, **kwargs)


class Ids(forms.Field):
    """Ids of other cards, from `name=a&name=b` or `a,b`; empty is none."""

    def clean(self, value):
        one = forms.UUIDField(required=False)
        items = value.split(",") if isinstance(value, str) else value
        if len(items) > CARDS.most:
            raise ValidationError(CARDS.sentence)
        return [found for item in items if (found := one.clean(item))]


class Tags(forms.Field):
    """Words that mark a card, from `name=a&name=b` or `a, b`: not too many, none twice."""

    def clean(self, value):
        tags = tags_of([value] if isinstance(value, str) else value or [])
        if len(tags) > TAGS_OF_CARD:
            raise ValidationError(_("A card has at most %(most)d tags.") % {"most": TAGS_OF_CARD})
        if any(len(tag) > TAG for tag in tags):
            raise ValidationError(_("A tag has at most %(most)d characters.") % {"most": TAG})
        return tags


def common() -> dict[str, forms.Field]:
    """The fields of every card."""
    return {
        "text": Text(label=_("Text")),
        "evidence": forms.ChoiceField(label=_("Evidence"), choices=EVIDENCE, required=False),
        "persona": forms.UUIDField(label=_("Persona"), required=False),
        "tags": Tags(label=_("Tags")),
        "color": forms.ChoiceField(label=_("Colour"), choices=COLORS, required=False),
        "images": Ids(label=_("Images")),
    }


@dataclass(frozen=True)
class Kind:
    """One content: `fields` validate what a browser posts, `marked` cards carry computed marks,
    `scored` ones are looked at by the method."""

    content: str
    fields: Mapping[str, forms.Field] = field(default_factory=common)
    marked: bool = False
    scored: bool = False

    @property
    def face(self) -> str:
        return f"journeys/faces/{self.content}.html"

    @property
    def details(self) -> str:
        return f"journeys/details/{self.content}.html"

    def clean(self, data: Mapping) -> dict:
        """Validates only the fields that were posted. Raises ValidationError with a dict of
        field → sentences; a field this content doesn't have is an error too."""
        values: dict = {}
        errors: dict[str, list] = {}
        for name in data:
            if name not in self.fields:
                errors[name] = [_("This card has no such field.")]
                continue
            try:
                values[name] = self.fields[name].clean(data[name])
            except ValidationError as error:
                errors[name] = error.messages
        if errors:
            raise ValidationError(errors)
        return values
