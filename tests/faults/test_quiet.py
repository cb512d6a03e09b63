"""People at work, and nothing goes wrong: the yardstick of all other runs."""

import pytest

pytestmark = pytest.mark.faults


def test_a_run_without_faults_holds(play):
    play(seed=1, seconds=6)
