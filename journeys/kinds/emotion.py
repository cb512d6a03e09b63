"""What the customer feels: a point of the curve, −5 … +5."""

from django.utils.translation import gettext_lazy as _

from .kind import Kind, Scale, common

KIND = Kind("emotion", {**common(), "emotion": Scale(-5, 5, label=_("Emotion"))})
