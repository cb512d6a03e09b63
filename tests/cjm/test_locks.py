"""The locks install the same files everywhere, from whichever index a machine is set up with."""

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.one_engine

LOCKS = sorted(Path(settings.ROOT, "cjm", "locks").glob("*.txt"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_no_address(lock):
    assert not re.findall(r"\w+://|--(?:extra-)?index|--find-links", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_has_a_version_and_a_hash(lock):
    text = re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    packages = re.findall(r"^[^ \n].*(?:\n .*)*", text, re.MULTILINE)

    loose = [p.split("\n")[0] for p in packages if "==" not in p or "--hash=sha256:" not in p]

    assert (bool(packages), loose) == (True, [])


def test_development_runs_on_what_users_run():
    base, dev, metrics = (
        set(re.findall(r"^([\w.-]+==[\w.]+)", lock.read_text(), re.MULTILINE)) for lock in LOCKS
    )

    assert (base | metrics) - dev == set()
