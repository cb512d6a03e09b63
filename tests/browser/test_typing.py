"""Anna and Boris write on one map."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_boris_sees_what_anna_types(anna_screen, boris_screen, goals):
    anna_screen.click_free_part(*goals)
    anna_screen.type("Успеть до вечера")
    anna_screen.press("Enter", "Escape")
    expect(boris_screen.card("Успеть до вечера")).to_be_visible()
    anna_screen.all_saved()
