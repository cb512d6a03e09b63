"""Ten thousand malformed files, twenty thousand odd posts: no 500, and a refusal changes nothing.

A tenth of them runs with the suite. All: `CJM_FUZZ=1 manage.py test tests/test_fuzz.py`, with other
ones: `CJM_FUZZ=1:seed`. Each case is made from its number alone and can be run again by it:
`CJM_FUZZ=case:1234`.
"""

import json
import os
import random
import re
import time
from collections.abc import Iterator
from copy import deepcopy
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from journeys import image_worker, images
from journeys.catalogues import demo_maps
from journeys.formats.map_json import dump
from journeys.formats.plan import Unreadable
from journeys.formats.read import read
from journeys.formats.write import write
from teams.models import Throttle
from tests.support import pictures
from tests.support.meetings import take_seats
from tests.support.payloads import LINES, PAYLOADS, URLS
from tests.support.people import signed_in
from tests.support.routes import (
    ROUTES,
    address,
    everything,
    make_world,
    post_to,
    undone,
    written,
)

pytestmark = pytest.mark.one_engine

FILES, POSTS, PICTURES = 10_000, 20_000, 2_000
PARTS = 4  # that run beside each other
SECONDS = 2  # for one file

_share, _, SEED = os.environ.get("CJM_FUZZ", "0.1").partition(":")
SEED = SEED or "2026"


def cases(number: int, part: int) -> Iterator[tuple[int, random.Random]]:
    """This part of so many cases, each with its own chance."""
    if _share == "case":
        chosen = [int(SEED)] if int(SEED) % PARTS == part else []
        yield from ((one, random.Random(f"2026 {one}")) for one in chosen)
        return
    for one in range(part, int(number * float(_share)), PARTS):
        yield one, random.Random(f"{SEED} {one}")


