import re
from itertools import pairwise

import pytest
from django.utils.translation import override

from ui.faces import face, mouth
from ui.marks import dots, effort_impact, face_mark, rail
from ui.tones import emotion_tone, gap_tone

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def test_every_face_differs_from_the_next_by_the_same_step():
    middles = [float(mouth(value).split("Q12 ")[1].split()[0]) for value in range(-5, 6)]
    steps = {round(after - before, 2) for before, after in pairwise(middles)}
    assert max(steps) - min(steps) <= 0.02
    assert middles == sorted(middles)


def test_there_are_eleven_faces_and_no_more():
    assert len({face(value) for value in range(-5, 6)}) == 11
    with pytest.raises(ValueError, match="not 6"):
        face(6)


def test_a_face_says_its_number():
    assert 'aria-label="Emotion −5"' in face_mark(-5)


def test_tones_grow_with_the_gap_and_with_the_emotion():
    assert [gap_tone(gap) for gap in (-7, -4, -1, 0, 2, 3, 6, None)] == [
        "bad-3", "bad-2", "bad-1", "zero", "good-1", "good-2", "good-3", "zero",
    ]  # fmt: skip
    assert [emotion_tone(value) for value in (-4, -2, -1, 0, 1, 3, 4)] == [
        "bad-3", "bad-2", "bad-1", "zero", "good-1", "good-2", "good-3",
    ]  # fmt: skip


def marks_of(svg: str) -> list[str]:
    return re.findall(r'class="rail-(bar|ring|dot)"', svg)


def test_the_rail_shows_what_was_expected_and_what_was_got():
    drawn = rail(8, 1)
    assert marks_of(drawn) == ["bar", "ring", "dot"]
    assert "tone-bad-3" in drawn
    assert 'aria-label="Expected 8, got 1"' in drawn
    assert 'cx="0.00%"' in drawn


def test_equal_scores_are_a_dot_in_the_ring():
    assert marks_of(rail(7, 7)) == ["ring", "dot"]


def test_a_touchpoint_without_scores_has_an_empty_rail():
    assert marks_of(rail(None, None)) == []
    assert marks_of(rail(8, None)) == ["ring"]


def test_only_the_worst_barriers_are_loud():
    assert ["dots-loud" in dots(value) for value in range(6)] == [False] * 4 + [True] * 2
    assert dots(3).count('class="on"') == 3
    assert "dots-loud" not in dots(5, "importance")


def test_green_says_do_this_first():
    assert "square-first" in effort_impact(2, 4)
    assert "square-first" not in effort_impact(3, 5)
    assert "square-dot" not in effort_impact(None, 4)


def test_the_drawings_need_no_inline_style():
    drawings = [rail(8, 1), dots(4), effort_impact(1, 5), face_mark(2)]
    assert not any("style=" in drawing for drawing in drawings)
