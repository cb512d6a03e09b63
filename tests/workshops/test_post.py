"""The outcome by mail: for who asks for it, with a tick, to an address that is gone afterwards."""

import logging
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from changes.models import Change
from teams.personal import erase, export
from tests.support.people import signed_in
from tests.support.routes import everything
from workshops import post
from workshops.edits import guests, meeting
from workshops.models import Address, Workshop

EMAIL = "marina@example.org"

pytestmark = pytest.mark.usefixtures("mail_server")


@pytest.fixture
def over(writing_room):
    """A workshop that is over, with Marina and Igor."""
    meeting.end(writing_room.room.workshop, by=writing_room.room.by)
    return writing_room


def ask(found, guest=None, *, email: str = EMAIL, agreed: str = "1", language: str = "ru"):
    client = found.room.client(guest or found.marina)
    client.cookies["language"] = language
    path = reverse("leave_address", args=[found.room.pk])
    return client.post(path, {"email": email, **({"agreed": agreed} if agreed else {})})


def send(anna, found):
    answer = signed_in(anna).post(reverse("send_outcome", args=[found.room.pk]))
    post.deliver(found.room.pk)
    return answer


def outcome(anna, found, language: str = "en") -> str:
    client = signed_in(anna)
    client.cookies["language"] = language
    return client.get(reverse("outcome", args=[found.room.pk])).text


def phone(found, guest=None) -> str:
    client = found.room.client(guest or found.marina)
    client.cookies["language"] = "en"
    return client.get(reverse("room", args=[found.room.pk])).text


def test_each_gets_one_mail_with_the_link_in_their_language(anna, over):
    assert ask(over).status_code == 200
    assert ask(over, over.igor, email="igor@example.org", language="en").status_code == 200
    assert send(anna, over).status_code == 302
    link = f"https://maps.example.org/outcome/{over.room.workshop.outcome_token}/"
    assert [one.to for one in mail.outbox] == [[EMAIL], ["igor@example.org"]]
    assert [one.from_email for one in mail.outbox] == ["maps@example.org"] * 2
    russian, english = mail.outbox
    with translation.override("ru"):
        assert translation.gettext("Read the outcome") in russian.alternatives[0].content
    assert "Read the outcome" in english.alternatives[0].content
    for one in mail.outbox:
        assert link in one.body and link in one.alternatives[0].content
        assert not one.cc and not one.bcc and not one.attachments
    assert Client().get(link.removeprefix("https://maps.example.org")).status_code == 200


def test_an_address_is_gone_once_its_mail_is(anna, over):
    ask(over)
    assert send(anna, over).status_code == 302
    assert not Address.objects.exists()
    assert EMAIL not in str(everything())
    assert "Sent to 1 participant; the address is deleted." in outcome(anna, over)
    post.deliver(over.room.pk)
    assert len(mail.outbox) == 1


def test_nothing_is_kept_without_the_tick(over):
    assert ask(over, agreed="").status_code == 422
    assert not Address.objects.exists()


@pytest.mark.parametrize("odd", ["", "marina", "a@b.ru, c@d.ru", "a@b.ru\nBcc: c@d.ru", "a@b" * 99])
def test_what_is_no_address_is_refused(over, odd):
    assert ask(over, email=odd).status_code == 422
    assert not Address.objects.exists()


def test_one_guest_names_three_addresses_a_day(over):
    for number in range(3):
        assert ask(over, email=f"a{number}@example.org").status_code == 200
    assert ask(over).status_code == 409
    assert [one.email for one in Address.objects.all()] == ["a2@example.org"]


def test_it_can_be_left_while_the_room_works_and_taken_back(writing_room):
    found = writing_room
    assert "leave-address" in phone(found)
    ask(found)
    path = reverse("take_address_back", args=[found.room.pk])
    assert found.room.client(found.marina).post(path).status_code == 200
    assert not Address.objects.exists()


def test_nobody_but_its_guest_reads_an_address(anna, over):
    ask(over)
    assert EMAIL in phone(over)
    assert EMAIL not in phone(over, over.igor)
    assert EMAIL not in outcome(anna, over)
    assert EMAIL not in str(list(Change.objects.values()))
    for name, pk in (("votes_csv", over.room.pk), ("export_json", over.room.workshop.journey_id)):
        assert EMAIL not in signed_in(anna).get(reverse(name, args=[pk])).text


