"""Whatever is posted: an answer below 500, and where it is a refusal, a sentence and nothing done.

Walks the URL conf with the good posts of tests/support/routes.py, one field of each made odd.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import cycle, islice
from types import SimpleNamespace
from urllib.parse import quote_plus
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from changes.models import Change
from journeys import limits
from journeys.kinds import KINDS
from journeys.kinds.kind import common
from journeys.models import Card, Lane, Stage
from teams.models import Throttle
from tests.support.meetings import take_seats
from tests.support.people import signed_in
from tests.support.routes import ROUTES, address, everything, make_world, policy_of, post_to, undone
from ui.ids import uuid7

ODD = [
    "\0",
    "a\0b",
    "%ED%A0%80",
    "%FF%FE",
    "",
    " \n ",
    "NaN",
    "Infinity",
    "-1",
    "1e999",
    "9" * 5_000,
    "²",
    "0000-01-01",
    "99999-01-01",
    "9999-12-31",
    "[]",
    "<b>&amp;\u202e",
    "é" * 60_001,
]
# Posted by the board's scripts; the other routes take the forms of whole pages.
PAGES = {"rename_map", "delete_map", "restore_map", "duplicate_map"}
PAGES |= {"archive_map", "make_to_be", "make_template", "send_image", "look_at_block"}
PAGES |= {"keep_version", "back_to_version"}
PAGES |= {"new_workshop", "begin_workshop", "drop_workshop", "share_outcome", "send_outcome"}
PAGES |= {"keep_agenda", "rename_agenda", "delete_agenda"}
BY_SCRIPTS = ("map:edit", "workshop:run", "room:take_part")
EDITS = [name for name in ROUTES if policy_of(name, "POST") in BY_SCRIPTS and name not in PAGES]


@pytest.fixture
def ours(anna, flowers) -> SimpleNamespace:
    world = make_world(flowers, anna)
    world.rows = everything(Session, Throttle)
    return world


@pytest.fixture
def theirs(gleb, garage, ours) -> SimpleNamespace:
    world = make_world(garage, gleb)
    world.rows = ours.rows = everything(Session, Throttle)
    return world


@pytest.fixture
def client(anna, request) -> Client:
    client = signed_in(anna)  # before the rows are looked at: it has written when she came
    take_seats(client, request.getfixturevalue("ours"))
    client.raise_request_exception = False
    return client


def form(fields: dict) -> str:
    """The fields as a browser would send them; what is escaped already stays so."""
    pairs = []
    for name, values in fields.items():
        for value in values if isinstance(values, list) else [values]:
            text = str(value)
            pairs.append(f"{name}={text if re.match('%[A-F]', text) else quote_plus(text)}")
    return "&".join(pairs)


def posted(client: Client, path: str, fields: dict):
    if any(isinstance(value, SimpleUploadedFile) for value in fields.values()):
        return client.post(path, fields)
    return client.post(path, form(fields), content_type="application/x-www-form-urlencoded")


def sentence_of(answer) -> str:
    """What a person is told: a fragment's refusal, or something on the page."""
    said = re.split(r'class="[^"]*(?:refusal|error|toast)', answer.text, maxsplit=1)[-1]
    return re.sub(r"<[^>]*>", "", said)


@contextmanager
def as_before(client: Client) -> Iterator[None]:
    """A new password gives the client a session that is then taken back."""
    cookies = deepcopy(client.cookies)
    yield
    client.cookies = cookies


def check(client: Client, name: str, world, fields: dict, *, refused: bool = False) -> None:
    """Posts and takes it back. With `refused` it must not have been accepted."""
    with undone(), as_before(client):
        answer = posted(client, address(name, world), fields)
        said = f"{name} {str(fields)[:300]} → {answer.status_code}"
        assert answer.status_code < 500, said
        if answer.status_code >= 400:
            assert sentence_of(answer).strip(), said
            assert everything(Session, Throttle) == world.rows, said
        elif refused:
            pytest.fail(said)


WITH_FIELDS = sorted(
    name
    for name in ROUTES
    if name not in ("sign_in", "sign_in_link", "sign_out", "welcome", "join", "printout_cancel")
)


SHARES = 3  # of the odd values, dealt round the fields


