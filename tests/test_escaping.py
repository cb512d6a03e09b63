"""No text becomes markup, in any page of the house: every field that takes words gets a probe that
would break out of wherever it is drawn, and every page is read for what came of it.

tests/browser/test_hostile_text.py asks a real browser the same.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils.safestring import mark_safe

from tests.support.meetings import take_seats
from tests.support.people import signed_in
from tests.support.routes import ROUTES, address, make_world, post_to
from ui.ids import uuid7
from ui.templatetags.ui import register

pytestmark = pytest.mark.one_engine
# What would leave a text, an attribute, a comment, a script; the second for what holds little.
PROBES = ("--></textarea></title></style></script>'\"><xss xss=1 onxss=1>", "'\"><xss xss>")
# These take away what others want to write into.
LAST = ("delete_", "remove_", "leave_", "sign_", "change_role", "revoke", "archive", "undo", "redo")

# `mark_safe`, `|safe` and the like: where, how often, and why it holds.
TRUSTED = {
    "ui/templatetags/ui.py": 1,  # escapes first
    "ui/faces.py": 1,  # numbers and our own colours
    "ui/icons.py": 2,  # the icon package's own files
    "journeys/templatetags/map_tags.py": 1,  # joins what templates drew
    "journeys/gallery.py": 1,
    "journeys/drawing.py": 2,
    "reports/templatetags/print_tags.py": 1,  # escapes first
    "workshops/links.py": 1,  # the squares of a code
    "workshops/templatetags/workshop_tags.py": 4,  # our own words, so many times
}
# In scripts: text into HTML by hand. None: what comes from the server is parsed apart or swapped.
INTO_HTML = re.compile(
    r"\.(inner|outer)HTML\s*\+?=|insertAdjacentHTML|document\.write|\beval\(|new Function"
    r"|createContextualFragment|setHTMLUnsafe|javascript:"
)


class Strays(HTMLParser):
    """Elements and attributes that only a probe can have made."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        names = [tag, *(name for name, _value in attrs)]
        self.found += [name for name in names if "xss" in name]


def strays(html: str) -> list[str]:
    reader = Strays()
    reader.feed(html)
    return reader.found


@pytest.fixture
def ours(anna, flowers) -> SimpleNamespace:
    return make_world(flowers, anna)


def test_no_text_becomes_markup_anywhere(anna, ours, record_property):
    client = take_seats(signed_in(anna), ours)
    fields = list(_fill(client, ours))
    assert len(fields) > 40, sorted(fields)
    assert [*_read(client, ours)] == []
    record_property("fields that took a hostile text", len(fields))


def _fill(client: Client, ours: SimpleNamespace) -> Iterator[tuple[str, str]]:
    """Posts a probe into each field of each form, and tells which took it as words."""
    for name in sorted(ROUTES, key=lambda name: name.startswith(LAST)):
        fields = post_to(name, ours) or {}
        if name.startswith(LAST):
            continue
        for field, good in fields.items():
            if not isinstance(good, str) or field in ("email", "password", "old", "new"):
                continue
            for probe in PROBES:
                posted = {**post_to(name, ours), field: probe}
                if isinstance(fields.get("id"), str):
                    posted["id"] = str(uuid7())
                answer = client.post(address(name, ours), posted)
                assert answer.status_code < 500, f"{name} {field}"
                assert strays(_html(answer)) == [], f"the answer of {name} to {field}"
                if answer.status_code < 400:
                    yield name, field
                    break


PAGES = [name for name in ROUTES if name != "persona_pdf"]
ASKED = "?find=%27%22%3E%3Cxss%20xss%3E&next=%27%22%3E%3Cxss%3E&edit"


def _read(client: Client, ours: SimpleNamespace, names=PAGES) -> Iterator[str]:
    """Every address, as a page with a probe for its question, and as a fragment."""
    for name in names:
        path = address(name, ours)
        for answer in (client.get(path + ASKED), client.get(path, headers={"HX-Request": "true"})):
            if found := strays(_html(answer)):
                yield f"{name}: {found}"


def _html(answer) -> str:
    kind = answer.headers.get("Content-Type", "")
    return answer.text if kind.startswith("text/html") else ""


def test_a_filter_that_forgets_to_escape_is_found(anna, ours, monkeypatch):
    client = signed_in(anna)
    client.post(address("card", ours), {"text": PROBES[0]})
    monkeypatch.setitem(register.filters, "nbsp", lambda value: mark_safe(str(value)))
    monkeypatch.setattr("django.template.loaders.cached.Loader.get_template", _uncached)
    assert [*_read(client, ours, ["card", "history"])]


def _uncached(loader, template_name, skip=None):
    return super(type(loader), loader).get_template(template_name, skip)


def test_the_probes_break_out_of_everything():
    for around in ("<p>{}</p>", '<p title="{}">', "<p title='{}'>", "<title>{}</title>"):
        for probe in PROBES:
            if "title>" not in around or probe == PROBES[0]:
                assert strays(around.format(probe)), around
    for around in ("<textarea>{}</textarea>", "<!--{}-->", "<script>{}</script>"):
        assert strays(around.format(PROBES[0])), around


# --- where escaping is switched off --------------------------------------------------------------


def test_what_is_trusted_is_counted():
    root = Path(settings.ROOT)
    found = {}
    for path in sorted(root.rglob("*.py")):
        name = str(path.relative_to(root))
        if not name.startswith((".venv", "tests", "var")):
            count = len(
                re.findall(
                    r"\bmark_safe\(|\bSafeString\(|__html__|autoescape=False", path.read_text()
                )
            )
            if count:
                found[name] = count
    assert found == TRUSTED, "a new mark_safe needs a reason here"


def test_no_template_switches_escaping_off():
    wrong = re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")
    for path in Path(settings.ROOT, "templates").rglob("*.html"):
        assert not wrong.search(path.read_text()), path
    assert wrong.search("{{ text|safe }}") and wrong.search("{% autoescape off %}")


def test_no_script_writes_html():
    for path in Path(settings.ROOT, "static", "js").rglob("*.js"):
        assert not INTO_HTML.search(path.read_text()), path
    assert INTO_HTML.search("place.innerHTML = text") and INTO_HTML.search("eval(text)")
