#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""The way in: `python3 manage.py start`, `test`, `quality`, and every Django command.

Written so that an old Python understands it too and can name the cure.
"""

import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
NEEDED = (3, 12)
TOO_OLD = """\
Нужен Python 3.12 или новее, а найден только {found}. Установите его и повторите команду:
Python 3.12 or newer is needed; only {found} was found. Install it and run the command again:
    Debian, Ubuntu:  sudo apt install python3 python3-venv
    macOS:           brew install python@3.13
    pyenv:           pyenv install 3.13
    uv:              uv python install 3.13
"""


def is_new_enough(python):
    """Whether this program is a Python that we can run on; a broken one is not."""
    check = "import sys; sys.exit(sys.version_info < {0!r})".format(NEEDED)
    with open(os.devnull, "w") as nowhere:
        try:
            return subprocess.call([python, "-c", check], stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False


def pythons():
    """Where a newer Python may be: our own, the path, pyenv's versions, uv's."""
    yield os.path.join(ROOT, ".venv", "bin", "python")
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        for name in ("python3.14", "python3.13", "python3.12"):
            yield os.path.join(folder, name)
    pyenv = os.path.join(os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv"), "versions")
    if os.path.isdir(pyenv):
        for version in sorted(os.listdir(pyenv), reverse=True):
            yield os.path.join(pyenv, version, "bin", "python")
    try:
        with open(os.devnull, "w") as nowhere:
            found = subprocess.check_output(["uv", "python", "find", ">=3.12"], stderr=nowhere)
        yield found.decode().strip()
    except (OSError, subprocess.CalledProcessError):
        pass


def main():
    if sys.version_info < NEEDED:
        for python in pythons():
            if os.path.exists(python) and is_new_enough(python):
                command = [python, os.path.abspath(__file__)] + sys.argv[1:]
                if os.name == "nt":  # exec there returns to the prompt at once
                    sys.exit(subprocess.call(command))
                os.execv(python, command)
        sys.stderr.write(TOO_OLD.format(found=sys.version.split()[0]))
        sys.exit(1)

    from cjm import bootstrap

    bootstrap.enter(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cjm.settings")

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
