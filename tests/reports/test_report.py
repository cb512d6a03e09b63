"""The short report and the pages of personas as their readers get them."""

import re
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from journeys.catalogues import demo_maps
from journeys.edits.maps import create_map
from journeys.formats.read import read as read_file
from reports.render import make_document
from reports.sheets import PERSONA, REPORT, Options
from reports.story import Card, Persona, Story, Told, WeakestLink, story_of, story_of_persona

from .conftest import read, words
from .test_brief import story as made
from .test_poster import tags

pytestmark = pytest.mark.one_engine

# Equal stories make equal documents: each is set once for all tests.
printed = cache(make_document)
MM = 72 / 25.4
ANNA = Persona("Анна", told=(Told("pains", "Что мешает", ("Мало времени", "Грубость")),))
DAY = date(2026, 11, 22)


@pytest.fixture
def story(bouquet) -> Story:
    bouquet.plan_starts = date(2026, 11, 2)
    return story_of(bouquet, DAY)


def report(story):
    return read(printed(story, Options(document=REPORT)))


def sides(page) -> tuple[int, int]:
    return round(float(page.mediabox.width) / MM), round(float(page.mediabox.height) / MM)


@pytest.mark.django_db
def test_a_report_is_a_page_for_a_manager_the_persona_and_the_map(story):
    pages = report(story).pages

    assert [sides(page) for page in pages] == [(210, 297), *[(297, 210)] * 3]
    for number, page in enumerate(pages, 1):
        assert f"{number} / 4" in page.extract_text()


@pytest.mark.django_db
def test_the_first_page_says_what_is_weak_what_was_decided_and_what_is_asked(story):
    text = " ".join(report(story).pages[0].extract_text().split())

    for said in (
        "Слабое звено — «Консультант по упаковке»: ждали 8, получили 1 (−7)",
        "Б7 Грубый консультант", "Р7 Стандарт общения и тайный покупатель", "2 дек",
        "12 ноя +10 дн. Управляющий салоном",
        "10 → 2 Ожидание у стойки", "5 900 → 6 500",
        "Нужны ваши решения", "Р4 Чат-бот с ответами на частые вопросы (Веб-разработка): к какому",
        "16 ноя прошёл",
    ):  # fmt: skip
        assert said in text


@pytest.mark.django_db
def test_the_report_tells_every_card(story):
    text = words(report(story))

    for lane in story.lanes:
        for card in (card for cell in lane.cells for card in cell):
            assert " ".join(card.text.split()) in text


@pytest.mark.django_db
def test_a_report_is_one_tagged_document_with_bookmarks_and_told_pictures(story):
    reader = report(story)

    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert reader.trailer["/Root"]["/Lang"] == "ru"
    assert reader.metadata.title == story.title
    assert [str(figure.get("/Alt", "")).split(":")[0] for figure in tags(reader, "/Figure")] == [
        "Кривая эмоций"
    ] * 4
    top = [item.title.replace("\xa0", " ") for item in reader.outline if not isinstance(item, list)]
    assert top[1:] == ["Василий", "Карта"] and top[0].startswith("Слабое звено")


@pytest.mark.django_db
def test_all_type_of_a_report_is_ours_and_embedded(story):
    fonts = [
        font.get_object()
        for page in report(story).pages
        for font in page["/Resources"]["/Font"].get_object().values()
    ]

    assert {re.sub(r"^/\w+\+", "", font["/BaseFont"]).split("-")[0] for font in fonts} == {"Onest"}
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


@pytest.mark.django_db
def test_an_english_report_is_set_in_english(story):
    text = words(report(replace(story, language="en")))

    for said in ("Weakest link — “", "expected 8, got 1 (−7)", "Decisions we ask you for", "B7",
                 "12 Nov +10 d", "5,900 → 6,500", "stages 1–4 of 7"):  # fmt: skip
        assert said in text


