"""Run by `benchmarks.backup` on its own data folder: a year of a company's work.

The cards and their words are those of the demo map; a change rewrites one card's words.
"""

import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched

import django

django.setup()

from django.db import connection  # noqa: E402 after setup
from django.utils import timezone  # noqa: E402

from benchmarks.prepare import plan_of  # noqa: E402
from changes.models import Change, Document  # noqa: E402
from journeys.edits.maps import create_map  # noqa: E402
from journeys.models import Card  # noqa: E402
from teams.actors import system  # noqa: E402
from teams.models import Workspace  # noqa: E402
from ui.ids import uuid7  # noqa: E402

MAP = 1000  # cards of one


def make(cards: int, changes: int) -> None:
    workspace = Workspace.objects.create(name="Цветы", slug="flowers")
    by = system("benchmark")
    plan = plan_of(min(cards, MAP))
    for _number in range(max(1, cards // MAP)):
        history(create_map(plan, workspace=workspace, by=by).pk, changes)


def history(journey_id, changes: int) -> None:
    found = list(Card.objects.filter(journey=journey_id).values_list("pk", "text"))
    words = [text for _pk, text in found if text]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
    for some in batched(_rewritten(journey_id, found * changes, words), 2000):
        Change.objects.bulk_create(some)
    Document.objects.filter(pk=journey_id).update(seq=1 + len(found) * changes)


def _rewritten(journey_id, cards: list, words: list[str]) -> Iterator[Change]:
    began = timezone.now() - timedelta(days=365)
    for number, (pk, text) in enumerate(cards):
        ref = f"card:{pk.hex}"
        yield Change(
            document_id=journey_id,
            seq=number + 2,
            key=uuid7(),
            body="5" * 64,
            verb="edit_card",
            target=ref,
            before={ref: {"text": text, "version": number}},
            after={ref: {"text": random.choice(words), "version": number + 2}},
            by="member:0197",
            by_name="Анна Петрова",
            visit=uuid7(),
            at=began + timedelta(minutes=number),
        )


if __name__ == "__main__":
    make(int(sys.argv[1]), int(sys.argv[2]))