NASTY = [
    *(text.encode() for text in (*PAYLOADS, *URLS, *LINES)),
    *(b"", b"\0", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xf4\x90\x80\x80"),
    *(b"NaN", b"Infinity", b"-1", b"0", b"1e999", b"9" * 4_999, b"0x10", "²".encode(), b"1_0"),
    *(b"null", b"true", b"[]", b"{}", b'{"a":[', b"[[[[[[[[", b"\r\n", b" ", b"\t", b"\x1b[0m"),
    *(b"0000-01-01", b"9999-12-31", b"2026-02-30", b"first", b"on", b"owner", b"..", b"%s%n"),
    *("\u202e\u0000\ud7ff\ufffe\U0010ffff".encode(), ("é" * 60_001).encode(), b"a" * 301),
]


# --- posts -------------------------------------------------------------------------------------


@pytest.fixture
def ours(anna, flowers) -> SimpleNamespace:
    return make_world(flowers, anna)


POSTED = [name for name in ROUTES if name != "send_image"]


@pytest.mark.parametrize("part", range(PARTS))
def test_any_post(anna, ours, part, record_property):
    client = take_seats(signed_in(anna), ours)
    client.raise_request_exception = False
    before = everything(Session, Throttle)
    names = [name for name in POSTED if post_to(name, ours) is not None]
    count = 0
    # Forms are the same on both engines: on the second a quarter is enough.
    number_of_posts = POSTS if connection.vendor == "sqlite" else POSTS // 4
    for number, chance in cases(number_of_posts, part):
        name = chance.choice(names)
        body, kind = _body(chance, _fields(chance, post_to(name, ours) or {}))
        cookies = deepcopy(client.cookies)
        with undone(), written() as statements:
            answer = client.post(address(name, ours), body, content_type=kind)
            refused = answer.status_code >= 400
            changed = refused and statements and everything(Session, Throttle) != before
        client.cookies = cookies
        said = f"case {number}: {name} → {answer.status_code}: {body[:300]!r}"
        assert answer.status_code < 500, said
        assert not changed, said
        count += 1
    record_property("odd posts", count)


def _fields(chance: random.Random, good: dict) -> list[tuple[str, bytes]]:
    """A good post with something odd about it."""
    pairs = [
        (name, str(value).encode())
        for name, values in good.items()
        for value in (values if isinstance(values, list) else [values])
        if not isinstance(value, SimpleUploadedFile)
    ]
    for _time in range(chance.choice((1, 1, 1, 2, 3, 5))):
        how = chance.randrange(6)
        at = chance.randrange(len(pairs)) if pairs else 0
        if how <= 2 and pairs:
            pairs[at] = pairs[at][0], chance.choice(NASTY)
        elif how == 3 and pairs:
            pairs[at] = pairs[at][0], _mangled(chance, pairs[at][1])
        elif how == 4 and pairs:
            pairs.append(pairs.pop(at) if chance.random() < 0.5 else pairs[at])
        else:
            names = [name for name, _value in pairs] + ["key", "visit", "base", "after", "id", "x"]
            pairs.append((chance.choice(names), chance.choice(NASTY)))
    return pairs


def _body(chance: random.Random, pairs: list[tuple[str, bytes]]) -> tuple[bytes, str]:
    if chance.random() < 0.8:
        return urlencode(pairs).encode(), "application/x-www-form-urlencoded"
    mark = b"--x\r\nContent-Disposition: form-data; name="
    body = b"".join(mark + f'"{name}"\r\n\r\n'.encode() + value + b"\r\n" for name, value in pairs)
    body += b"--x--\r\n"
    if chance.random() < 0.5:
        body = _mangled(chance, body)
    kinds = ("multipart/form-data; boundary=x", "multipart/form-data", "application/json", "x", "")
    return body, chance.choice(kinds[:1] * 6 + kinds)


def _mangled(chance: random.Random, data: bytes) -> bytes:
    """Some bytes turned, left out, doubled, or made something else."""
    data = bytearray(data)
    for _time in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.choice((1, 1, 2, 8, 64, 1024)))
        how = chance.randrange(5)
        if how == 0:
            data[at:to] = bytes(chance.randrange(256) for _byte in range(to - at))
        elif how == 1:
            del data[at:to]
        elif how == 2:
            data[at:at] = data[at:to] * chance.choice((1, 2, 50))
        elif how == 3:
            data[at:to] = chance.choice(NASTY)
        elif at < len(data):
            data[at] ^= 1 << chance.randrange(8)
    return bytes(data)


# --- files -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good() -> list[tuple[str, bytes]]:
    """Maps in each format that is read, in both languages."""
    plans = [read("map.json", file)[0] for language in ("ru", "en") for file in demo_maps(language)]
    small = [
        (f"map.{format}", write(plan, format))
        for plan in plans
        for format in ("json", "csv", "mmd")
    ]
    texts = [name_and_data[1].decode("utf-8-sig") for name_and_data in small]
    return [
        *small,
        *(("map.csv", text.encode("utf-16")) for text in texts[1::3]),
        *(("map.csv", text.encode("cp1251", "replace")) for text in texts[1::3]),
    ]


@pytest.mark.parametrize("part", range(PARTS))
def test_any_file(good, part, record_property):
    """Read, or refused in one sentence, and quickly."""
    count = 0
    for number, chance in cases(FILES, part):
        name, data = _file(chance, good)
        begun = time.process_time()
        try:
            plan, remarks = read(name, data)
        except Unreadable as refused:
            assert str(refused).endswith("."), f"case {number}"
        else:
            assert dump(plan) and all(map(str, remarks)), f"case {number}"
        assert time.process_time() - begun < SECONDS, f"case {number} of {len(data)} bytes"
        count += 1
    record_property("malformed files", count)


def _file(chance: random.Random, good: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    name, data = chance.choice(good)
    if name.endswith(".json") and chance.random() < 0.6:
        data = json.dumps(_with_odd_values(chance, json.loads(data))).encode()
    else:
        data = _mangled(chance, data)
    if chance.random() < 0.1:
        other = chance.choice(good)[1]
        data = data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]
    if chance.random() < 0.2:  # a name that promises something else
        name = chance.choice(
            ("map.xlsx", "map.png", "../../a", "a\0b.json", "", "х" * 400, "a.mmd")
        )
    return name, data


