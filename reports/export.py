"""A document for a command or a short wait: made while the caller waits, nothing kept."""

from django.utils import timezone

from journeys.models import Journey
from personas.models import Persona

from .render import Pdf, make_document
from .sheets import PERSONA, Options
from .story import story_of, story_of_persona


def file_of(journey: Journey, options: Options | None = None) -> bytes:
    """The map as a file: the poster as PDF, A3 landscape on one page, unless told otherwise. Raises
    RenderError."""
    return make_document(story_of(journey, timezone.localdate()), options or Options()).data


def pdf_of_persona(persona: Persona, *, go_on) -> Pdf:
    """The page of a persona, without the path of any map. Raises RenderError, `Cancelled` when
    `go_on` says no."""
    story = story_of_persona(persona, timezone.localdate())
    return make_document(story, Options(document=PERSONA), go_on=go_on)
