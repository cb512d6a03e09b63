"""The child process: what it may load, how long it may take, and how it is let go."""

import subprocess
import sys
from pathlib import Path

import pytest

from reports import render
from reports.assets import Assets, Forbidden
from reports.render import Cancelled, PangoMissing, RenderError, TooLong, make_document
from reports.sheets import Options

from .test_poster import plain

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "https://example.org/a.png",
        "file:///etc/passwd",
        "data:text/plain,hello",
        "asset:css/../tokens.css",
        "asset:font/secret",
        "asset:icon/none-such/ink",
        "asset:nothing",
    ],
)
def test_a_page_loads_our_assets_and_nothing_else(url):
    with pytest.raises(Forbidden):
        Assets().fetch(url)


@pytest.mark.parametrize(
    "url", ["asset:font/onest", "asset:css/poster.css", "asset:rail/8/1", "asset:face/-5/white"]
)
def test_our_assets_are_found(url):
    assert Assets().fetch(url).read()


def test_a_forbidden_address_fails_the_whole_document():
    from weasyprint import HTML

    with pytest.raises(Forbidden):
        HTML(string='<img src="http://127.0.0.1/a.png" alt="">', url_fetcher=Assets()).render()


def test_a_child_that_takes_too_long_is_killed(monkeypatch):
    monkeypatch.setattr(render, "SECONDS", 0)
    worker = render.Worker()
    with pytest.raises(TooLong):
        worker.run({"story": "{}", "options": {}}, lambda share: None, lambda: True)
    worker.end()

    assert worker.process.poll() is not None


def test_a_poster_nobody_wants_any_more_is_let_go():
    with pytest.raises(Cancelled):
        make_document(plain(3, 3), Options(), go_on=lambda: False)


def test_a_child_that_dies_is_an_error_and_the_next_one_works():
    worker = render.Worker()
    worker.process.kill()
    with pytest.raises(RenderError):
        worker.run({"story": "{}", "options": {}}, lambda share: None, lambda: True)
    worker.end()

    assert make_document(plain(1, 1), Options()).pages == 1


def test_a_warm_child_serves_many_posters_and_is_then_retired(monkeypatch):
    render.close()
    monkeypatch.setattr(render, "JOBS_OF_A_WORKER", 2)
    make_document(plain(1, 1), Options())
    (first,) = render._idle
    make_document(plain(1, 1), Options())

    assert render._idle == []
    assert first.process.poll() is not None


def test_progress_grows():
    told = []
    make_document(plain(2, 2), Options(), tell=told.append)

    assert told == sorted(told) and 0 < told[0] < told[-1] < 1


def test_the_child_inherits_no_secret(monkeypatch):
    monkeypatch.setenv("CJM_SECRET_KEY", "hush")
    worker = render.Worker()
    environment = Path(f"/proc/{worker.process.pid}/environ").read_bytes()
    worker.end()

    assert b"hush" not in environment


def test_without_pango_the_child_says_so(tmp_path):
    """A library of the name that WeasyPrint looks for, which can't be loaded."""
    broken = (
        "import ctypes.util, sys, cffi\n"
        "def missing(*_): raise OSError('cannot load library pango')\n"
        "cffi.FFI.dlopen = missing\n"
        "sys.argv = ['worker']\n"
        "from reports import worker\n"
        "worker.main()\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", broken],
        cwd=render.ROOT,
        input=b'{"story": "{}", "options": {}}\n',
        capture_output=True,
        timeout=60,
    )

    assert b'"error": "pango"' in child.stdout
    assert render._ERRORS["pango"] is PangoMissing
