"""The operator's page names what there is, and nothing else."""

import re

import pytest
from django.conf import settings as django_settings
from django.core.management import get_commands

from cjm.settings import KNOWN

pytestmark = pytest.mark.one_engine

PAGE = (django_settings.ROOT / "docs" / "self-hosting.md").read_text()


def test_every_setting_stands_in_the_table():
    told = set(re.findall(r"^\| `(CJM_\w+)` \|", PAGE, re.MULTILINE))
    ours = {name for name, words in KNOWN.items() if not words.startswith("tests:")}
    assert told == ours


def test_every_command_exists():
    named = set(re.findall(r"^(?:cjm|.*manage\.py) (\w+)", PAGE, re.MULTILINE))
    assert named >= {"backup", "restore", "move_to_postgres", "sign_in_link"}
    assert named <= set(get_commands())


def test_every_file_exists():
    named = re.findall(r"\]\((?!http)([\w./-]+)", PAGE)
    missing = [name for name in named if not (django_settings.ROOT / "docs" / name).exists()]
    assert missing == []
