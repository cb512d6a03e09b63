"""Posters as their readers get them: real PDFs from the real child process."""

import json
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from PIL import Image

from reports.render import make_document
from reports.sheets import FIT, MANY, PNG, SVG, Options
from reports.story import Card, Lane, Stage, Story, story_of

from .conftest import read, words
from .proof import runs, tags

pytestmark = pytest.mark.one_engine

MM = 72 / 25.4
# Equal stories make equal posters: each is set once for all tests.
printed = cache(make_document)
A4 = Options(paper="a4", pages=MANY)


@pytest.fixture
def story(bouquet) -> Story:
    bouquet.plan_starts = date(2026, 11, 2)
    return story_of(bouquet, date(2026, 11, 22))


def plain(stages: int, lanes: int, text: str = "Ждёт", content: str = "text") -> Story:
    """A map with one card in each cell."""
    extra = {"emotion": {"emotion": -2}}.get(content, {})
    cells = ((Card(text, **extra),),) * stages
    return Story(
        title="Карта",
        language="ru",
        to_be=False,
        goal="",
        measure="",
        day=date(2026, 11, 22),
        version=1,
        personas=(),
        stages=tuple(
            Stage(number, f"Этап {number}", f"{number}") for number in range(1, stages + 1)
        ),
        lanes=tuple(
            Lane(f"lane-{number}", f"Дорожка {number}", content, "target", "hue-grey", False, cells)
            for number in range(1, lanes + 1)
        ),
        weakest=None,
    )


@pytest.mark.django_db
def test_the_poster_is_one_tagged_page_with_every_card(story):
    pdf = printed(story, Options())
    reader = read(pdf)

    assert len(reader.pages) == 1
    assert [round(float(side) / MM) for side in reader.pages[0].mediabox[2:]] == [420, 297]
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert reader.trailer["/Root"]["/Lang"] == "ru"
    assert reader.metadata.title == story.title
    assert pdf.warnings == ()
    text = words(reader)
    for lane in story.lanes:
        assert lane.name in text
        for card in (card for cell in lane.cells for card in cell):
            assert " ".join(card.text.split()) in text


@pytest.mark.django_db
def test_the_poster_says_the_method_in_words(story):
    text = words(read(printed(story, Options())))

    assert "Консультант по упаковке" in text
    for said in ("8 → 1 −7", "→ Б5, Б6", "+10", "5 900 ₽"):
        assert said in text


@pytest.mark.django_db
def test_the_curve_is_told_to_those_who_cannot_see_it(story):
    (figure,) = tags(read(printed(story, Options())), "/Figure")

    assert "Посещение салона упаковки −5" in str(figure["/Alt"]).replace("\xa0", " ")


@pytest.mark.django_db
def test_stages_and_lanes_are_bookmarks(story):
    def titles(outline) -> list[str]:
        return [
            title
            for item in outline
            for title in (titles(item) if isinstance(item, list) else [item.title])
        ]

    found = " ".join(titles(read(printed(story, Options())).outline)).replace("\xa0", " ")

    for name in ("4 Посещение салона упаковки", "Барьеры", story.title):
        assert name in found


@pytest.mark.django_db
def test_over_sheets_stages_are_grouped_and_lane_names_repeated(story):
    pages = read(make_document(story, A4)).pages

    assert len(pages) == 2
    first, second = (" ".join(page.extract_text().split()) for page in pages)
    assert "Посещение салона упаковки" in first and "Оформление и оплата" not in first
    assert "Оформление и оплата" in second
    for lane in story.lanes:
        assert lane.name in first and lane.name in second


@pytest.mark.django_db
def test_sheets_taped_together_align(story):
    first, second = runs(make_document(story, A4).data)

    # The names of the lanes stand behind the icons.
    tops = [
        [run.top for run in page if 40 < run.left < 60 and run.right < 110]
        for page in (first, second)
    ]
    assert len(tops[0]) >= len(story.lanes)
    assert tops[0] == pytest.approx(tops[1], abs=0.3)


def test_lanes_too_many_for_a_sheet_go_on_with_the_companys():
    story = plain(5, 14, "Ждёт курьера у подъезда и звонит в магазин. " * 5)
    lanes = [replace(lane, companys=number >= 7) for number, lane in enumerate(story.lanes)]
    pages = read(make_document(replace(story, lanes=lanes), A4)).pages

    first, second = (" ".join(page.extract_text().split()) for page in pages)
    assert "Дорожка 7" in first and "Дорожка 8" not in first
    assert "Дорожка 8" in second and "Дорожка 7" not in second
    assert "Этап 5" in first and "Этап 5" in second