@pytest.mark.django_db
def test_lanes_too_many_for_a_sheet_make_groups_of_more_stages(flowers, by_anna):
    """Four stages a sheet would take four half-empty ones: all six take two."""
    plans = [read_file("map.json", file)[0] for file in demo_maps("ru")]
    (plan,) = [plan for plan in plans if len(plan.stages) == 6]
    journey = create_map(plan, workspace=flowers, by=by_anna)

    assert len(report(story_of(journey, DAY)).pages) == 4


def test_an_empty_map_is_one_honest_page():
    reader = report(made({}, stages=(), title="Новая карта"))

    assert len(reader.pages) == 1
    text = words(reader)
    assert "Новая карта" in text and "карточек" in text
    assert "решения" not in text and "Уровень" not in text


def test_a_map_with_three_cards_prints_nothing_empty():
    weak = Card("Сайт", expectation=8, perception=5, level=-3, weakest=True)
    lanes = {"touchpoint": [[weak], []], "barrier": [[Card("Долго ждать", number=1)], []]}
    reader = report(made(lanes, weakest=WeakestLink(1, "Сайт", 8, 5, -3)))

    assert len(reader.pages) == 2
    first = reader.pages[0].extract_text()
    assert "Эмоции" not in first and "факт" not in first and "Деньги" not in first
    assert "решения пока нет" in " ".join(first.split())


def test_each_of_two_personas_has_a_page_with_its_own_feelings():
    boris = replace(ANNA, name="Борис")
    felt = [[Card("Рада", emotion=3, persona="Анна"), Card("Зол", emotion=-3, persona="Борис")]]
    pages = report(made({"emotion": felt}, personas=(ANNA, boris))).pages

    assert len(pages) == 4
    annas, boriss = (page.extract_text() for page in pages[1:3])
    assert "Анна" in annas and "+3" in annas and "−3" not in annas
    assert "Борис" in boriss and "−3" in boriss and "+3" not in boriss


def test_a_persona_of_whom_nothing_is_known_gets_no_page():
    assert len(report(made({"text": [[Card("Ждёт")]]}, personas=(Persona("Анна"),))).pages) == 2


def test_texts_without_end_leave_the_first_page_one():
    long = "Очень длинный рассказ о том, как клиент ждёт ответа. " * 20
    lanes = {
        "barrier": [[Card(long, number=n, severity=5) for n in range(1, 6)]],
        "solution": [[Card(long, number=n, lifts=(n, 1), cost=1000) for n in range(1, 6)]],
        "emotion": [[Card("ж" * 180, emotion=-4)]],
    }
    reader = report(made(lanes, title=long[:300], summary=long, goal=long, measure=long))

    assert [sides(page) for page in reader.pages[:2]] == [(210, 297), (297, 210)]


def test_a_persona_is_told_in_full_however_much_is_known():
    told = (Told("pains", "Что мешает", ("Ждёт слишком долго. " * 300,)),)
    reader = read(printed(made({}, personas=(Persona("Анна", told=told),)),
                          Options(document=PERSONA)))  # fmt: skip

    assert len(reader.pages) > 1
    assert words(reader).count("Ждёт слишком долго.") == 300


def test_only_bad_feelings_are_drawn_too():
    """Their picture begins below +5."""
    reader = report(made({"emotion": [[Card("Зол", emotion=-4)], [Card("Ждёт", emotion=-3)]]}))

    assert len(tags(reader, "/Figure")) == 2


@pytest.mark.django_db
def test_the_personas_of_a_map_are_pages_with_their_path(story):
    (page,) = read(printed(story, Options(document=PERSONA))).pages
    text = " ".join(page.extract_text().split())

    for said in ("«Мне не нужно дешевле", "Задача клиента (JTBD)", "Не терпит грубости", "−5",
                 "Источники пока не названы", "Поддержание контакта", "1 / 1"):  # fmt: skip
        assert said in text


@pytest.mark.django_db
def test_a_persona_alone_is_one_page(bouquet):
    pdf = make_document(story_of_persona(bouquet.personas.get(), DAY), Options(document=PERSONA))

    (page,) = read(pdf).pages
    assert "Василий" in page.extract_text() and "этапам" not in page.extract_text()
