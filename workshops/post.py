"""The outcome by mail to those who asked for it.

An address is its guest's, no part of the map or the workshop: it goes round the one door, so that
no history has it. Whatever could not be sent waits for the next press; a row is taken before its
mail goes, so that two senders never send the same.
"""

import logging
import threading
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from changes.record import Gone, Refused
from teams import mail, throttle

from .models import Address, Guest, Workshop

log = logging.getLogger(__name__)

TAKEN_FOR = timedelta(minutes=2)  # whoever took it and has not sent it by then is gone
BEGINS = timedelta(seconds=3)
A_DAY = 3  # addresses that one guest may name: each may be a mail to a stranger


def may_leave(workshop: Workshop) -> bool:
    """Whether guests are asked for an address: only where mail can reach them."""
    return mail.is_set_up() and workshop.journey.rehearses_id is None


def leave(guest: Guest, email: str, *, language: str) -> None:
    """Keeps where a guest wants the outcome sent to. Raises ValidationError, Refused."""
    if not may_leave(guest.workshop):
        raise Gone
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError({"email": [_("This is not an e-mail address.")]}) from None
    try:
        throttle.count("address", guest.key, limit=A_DAY, minutes=24 * 60)
    except throttle.TooMany:
        raise Refused(_("That is enough for today.")) from None
    said = {"email": email, "language": language, "agreed_at": timezone.now(), "taken_at": None}
    Address.objects.update_or_create(guest=guest, defaults=said)
    # What was sent while this was on its way has not had this address.
    guest.workshop.refresh_from_db(fields=["outcome_sent_at", "outcome_token"])
    if is_open(guest.workshop):
        begin(guest.workshop_id)


def take_back(guest: Guest) -> None:
    """The consent is withdrawn: the address goes at once."""
    Address.objects.filter(guest=guest).delete()


def is_open(workshop: Workshop) -> bool:
    """Whether whoever asks for it gets it at once: it was sent, and the link still works."""
    return bool(workshop.outcome_sent_at and workshop.outcome_token)


def waiting(workshop: Workshop) -> QuerySet[Address]:
    """Those who asked for the outcome and haven't got it, also while it is being sent."""
    return Address.objects.filter(guest__workshop=workshop, guest__removed_at=None)


def letter(workshop: Workshop, to: str, language: str):
    """The mail that one of them gets."""
    token = workshop.outcome_token
    path = reverse("shared_outcome", args=[token]) if token else "/outcome/…/"
    link = mail.absolute(path)
    context = {"workshop": workshop, "journey": workshop.journey, "link": link}
    return mail.message(to, "outcome", context, language)


def begin(workshop_id: UUID) -> None:
    """Sends what waits, beside the request."""
    thread = threading.Thread(target=_deliver_alone, args=(workshop_id,), daemon=True)
    transaction.on_commit(thread.start)


def _deliver_alone(workshop_id: UUID) -> None:
    try:
        deliver(workshop_id)
    except Exception as error:  # whose words might name an address
        log.error("Outcome %s: not sent: %s", workshop_id, type(error).__name__)
    finally:
        connection.close()


def deliver(workshop_id: UUID) -> None:
    """A mail each, one after another; an address goes as soon as its mail has, or when there is no
    such mailbox. A server that fails keeps the rest waiting, and so does a link taken back."""
    workshop = Workshop.objects.select_related("journey").get(pk=workshop_id)
    try:
        with mail.connected() as server:
            while is_open(workshop) and (address := _take(workshop)):
                _send(workshop, address, server)
                workshop.refresh_from_db(fields=["outcome_token"])
    except mail.Unreachable as error:
        log.warning("Outcome %s: the mail server fails: %s", workshop_id, error)


def _send(workshop: Workshop, address: Address, server) -> None:
    mine = Address.objects.filter(pk=address.pk, taken_at=address.taken_at)
    try:
        mail.send(letter(workshop, address.email, address.language), server)
    except mail.NoSuchAddress as error:
        log.warning("Outcome %s: an address is refused: %s", workshop.pk, error)
    except mail.Unreachable:
        mine.update(taken_at=None)
        raise
    else:
        Workshop.objects.filter(pk=workshop.pk).update(outcome_sent=F("outcome_sent") + 1)
    mine.delete()  # unless another was named meanwhile


def _take(workshop: Workshop) -> Address | None:
    """The next address, which is nobody else's for a while."""
    now = timezone.now()
    free = waiting(workshop).filter(Q(taken_at=None) | Q(taken_at__lt=now - TAKEN_FOR))
    for address in free.order_by("pk"):
        mine = Address.objects.filter(pk=address.pk, taken_at=address.taken_at)
        if mine.update(taken_at=now):
            address.taken_at = now
            return address
    return None


def is_sending(workshop: Workshop) -> bool:
    """Whether mails are on their way just now."""
    now = timezone.now()
    if workshop.outcome_sent_at and workshop.outcome_sent_at > now - BEGINS:
        return True
    return waiting(workshop).filter(taken_at__gt=now - TAKEN_FOR).exists()
