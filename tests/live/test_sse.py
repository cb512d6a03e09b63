"""The encoder: whatever people type, one event goes out as exactly one event."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live import sse

from .parts import Event, parse

pytestmark = pytest.mark.one_engine

NASTY = st.lists(
    st.sampled_from(
        ["\r\n", "\r", "\n", "\0", "id: 9", "data:", "event: x", ":", " ", "ж", "\ufeff"]
    )
    | st.text()
).map("".join)


@given(NASTY, st.none() | st.integers(0, 2**63), st.sampled_from([None, "hb"]))
def test_any_text_arrives_as_one_event(text, number, event):
    """Line breaks become LF and NUL goes; nothing else changes."""
    arrived = parse(sse.encode(text, id=number, event=event).decode())
    meant = re.sub("\r\n|\r", "\n", text.replace("\0", ""))
    assert arrived == [Event(meant, event or "", number)]


@pytest.mark.parametrize("forgets", ["\r\n|\n", "\r\n|\r", "\0"])
def test_an_encoder_that_forgets_a_line_break_is_found(monkeypatch, forgets):
    monkeypatch.setattr(sse, "_BREAK", re.compile(forgets))
    with pytest.raises(BaseException):  # noqa: B017 - one of many ways in which it reads otherwise
        test_any_text_arrives_as_one_event()


def test_an_empty_frame_still_carries_its_number():
    assert sse.encode("", id=7) == b"id: 7\ndata: \n\n"


def test_goodbye_says_when_to_come_back():
    (event,) = parse(sse.again().decode())
    assert event.event == "again"
    assert 500 <= event.retry <= 2500
