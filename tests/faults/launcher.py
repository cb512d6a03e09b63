"""The settings of a server under test: the product's own, and one app that makes it fail.

Every process of the server reads its settings, workers too; so the faults come in by themselves
and nothing of them is in the product. The folder named by `FAULTS_AT` says which:

- a file `die-<point>`: the first process that comes to the point is killed there, as by kill -9;
- a file `bugs`: names of planted bugs, read at the start and again on SIGUSR1.
"""

import os
import signal
from pathlib import Path

from django.apps import AppConfig

from cjm.settings import *  # noqa: F403
from cjm.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.launcher.Faults"]
FOLDER = Path(os.environ["FAULTS_AT"])


class Faults(AppConfig):
    name = "tests.faults"

    def ready(self) -> None:
        from live import hub

        from . import planted, points

        hub.BEAT = 0.8  # the digest is compared often
        points.arm(_dies_at)
        bugs = planted.Bugs(FOLDER / "bugs")
        bugs.read()
        signal.signal(signal.SIGUSR1, lambda *_: bugs.read())


def _dies_at(point: str) -> None:
    try:
        (FOLDER / f"die-{point}").unlink()
    except OSError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