@pytest.mark.parametrize("share", range(SHARES))
def test_any_value_in_any_field(client, ours, share):
    odd = cycle(ODD[share::SHARES])
    for name in WITH_FIELDS:
        for field, good in (post_to(name, ours) or {}).items():
            if not isinstance(good, SimpleUploadedFile):
                check(client, name, ours, {**post_to(name, ours), field: next(odd)})


@pytest.mark.parametrize("content", KINDS)
def test_any_value_in_any_field_of_a_content(client, ours, content):
    here = SimpleNamespace(**{**vars(ours), "card": {"touchpoint": ours.card[content]}})
    own = KINDS[content].fields.keys() - (common().keys() if content != "text" else set())
    odd_values = cycle(ODD)
    with undone():
        for field in sorted(own):
            for odd in islice(odd_values, 5):
                answer = posted(client, address("card", here), {field: odd})
                assert answer.status_code in (200, 410, 422), f"{field} {odd[:20]!r}"


def test_a_field_that_is_not_there_or_there_twice_or_unknown(client, ours):
    for name in WITH_FIELDS:
        good = post_to(name, ours) or {}
        for field in good:
            check(client, name, ours, {key: good[key] for key in good if key != field})
        for field, value in good.items():
            if not isinstance(value, SimpleUploadedFile | list):
                # Forms of whole pages take the last one, as every form does.
                check(client, name, ours, {**post_to(name, ours), field: [value, value]})
    for name in EDITS:
        if (good := post_to(name, ours)) is None:
            continue  # only read
        check(client, name, ours, {**good, "nonsense": "1"}, refused=True)
        for field in set(good) - {
            "persona",
            "id",
            "name",
            "tags_add",
            "card",
            "lifts",
            "stages",
        }:  # lists for some
            check(client, name, ours, {**good, field: [good[field]] * 2}, refused=True)


@pytest.mark.parametrize(
    ("name", "content", "field"),
    [
        ("add_card", "touchpoint", "stage"),
        ("add_card", "touchpoint", "lane"),
        ("move_card", "touchpoint", "stage"),
        ("move_card", "touchpoint", "lane"),
        ("card", "barrier", "touchpoint"),
        ("card", "task", "solution"),
        ("card", "solution", "resolves"),
        ("card", "metric", "metric"),
        ("set_personas", "touchpoint", "persona"),
        ("new_map", "touchpoint", "persona"),
        ("solve_conflict", "touchpoint", "choice"),
    ],
)
def test_ids_of_others_are_refused(client, ours, theirs, name, content, field):
    foreign = {
        "stage": theirs.stage["buy"],
        "lane": theirs.lane["touchpoint"],
        "touchpoint": theirs.card["touchpoint"],
        "solution": theirs.card["solution"],
        "resolves": theirs.card["barrier"],
        "metric": theirs.metric,
        "persona": theirs.persona,
        "choice": theirs.conflict,
    }[field]
    here = SimpleNamespace(
        **{**vars(ours), "card": {**ours.card, "touchpoint": ours.card[content]}}
    )
    good = {} if name == "card" else post_to(name, ours)
    for pk in (foreign.pk, uuid4(), ours.card["owner"].pk):
        if not (field == "resolves" and pk == ours.card["owner"].pk):
            check(client, name, here, {**good, field: pk}, refused=True)


@pytest.mark.parametrize("model", [Card, Stage, Lane])
def test_an_id_that_exists_is_no_new_one(client, ours, theirs, model):
    noun = model.__name__.lower()
    for name in (f"add_{noun}", f"duplicate_{noun}"):
        for world in (ours, theirs):
            taken = model.objects.filter(journey=world.map).first().pk
            check(client, name, ours, {**post_to(name, ours), "id": taken}, refused=True)


def test_lines_without_an_id_each_are_not_lost_in_silence(client, ours):
    place = {"stage": ours.stage["buy"].pk, "lane": ours.lane["text"].pk}
    check(client, "add_card", ours, {"id": uuid7(), "lines": ["a", "b"], **place}, refused=True)
    check(client, "add_card", ours, {"id": [uuid7(), uuid7()], "text": "a", **place}, refused=True)
    twice = str(uuid7())
    check(client, "add_card", ours, {"id": [twice] * 2, "lines": ["a", "b"], **place}, refused=True)


def test_steps_of_one_id_are_refused(client, ours):
    twice = str(uuid7())
    check(client, "divide_stage", ours, {"id": [twice] * 2, "name": ["a", "b"]}, refused=True)


