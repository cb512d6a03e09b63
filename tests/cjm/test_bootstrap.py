"""The way from a clone to a running server, piece by piece."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

import manage
from cjm import assets, bootstrap

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "de_DE.UTF-8"}, "ru"),
        ({"LC_ALL": "en_US", "LANG": "ru_RU"}, "en"),
        ({}, "ru"),
    ],
)
def test_the_language_is_the_locales_else_russian(monkeypatch, environment, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert bootstrap.language() == language


def test_an_old_python_understands_the_way_in():
    source = Path(settings.ROOT, "manage.py").read_text()

    assert ast.parse(source, feature_version=(3, 7))
    assert "f'" not in source and 'f"' not in source


def test_too_old_and_broken_pythons_are_passed_over(tmp_path):
    old = tmp_path / "python3.12"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    assert [manage.is_new_enough(python) for python in (sys.executable, str(old), "/nowhere")] == [
        True,
        False,
        False,
    ]


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """Ana's clone: locks, and an environment that notes each installation instead of making it."""
    locks = {name: tmp_path / f"{name}.txt" for name in ("base", "dev", "metrics")}
    for name, path in locks.items():
        path.write_text(name)
    python = tmp_path / ".venv" / "python"
    python.parent.mkdir()
    python.touch()
    installed = []
    monkeypatch.setattr(bootstrap, "LOCKS", locks)
    monkeypatch.setattr(bootstrap, "PYTHON", python)
    monkeypatch.setattr(bootstrap, "INSTALLED", tmp_path / ".venv" / "locks.json")
    monkeypatch.setattr(
        bootstrap, "_install_with_uv", lambda lock: installed.append(lock.name) or True
    )
    return installed


def test_a_second_start_installs_nothing(environment):
    bootstrap.install("base")
    bootstrap.install("base")

    assert environment == ["base.txt"]


def test_a_start_after_the_tests_installs_nothing(environment):
    bootstrap.install("dev")
    bootstrap.install("base")

    assert environment == ["dev.txt"]


def test_an_extra_is_installed_beside_the_rest(environment):
    bootstrap.install("base")
    bootstrap.install("metrics")
    bootstrap.install("base")

    assert environment == ["base.txt", "metrics.txt"]


def test_a_new_lock_is_installed(environment):
    bootstrap.install("base")
    bootstrap.LOCKS["base"].write_text("base, a month later")
    bootstrap.install("base")

    assert environment == ["base.txt", "base.txt"]


def test_a_failed_installation_is_told_with_its_cure_and_tried_again(
    environment, monkeypatch, capsys
):
    monkeypatch.setenv("LC_ALL", "en_US")
    monkeypatch.setattr(bootstrap, "_install_with_uv", lambda lock: False)
    monkeypatch.setattr(bootstrap, "_install_with_pip", lambda lock: False)

    with pytest.raises(SystemExit):
        bootstrap.install("base")

    assert "there is no network" in capsys.readouterr().err
    assert not bootstrap.INSTALLED.exists()


def test_a_server_for_the_room_answers_to_any_name(monkeypatch):
    monkeypatch.setenv("CJM_ALLOWED_HOSTS", "placeholder")
    monkeypatch.delenv("CJM_ALLOWED_HOSTS")

    bootstrap._open_to_the_room(["manage.py", "start", "--port", "9000", "--host", "0.0.0.0"])

    assert bootstrap.os.environ["CJM_ALLOWED_HOSTS"] == "*"


def test_a_server_for_this_machine_does_not(monkeypatch):
    monkeypatch.delenv("CJM_ALLOWED_HOSTS", raising=False)

    bootstrap._open_to_the_room(["manage.py", "start"])

    assert "CJM_ALLOWED_HOSTS" not in bootstrap.os.environ


def test_the_web_font_draws_russian_and_every_weight():
    from fontTools.ttLib import TTFont

    assets.build()
    font = TTFont(assets.FONTS / "onest.woff2")

    missing = [
        sign for sign in "Ёжик, съешь ещё — «№ 5» ₽ → − ×" if ord(sign) not in font.getBestCmap()
    ]
    axis = font["fvar"].axes[0]
    assert (missing, axis.axisTag, axis.minValue, axis.maxValue) == ([], "wght", 100, 900)


def test_translations_are_compiled_when_they_change(tmp_path):
    source = tmp_path / "django.po"
    source.write_text('msgid ""\nmsgstr ""\n\nmsgid "Map"\nmsgstr "Карта"\n')
    assets._compile(source)
    first = source.with_suffix(".mo").stat().st_mtime_ns
    assets._compile(source)

    assert "Карта".encode() in source.with_suffix(".mo").read_bytes()
    assert source.with_suffix(".mo").stat().st_mtime_ns == first


def settings_with(**environment) -> subprocess.CompletedProcess:
    """What the settings say of themselves in another environment."""
    code = (
        "from cjm import settings as s; d = s.DATABASES['default'];"
        "print(d['ENGINE'].rpartition('.')[2], d['NAME'], d.get('HOST'), d.get('USER'))"
    )
    clean = {k: v for k, v in bootstrap.os.environ.items() if k in ("PATH", "CJM_VAR")}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("sqlite:////srv/maps.sqlite3", "sqlite3 /srv/maps.sqlite3 None None"),
        (
            "postgresql://ana:p%40ss@db.example.org:5433/maps",
            "postgresql maps db.example.org ana",
        ),
        ("postgresql://ana@/maps?host=/run/pg", "postgresql maps /run/pg ana"),
    ],
)
def test_the_database_is_read_from_its_address(url, database):
    assert settings_with(DATABASE_URL=url).stdout.strip() == database


def test_a_misspelt_setting_is_refused():
    assert "Unknown setting CJM_LANGAUGE" in settings_with(CJM_LANGAUGE="en").stderr