ODD_VALUES = [
    None,
    True,
    -1,
    2**70,
    1.5,
    float("1e308"),
    "",
    "x" * 60_000,
    "\0",
    [],
    {},
    [[]],
    [{}],
]


def _with_odd_values(chance: random.Random, document: dict) -> dict:
    """The same document with other things in some places, or a place twice."""
    for _time in range(chance.choice((1, 1, 2, 5))):
        here = document
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = chance.choice(keys)
            if isinstance(here[key], (dict, list)) and chance.random() < 0.8:
                here = here[key]
                continue
            how = chance.randrange(4)
            if how == 0 and isinstance(here, list):
                here += [here[key]] * chance.choice((1, 100))
            elif how == 1:
                del here[key]
            else:
                here[key] = deepcopy(chance.choice(ODD_VALUES))
            break
    return document


@pytest.mark.parametrize("part", range(PARTS))
def test_an_import_is_a_map_or_nothing(anna, ours, good, part):
    """The same files through the page: whole, or a sentence and no row."""
    client = signed_in(anna)
    client.raise_request_exception = False
    before = everything(Session, Throttle)
    path = address("import_map", ours)
    for number, chance in cases(FILES // 20, part):
        name, data = _file(chance, good)
        with undone(), written() as statements:
            answer = client.post(path, {"file": SimpleUploadedFile(name or "x", data)})
            refused = answer.status_code >= 400
            changed = refused and statements and everything(Session, Throttle) != before
        assert answer.status_code in (200, 302, 422), f"case {number}"
        assert not changed, f"case {number}"


# --- images ------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(PARTS))
def test_any_image(part, record_property):
    """What the child does with it: pixels come out, or a word for what is wrong; and of what the
    file held beside its pixels, nothing."""
    made = [pictures.file(kind=kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")]
    made.append(pictures.photo())
    count = 0
    for number, chance in cases(PICTURES, part):
        hidden = chance.choice(POLYGLOTS)
        data = chance.choice(made)
        data = data + hidden if chance.random() < 0.5 else _mangled(chance, data) + hidden
        try:
            image = image_worker.read(data)
            files = [image_worker.encoded(image)]
            files.append(image_worker.encoded(image_worker.thumbnail_of(image)))
        except Exception:  # as the child: all of them are "broken"
            continue
        finally:
            count += 1
        for file in files:
            assert not re.search(rb"<script|<svg|MARK|PK\x03\x04|%PDF", file), f"case {number}"
            assert pictures.opened(file).format == "WEBP"
    record_property("hostile images", count)


POLYGLOTS = [
    b"<script>x()</script>MARK",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>MARK",
    b"PK\x03\x04MARK" + b"\0" * 30,
    b"%PDF-1.7 MARK /JS (x())",
    b"GIF89a/*MARK*/=1;x()",
    b"#!/bin/sh\nMARK",
    b"\xff\xfe\x00\x18MARK Exif GPS 55.75",
]


@pytest.mark.parametrize("polyglot", POLYGLOTS)
def test_the_child_itself_keeps_nothing_but_pixels(polyglot):
    found = images.encode(pictures.file() + polyglot)
    assert b"MARK" not in found.image + found.thumbnail
    assert pictures.opened(found.image).size == (60, 40)


# --- the fuzzer itself ---------------------------------------------------------------------------


def test_a_post_that_breaks_is_found(anna, ours, monkeypatch):
    def breaks(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("journeys.edits.cards.move_card", breaks)
    monkeypatch.setattr("tests.test_fuzz.POSTED", ["move_card"])
    with pytest.raises(AssertionError, match="move_card → 500"):
        test_any_post(anna, ours, 0, lambda *_said: None)


def test_a_reader_that_breaks_is_found(good, monkeypatch):
    def breaks(*_args) -> None:
        raise KeyError("stages")

    monkeypatch.setattr("journeys.formats.map_json.parse", breaks)
    with pytest.raises(KeyError):
        test_any_file(good, 0, lambda *_said: None)
