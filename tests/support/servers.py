"""Two ways to run the real application for a test: in a thread, or as a process to be killed."""

import asyncio
import importlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from django.conf import settings

ROOT = Path(settings.ROOT)


@contextmanager
def server_in_thread() -> Iterator[str]:
    """The address of the application served from a thread, on the test's own database."""
    from cjm import asgi
    from live import hub

    # The hub of live screens lives as long as its process; a second server here needs a new one.
    application = importlib.reload(asgi).application
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            application, log_config=None, log_level="warning", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=asyncio.run, args=(server.serve(sockets=[bound]),), daemon=True
        )
        thread.start()
        try:
            _until(lambda: server.started or not thread.is_alive())
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            hub.stop()
            server.should_exit = True
            thread.join(10)


class ServerProcess:
    """`manage.py start` as a person runs it, with a data folder of its own."""

    def __init__(self, folder: Path, database_url: str = ""):
        self.environment = os.environ | {
            "CJM_VAR": str(folder),
            "CJM_NO_VENV": "1",
            "DJANGO_SETTINGS_MODULE": "cjm.settings",
            "DATABASE_URL": database_url,
            "LANG": "en_US.UTF-8",
            "LC_ALL": "",
        }
        self.port = 0
        self.process: subprocess.Popen[str] | None = None
        self.output = ""

    def start(self, *arguments: str) -> str:
        """Starts it, again on the same port after a stop, and gives its address."""
        self.output = ""
        self.process = self.popen("start", "--port", str(self.port), "--no-demo", *arguments)
        assert self.process.stdout
        for line in self.process.stdout:
            self.output += line
            if line.startswith("Ctrl+C"):
                break
        found = re.search(r"^  (http://\S+:(\d+))$", self.output, re.MULTILINE)
        assert found, f"The server did not start:\n{self.output}"
        self.port = int(found[2])
        # Read on, or the server stops when the pipe is full.
        threading.Thread(target=self._read_on, args=(self.process,), daemon=True).start()
        _until(self._answers)
        return found[1]

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
        return self.process.wait(15)

    def popen(self, *arguments: str) -> "subprocess.Popen[str]":
        """Another command on the same data."""
        return subprocess.Popen(
            [sys.executable, "-u", "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def manage(self, *arguments: str) -> str:
        """A command on the same data, to its end; what it printed."""
        process = self.popen(*arguments)
        output = process.communicate(timeout=60)[0]
        assert process.returncode == 0, output
        return output

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _read_on(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout
        for line in process.stdout:
            self.output += line


def _until(condition, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "The server did not start in time"
        time.sleep(0.02)
