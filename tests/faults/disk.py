"""A disk that can be full: a small file system of its own, or a limit on how long files grow."""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Disk:
    """A folder and what fills it up. `kind` says which of the two it is."""

    def __init__(self, folder: Path, kind: str):
        self.folder, self.kind = folder, kind
        self._limited: list[int] = []

    def fill(self, pids: list[int], longest: int) -> None:
        """No byte more: on the file system, or for these processes in files of that length."""
        if self.kind == "tmpfs":
            with (self.folder / "balloon").open("wb", buffering=0) as balloon:
                for size in (2**20, 2**12):
                    _until_full(balloon, b"\0" * size)
        else:
            self._limited = pids
            for pid in pids:
                _hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (longest, _hard))

    def free(self) -> None:
        (self.folder / "balloon").unlink(missing_ok=True)
        for pid in self._limited:
            hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))


def _until_full(file, piece: bytes) -> None:
    while True:
        try:
            file.write(piece)
        except OSError:
            return


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """A file system of that size where we may mount one, else the folder as it is."""
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", folder]
    mounted = (
        os.getuid() == 0
        and not subprocess.run(
            ["mount", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ).returncode
    )
    try:
        yield Disk(folder, "tmpfs" if mounted else "quota")
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=True)
