"""The server as people start it: its address, its data folder, its end."""

import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError
from django.utils import translation

from cjm import server
from tests.support.servers import ROOT, until


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_a_busy_port_is_told_with_a_free_one():
    with server.bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(CommandError, match=rf"127.0.0.1:{port} can't be used .* --port \d+"):
            server.bind("127.0.0.1", port)


def test_a_name_that_is_no_address_is_told():
    with pytest.raises(CommandError, match="There is no address"):
        server.bind("256.0.0.1", 8000)


def test_the_address_for_a_room_can_be_typed_on_another_machine():
    with server.bind("0.0.0.0", 0) as bound:
        address = server.address_of(bound)

    assert "0.0.0.0" not in address
    assert address.startswith("http://")


def test_a_data_folder_serves_once(tmp_path):
    with (
        server.folder_taken(tmp_path),
        pytest.raises(CommandError, match="Another server already works"),
        server.folder_taken(tmp_path),
    ):
        pass


def test_a_data_folder_is_free_when_its_server_is_gone(tmp_path):
    with server.folder_taken(tmp_path):
        pass
    with server.folder_taken(tmp_path):
        pass


def test_static_files_are_collected_once(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    server.collect_static()
    stamp = (tmp_path / ".collected").stat().st_mtime_ns
    server.collect_static()

    assert (tmp_path / ".collected").stat().st_mtime_ns == stamp
    assert (tmp_path / "build" / "onest.woff2").exists()


def test_a_server_starts_stops_and_keeps_its_data(server_process):
    address = server_process.start()
    first_link = server_process.sign_in_link
    assert first_link.startswith(address + "/")

    assert server_process.stop(signal.SIGTERM) == 0
    assert server_process.start() == address


@pytest.mark.one_engine
def test_a_stop_that_python_swallows_ends_the_process_all_the_same():
    """As when the signal comes while an import cleans up behind itself."""
    unlucky = """
import os, signal, time
from cjm import server

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)

server.AT_MOST = 0.1
server.leave_on_signals()
Finalized()
time.sleep(30)
"""
    done = subprocess.run([sys.executable, "-c", unlucky], stderr=subprocess.PIPE, timeout=20)
    assert done.returncode == 0 and b"SystemExit" in done.stderr


def test_a_killed_server_leaves_nothing_in_the_way(server_process):
    server_process.start()
    server_process.stop(signal.SIGKILL)

    assert server_process.start()


def test_a_second_server_on_the_same_folder_is_refused(server_process):
    if server_process.environment["DATABASE_URL"]:
        pytest.skip("about SQLite only")
    server_process.start()

    second = server_process.run("start", "--port", "0", "--no-demo")

    assert "Another server already works" in second.stdout
    assert second.returncode == 1


def test_several_workers_need_postgresql(server_process):
    if server_process.environment["DATABASE_URL"]:
        pytest.skip("about SQLite only")

    refused = server_process.run("serve", "--workers", "2")

    assert "SQLite serves from one process" in refused.stdout


def test_a_worker_that_dies_is_replaced(server_process, postgres_only):
    server_process.manage("migrate", "-v", "0")
    server_process.spawn("serve", "--workers", "2", "--port", "0")
    parent = server_process.process.pid
    until(lambda: len(_workers(parent)) == 2)
    unlucky, other = _workers(parent)

    os.kill(unlucky, signal.SIGKILL)
    until(lambda: unlucky not in _workers(parent) and len(_workers(parent)) == 2)

    assert other in _workers(parent)
    assert server_process.stop() == 0
    assert not _is_alive(other)


def test_workers_do_not_outlive_the_one_who_looks_after_them(server_process, postgres_only):
    server_process.manage("migrate", "-v", "0")
    server_process.spawn("serve", "--workers", "2", "--port", "0")
    parent = server_process.process.pid
    until(lambda: len(_workers(parent)) == 2)
    workers = _workers(parent)

    server_process.stop(signal.SIGKILL)

    until(lambda: not any(map(_is_alive, workers)))


def _workers(parent: int) -> list[int]:
    """The processes that serve, without the helper that multiprocessing keeps."""
    listed = subprocess.run(
        ["ps", "-ww", "--ppid", str(parent), "-o", "pid=,args="], capture_output=True, text=True
    )
    return [int(line.split()[0]) for line in listed.stdout.splitlines() if "spawn_main" in line]


def _is_alive(process: int) -> bool:
    """Listed, and not merely waiting to be forgotten."""
    listed = subprocess.run(["ps", "-o", "stat=", str(process)], capture_output=True, text=True)
    return listed.stdout.strip()[:1] not in ("", "Z")


def test_the_ci_script_is_sound():
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
