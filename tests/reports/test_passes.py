"""What a pass over a map costs the child, where garbage is not looked for meanwhile."""

import gc
import json
import weakref

import pytest

from reports import sheets, typeset

pytestmark = pytest.mark.one_engine
LAYOUT = sheets.one_sheet(sheets.page_of(sheets.Options()), 7, 8)


@pytest.fixture
def no_collector():
    gc.disable()
    yield
    gc.enable()


def test_a_pass_is_gone_before_the_next_one_is_set(no_collector):
    story = typeset.story_from(json.dumps({"language": "ru", "title": "Карта"}))
    setter = typeset.Setter(story, lambda share: None)
    setter.html = lambda *_said: "<p lang='ru'>Карта</p>"
    page = weakref.ref(setter.pages("map_on_paper", "poster", {}).pages[0]._page_box)
    setter.pages("map_on_paper", "poster", {})
    assert page() is None


@pytest.mark.parametrize(
    ("guessed", "measured"),
    [
        ([20, 90, 30], (1,)),
        ([20, 90, 88], (1, 2)),
        ([10, 9, 8, 10], (0, 3, 1)),  # a line more or less decides
        ([], ()),
    ],
)
def test_only_cells_that_may_be_the_highest_are_measured(guessed, measured):
    assert typeset.highest(guessed, LAYOUT) == measured
