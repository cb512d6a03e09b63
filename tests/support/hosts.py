"""Two addresses of this machine that stand for two hosts, each with a network of its own where the
kernel allows it (root on Linux), else two addresses of the loopback."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Host:
    address: str
    within: list[str] = field(default_factory=list)  # the command that runs another there


LOOPBACK = (Host("127.0.0.1"), Host("127.0.0.2"))


class NoNamespaces(Exception):
    """The kernel or the lack of rights; the text says what was tried."""


@contextmanager
def namespaces() -> Iterator[tuple[Host, Host]]:
    """Addresses of the range kept for documentation, so that none can be a real one."""
    names = [f"cjm{os.getpid()}{letter}" for letter in "ab"]
    try:
        try:
            for number, name in enumerate(names):
                ours, theirs = f"198.51.100.{4 * number + 1}/30", f"198.51.100.{4 * number + 2}/30"
                _ip("netns", "add", name)
                _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
                _ip("address", "add", ours, "dev", name)
                _ip("link", "set", name, "up")
                _ip("-n", name, "address", "add", theirs, "dev", "eth0")
                _ip("-n", name, "link", "set", "eth0", "up")
                _ip("-n", name, "link", "set", "lo", "up")
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoNamespaces(str(error)) from error
        first, second = (
            Host(f"198.51.100.{4 * number + 2}", ["ip", "netns", "exec", name])
            for number, name in enumerate(names)
        )
        yield first, second
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)
