"""How good or bad a number is, in seven steps that screen, print and charts share.

A tone is a word (`bad-3` … `zero` … `good-3`): CSS has a colour for each, and the sign and the
number always stand beside it, so that nobody has to see the colour.
"""


def gap_tone(gap: int | None) -> str:
    """The tone of a service level (perception − expectation, −9 … +9)."""
    return _tone(gap, thresholds=(1, 3, 5))


def emotion_tone(value: int | None) -> str:
    """The tone of an emotion (−5 … +5)."""
    return _tone(value, thresholds=(1, 2, 4))


def _tone(value: int | None, thresholds: tuple[int, int, int]) -> str:
    if not value:
        return "zero"
    step = sum(abs(value) >= threshold for threshold in thresholds)
    return f"{'good' if value > 0 else 'bad'}-{step}"
