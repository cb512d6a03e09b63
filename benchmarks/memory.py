"""What an open screen costs the server: memory and threads, at 0, 300 and 1000 of them.

The server is warmed first by screens that come and go, so that what is counted are the screens
and not the code they made it load.
"""

import re
import time
from argparse import ArgumentParser
from pathlib import Path

from .screens import Screens
from .site import Site, folder, machine

WARM = 20  # few: a heap that has grown would hide what the next screens take


def main(arguments: list[str] | None = None) -> None:
    parser = ArgumentParser(prog="benchmarks.memory", description=__doc__)
    parser.add_argument("--screens", default="300,1000")
    parser.add_argument("--settle", type=float, default=4, help="seconds until all are told")
    options = parser.parse_args(arguments)
    counts = [int(count) for count in options.screens.split(",")]
    print(machine())
    with folder() as path, Site(path).served() as site:
        _measured(site, WARM, options.settle)
        none, threads = _of_process(site.pid)
        print(f"0 screens: {none} KB, {threads} threads")
        for count in counts:
            size, threads = _measured(site, count, options.settle)
            each = (size - none) / count
            print(f"{count} screens: {size} KB, {threads} threads, {each:.1f} KB a screen")
    print("(goal: 10 KB a screen, threads as many as without)")


def _measured(site: Site, count: int, settle: float) -> tuple[int, int]:
    with Screens(site.address, site.stream, site.cookie, count):
        time.sleep(settle)
        found = _of_process(site.pid)
    time.sleep(settle)
    return found


def _of_process(pid: int) -> tuple[int, int]:
    """Resident KB and threads; Linux only."""
    status = Path(f"/proc/{pid}/status").read_text()
    size, threads = (re.search(rf"{name}:\s*(\d+)", status) for name in ("VmRSS", "Threads"))
    assert size and threads
    return int(size[1]), int(threads[1])


if __name__ == "__main__":
    main()
