"""The real settings, with a data folder of our own and nothing slow that no test needs."""

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:
    # Set before the real settings are read; pytest's own workers inherit it.
    os.environ["CJM_VAR"] = tempfile.mkdtemp(prefix="cjm-test-")
    atexit.register(shutil.rmtree, os.environ["CJM_VAR"], ignore_errors=True)
os.environ["CJM_SECRET_KEY"] = "for tests only"

from cjm.settings import *  # noqa: F403
from cjm.settings import DATABASES, STATIC_ROOT, STORAGES, VAR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a folder that isn't there
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 3600  # a browser that goes from test to test asks once

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Threads that end with a test must not leave a connection open.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A file, not memory: the server's threads open it too. Tests don't outlive a power cut.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
    options = DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("FULL", "OFF")
