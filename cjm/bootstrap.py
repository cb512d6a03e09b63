"""From a fresh clone to a Python that has everything: runs before Django, standard library only.

`.venv` is made from the hashed locks. Which locks it holds is written into `.venv/locks.json`,
so that a second start installs nothing.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
INSTALLED = VENV / "locks.json"
LOCKS = {name: ROOT / "cjm" / "locks" / f"{name}.txt" for name in ("base", "dev", "metrics")}
NEED_DEV = {"test", "quality"}


def enter(argv: list[str]) -> None:
    """Come back only inside an environment that can run the command, with its assets built."""
    for stream in (sys.stdout, sys.stderr):
        # An ASCII terminal shows question marks instead of a traceback.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    command = argv[1] if len(argv) > 1 else ""
    if not os.environ.get("CJM_NO_VENV"):
        install("dev" if command in NEED_DEV else "base")
        if os.environ.get("CJM_METRICS_TOKEN"):
            install("metrics")
        if Path(sys.prefix).resolve() != VENV.resolve():
            _continue_in(PYTHON, argv)
    if command == "serve":
        os.environ.setdefault("CJM_LOG", "json")
    if command == "start":
        _open_to_the_room(argv)
    from cjm import assets  # needs what was installed just now

    assets.build()


def language() -> str:
    """The language of the machine's locale; Russian where it names none of ours."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "ru"
    return "ru"


def say(ru: str, en: str) -> None:
    """A line for the person at the terminal, before translations exist."""
    print({"ru": ru, "en": en}[language()], flush=True)


def fail(ru: str, en: str) -> NoReturn:
    """One clear sentence with its cure, and out."""
    print({"ru": ru, "en": en}[language()], file=sys.stderr, flush=True)
    sys.exit(1)


def install(name: str) -> None:
    """Make `.venv` hold the lock of this name, unless it does already."""
    wanted = {lock: hashlib.sha256(LOCKS[lock].read_bytes()).hexdigest() for lock in _within(name)}
    there = _installed()
    if PYTHON.exists() and all(there.get(lock) == digest for lock, digest in wanted.items()):
        return
    say(
        "Готовлю окружение .venv (один раз, около минуты)…",
        "Preparing the environment .venv (once, about a minute)…",
    )
    INSTALLED.unlink(missing_ok=True)
    if not (_install_with_uv(LOCKS[name]) or _install_with_pip(LOCKS[name])):
        fail(
            "Не удалось установить пакеты: причина — в строках выше. Чаще всего нет доступа"
            " в интернет. Проверьте сеть (за прокси — переменную HTTPS_PROXY, для своего"
            " зеркала — PIP_INDEX_URL) и повторите команду.",
            "The packages could not be installed: the reason is in the lines above. Most often"
            " there is no network. Check it (behind a proxy HTTPS_PROXY, for a mirror of your"
            " own PIP_INDEX_URL) and run the command again.",
        )
    INSTALLED.write_text(json.dumps(there | wanted))


def _within(name: str) -> list[str]:
    """The locks that installing this one satisfies: development has them all."""
    return ["base", "dev", "metrics"] if name == "dev" else [name]


def _installed() -> dict[str, str]:
    try:
        return json.loads(INSTALLED.read_text())
    except (OSError, ValueError):
        return {}


HASHED = ["--require-hashes", "--only-binary", ":all:", "--quiet", "-r"]


def _install_with_uv(lock: Path) -> bool:
    """With uv, where it is present and works: three times faster."""
    uv = shutil.which("uv")
    if not uv or not _quietly([uv, "--version"]):
        return False
    return (PYTHON.exists() or _quietly([uv, "venv", "--python", sys.executable, str(VENV)])) and (
        _quietly([uv, "pip", "install", "--python", str(PYTHON), *HASHED, str(lock)])
    )


def _install_with_pip(lock: Path) -> bool:
    has_pip = PYTHON.exists() and _quietly([str(PYTHON), "-m", "pip", "--version"])
    if not has_pip and not _quietly([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        shutil.rmtree(VENV, ignore_errors=True)
        fail(
            "Этот Python не может создать окружение: нет модуля venv или ensurepip."
            " В Debian и Ubuntu: sudo apt install python3-venv — и повторите команду.",
            "This Python cannot make an environment: venv or ensurepip is missing."
            " On Debian and Ubuntu: sudo apt install python3-venv, then run it again.",
        )
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2"]
    return subprocess.run([*pip, *HASHED, str(lock)]).returncode == 0


def _quietly(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True).returncode == 0


def _continue_in(python: Path, argv: list[str]) -> NoReturn:
    command = [str(python), str(ROOT / "manage.py"), *argv[1:]]
    if os.name == "nt":  # exec there returns to the prompt at once
        sys.exit(subprocess.call(command))
    os.execv(python, command)


def _open_to_the_room(argv: list[str]) -> None:
    """`start --host` beyond this machine: any name may be typed to reach it, so allow any.

    Settings are read once from the environment, hence before Django.
    """
    from argparse import ArgumentParser

    parser = ArgumentParser(add_help=False)
    parser.add_argument("--host", default="127.0.0.1")
    host = parser.parse_known_args(argv[2:])[0].host
    if host not in ("127.0.0.1", "localhost", "::1"):
        os.environ.setdefault("CJM_ALLOWED_HOSTS", "*")
