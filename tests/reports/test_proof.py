"""Every document holds what a PDF of ours must hold: the demo maps, and maps no paper likes."""

from dataclasses import replace
from datetime import date

import pytest

from journeys.catalogues import demo_maps
from journeys.edits.maps import create_map
from journeys.formats.read import read as read_file
from reports.render import make_document
from reports.sheets import FIT, MANY, REPORT, Options
from reports.story import Card, Persona, Story, Told, story_of

from .proof import prove, runs, words_of
from .test_poster import plain

pytestmark = pytest.mark.one_engine

# What stands in for letters that Onest has not, where the machine has it.
FALLBACKS = {
    "Noto-Sans", "Noto-Sans-Arabic", "Noto-Sans-Arabic-Bold", "Noto-Color-Emoji",
    "Noto-Color-Emoji-Bold", "DejaVu-Sans", "DejaVu-Sans-Bold",
}  # fmt: skip
A4 = Options(paper="a4", pages=MANY)
REPORTED = Options(document=REPORT)


def prove_document(story: Story, options: Options, fallbacks=()) -> None:
    prove(
        make_document(story, options).data,
        language=story.language,
        title=story.title,
        words=words_of(story),
        fallbacks=fallbacks,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize(
    ("language", "options"), [("ru", Options()), ("ru", REPORTED), ("en", REPORTED)]
)
def test_demo_maps(flowers, by_anna, language, options, number):
    plan, _remarks = read_file("map.json", list(demo_maps(language))[number])
    journey = create_map(plan, workspace=flowers, by=by_anna)
    journey.plan_starts = date(2026, 11, 2)

    prove_document(story_of(journey, date(2026, 11, 22)), options)


@pytest.mark.parametrize("options", [Options(), A4, Options(paper=FIT), REPORTED])
def test_an_empty_map(options):
    prove_document(plain(0, 0), options)
    prove_document(plain(5, 6, ""), options)


@pytest.mark.parametrize("options", [Options(), Options(paper=FIT), REPORTED])
def test_an_overfull_map(options):
    """60 × 24 takes ten seconds; this map has as many columns, and fewer lanes."""
    prove_document(plain(60, 5, "Ждёт курьера у подъезда, звонит в магазин"), options)


def test_a_report_of_sixty_rated_stages():
    """Feelings and service levels of all of them share one line of the first page."""
    felt, rated = plain(60, 1, "Ждёт", "emotion"), plain(60, 1, "Звонит", "touchpoint")
    cells = ((Card("Звонит", expectation=8, perception=1, level=-7),),) * 60
    lane = replace(rated.lanes[0], id="rated", cells=cells, name="Ответственные и отделы")

    story = replace(felt, lanes=(*felt.lanes, lane))
    prove_document(story, REPORTED)
    written = {run.words.strip() for run in next(runs(make_document(story, REPORTED).data))}
    assert {"15", "60"} <= written and "−" not in written


@pytest.mark.parametrize("content", ["text", "emotion", "barrier", "touchpoint"])
@pytest.mark.parametrize("options", [Options(), A4])
def test_a_word_of_180_letters(content, options):
    prove_document(plain(5, 2, "длинношеее" * 18, content), options)


def test_50_000_characters_in_a_card():
    story = plain(3, 2)
    long = Card("Очень длинная жалоба покупателя. " * 1515)
    lane = story.lanes[0]
    cells = (lane.cells[0], (long,), lane.cells[2])

    prove_document(replace(story, lanes=(replace(lane, cells=cells), story.lanes[1])), A4)


@pytest.mark.parametrize(
    "text", ["длинношеее" * 18, "Очень длинная жалоба. " * 200, "Ура 🎉 مرحبا"]
)
def test_a_report_of_such_texts(text):
    """Everything a report may quote: the title, the summary, barriers, feelings, a persona."""
    felt, barriers = plain(3, 1, text, "emotion"), plain(3, 1, text, "barrier")
    telling = Persona("Анна", text, text, text, (Told("pains", "Что мешает", (text,) * 3),))
    story = replace(
        felt,
        title=text[:300],
        summary=text,
        personas=(telling,),
        lanes=(*felt.lanes, replace(barriers.lanes[0], id="barriers")),
    )

    prove_document(story, REPORTED, fallbacks=FALLBACKS)


@pytest.mark.parametrize("text", ["Ура 🎉 👩‍👩‍👧", "مرحبا بالعالم", "שלום, мир 123"])
def test_foreign_letters(text):
    prove_document(plain(3, 2, text), Options(), fallbacks=FALLBACKS)
