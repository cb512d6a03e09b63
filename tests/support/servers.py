"""Two ways to run the real application for a test: in a thread, or as a process to be killed."""

import asyncio
import importlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from django.conf import settings

ROOT = Path(settings.ROOT)


@contextmanager
def server_in_thread(port: int = 0) -> Iterator[str]:
    """The address of the application served from a thread, on the test's own database."""
    from cjm import asgi
    from live import hub

    # The hub of live screens lives as long as its process; a second server here needs a new one.
    application = importlib.reload(asgi).application
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            application,
            log_config=None,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=asyncio.run, args=(server.serve(sockets=[bound]),), daemon=True
        )
        thread.start()
        try:
            until(lambda: server.started or not thread.is_alive())
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            hub.stop()
            server.should_exit = True
            thread.join(10)


class ServerProcess:
    """`manage.py start` as a person runs it, with a data folder of its own."""

    def __init__(self, folder: Path, database_url: str = ""):
        ours = {name: value for name, value in os.environ.items() if name != "CJM_SECRET_KEY"}
        self.environment = ours | {
            "CJM_VAR": str(folder),
            "CJM_NO_VENV": "1",
            "DJANGO_SETTINGS_MODULE": "cjm.settings",
            "DATABASE_URL": database_url,
            "LANG": "en_US.UTF-8",
            "LC_ALL": "",
        }
        self.log = folder.with_suffix(".log")  # a pipe would have to be read all the time
        self.port = 0
        self.process: subprocess.Popen | None = None
        self.within: list[str] = []  # a command that runs another, for a network of its own

    @property
    def output(self) -> str:
        """What it has said since it was started."""
        return self.log.read_text()

    def start(self, *arguments: str) -> str:
        """Starts it, again on the same port after a stop, and gives its address."""
        self.spawn("start", "--port", str(self.port), "--no-demo", *arguments)
        until(lambda: "Ctrl+C" in self.output or self.process.poll() is not None)
        found = re.search(r"^  (http://\S+:(\d+))$", self.output, re.MULTILINE)
        assert found, f"The server did not start:\n{self.output}"
        self.port = int(found[2])
        return found[1]

    def spawn(self, *arguments: str) -> None:
        """Any command that goes on until it is stopped."""
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                self._command(arguments), cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )

    def serve(self, *arguments: str, host: str = "127.0.0.1") -> tuple[str, int]:
        """Starts it as in production; its address, which will be answered in a moment."""
        self.spawn("serve", "--host", host, "--port", str(self.port), *arguments)
        until(lambda: "Serving at" in self.output or self.process.poll() is not None)
        found = re.search(r"^Serving at http://(\S+):(\d+)$", self.output, re.MULTILINE)
        assert found, f"The server did not start:\n{self.output}"
        self.port = int(found[2])
        return found[1], self.port

    def prepare(self, cards: int = 6) -> dict[str, str]:
        """A map of so many cards, and Boris, who edits it; see benchmarks/prepare.py."""
        self.manage("migrate", "-v", "0")
        done = self._run([sys.executable, "-m", "benchmarks.prepare", str(cards)])
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout)

    @property
    def sign_in_link(self) -> str:
        """The link that the first start printed."""
        links = re.findall(r"^  (http://\S+:\d+/\S+)$", self.output, re.MULTILINE)
        assert links, self.output
        return links[0]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stops it by this signal; its exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(30)

    def kill(self) -> None:
        """The end of the test, whatever state it is in."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """Another command on the same data, to its end."""
        return self._run([sys.executable, "-u", "manage.py", *arguments])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )

    def manage(self, *arguments: str) -> str:
        """The same where it must succeed; what it printed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [*self.within, sys.executable, "-u", "manage.py", *arguments]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Waits for something that another process brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen in time"
        time.sleep(0.02)
