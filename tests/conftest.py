"""What every test may use, and what none may do: reach the network, or be skipped in silence."""

import json
import os
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import translation

from tests.support import chromium
from tests.support.servers import ServerProcess, server_in_thread

# The people and the map that most tests are about.
pytest_plugins = ["tests.support.people", "tests.support.maps"]

DATA_REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "real"
# A skip that begins so is told again in red at the end, and fails where CJM_REQUIRE names it.
NOT_RUN = "NOT RUN"


def not_run(need: str, cure: str) -> str:
    """The reason of a skip that nobody may overlook."""
    return f"{NOT_RUN} [{need}] {cure}"


def pytest_configure(config):
    # Playwright's loop runs in the test's thread, where Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    _only_this_machine()


def _only_this_machine() -> None:
    connect = socket.socket.connect

    def connect_here(self, address):
        """Loopback, unix sockets and tests/support/hosts.py; asking for a route (a datagram)
        sends nothing."""
        here = (
            self.family not in (socket.AF_INET, socket.AF_INET6)
            or self.type == socket.SOCK_DGRAM
            or address[0] in ("127.0.0.1", "127.0.0.2", "::1", "localhost")
            or address[0].startswith("198.51.100.")
        )
        if not here:
            raise RuntimeError(f"A test may not reach {address}")
        return connect(self, address)

    socket.socket.connect = connect_here


def pytest_collection_modifyitems(items):
    if chromium.find() is None:
        reason = not_run("browser", f"No Chromium was found. {chromium.REMEDY}")
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=reason))


def _left_out(config) -> Counter:
    """Reasons of loud skips → how many tests."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    reasons = (
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        for report in terminal.stats.get("skipped", [])
    )
    return Counter(
        reason.removeprefix("Skipped: ") for reason in reasons if f"{NOT_RUN} [" in reason
    )


def pytest_sessionfinish(session, exitstatus):
    if hasattr(session.config, "workerinput"):
        return
    required = filter(None, os.environ.get("CJM_REQUIRE", "").split(","))
    reasons = _left_out(session.config)
    if any(f"[{need}]" in reason for need in required for reason in reasons):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    reports = [report for some in terminalreporter.stats.values() for report in some]
    told: Counter = Counter()
    for report in reports:
        for what, said in report.user_properties if getattr(report, "when", "") == "call" else ():
            if isinstance(said, int):
                told[what] += said
            else:
                terminalreporter.write_line(f"{what}: {said}")
    for what, count in told.items():
        terminalreporter.write_line(f"{what}: {count:,}")
    for reason, count in _left_out(config).items():
        terminalreporter.write_line(f"!!!! {count} test(s): {reason}", red=True, bold=True)


@pytest.fixture(autouse=True)
def the_usual_language(settings):
    """Each test begins in the product's language, whatever the one before has left."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="session")
def live_server_port() -> int:
    """The same for all tests of a process: browsers keep files by their address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def mail_server(settings):
    """Mail is set up; what is sent stands in `django.core.mail.outbox`."""
    settings.MAIL_FROM, settings.PUBLIC_URL = "maps@example.org", "https://maps.example.org"


@pytest.fixture
def live_server_url(transactional_db, settings, live_server_port):
    """The real application on a port of this machine, on the test's database."""
    settings.ALLOWED_HOSTS = ["*"]
    with server_in_thread(live_server_port) as url:
        yield url


@pytest.fixture(scope="session")
def collected_static(tmp_path_factory):
    """Static files named and compressed as in production, once: it is most of a first start."""
    folder = tmp_path_factory.mktemp("collected") / "var"
    collect = "from cjm import server; server.collect_static()"
    ServerProcess(folder).manage("shell", "--no-imports", "-c", collect)
    return folder / "static"


@contextmanager
def installations(folder: Path, static: Path) -> Iterator[Callable[..., ServerProcess]]:
    """`make(name)`: a server with a data folder of its own in `folder`, on the engine under test,
    or with `embedded=True` on SQLite; see `ServerProcess`."""
    url = os.environ.get("DATABASE_URL", "")
    servers, databases = [], []

    def make(name: str = "var", *, embedded: bool = False) -> ServerProcess:
        shutil.copytree(static, folder / name / "static")
        server = ServerProcess(folder / name)
        if url and not embedded:
            database = f"cjm_{uuid4().hex[:12]}"
            _administer(url, f"CREATE DATABASE {database}")
            databases.append(database)
            server.environment["DATABASE_URL"] = url.replace("/cjm?", f"/{database}?")
        servers.append(server)
        return server

    try:
        yield make
    finally:
        for server in servers:
            server.kill()
        for database in databases:
            _administer(url, f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def new_server(tmp_path, collected_static):
    """Makes servers; see `installations`."""
    with installations(tmp_path, collected_static) as make:
        yield make


@pytest.fixture
def server_process(new_server):
    """A server to restart and to kill, on the engine under test; see `ServerProcess`."""
    return new_server()


def _administer(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url.replace("/cjm?", "/postgres?"), autocommit=True) as database:
        database.execute(statement)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """pytest-playwright's `browser` and `page` are the machine's Chromium."""
    return browser_type_launch_args | {
        "executable_path": chromium.find(),
        "args": chromium.arguments(),
    }


@pytest.fixture
def postgres_only():
    """For what SQLite has no part in."""
    if connection.vendor != "postgresql":
        pytest.skip("about PostgreSQL only")


@pytest.fixture(scope="session")
def data_real():
    """The folder of files from public repositories, which lie beside this one."""
    if not (DATA_REAL / "index.json").exists():
        pytest.skip(not_run("data", f"The real files are not at {DATA_REAL}"))
    return DATA_REAL


@pytest.fixture(scope="session")
def data_real_index(data_real):
    """What is known of each of those files."""
    return json.loads((data_real / "index.json").read_text())
