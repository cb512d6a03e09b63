"""Mail: one message to one person, in their language. Where no server is set up for it none is
sent, and nobody is asked for what it would need."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation


class Unreachable(Exception):
    """The mail server doesn't answer or takes nothing just now."""


class NoSuchAddress(Exception):
    """The mail server won't deliver to it, now or later."""


def is_set_up() -> bool:
    return bool(settings.MAIL_FROM)


def message(to: str, name: str, context: Mapping, language: str) -> EmailMultiAlternatives:
    """A message from `mail/<name>.txt`, whose first line is the subject, and `mail/<name>.html`."""
    with translation.override(language):
        text = render_to_string(f"mail/{name}.txt", {**context})
        html = render_to_string(f"mail/{name}.html", {**context})
    subject, _line, body = text.strip().partition("\n")
    made = EmailMultiAlternatives(
        " ".join(subject.split()),
        body.strip() + "\n",
        settings.MAIL_FROM,
        [to],
        headers={"Auto-Submitted": "auto-generated"},  # nobody's holiday answers it
    )
    made.attach_alternative(html, "text/html")
    return made


@contextmanager
def connected() -> Iterator[BaseEmailBackend]:
    """The server, for several messages in a row. Raises Unreachable."""
    connection = mailers.default
    try:
        connection.open()
    except OSError as error:
        raise Unreachable(type(error).__name__) from None
    try:
        yield connection
    finally:
        connection.close()


def send(one: EmailMultiAlternatives, connection: BaseEmailBackend) -> None:
    """Sends a message. Raises Unreachable or NoSuchAddress; neither says whose, as logs don't."""
    try:
        connection.send_messages([one])
    except SMTPRecipientsRefused as refused:
        lasting = all(code >= 500 for code, _words in refused.recipients.values())
        raise (NoSuchAddress if lasting else Unreachable)("SMTPRecipientsRefused") from None
    except (ValueError, SMTPNotSupportedError) as error:  # that no mail can carry
        raise NoSuchAddress(type(error).__name__) from None
    except OSError as error:  # as all of smtplib's are
        raise Unreachable(type(error).__name__) from None


def absolute(path: str) -> str:
    """A link that works wherever the mail is read."""
    return f"{settings.PUBLIC_URL}{path}"
