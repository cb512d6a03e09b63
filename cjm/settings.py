"""All settings, read from the environment: one file, no secret in it.

Names begin with `CJM_`; an unknown one is refused, because a misspelt setting that is
silently ignored costs an operator an evening. `DATABASE_URL` is the one exception.
"""

import os
import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from ui import logs

ROOT = Path(__file__).resolve().parent.parent

KNOWN = {
    "CJM_VAR": "data folder (database of the embedded default, secret key, caches)",
    "CJM_SECRET_KEY": "signing key; made and kept in the data folder when absent",
    "CJM_DEBUG": "1 shows error details; never in production",
    "CJM_ALLOWED_HOSTS": "comma-separated host names; `*` for a room on one network",
    "CJM_PUBLIC_URL": "the address people type, e.g. https://maps.example.org",
    "CJM_TRUSTED_PROXIES": "how many proxies stand in front (0 = none)",
    "CJM_LANGUAGE": "ru or en: the language where a browser asks for neither",
    "CJM_TIME_ZONE": "e.g. Europe/Moscow",
    "CJM_METRICS_TOKEN": "who says `Authorization: Bearer …` with it may read /metrics",
    "CJM_LOG": "json: a line for machines, the way of `serve`; text: words for people",
    "CJM_MAIL_URL": "the mail server, e.g. smtp://user:password@mail.example.org",
    "CJM_MAIL_FROM": "whom mails come from, e.g. Journey maps <maps@example.org>",
    "CJM_POOL_SIZE": "database connections a process may hold (PostgreSQL)",
    # Read by manage.py and the tests, listed here so that they are known.
    "CJM_NO_VENV": "manage.py uses the interpreter as it is",
    "CJM_REQUIRE": "tests: what must not be missing, e.g. browser,postgres",
    "CJM_CHROMIUM": "tests: the browser to use",
    "CJM_FUZZ": "tests: 1 tries all odd posts and files, 0.1 a tenth; see tests/test_fuzz.py",
    "CJM_TEST_DATABASE_URL": "tests: the PostgreSQL server to use",
}

_unknown = sorted(name for name in os.environ if name.startswith("CJM_") and name not in KNOWN)
if _unknown:
    raise ImproperlyConfigured(
        f"Unknown setting {', '.join(_unknown)}. Known: {', '.join(sorted(KNOWN))}."
    )


def _env(name: str, default: str = "") -> str:
    if name not in KNOWN:
        raise ImproperlyConfigured(f"{name} is not in KNOWN")
    return os.environ.get(name, default)


POOL_SIZE = int(_env("CJM_POOL_SIZE", "12"))  # connections of a process to PostgreSQL
STREAM_THREADS = 4  # ask the database for the live streams (live/hub.py)


