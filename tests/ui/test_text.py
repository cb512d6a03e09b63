from time import process_time

import pytest
from django.template import Context, Template

from ui.text import MINUS, NBSP, SOFT_HYPHEN, bind, initials, signed

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Едет в салон и ждёт", "Едет в_салон и_ждёт"),
        ("Букет — жене", "Букет_— жене"),
        ("ждёт 25 минут", "ждёт 25_минут"),
        ("18 000 ₽", "18_000_₽"),
        ("дом № 5", "дом № 5".replace("№ ", "№_")),
        ("A gift for a wife", "A gift for a wife"),
        ("какой-то салон", "какой-то салон"),
        ("", ""),
    ],
)
def test_spaces_a_line_must_not_end_on_are_bound(typed, drawn):
    assert bind(typed) == drawn.replace("_", NBSP)


def test_only_words_over_sixteen_letters_may_break():
    assert bind("консультант-флорист") == "консультант-флорист"
    drawn = bind("Высококвалифицированный")
    assert SOFT_HYPHEN in drawn
    assert drawn.replace(SOFT_HYPHEN, "") == "Высококвалифицированный"


def test_an_address_is_copied_as_it_was_typed():
    address = "https://example.org/internationalizationandlocalization"
    assert bind(address) == address


def test_the_filter_escapes_what_vasily_typed():
    template = Template("{{ text|nbsp }}")
    drawn = template.render(Context({"text": "<b>в салоне</b> & рядом"}))
    assert drawn == f"&lt;b&gt;в{NBSP}салоне&lt;/b&gt; &amp; рядом"


def test_a_number_carries_its_sign():
    assert [signed(value) for value in (-7, 0, 1, None)] == [f"{MINUS}7", "0", "+1", ""]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Анна Каренина", "АК"),
        ("Анна Аркадьевна Каренина", "АК"),
        ("Василий", "В"),
        ("anna.k@example.org", "AK"),
        ("", "?"),
    ],
)
def test_initials_fit_a_ring(name, letters):
    assert initials(name) == letters


def test_a_word_of_any_length_is_bound_in_no_time():
    word = "ё" * 50_000
    begun = process_time()
    bound = bind(word)
    assert process_time() - begun < 1
    assert bound.replace("\u00ad", "") == word
