"""The poster for a command: made while the caller waits, nothing kept."""

from django.utils import timezone

from journeys.models import Journey

from .render import make_poster
from .sheets import Options
from .story import story_of


def poster_pdf(journey: Journey, options: Options | None = None) -> bytes:
    """The map as a file, a PDF on one page of A3 landscape unless told otherwise. Raises
    RenderError."""
    return make_poster(story_of(journey, timezone.localdate()), options or Options()).data