def _database(url: str) -> dict:
    """`DATABASE_URL` as a Django database: sqlite:///path or postgresql://user:pw@host/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else unquote(parts.path),
            "CONN_MAX_AGE": 60,  # seconds a thread keeps its connection; PostgreSQL has a pool
            "OPTIONS": {
                "timeout": 5,
                # Writers queue at BEGIN instead of failing half-way through.
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    f"PRAGMA journal_mode={_SQLITE_JOURNAL};"
                    "PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                ),
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(parse_qsl(parts.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": query.pop("host", "") or parts.hostname or "",
            "PORT": str(parts.port or query.pop("port", "")),
            "CONN_HEALTH_CHECKS": True,  # a connection cut while it waited is replaced unseen
            "OPTIONS": {
                "pool": {
                    "min_size": min(2, POOL_SIZE),
                    "max_size": POOL_SIZE,
                    "timeout": 2,
                    # Gives up soon and tries again for the next request: a database that comes
                    # back after an hour is found within seconds, not after a grown pause.
                    "reconnect_timeout": 3,
                },
                "options": (
                    "-c statement_timeout=5000 -c lock_timeout=2000"
                    " -c idle_in_transaction_session_timeout=10000"
                ),
                "connect_timeout": 5,
                # A peer that vanished without a word is noticed by the kernel.
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 3,
                "tcp_user_timeout": 15_000,
                **query,
            },
        }
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgresql://")


# A write-ahead log may be corrupted by SQLite libraries older than 3.51.3.
_SQLITE_JOURNAL = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"


def _secret_key(folder: Path) -> str:
    """The given key, or one made once and kept in the data folder."""
    if given := _env("CJM_SECRET_KEY"):
        return given
    path = folder / "secret_key"
    if not path.exists():
        # Written whole under another name first: a second process must not read half a key.
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text()


VAR = Path(_env("CJM_VAR") or ROOT / "var").resolve()
VAR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = _secret_key(VAR)
DEBUG = _env("CJM_DEBUG") == "1"

PUBLIC_URL = _env("CJM_PUBLIC_URL").rstrip("/")
ALLOWED_HOSTS = [host for host in _env("CJM_ALLOWED_HOSTS").split(",") if host] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
]
if PUBLIC_URL:
    ALLOWED_HOSTS.append(urlsplit(PUBLIC_URL).hostname or "")
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
METRICS_TOKEN = _env("CJM_METRICS_TOKEN")
TRUSTED_PROXIES = int(_env("CJM_TRUSTED_PROXIES", "0"))
_HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "ui",
    "live",
    "teams",
    "changes",
    "personas",
    "journeys",
    "workshops",
    "reports",
    "cjm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "cjm.middleware.safe_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "teams.middleware.LanguageMiddleware",
    "cjm.middleware.readable_only",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "teams.middleware.SignInRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "cjm.urls"
ASGI_APPLICATION = "cjm.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "ui.templatetags.ui",
            ],
        },
    }
]

DATABASES = {
    "default": _database(os.environ.get("DATABASE_URL") or f"sqlite://{VAR / 'cjm.sqlite3'}")
}
# Requests answered at once; more wait for their turn. Fewer than the pool has connections, so
# that streams always find one, however many requests wait for a locked row.
REQUEST_THREADS = (
    16 if DATABASES["default"]["ENGINE"].endswith("sqlite3") else max(1, POOL_SIZE - STREAM_THREADS)
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "teams.User"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
if _HTTPS:
    # A name by which browsers refuse what another host of the same domain has set.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    # Sent only in answer to https, which behind a proxy needs CJM_TRUSTED_PROXIES.
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
CSRF_FAILURE_VIEW = "teams.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


MAIL_FROM = _env("CJM_MAIL_FROM")


def _mailer(url: str) -> dict:
    """`CJM_MAIL_URL` as Django's way to send mail: smtp:// goes over to TLS after the greeting,
    smtps:// begins with it, smtp://localhost:25?tls=no is for a relay on this machine."""
    backends = "django.core.mail.backends"
    if not (url or MAIL_FROM):
        return {"BACKEND": f"{backends}.dummy.EmailBackend"}
    if not (url and MAIL_FROM and PUBLIC_URL):
        raise ImproperlyConfigured("Mail needs CJM_MAIL_URL, CJM_MAIL_FROM and CJM_PUBLIC_URL")
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ImproperlyConfigured("CJM_MAIL_URL must be smtp://… or smtps://… with a host")
    direct = parts.scheme == "smtps"
    options = {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": direct,
        "use_tls": not direct and dict(parse_qsl(parts.query)).get("tls") != "no",
        "timeout": 15,
    }
    return {"BACKEND": f"{backends}.smtp.EmailBackend", "OPTIONS": options}


MAILERS = {"default": _mailer(_env("CJM_MAIL_URL"))}

LANGUAGE_CODE = _env("CJM_LANGUAGE", "ru")
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [ROOT / "cjm" / "locale"]
TIME_ZONE = _env("CJM_TIME_ZONE", "Europe/Moscow")
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
# `static/build` holds what set-up makes: the subset fonts.
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "cjm.storage.StaticFiles"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = VAR / "media"

# One request may be 20 MB; the limits of a map stand in journeys/limits.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The longest post is 5,000 pasted lines, each with its id.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 11_000

LOGGING = logs.config(_env("CJM_LOG"))
