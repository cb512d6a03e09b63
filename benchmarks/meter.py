"""How hard the machine works: processor seconds of a process and of all below it. Linux only."""

import os
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Load:
    """How much of one core a process and its children take, from now until `percent()`."""

    def __init__(self, pid: int):
        self.pid = pid
        self.began = time.monotonic()
        self.before = seconds_of(pid)

    def percent(self) -> float:
        if not self.pid:
            return 0.0
        return 100 * (seconds_of(self.pid) - self.before) / (time.monotonic() - self.began)


def seconds_of(pid: int) -> float:
    """Of a process and all below it; 0 for none."""
    if not pid:
        return 0.0
    return sum(_seconds(one) for one in [pid, *below(pid)])


def below(pid: int) -> list[int]:
    """The children of a process, theirs too."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    children = [int(child) for child in text.split()]
    return children + [deeper for child in children for deeper in below(child)]


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:  # it has ended meanwhile
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid: int) -> int:
    """KB of memory of a process and all below it."""
    return sum(_resident(one) for one in [pid, *below(pid)])


def _resident(pid: int) -> int:
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            * os.sysconf("SC_PAGE_SIZE")
            // 1024
        )
    except OSError:
        return 0
