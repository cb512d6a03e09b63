"""Tables brought from Excel: what they say becomes a map, what they don't is told."""

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.catalogues import demo_maps
from journeys.formats import workbook
from journeys.formats.plan import MapPlan, Unreadable
from journeys.formats.read import read

from .conftest import as_told

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


def table(*rows: str) -> bytes:
    """A CSV with semicolons, as Excel writes it in Russia."""
    return "\r\n".join(rows).encode()


def book(**sheets) -> bytes:
    """A workbook: name of a sheet → rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def partly(remarks) -> list[str]:
    return [str(remark) for remark in remarks if remark.kind != "note"]


def cells(plan: MapPlan) -> dict[tuple[str, str], list[str]]:
    stages = {stage.key: stage.name for stage in plan.stages}
    lanes = {lane.key: lane.name for lane in plan.lanes}
    found: dict[tuple[str, str], list[str]] = {}
    for card in plan.in_order():
        found.setdefault((stages[card.stage], lanes[card.lane]), []).append(card.text)
    return found


# --- the demo map in five files ----------------------------------------------------------------

FLAT = ("emotion", "severity", "expectation", "perception", "effort", "impact", "owner")


@pytest.mark.parametrize(
    ("name", "language", "fields"),
    [
        ("flat_en_utf8_comma.csv", "en", FLAT),
        ("flat_ru_utf8_bom_semicolon.csv", "ru", FLAT),
        ("flat_ru_cp1251_semicolon.csv", "ru", FLAT),
        ("flat_ru.xlsx", "ru", FLAT),
        ("grid_ru.xlsx", "ru", ()),
    ],
)
def test_an_example_holds_the_88_cards_of_the_demo_map(data_real, name, language, fields):
    plan, remarks = read(name, (data_real.parent / "import_examples" / name).read_bytes())
    (demo,) = [
        found
        for found, _remarks in (read("map.json", file) for file in demo_maps(language))
        if found.key == "retail_bouquet"
    ]

    assert partly(remarks) == []
    assert len(plan.cards) == 88
    assert as_told(plan, fields) == as_told(demo, fields)


# --- encodings, separators, quotes -------------------------------------------------------------

RUSSIAN = "Этап;Дорожка;Текст\r\nПоиск;Цели;Успеть\xa0к восьми\r\n"


@pytest.mark.parametrize(
    "data",
    [
        RUSSIAN.encode("utf-8"),
        RUSSIAN.encode("utf-8-sig"),
        RUSSIAN.encode("cp1251"),
        RUSSIAN.replace(";", "\t").encode("utf-16"),
        RUSSIAN.replace(";", ",").encode("utf-16-be"),
        b"sep=;\r\n" + RUSSIAN.encode("cp1251"),
    ],
)
def test_a_table_in_any_usual_encoding(data):
    plan, _remarks = read("map.csv", data)

    assert cells(plan) == {("Поиск", "Цели"): ["Успеть\xa0к восьми"]}


def test_quoted_line_breaks_quotes_and_separators_stay_in_the_card():
    plan, _remarks = read(
        "map.csv", table("этап;дорожка;текст", 'Поиск;Цели;"Раз; ""два""\r\nтри"', "Выбор;Цели;х")
    )

    assert cells(plan)["Поиск", "Цели"] == ['Раз; "два"\nтри']


def test_a_remark_names_the_line_that_people_see():
    _plan, remarks = read(
        "map.csv",
        table(
            "Этап;Дорожка;Текст;Эмоция",
            'Поиск;Эмоции;"две\r\nстроки";',
            ";Эмоции;Без этапа;1",
            "Поиск;Эмоции;Злость;сильная",
        ),
    )

    assert partly(remarks) == [
        "Line 4: no stage is named",
        "Line 5: Emotion “сильная”: not a whole number from −5 to 5; the card came without it",
    ]
    assert [remark.kind for remark in remarks][1:] == ["refused", "partly"]


def test_numbers_as_people_write_them():
    plan, remarks = read(
        "map.csv",
        table(
            "Стадия;Дорожка;Текст;Эмоция;Польза;Факт;План;Ед. изм.",
            "Поиск;Чувства;Злость;−5;;;;",
            "Поиск;Идеи;Чат;;4,0;;;",
            "Поиск;Метрики;Заказы;;;1\xa0234,5;30%;шт",
        ),
    )
    angry, chat, orders = plan.cards
    (metric,) = plan.metrics

    assert partly(remarks) == []
    assert (angry.emotion, chat.impact, orders.metric) == (-5, 4, metric.key)
    assert (metric.name, metric.fact, metric.plan, metric.unit) == ("Заказы", 1234.5, 30, "шт")


def test_other_names_of_lanes_are_understood():
    plan, _remarks = read(
        "map.csv",
        table(
            "Этап;Дорожка;Текст",
            *(f"Поиск;{name};х" for name in ("Точки касания", "Болевые точки", "Возможности")),
            "Поиск;Что чувствует клиент?;х",
            "Поиск;Погода;х",
        ),
    )

    kinds = [lane.kind for lane in plan.lanes]
    assert kinds == ["touchpoints", "barriers", "solutions", "emotions", ""]
    assert plan.lanes[-1].content == "text"


# --- grids -------------------------------------------------------------------------------------


def test_a_grid_with_values_in_its_texts():
    plan, _remarks = read(
        "map.csv",
        table(
            ";Поиск;Покупка",
            'Эмоции;"-3 злость\r\n+4";0: покой',
            'Точки контакта;Курьер (9/8);"• Сайт 7 → 2\r\n2. Работаем 24/7"',
            "Действия;3 звонка;",
        ),
    )

    assert [(card.text, card.emotion) for card in plan.cards[:3]] == [
        ("злость", -3),
        ("", 4),
        ("покой", 0),
    ]
    assert [(card.text, card.expectation, card.perception) for card in plan.cards[3:]] == [
        ("Курьер", 9, 8),
        ("Сайт", 7, 2),
        ("Работаем 24/7", None, None),
        ("3 звонка", None, None),
    ]


def test_a_title_above_a_grid_is_the_maps():
    plan, _remarks = read(
        "сетка.csv", table("Карта пути: букет;;", "Дорожка;Поиск;Покупка", "Цели;а;б")
    )

    assert (plan.title, [stage.name for stage in plan.stages]) == (
        "Карта пути: букет",
        ["Поиск", "Покупка"],
    )


def test_a_table_with_lanes_across_is_turned():
    plan, remarks = read("map.csv", table(";Цели;Барьеры", "Поиск;а;б", "Покупка;в;г"))

    assert [stage.name for stage in plan.stages] == ["Поиск", "Покупка"]
    assert [lane.kind for lane in plan.lanes] == ["goals", "barriers"]
    assert "turned" in str(remarks[-1])


def test_merged_headings_are_stages_over_their_steps():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.merge_range(0, 1, 0, 2, "Покупка")
        sheet.write(0, 3, "Доставка")
        sheet.write_row(1, 1, ["Корзина", "Оплата"])
        sheet.merge_range(2, 0, 3, 0, "Цели")
        sheet.write_row(2, 1, ["а", "б", "в"])
        sheet.write_row(3, 1, ["г"])

    plan, remarks = read("map.xlsx", out.getvalue())

    names = {stage.key: stage.name for stage in plan.stages}
    assert [(stage.name, names.get(stage.parent)) for stage in plan.stages] == [
        ("Покупка", None),
        ("Корзина", "Покупка"),
        ("Оплата", "Покупка"),
        ("Доставка", None),
    ]
    assert partly(remarks) == []
    assert cells(plan) == {
        ("Корзина", "Цели"): ["а", "г"],
        ("Оплата", "Цели"): ["б"],
        ("Доставка", "Цели"): ["в"],
    }


def test_a_merged_heading_without_steps_is_one_stage():
    plan, remarks = read("map.csv", table(";Покупка;;Доставка", "Цели;а;б;в"))

    assert cells(plan) == {("Покупка", "Цели"): ["а", "б"], ("Доставка", "Цели"): ["в"]}
    assert partly(remarks) == []


# --- workbooks ---------------------------------------------------------------------------------


def test_the_sheet_with_cards_is_chosen_and_said():
    plan, remarks = read(
        "map.xlsx",
        book(
            Сводка=[["Отчёт"], ["", "Итог"], ["Всего", 5]],
            Карточки=[["Этап", "Дорожка", "Текст"], ["Поиск", "Цели", "Успеть"]],
        ),
    )

    assert len(plan.cards) == 1
    assert any("“Карточки”" in str(remark) for remark in remarks)


def test_a_formula_counts_as_its_value_and_a_date_as_a_day():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["", "Поиск", "Покупка"])
        sheet.write(1, 0, "Действия")
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_datetime(1, 2, datetime(2026, 9, 1), made.add_format({"num_format": 14}))

    plan, _remarks = read("map.xlsx", out.getvalue())

    assert [card.text for card in plan.cards] == ["2", "2026-09-01"]


def test_an_archive_that_swells_is_refused():
    out = io.BytesIO(book(Лист=[["", "Поиск"], ["Цели", "а"]]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * 30_000_000)

    with pytest.raises(Unreadable, match="unpacks"):
        read("bomb.xlsx", out.getvalue())


def test_a_cell_at_the_far_corner_is_refused():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 1, "Поиск")
        sheet.write(1_048_575, 16_383, "далеко")

    with pytest.raises(Unreadable, match="too large"):
        read("far.xlsx", out.getvalue())


def test_a_damaged_workbook_is_refused_in_words():
    with pytest.raises(Unreadable, match="damaged"):
        read("map.xlsx", b"PK\x03\x04" + b"x" * 100)


def test_the_child_knows_no_django():
    source = Path(workbook.__file__).read_text()

    assert "import django" not in source and "from django" not in source


# --- what is no map ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"just words\nand more", "nor a table of a map"),
        (table("a;b", *(f"{number};x" for number in range(41))), "doesn’t look like a map"),
        (table("Этап;Дорожка;Текст"), "o card was found"),
        (table(*(f"a{';x' * 201}" for _ in range(3))), "too large"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "in an encoding we know"),
    ],
)
def test_what_is_no_map_gets_one_sentence(data, why):
    with pytest.raises(Unreadable, match=why):
        read("file", data)


def test_real_tables_are_read_or_refused_in_words(data_real, data_real_index):
    for about in data_real_index["files"]:
        if about["file"].endswith((".csv", ".xlsx", ".md", ".yml")):
            try:
                plan, remarks = read(about["file"], (data_real / about["file"]).read_bytes())
            except Unreadable as refused:
                assert str(refused).endswith(".")
            else:
                assert plan.cards and all(map(str, remarks))


def test_a_spanish_table_in_markdown_is_a_grid(data_real):
    data = (data_real / "files" / "plazavea_journey_es.md").read_bytes()
    plan, _remarks = read("plazavea_journey_es.md", data)

    assert [stage.name for stage in plan.stages] == ["Plaza Vea nativo", "CLI/MCP"]
    assert len(plan.cards) == 6


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(max_size=6), max_size=5), max_size=8), st.sampled_from(";,\t"))
def test_any_table_is_a_map_or_one_sentence(rows, separator):
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    for head in ("", f"Этап{separator}Дорожка{separator}Текст\r\n"):
        try:
            _plan, remarks = read("t.csv", (head + out.getvalue()).encode("utf-8", "replace"))
        except Unreadable as refused:
            assert str(refused).endswith(".")
        else:
            assert all(map(str, remarks))


@settings(max_examples=15, deadline=None)
@given(st.binary(max_size=200))
def test_any_workbook_is_a_map_or_one_sentence(noise):
    data = bytearray(book(Лист=[["", "Поиск"], ["Цели", "а"]]))
    for number, byte in enumerate(noise):
        data[(number * 37 + byte * 11) % len(data)] = byte
    try:
        read("t.xlsx", bytes(data))
    except Unreadable as refused:
        assert str(refused).endswith(".")
