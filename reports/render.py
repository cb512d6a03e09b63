"""PDFs from the parent's side: warm children, two at a time, killed when they take too long.

Knows nothing of jobs and requests: `make_document` blocks until the document is there, an error is
raised, or `go_on` says that nobody wants it any more.
"""

import atexit
import json
import os
import platform
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from .outcome import OutcomeStory
from .sheets import Options
from .story import Story

ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = 2
JOBS_OF_A_WORKER = 50
SECONDS = 60
# What a child may know of our environment: where its libraries are, never a secret.
PASSED_ON = (
    "CJM_LOG",
    "PATH",
    "HOME",
    "SYSTEMROOT",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "WEASYPRINT_DLL_DIRECTORIES",
)


class RenderError(Exception):
    """No document came out. `code` is kept with the job and put into words for its reader."""

    code = "failed"


class PangoMissing(RenderError):
    """The system library that sets text is not installed; everything but PDF works without."""

    code = "pango"


class TooLong(RenderError):
    """The child was killed after a minute."""

    code = "timeout"


class Cancelled(RenderError):
    """Somebody no longer wanted it."""

    code = "cancelled"


class Forbidden(RenderError):
    """The page asked for something that is not an asset of ours."""

    code = "forbidden"


def how_to_install_pango() -> str:
    """One sentence for the reader's system: what to install."""
    command = {
        "Darwin": "brew install pango",
        "Windows": "pacman -S mingw-w64-x86_64-pango",
    }.get(platform.system(), "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0")
    return _(
        "PDF needs the Pango library on the server. Its keeper can add it with “%(command)s”;"
        " until then, print the map from the browser."
    ) % {"command": command}


@dataclass(frozen=True)
class Pdf:
    """A finished document. A warning is a code with a number; words.warning says it."""

    data: bytes
    pages: int
    warnings: tuple[tuple[str, float], ...]


def make_document(
    story: Story | OutcomeStory,
    options: Options,
    *,
    tell: Callable[[float], None] = lambda share: None,
    go_on: Callable[[], bool] = lambda: True,
) -> Pdf:
    """Sets a story on paper in a child process. Raises RenderError."""
    request = {
        "story": json.dumps(asdict(story), cls=DjangoJSONEncoder),
        "options": asdict(options),
    }
    while not _turn.acquire(timeout=0.5):
        if not go_on():
            raise Cancelled
    try:
        worker = _take()
        try:
            pdf = worker.run(request, tell, go_on)
        except BaseException:
            worker.end()
            raise
        _give_back(worker)
        return pdf
    finally:
        _turn.release()


class Worker:
    """One child process and the thread that listens to it."""

    def __init__(self) -> None:
        self.jobs = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reports.worker"],
            cwd=ROOT,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ}
            | {"LANG": "C.UTF-8", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.heard: queue.SimpleQueue = queue.SimpleQueue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    @property
    def usable(self) -> bool:
        return self.process.poll() is None and self.jobs < JOBS_OF_A_WORKER

    def _listen(self) -> None:
        """Puts each message into the queue with its bytes; None when the child is gone."""
        # Killed in the middle of a message, it leaves half a line.
        with self.process.stdout as out, suppress(ValueError):  # type: ignore[union-attr]
            while line := out.readline():
                message = json.loads(line)
                self.heard.put((message, out.read(message.get("size", 0))))
        self.heard.put(None)

    def run(self, request: dict, tell: Callable[[float], None], go_on: Callable[[], bool]) -> Pdf:
        """Sends a request and waits for its document."""
        self.jobs += 1
        ends = time.monotonic() + SECONDS
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")  # type: ignore[union-attr]
            self.process.stdin.flush()  # type: ignore[union-attr]
        except OSError as error:
            raise RenderError("The child is gone") from error
        while True:
            try:
                heard = self.heard.get(timeout=0.5)
            except queue.Empty:
                heard = ({}, b"")
            if heard is None:
                raise RenderError("The child died: out of memory or of processor time")
            message, data = heard
            if "error" in message:
                raise _ERRORS.get(message["error"], RenderError)(message["detail"])
            if "size" in message:
                warnings = tuple((code, number) for code, number in message["warnings"])
                return Pdf(data, message["pages"], warnings)
            if "progress" in message:
                tell(message["progress"])
            if not go_on():
                raise Cancelled
            if time.monotonic() > ends:
                raise TooLong

    def end(self) -> None:
        """Kills the child; its listener hears that and closes the other pipe."""
        self.process.kill()
        self.process.wait()
        with suppress(OSError):  # What it was being told is lost with it.
            self.process.stdin.close()  # type: ignore[union-attr]
        self.listener.join()


_ERRORS = {error.code: error for error in (PangoMissing, Forbidden)}
_turn = threading.BoundedSemaphore(AT_ONCE)
_lock = threading.Lock()
_idle: list[Worker] = []


def _take() -> Worker:
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker.usable:
                return worker
            worker.end()
    return Worker()


def _give_back(worker: Worker) -> None:
    if worker.usable:
        with _lock:
            _idle.append(worker)
    else:
        worker.end()


@atexit.register
def close() -> None:
    """Ends the idle children; they would end by themselves when their input closes."""
    with _lock:
        while _idle:
            _idle.pop().end()
