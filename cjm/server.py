"""Serving: one server per data folder, a port of our own, one process or several."""

import hashlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import uvicorn
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils.translation import gettext as _

from cjm import budget, metrics
from ui.network import lan_address

GRACE = 5  # seconds that requests under way get when the server is told to stop
FILES = 8192  # that a process may hold open, where the system allows it
AT_MOST = GRACE + 0.7  # … and until it has ended for certain

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """A server whose live streams end themselves first: it would wait for them otherwise."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # A thread that waits for the database would be waited for.
        end_within(AT_MOST)
        from live import hub

        hub.stop()
        super().handle_exit(sig, frame)


def serve(bound: socket.socket) -> None:
    """Serve on this socket, in this process, until told to stop."""
    budget.introduce()
    allow_many_files()
    config = uvicorn.Config(
        "cjm.asgi:application",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        # Whom to believe about the client is decided by CJM_TRUSTED_PROXIES, in Django.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE,
    )
    # WhiteNoise opens a static file as a plain iterator; Django reads it in a thread and warns.
    warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous", Warning)
    server = Server(config)
    # What is raised into a loop that runs already leaves it running for ever, and uvicorn listens
    # a moment later: until then, and when it has finished, the signal is a wish.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    server.run(sockets=[bound])


def leave_on_signals() -> None:
    """Ctrl+C and a service manager's stop are an ordinary end, without a traceback."""

    def leave(*_) -> None:
        # Python ignores what is raised while it calls back a finalizer: then the clock ends it.
        end_within(AT_MOST + 0.2)
        sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)


def end_within(seconds: float) -> None:
    """Ends this process by then, whatever it waits for."""
    last = threading.Timer(seconds, os._exit, [0])
    last.daemon = True
    last.start()


def serve_with_workers(bound: socket.socket, count: int) -> None:
    """Serve in several processes; one that dies is replaced."""
    context = multiprocessing.get_context("spawn")

    def new_worker() -> SpawnProcess:
        worker = context.Process(target=_serve_while_watched, args=(bound,))
        worker.start()
        return worker

    leave_on_signals()
    workers = [new_worker() for _number in range(count)]
    try:
        while True:
            connection.wait([worker.sentinel for worker in workers])
            log.warning("A worker has ended by itself; another takes its place")
            time.sleep(1)  # a worker that can't start must not keep a core busy
            for number, worker in enumerate(workers):
                if not worker.is_alive():
                    metrics.forget(worker.pid)
                    workers[number] = new_worker()
    finally:
        for worker in workers:
            worker.terminate()
        ends = time.monotonic() + AT_MOST
        for worker in workers:
            worker.join(max(0, ends - time.monotonic()))
            worker.kill()


def _serve_while_watched(bound: socket.socket) -> None:
    """A worker, which stops when the process that looks after it is gone, even by a crash."""

    def stop_after(parent: BaseProcess) -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    parent = multiprocessing.parent_process()
    assert parent
    threading.Thread(target=stop_after, args=(parent,), daemon=True).start()
    serve(bound)


def allow_many_files() -> None:
    """Each stream is an open file, and many systems begin with 1,024 of them."""
    if os.name == "posix":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def bind(host: str, port: int) -> socket.socket:
    """The address to serve on, taken now so that nobody else can; a clear refusal if it is busy."""
    try:
        family, kind, _proto, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
    except (socket.gaierror, OverflowError):
        raise CommandError(
            _("There is no address %(host)s:%(port)s here. Try --host 127.0.0.1 or --host 0.0.0.0.")
            % {"host": host, "port": port}
        ) from None
    bound = socket.socket(family, kind)
    if os.name == "posix":  # elsewhere this option would let two servers share the port
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
        bound.listen(2048)  # a port is only refused for certain when both listen
    except PermissionError:
        raise CommandError(
            _("Port %(port)s needs an administrator's rights. Take one above 1024: --port 8000.")
            % {"port": port}
        ) from None
    except OSError as error:
        bound.close()
        raise CommandError(
            _(
                "Address %(host)s:%(port)s can't be used (%(reason)s): perhaps another program"
                " has it. Take another port: --port %(free)s."
            )
            % {"host": host, "port": port, "reason": error.strerror, "free": free_port()}
        ) from None
    return bound


def free_port() -> int:
    """A port nobody listens on now, the first from 8000 on."""
    for port in range(8000, 8100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    return 0


def address_of(bound: socket.socket) -> str:
    """The address to type; of the local network where the server listens everywhere."""
    host, port = bound.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = lan_address() or "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def answer_the_room(bound: socket.socket) -> None:
    """Who listens everywhere answers by its address in the local network too: the phones of a room
    come by it."""
    if bound.getsockname()[0] in ("0.0.0.0", "::") and (own := lan_address()):
        settings.ALLOWED_HOSTS.append(own)


@contextmanager
def folder_taken(folder: Path) -> Iterator[None]:
    """Holds the data folder against a second server, for as long as this process lives.

    The system frees it when the process ends, even by a crash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "server.lock").open("a") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise CommandError(
                _(
                    "Another server already works with the data folder %(folder)s. Stop it first,"
                    " or give this one a folder of its own: CJM_VAR=/another/folder."
                )
                % {"folder": folder}
            ) from None
        yield


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_sqlite() -> bool:
    return connections["default"].vendor == "sqlite"


def collect_static() -> None:
    """Copy, name and compress the static files again if any differs from the last time."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(["CVS", ".*", "*~"]):
            file = Path(storage.path(path)).stat()
            found.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
    digest = found.hexdigest()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.exists() and stamp.read_text() == digest:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(digest)