def test_whoever_asks_after_it_was_sent_gets_it_at_once(
    anna, over, monkeypatch, django_capture_on_commit_callbacks
):
    ask(over)
    send(anna, over)
    monkeypatch.setattr(post, "_deliver_alone", post.deliver)
    with django_capture_on_commit_callbacks() as callbacks:
        ask(over, over.igor, email="igor@example.org")
    assert len(callbacks) == 1
    post.deliver(over.room.pk)
    assert mail.outbox[-1].to == ["igor@example.org"]
    shared = reverse("shared_outcome", args=[over.room.workshop.outcome_token])
    assert shared in phone(over, over.igor)


def test_a_link_taken_back_sends_nothing_and_is_shown_nowhere(anna, over):
    ask(over)
    send(anna, over)
    signed_in(anna).post(reverse("share_outcome", args=[over.room.pk]))
    ask(over, over.igor, email="igor@example.org")
    post.deliver(over.room.pk)
    assert len(mail.outbox) == 1
    Workshop.objects.update(outcome_sent_at=timezone.now() - timedelta(minutes=5))
    assert "<b>1</b> participant who asked for the outcome" in outcome(anna, over)
    assert "/outcome/" not in phone(over)


def test_a_server_that_fails_keeps_the_rest_waiting_and_logs_no_address(
    anna, over, monkeypatch, caplog
):
    ask(over)

    def fail(self, messages):
        raise SMTPServerDisconnected(f"while sending to {EMAIL}")

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", fail)
    with caplog.at_level(logging.DEBUG):
        send(anna, over)
    assert Address.objects.get().taken_at is None
    assert "SMTPServerDisconnected" in caplog.text
    assert EMAIL not in caplog.text
    monkeypatch.undo()
    post.deliver(over.room.pk)
    assert not Address.objects.exists()


def test_a_mailbox_that_is_not_there_holds_nobody_up(anna, over, monkeypatch):
    ask(over)
    ask(over, over.igor, email="igor@example.org")
    real = locmem.EmailBackend.send_messages

    def refuse(self, messages):
        if messages[0].to == [EMAIL]:
            raise SMTPRecipientsRefused({EMAIL: (550, b"no such user")})
        return real(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    send(anna, over)
    assert [one.to for one in mail.outbox] == [["igor@example.org"]]
    assert not Address.objects.exists()


def test_what_another_sender_has_taken_is_left_to_them(anna, over):
    ask(over)
    signed_in(anna).post(reverse("send_outcome", args=[over.room.pk]))
    Address.objects.update(taken_at=timezone.now())
    post.deliver(over.room.pk)
    assert not mail.outbox
    Address.objects.update(taken_at=timezone.now() - timedelta(minutes=3))
    post.deliver(over.room.pk)
    assert len(mail.outbox) == 1


def test_it_is_not_sent_before_the_end(anna, writing_room):
    ask(writing_room)
    assert send(anna, writing_room).status_code == 409
    assert not mail.outbox


def test_a_title_adds_no_header(anna, over):
    journey = over.room.workshop.journey
    journey.title = "Bouquet\nBcc: igor@example.org"
    journey.save()
    ask(over)
    send(anna, over)
    sent = mail.outbox[0].message()
    assert "\n" not in sent["Subject"] and sent["Bcc"] is None


def test_whoever_was_shown_out_is_not_sent_it(anna, writing_room):
    found = writing_room
    ask(found)
    guests.remove(found.room.workshop, found.marina.pk, by=found.room.by)
    assert not Address.objects.exists()  # they could not take it back any more
    assert ask(found).status_code == 410
    meeting.end(found.room.workshop, by=found.room.by)
    send(anna, found)
    assert not mail.outbox


def test_it_goes_with_the_guests_name(over, flowers):
    ask(over)
    ended = timezone.now() - timedelta(days=90)
    Workshop.objects.update(ended_at=ended)
    guests.forget_names(flowers)
    assert not Address.objects.exists()


def test_a_member_who_came_as_a_guest_is_told_of_it_and_let_go(vera, over):
    ask(over, email=vera.email.upper())
    assert b'"outcome_wanted": [\n' in export(vera)
    erase(vera)
    assert not Address.objects.exists()


def test_without_a_mail_server_nobody_is_asked_and_there_is_a_message_to_copy(anna, over, settings):
    settings.MAIL_FROM = ""
    assert "leave-address" not in phone(over)
    assert ask(over).status_code == 410
    signed_in(anna).post(reverse("share_outcome", args=[over.room.pk]))
    page = outcome(anna, over)
    assert "Send the outcome" not in page
    assert 'data-copy-from="outcome-message"' in page
