"""Documents made beside the request: asked for, run in a thread, watched and cancelled through the
database, kept for a week."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from json import dumps
from math import inf
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from journeys.models import Journey
from teams.actors import Actor
from ui.build import BUILD

from .models import Printout
from .outcome import OutcomeStory, story_of_outcome
from .render import Cancelled, Pdf, RenderError, make_document
from .sheets import Options
from .story import AUDIENCE, Story, story_of

log = logging.getLogger(__name__)

KEPT = timedelta(days=7)
# How often a running job writes how far it is; seconds.
BEAT = 1.0


def key_of(journey: Journey, options: dict, day: date) -> str:
    """Names everything that a printout depends on: equal keys, equal documents."""
    personas = journey.made_for.order_by("position", "id").values_list("persona_id", "persona__seq")
    depends_on = [
        journey.pk.hex,
        journey.epoch.hex,
        journey.seq,
        [(pk.hex, seq) for pk, seq in personas],
        AUDIENCE,
        sorted(options.items()),
        journey.language,
        day.isoformat(),
        BUILD,
    ]
    return sha256(dumps(depends_on).encode()).hexdigest()


def ask(journey: Journey, options: dict, by: Actor) -> Printout:
    """The printout of a map as it is now: made before, being made for the same person, or begun."""
    key = key_of(journey, options, timezone.localdate())
    for printout in Printout.objects.filter(journey=journey, key=key):
        if printout.state == Printout.State.DONE and default_storage.exists(printout.file):
            return printout
        if printout.is_unfinished and printout.by == by.key:
            return printout
    printout = Printout.objects.create(journey=journey, key=key, options=options, by=by.key)
    # A process that is stopped may stop its work: its readers are told, and ask again.
    thread = threading.Thread(target=_run_alone, args=(printout.pk,), daemon=True)
    transaction.on_commit(thread.start)
    return printout


def made(journey: Journey, options: dict, by: Actor, *, seconds: float) -> Printout:
    """The same, made while its reader waits. Equal requests wait for one making; when the time is
    over the printout is still unfinished."""
    key = key_of(journey, options, timezone.localdate())
    ends = time.monotonic() + seconds
    while True:
        same = list(Printout.objects.filter(journey=journey, key=key))
        for printout in same:
            if printout.state == Printout.State.DONE and default_storage.exists(printout.file):
                return printout
        making = next((printout for printout in same if printout.is_unfinished), None)
        if making is None:
            mine = Printout.objects.create(journey=journey, key=key, options=options, by=by.key)
            run(mine.pk, ends=ends)
            mine.refresh_from_db()
            return mine
        if time.monotonic() > ends:
            return making
        time.sleep(0.2)


def cancel(printout: Printout) -> None:
    """Stops a printout that isn't finished; whoever makes it notices within a second."""
    Printout.objects.filter(pk=printout.pk, state__in=Printout.UNFINISHED).update(
        state=Printout.State.CANCELLED
    )


def _run_alone(pk) -> None:
    try:
        # Setting takes seconds, and others wait for connections: between its beats it has none.
        run(pk, let_go=connection.close)
    except Exception:
        log.exception("Printout %s", pk)
    finally:
        connection.close()


def run(pk, let_go: Callable[[], object] = lambda: None, ends: float = inf) -> None:
    """Makes a printout that was asked for, and writes down how it went; when `ends` is over by
    the clock nobody waits for it any more."""
    printout = Printout.objects.select_related("journey").get(pk=pk)
    unfinished = Printout.objects.filter(pk=pk, state__in=Printout.UNFINISHED)
    beat = _Beat(unfinished, let_go, ends)
    try:
        story, key = _read(printout.journey.pk, printout.options)
        pdf = make_document(story, Options(**printout.options), tell=beat.tell, go_on=beat.go_on)
    except Cancelled:
        cancel(printout)  # if only the time is over
        return
    except RenderError as error:
        log.warning("Printout %s: %s %s", pk, error.code, error)
        unfinished.update(state=Printout.State.FAILED, error=error.code)
        return
    except Exception:
        unfinished.update(state=Printout.State.FAILED, error=RenderError.code)
        raise
    _keep(printout, pdf, key, unfinished)
    _sweep()


def _read(pk, options: dict) -> tuple[Story | OutcomeStory, str]:
    """The story of the map or of a workshop on it, and its key; read again if somebody wrote in
    between."""
    story: Story | OutcomeStory
    while True:
        journey, today = Journey.objects.get(pk=pk), timezone.localdate()
        if workshop := options.get("workshop"):
            story = story_of_outcome(UUID(workshop), today)
        else:
            story = story_of(journey, today, images=options.get("images", True))
        if Journey.objects.filter(pk=pk, seq=journey.seq).exists():
            return story, key_of(journey, options, today)


def _keep(printout: Printout, pdf: Pdf, key: str, unfinished) -> None:
    file = default_storage.save(
        f"printouts/{printout.pk.hex}.{printout.format}", ContentFile(pdf.data)
    )
    kept = unfinished.update(
        state=Printout.State.DONE,
        progress=100,
        file=file,
        key=key,
        pages=pdf.pages,
        warnings=list(pdf.warnings),
    )
    if not kept:  # cancelled at the last moment
        default_storage.delete(file)


def _sweep() -> None:
    Printout.objects.filter(created_at__lt=timezone.now() - KEPT).delete()  # and their files


class _Beat:
    """Writes down that a job lives and how far it is, and learns whether it is still wanted."""

    def __init__(self, unfinished, let_go: Callable[[], object], ends: float) -> None:
        self.unfinished = unfinished
        self.let_go = let_go
        self.ends = ends
        self.progress = 0.0
        self.written = 0.0
        self.wanted = True

    def tell(self, share: float) -> None:
        self.progress = share

    def go_on(self) -> bool:
        if time.monotonic() - self.written >= BEAT:
            self.written = time.monotonic()
            self.wanted = bool(
                self.unfinished.update(
                    state=Printout.State.RUNNING,
                    progress=int(100 * self.progress),
                    touched_at=timezone.now(),
                )
            )
            self.let_go()
        return self.wanted and time.monotonic() < self.ends
