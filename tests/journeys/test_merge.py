"""Two people's words in one text."""

from unicodedata import combining

import pytest
from hypothesis import given
from hypothesis import strategies as st

from changes.merge import _TOKEN, merge

pytestmark = pytest.mark.one_engine

words = st.lists(st.sampled_from(["ждёт", "десять", "минут", "и", "уходит", ",", "—"]), max_size=8)
texts = words.map(" ".join)


def test_different_words_are_both_kept():
    merged = merge(
        "Клиент ждёт у стойки десять минут",
        "Клиентка ждёт у стойки десять минут",
        "Клиент ждёт у стойки двадцать минут",
    )
    assert merged == "Клиентка ждёт у стойки двадцать минут"


def test_the_same_words_changed_twice_are_a_conflict():
    assert merge("ждёт десять минут", "ждёт пятнадцать минут", "ждёт двадцать минут") is None


@given(texts, texts, texts)
def test_never_invents_a_word(base, mine, theirs):
    merged = merge(base, mine, theirs)
    if merged is not None:
        known = {token for text in (base, mine, theirs) for token in _TOKEN.findall(text)}
        assert set(_TOKEN.findall(merged)) <= known


@given(texts, texts, texts)
def test_does_not_depend_on_who_came_first(base, mine, theirs):
    assert merge(base, mine, theirs) == merge(base, theirs, mine)


@given(texts, texts)
def test_one_side_alone_wins(base, mine):
    assert merge(base, mine, base) == mine
    assert merge(base, base, mine) == mine


# What breaks tokenizers: combining marks, joined emoji, both ends of line, spaces that bind.
odd = st.lists(
    st.sampled_from(
        [
            "е\u0301",
            "й",
            "и\u0306",
            "👩‍👩‍👧",
            "👍🏽",
            "\r\n",
            "\n",
            "\u00a0",
            "\u200d",
            "10",
            "₽",
            "а",
        ]
    ),
    max_size=8,
).map("".join)


@given(odd, odd, odd)
def test_odd_signs_are_neither_invented_nor_torn(base, mine, theirs):
    merged = merge(base, mine, theirs)
    if merged is not None:
        known = {word for text in (base, mine, theirs) for word in _TOKEN.findall(text)}
        assert set(_TOKEN.findall(merged)) <= known
        # A mark of its own would stand on a stranger's letter.
        assert all(not combining(word[0]) for word in _TOKEN.findall(merged) if word not in known)


@given(st.text(max_size=30))
def test_tokens_joined_give_the_text_back(text):
    assert "".join(_TOKEN.findall(text)) == text


@given(st.lists(st.integers(0, 3), min_size=4, max_size=12))
def test_each_keeps_the_words_that_the_other_did_not_touch(kinds):
    """An oracle without difflib: words replaced one by one, each with a name of its own."""
    base = [f"слово{number}" for number, _kind in enumerate(kinds)]
    mine = [f"моё{n}" if kinds[n] == 1 else word for n, word in enumerate(base)]
    theirs = [f"твоё{n}" if kinds[n] == 2 else word for n, word in enumerate(base)]
    merged = merge(*(" ".join(words) for words in (base, mine, theirs)))
    wanted = [{1: f"моё{n}", 2: f"твоё{n}"}.get(kinds[n], word) for n, word in enumerate(base)]
    assert merged == " ".join(wanted)


@given(st.integers(0, 5), st.integers(0, 5))
def test_edits_that_touch_are_a_conflict(mine, theirs):
    base = [f"w{number}" for number in range(6)]

    def changed(at, word):
        return " ".join([*base[:at], word, *base[at + 1 :]])

    merged = merge(" ".join(base), changed(mine, "mine"), changed(theirs, "theirs"))
    assert (merged is None) == (mine == theirs)