@pytest.mark.parametrize(
    ("name", "field", "most"),
    [
        ("edit_map", "title", limits.TITLE),
        ("rename_map", "title", limits.TITLE),
        ("new_map", "title", limits.TITLE),
        ("edit_stage", "name", limits.TITLE),
        ("edit_lane", "name", limits.TITLE),
        ("add_stage", "name", limits.TITLE),
        ("add_lane", "name", limits.TITLE),
        ("edit_stage", "duration", 100),
        ("card", "text", limits.CARD_TEXT),
        ("card", "owner", 200),
        ("card", "channel", 60),
        ("restore_card", "text", limits.CARD_TEXT),
        ("add_card", "text", limits.CARD_TEXT),
        ("edit_map", "goal", limits.CARD_TEXT),
        ("persona", "name", 100),
        ("new_persona", "name", 100),
        ("rename_workspace", "name", 100),
    ],
)
def test_the_longest_text_is_kept_and_a_longer_one_refused(client, ours, name, field, most):
    fields = {key: value for key, value in post_to(name, ours).items() if key != "base"}
    with undone():
        answer = posted(client, address(name, ours), {**fields, field: "ё" * most})
    assert answer.status_code in (200, 302)
    check(client, name, ours, {**fields, field: "ё" * (most + 1)}, refused=True)


@pytest.mark.parametrize("since", ["²", "9" * 30, "-1", "1e3", "NaN", "\0", "x"])
def test_any_number_in_the_address(client, ours, since):
    for path in ("since/?since=", "history/?before="):
        assert client.get(f"/maps/{ours.map.pk}/{path}{since}").status_code == 200


def test_a_form_in_another_encoding_is_refused(client, ours):
    # UTF-7 can say half of a pair, which no database takes.
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n+2AA-\r\n--x--\r\n'
    answer = client.post(
        address("card", ours), body, content_type="multipart/form-data; boundary=x; charset=utf-7"
    )
    assert answer.status_code == 400


def test_a_plan_that_ends_after_the_last_year_is_drawn(client, ours):
    posted(client, address("edit_map", ours), {"plan_starts": "9999-12-31"})
    here = SimpleNamespace(**{**vars(ours), "card": {"touchpoint": ours.card["task"]}})
    assert posted(client, address("card", here), {"due_day": "3650"}).status_code == 200
    assert client.get(f"/maps/{ours.map.pk}/").status_code == 200


def test_a_key_that_is_posted_again_after_signing_in_anew_counts_once(client, ours):
    fields = {"text": "Newer", "key": uuid7()}
    for token in ("one", "another"):
        sent = {**fields, "csrfmiddlewaretoken": token}
        assert posted(client, address("card", ours), sent).status_code == 200
    assert Change.objects.filter(verb="edit_card").count() == 1


def test_a_conflict_is_over_words_that_can_be_kept(client, ours, boris):
    path = address("card", ours)
    posted(signed_in(boris), path, {"text": "Boris", "base": "A touchpoint"})
    answer = posted(client, path, {"text": "Anna", "base": "A\0 touchpoint"})
    assert answer.status_code == 200


FILES = [
    b"",
    b"\xff\xfe{",
    b"{" * 100_000,
    b"[" * 100_000,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b"journey\n title \x00",
    b"journey\n section " + b"x" * 301 + b"\n  a: 1",
    b"journey\n" + b"section s\n a: 3\n" * 61,
    b"PK\x03\x04" + b"\0" * 100,
]


@pytest.mark.parametrize("data", FILES, ids=range(len(FILES)))
def test_any_file(client, ours, data):
    upload = SimpleUploadedFile("map\0.json", data)
    check(client, "import_map", ours, {"file": upload}, refused=True)


def test_words_joined_beyond_a_limit_are_not_joined(client, ours, boris):
    """What two people add to a title may be too long together: the later one's stands."""
    path = address("edit_map", ours)
    mine, theirs = "A" * 200 + " Bouquet", "Bouquet " + "B" * 200
    posted(signed_in(boris), path, {"title": theirs, "base": "Bouquet"})
    assert posted(client, path, {"title": mine, "base": "Bouquet"}).status_code == 200
    ours.map.refresh_from_db()
    assert ours.map.title == mine
