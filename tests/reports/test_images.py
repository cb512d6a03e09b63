"""Images of cards on paper, by choice."""

from datetime import date

import pytest

from journeys import images
from journeys.edits import images as edits
from reports.jobs import key_of
from reports.render import Forbidden, make_document
from reports.sheets import Options
from reports.story import story_of
from tests.support import pictures
from ui.ids import uuid7

from .conftest import read
from .proof import tags

pytestmark = pytest.mark.one_engine

DAY = date(2026, 11, 22)


@pytest.fixture
def illustrated(bouquet, part, by_anna):
    """The map with a photo in words and an icon without, the latter on a feeling."""
    for key, data, alt in (
        ("goa-01", pictures.photo(800, 600), "Витрина"),
        ("emo-01", pictures.file(20, 20, colour=(0, 0, 0, 0)), ""),
    ):
        card, image = part(key), images.keep(bouquet, uuid7(), data)
        edits.add_image(bouquet.pk, card.pk, image=image.pk, by=by_anna)
        if alt:
            edits.describe_image(bouquet.pk, card.pk, image=image.pk, alt=alt, by=by_anna)
    return bouquet


def pictures_of(reader) -> int:
    found = (page["/Resources"].get("/XObject", {}) for page in reader.pages)
    return sum(one.get_object()["/Subtype"] == "/Image" for page in found for one in page.values())


def test_the_poster_shows_images_with_their_words(illustrated):
    reader = read(make_document(story_of(illustrated, DAY), Options()))
    assert pictures_of(reader) == 2
    said = [str(figure.get("/Alt")) for figure in tags(reader, "/Figure")]
    assert said.count("Витрина") == 1
    assert "None" not in said


def test_it_may_be_printed_without(illustrated):
    reader = read(make_document(story_of(illustrated, DAY, images=False), Options()))
    assert pictures_of(reader) == 0


def test_with_and_without_are_two_documents(illustrated):
    with_images, without = (key_of(illustrated, {"images": on}, DAY) for on in (True, False))
    assert with_images != without


def test_who_has_images_is_asked(illustrated, client, anna):
    client.force_login(anna)
    assert 'name="images"' in client.get(f"/maps/{illustrated.pk}/pdf/").text


def test_who_has_none_is_not_asked(bouquet, client, anna):
    client.force_login(anna)
    assert 'name="images"' not in client.get(f"/maps/{bouquet.pk}/pdf/").text


def test_what_is_no_thumbnail_of_ours_is_not_printed(illustrated):
    story = story_of(illustrated, DAY)
    (card,) = [
        card
        for lane in story.lanes
        for cell in lane.cells
        for card in cell
        if card.text and any(one.alt == "Витрина" for one in card.images)
    ]
    object.__setattr__(card.images[0], "data", "PHN2Zy8-")  # <svg/>
    with pytest.raises(Forbidden):
        make_document(story, Options())
