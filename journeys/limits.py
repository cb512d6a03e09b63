"""The limits of a map by name, each with the sentence that a field or a file gets."""

from dataclasses import dataclass

from django.utils.translation import ngettext_lazy

from changes.record import Refused

# Lengths of texts, in characters; those of shorter columns stand with the columns.
TITLE = 300
CARD_TEXT = 50_000


@dataclass(frozen=True)
class Limit:
    """At most so many, and the sentence for one more."""

    most: int
    sentences: object  # what ngettext_lazy gave

    @property
    def sentence(self) -> str:
        """In the language of the reader."""
        return self.sentences % {"most": self.most}  # type: ignore[operator]

    def check(self, count: int) -> None:
        """Raises Refused with the sentence if `count` is too many."""
        if count > self.most:
            raise Refused(self.sentence)


STAGES = Limit(
    60,
    ngettext_lazy(
        "A map can have %(most)s column at most.",
        "A map can have %(most)s columns at most.",
        "most",
    ),
)
LANES = Limit(
    40,
    ngettext_lazy(
        "A map can have %(most)s lane at most.",
        "A map can have %(most)s lanes at most.",
        "most",
    ),
)
CARDS = Limit(
    5_000,
    ngettext_lazy(
        "A map can have %(most)s card at most.",
        "A map can have %(most)s cards at most.",
        "most",
    ),
)
OWNERS = Limit(
    500,
    ngettext_lazy(
        "A map can have %(most)s owner at most.",
        "A map can have %(most)s owners at most.",
        "most",
    ),
)
METRICS = Limit(
    1_000,
    ngettext_lazy(
        "A map can have %(most)s metric at most.",
        "A map can have %(most)s metrics at most.",
        "most",
    ),
)
PERSONAS = Limit(
    20,
    ngettext_lazy(
        "A map can be made for %(most)s persona at most.",
        "A map can be made for %(most)s personas at most.",
        "most",
    ),
)
IMAGES = Limit(
    500,
    ngettext_lazy(
        "A map can have %(most)s image at most.",
        "A map can have %(most)s images at most.",
        "most",
    ),
)
IMAGES_OF_CARD = Limit(
    4,
    ngettext_lazy(
        "A card can have %(most)s image at most.",
        "A card can have %(most)s images at most.",
        "most",
    ),
)
IMAGE = Limit(
    10,
    ngettext_lazy(
        "An image can have %(most)s megabyte at most.",
        "An image can have %(most)s megabytes at most.",
        "most",
    ),
)
IMAGE_BYTES = IMAGE.most * 1024 * 1024
IMAGE_WORDS = 500
TAGS_OF_CARD, TAG = 10, 40
REQUEST = Limit(
    20,
    ngettext_lazy(
        "A request can have %(most)s megabyte at most.",
        "A request can have %(most)s megabytes at most.",
        "most",
    ),
)
REQUEST_BYTES = REQUEST.most * 1024 * 1024


def characters(most: int) -> Limit:
    """The limit of a text of at most `most` characters."""
    return Limit(
        most,
        ngettext_lazy(
            "This text can have %(most)s character at most.",
            "This text can have %(most)s characters at most.",
            "most",
        ),
    )
