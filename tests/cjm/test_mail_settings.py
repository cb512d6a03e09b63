"""`CJM_MAIL_URL` as Django's way to send mail."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cjm import settings

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def said(monkeypatch):
    monkeypatch.setattr(settings, "MAIL_FROM", "maps@example.org")
    monkeypatch.setattr(settings, "PUBLIC_URL", "https://maps.example.org")


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (
            "smtp://me:p%40ss@mail.example.org",
            ("mail.example.org", None, "me", "p@ss", True, False),
        ),
        ("smtps://mail.example.org:4650", ("mail.example.org", 4650, "", "", False, True)),
        ("smtp://localhost:25?tls=no", ("localhost", 25, "", "", False, False)),
    ],
)
def test_the_address_says_how(url, options):
    names = ("host", "port", "username", "password", "use_tls", "use_ssl")
    found = settings._mailer(url)["OPTIONS"]
    assert tuple(found[name] for name in names) == options


@pytest.mark.parametrize("url", ["", "mail.example.org", "http://mail.example.org"])
def test_half_a_setting_is_refused_at_the_start(url):
    with pytest.raises(ImproperlyConfigured):
        settings._mailer(url)


def test_links_need_an_address_of_their_own(monkeypatch):
    monkeypatch.setattr(settings, "PUBLIC_URL", "")
    with pytest.raises(ImproperlyConfigured):
        settings._mailer("smtp://mail.example.org")


def test_without_any_of_it_nothing_is_sent(monkeypatch):
    monkeypatch.setattr(settings, "MAIL_FROM", "")
    assert settings._mailer("")["BACKEND"].endswith("dummy.EmailBackend")
