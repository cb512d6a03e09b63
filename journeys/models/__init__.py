"""One file per noun."""

from .cards import ON_BOARD, Card, Lift
from .images import Image
from .journeys import Journey, JourneyPersona
from .lanes import Lane
from .metrics import Fact, Metric
from .owners import Owner
from .stages import Stage
from .versions import Version

__all__ = [
    "ON_BOARD",
    "Card",
    "Fact",
    "Image",
    "Journey",
    "JourneyPersona",
    "Lane",
    "Lift",
    "Metric",
    "Owner",
    "Stage",
    "Version",
]
