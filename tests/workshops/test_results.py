"""What the room said, as figures."""

from types import SimpleNamespace

import pytest

from workshops import codes
from workshops.reads.likeness import alike
from workshops.reads.results import Spread, ranking, spreads, widest_first

pytestmark = pytest.mark.one_engine


def cards(*names):
    return [SimpleNamespace(pk=name, text=name, stage_id=1) for name in names]


def test_equal_votes_share_a_rank_and_are_said_to_be_tied():
    found = ranking(cards("a", "b", "c", "d"), {"a": 2, "b": 5, "c": 2}, take=1)
    assert [(one.card.pk, one.rank, one.tied) for one in found] == [
        ("b", 1, False),
        ("a", 2, True),
        ("c", 2, True),
    ]


def test_a_cut_that_would_divide_a_tie_moves_behind_it():
    found = ranking(cards("a", "b", "c"), {"a": 3, "b": 2, "c": 2}, take=2)
    assert [one.taken for one in found] == [True, True, True]


@pytest.mark.parametrize(
    "values, median, suggested",
    [((1, 2, 9), 2, 2), ((1, 2), 1.5, 2), ((-5, -4), -4.5, -4), ((1, 1, 2, 5), 1.5, 2)],
)
def test_the_median_is_the_middle_and_the_suggestion_a_whole_number(values, median, suggested):
    assert (Spread(values).median, Spread(values).suggested) == (median, suggested)


def test_the_widest_disagreement_comes_first():
    found = spreads([("a", "x", 1), ("a", "x", 2), ("b", "x", 1), ("b", "x", 9)])
    subjects = [SimpleNamespace(ref=name) for name in "abc"]
    assert [one.ref for one in widest_first(subjects, found)] == ["b", "a", "c"]


def test_likely_doubles_share_words_whatever_their_endings():
    found = alike(
        cards(
            "Долго ждать консультанта",
            "Консультант: ждать очень долго",
            "Консультант отвечает через 25 минут",
            "Нет парковки",
        )
    )
    assert [[card.text for card in group] for group in found] == [
        ["Долго ждать консультанта", "Консультант: ждать очень долго"]
    ]


def test_a_code_is_read_in_either_script_with_or_without_its_dash():
    assert codes.fold("аbек-2345") == "ABEK2345"
    assert codes.fold("АВЕК 2345") == "ABEK2345"
    assert codes.fold("АВЕК2341") == codes.fold("ABEK234") == ""