def test_steps_stand_under_their_stage_and_loops_over_all():
    story = plain(5, 1)
    ways = {"part_of": ("2", "Выбор")}, {"part_of": ("2", "Выбор")}, {}, {"back_to": 2}
    stages = [replace(stage, **way) for stage, way in zip(story.stages[1:], ways, strict=True)]
    stages[1:] = [
        replace(stages[1], exit_reason="Дорого"),
        stages[2],
        replace(stages[3], loop_name="Петля лояльности"),
    ]
    reader = read(printed(replace(story, stages=(story.stages[0], *stages)), Options()))
    text = words(reader)

    assert text.count("2 Выбор") == 1
    assert "Дорого" in text and "причина" in text  # and the legend explains the sign
    (figure,) = tags(reader, "/Figure")
    assert "5 Этап 5 → 2 Этап 2: Петля лояльности" in figure["/Alt"].replace("\xa0", " ")


def test_a_stage_goes_on_over_its_steps_on_the_next_sheet():
    story = plain(6, 1)
    stages = tuple(replace(stage, part_of=("1", "Выбор")) for stage in story.stages)
    pages = read(make_document(replace(story, stages=stages), A4)).pages

    assert ["Выбор" in page.extract_text() for page in pages] == [True, True]


@pytest.mark.django_db
def test_cards_on_a3_are_as_large_as_they_may_be(story):
    assert 7.5 <= max(card_sizes(printed(story, Options()))) <= 8.8


def card_sizes(pdf) -> list[float]:
    """The type of the words on cards, in points."""
    sizes = []

    def note(text, _page, matrix, _font, size):
        if "Успеть" in text:
            sizes.append(size * 0.75)

    for page in read(pdf).pages:
        page.extract_text(visitor_text=note)
    return sizes


@pytest.mark.django_db
def test_only_chosen_lanes_are_printed(story):
    barriers = next(lane for lane in story.lanes if lane.content == "barrier")
    text = words(read(make_document(story, Options(lanes=[barriers.id]))))

    assert "Сотрудника нет на месте" in text
    assert "Успеть с подарком" not in text


@pytest.mark.django_db
def test_a_figure_behind_its_plan_is_known_to_the_child(story):
    told = json.loads(json.dumps(asdict(story), cls=DjangoJSONEncoder))
    metrics = [
        card["metric"]
        for lane in told["lanes"]
        for cell in lane["cells"]
        for card in cell
        if card["metric"]
    ]

    assert metrics[0]["met"] is False


@pytest.mark.django_db
def test_a_drawing_keeps_its_words_and_its_type(story):
    drawing = make_document(story, Options(format=SVG)).data.decode()

    root = ElementTree.fromstring(drawing)
    said = " ".join(node.text for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Консультант по упаковке" in said.replace("\xa0", " ")
    assert "font/woff2;base64" in drawing
    assert root.find("{http://www.w3.org/2000/svg}title").text == story.title


@pytest.mark.django_db
def test_a_png_is_the_whole_map_at_once(story):
    picture = Image.open(BytesIO(make_document(story, Options(format=PNG)).data))

    assert picture.width > 3000 > picture.height > 1500


@pytest.mark.django_db
def test_paper_as_large_as_needed_is_one_page(story):
    pdf = make_document(story, Options(paper=FIT))

    assert (pdf.pages, pdf.warnings) == (1, ())


@pytest.mark.django_db
def test_small_type_is_warned_of(story):
    (warning,) = make_document(story, Options(paper="a4")).warnings

    assert warning[0] == "small" and warning[1] < 6


def test_an_empty_map_is_a_page_with_its_title():
    reader = read(make_document(plain(0, 0), Options()))

    assert len(reader.pages) == 1
    assert "Карта" in words(reader)


def test_a_card_too_long_for_a_page_goes_on_over_several():
    pdf = make_document(plain(2, 1, " ".join(["слово"] * 8000)), Options(paper="a4"))

    assert pdf.pages > 1
    assert ("spread", 0) in pdf.warnings
    assert words(read(pdf)).count("слово") == 2 * 8000


@pytest.mark.parametrize("content", ["text", "emotion"])
def test_a_word_of_180_letters_stays_within_its_page(content):
    word = "длинношеее" * 18
    reader = read(make_document(plain(5, 1, word, content), Options()))
    left = []

    def note(text, page_matrix, matrix, _font, _size):
        if text.strip():
            left.append(page_matrix[0] * matrix[4] + page_matrix[4])

    reader.pages[0].extract_text(visitor_text=note)
    assert words(reader).replace(" ", "").count(word) == 5
    assert min(left) > 0 and max(left) < float(reader.pages[0].mediabox.width)


def test_emoji_and_arabic_are_printed():
    reader = read(make_document(plain(2, 1, "Ура 🎉 مرحبا"), Options()))

    assert "Ура" in words(reader)
    assert len(reader.pages) == 1


def test_markup_in_a_card_is_only_text():
    card = '<img src="file:///etc/passwd"> {{ title }} {% now "Y" %}'
    text = words(read(make_document(plain(1, 1, card), Options())))

    assert card in text


@pytest.mark.django_db
def test_an_english_map_is_set_in_english(story):
    text = words(read(make_document(replace(story, language="en"), Options())))

    for said in ("Weakest link", "expected 8, got 1", "12 Nov", "version", "B5, B6", "5,900"):
        assert said in text
