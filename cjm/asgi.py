"""The application: live streams go round Django (live/stream.py says why), all else through it."""

import logging
import os
import re
import time
import warnings
from importlib import import_module
from urllib.parse import parse_qs
from uuid import UUID

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")
django.setup()

from django.contrib.auth import get_user  # noqa: E402 after setup
from django.http import (  # noqa: E402
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    parse_cookie,
)
from django.http.request import split_domain_port, validate_host  # noqa: E402

from changes import frames  # noqa: E402
from cjm.handler import Handler  # noqa: E402
from cjm.health import Health  # noqa: E402
from cjm.metrics import Metrics  # noqa: E402
from cjm.middleware import TOO_LARGE  # noqa: E402
from journeys.models import Journey  # noqa: E402
from journeys.reads.digest import digest_of  # noqa: E402
from live.hub import Opened, Source  # noqa: E402
from live.stream import Stream  # noqa: E402
from teams.actors import READ, member  # noqa: E402
from ui.build import BUILD  # noqa: E402
from workshops import access  # noqa: E402

# WhiteNoise answers with files read in a thread: small ones, which may stand in memory whole.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

STREAM_PATH = re.compile(r"/maps/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/stream/")
_sessions = import_module(settings.SESSION_ENGINE).SessionStore


def open_map(scope: dict, document_id: UUID) -> Opened | int:
    """Who reads this map, and from which number; or 400, 401, 404. Runs in a thread, at connect."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        return 400
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    key = parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
    request = HttpRequest()
    request.session = _sessions(key)
    user = get_user(request)
    actor = member(user) if user.is_authenticated else None  # type: ignore[arg-type]
    if asked := _workshop_in(scope):
        opened = access.watched(request.session, actor, document_id, *asked)
        scope["told"] = {"route": "stream", "actor": opened.kind if opened else "anonymous"}
        return opened or 404
    if actor is None:
        return 401
    scope["told"] = {"route": "stream", "actor": actor.kind}
    document = Journey.objects.filter(pk=document_id, deleted_at=None).first()
    if document is None or not actor.grant(document.workspace_id).allows(READ):
        return 404
    return Opened(
        actor_key=actor.key,
        actor_name=actor.name,
        audiences=actor.audiences,
        seq=document.seq,
        epoch=str(document.epoch),
    )


def _workshop_in(scope: dict) -> tuple[UUID, str] | None:
    """The workshop that a stream is about, and the wall's token where that opens it."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    try:
        return UUID(query["workshop"][0]), query.get("wall", [""])[0]
    except (KeyError, ValueError):
        return None


stream = Stream(
    Source(
        open=open_map,
        frames=frames.after,
        heads=frames.heads,
        digest=digest_of,
        build=BUILD,
    )
)
_django = Handler()
health = Health(stream)
metrics = Metrics(health)
# What is answered beside Django, each with the policy that it declares.
BESIDE = {"/livez": health.livez, "/readyz": health.readyz, "/metrics": metrics.metrics}
SAFE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
GONE = 499  # the status of a request whose sender left before the answer
log = logging.getLogger("cjm.requests")


def _too_large(scope: dict) -> bool:
    """Whether a body is over the limit, or hides its size."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    return (
        b"transfer-encoding" in headers
        or not length.isdigit()
        or int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    )


async def _nothing() -> dict:
    """Instead of a body that is too large: Django would read it whole before any view."""
    return {"type": "http.request", "body": b"", "more_body": False}


async def _send(response: HttpResponse, send) -> None:
    said = {"Content-Length": str(len(response.content)), **SAFE, **response.headers}
    headers = [(name.lower().encode(), value.encode()) for name, value in said.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


class Answer:
    """Passes an answer on and keeps its status."""

    __slots__ = ("_send", "status")

    def __init__(self, send) -> None:
        self._send = send
        self.status = GONE

    async def send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)

    @property
    def transport(self):
        """The connection, which live/stream.py cuts where nobody reads."""
        return getattr(getattr(self._send, "__self__", None), "transport", None)


async def application(scope, receive, send) -> None:
    """Everything that comes in, and a line of the log for each."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    if scope["type"] != "http":
        return
    came = time.monotonic()
    answer = Answer(send)
    try:
        await _answer(scope, receive, answer.send)
    except Exception:
        answer.status = 500
        raise
    finally:
        _tell(scope, answer.status, time.monotonic() - came)


async def _answer(scope, receive, send) -> None:
    path = scope["path"]
    if _too_large(scope):
        scope[TOO_LARGE] = True
        await _django(scope, _nothing, send)
    elif path in BESIDE:
        scope["told"] = {"route": path[1:]}
        safe = scope["method"] in ("GET", "HEAD")
        await _send(await BESIDE[path](scope) if safe else HttpResponseNotAllowed(["GET"]), send)
    elif found := STREAM_PATH.fullmatch(path):
        scope["told"] = {"route": "stream"}
        await stream(scope, receive, send, UUID(found[1]))
    else:
        await _django(scope, receive, send)


def _tell(scope: dict, status: int, seconds: float) -> None:
    told = {"route": "", "actor": "anonymous"} | scope.get("told", {})
    method = scope["method"] if scope["method"] in METHODS else "other"  # anything may be sent
    metrics.answered(method, told["route"], status, seconds)
    if scope["path"] in BESIDE and status < 500:
        return  # asked every few seconds
    line = {"method": method, "status": status, "ms": round(1000 * seconds), **told}
    log.log(logging.WARNING if status >= 500 else logging.INFO, "request", extra={"fields": line})


async def _live(receive, send) -> None:
    """The life of this process: it listens for news before the first screen asks."""
    await receive()
    stream.start()
    stream.hub.spawn(health.pulse.beat())
    stream.hub.spawn(metrics.run())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
