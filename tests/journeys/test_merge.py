"""Two people's words in one text."""

from hypothesis import given
from hypothesis import strategies as st

from changes.merge import _TOKEN, merge

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
