"""Figures for Prometheus at `/metrics`, for whoever knows CJM_METRICS_TOKEN.

Its package is an extra, which `manage.py serve` installs where the token is set. All processes of a
server write into one folder, and whichever is asked answers for all.
"""

import asyncio
import hmac
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from teams.policy import OPERATOR, policy

if TYPE_CHECKING:  # the process that looks after the workers has no models
    from .health import Health

FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks for it when it is imported
EVERY = 5.0  # seconds
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@contextmanager
def gathered() -> Iterator[None]:
    """The folder in which the processes of this server meet."""
    if not settings.METRICS_TOKEN:
        yield
        return
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="cjm-metrics-")
    try:
        yield
    finally:
        shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def forget(process: int | None) -> None:
    """A process has ended: its streams are open no more."""
    if FOLDER in os.environ and process:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(process)


class Metrics:
    """Counts what happens in this process."""

    def __init__(self, health: "Health"):
        self.health = health
        self.on = FOLDER in os.environ
        if self.on:
            self._declare()

    def _declare(self) -> None:
        from prometheus_client import Counter, Gauge, Histogram

        self._requests = Counter(
            "cjm_requests", "Answered, by route and status", ["method", "route", "status"]
        )
        self._seconds = Histogram(
            "cjm_request_seconds", "Until the answer was sent", ["method"], buckets=BUCKETS
        )
        self._streams = Gauge(
            "cjm_streams_open", "Open streams of live screens", multiprocess_mode="livesum"
        )
        self._events = Counter(
            "cjm_stream_events", "Streams that were dropped, resumed, reset, refused", ["event"]
        )
        self._loop_lag = Gauge(
            "cjm_loop_lag_seconds", "How late the event loop is", multiprocess_mode="livemax"
        )
        self._listener_lag = Gauge(
            "cjm_listener_lag_seconds",
            "From a notification until it is heard",
            multiprocess_mode="livemax",
        )
        self._waits = Counter("cjm_pool_waits", "Times that a connection had to be waited for")
        self._waited = Counter("cjm_pool_wait_seconds", "How long, in all")
        self._known: dict[str, float] = {}

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request; those of streams last for as long as somebody looks."""
        if self.on:
            self._requests.labels(method, route, status).inc()
            if route != "stream":
                self._seconds.labels(method).observe(seconds)

    async def run(self) -> None:
        """Looks again and again at what is counted elsewhere."""
        stream = self.health.stream
        while self.on:
            await asyncio.sleep(EVERY)
            await stream.echo(EVERY)
            self._streams.set(stream.open)
            self._loop_lag.set(self.health.pulse.lag)
            self._listener_lag.set(stream.lag)
            for event, count in stream.hub.counts.items():
                self._events.labels(event).inc(self._more(event, count))
            if connection.vendor == "postgresql":
                pool = connection.pool.get_stats()  # type: ignore[attr-defined]
                self._waits.inc(self._more("waits", pool.get("requests_queued", 0)))
                waited = pool.get("requests_wait_ms", 0) / 1000
                self._waited.inc(self._more("waited", waited))

    def _more(self, name: str, now: float) -> float:
        """How much has been added since the last look."""
        before, self._known[name] = self._known.get(name, 0), now
        return now - before

    @policy(OPERATOR)
    async def metrics(self, scope: dict) -> HttpResponse:
        if not self.on:
            return HttpResponse("Not found", "text/plain", 404)
        said = dict(scope["headers"]).get(b"authorization", b"")
        if not hmac.compare_digest(said, f"Bearer {settings.METRICS_TOKEN}".encode()):
            refusal = HttpResponse("Not for you", "text/plain", 401)
            refusal.headers["WWW-Authenticate"] = "Bearer"
            return refusal
        from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        return HttpResponse(generate_latest(registry), CONTENT_TYPE_LATEST)
