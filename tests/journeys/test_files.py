"""A map from a file by page and by command, and a map as a file."""

import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from journeys.edits.maps import plan_of
from journeys.formats.read import read
from journeys.models import Card, Journey
from tests.support.people import signed_in

TABLE = """Этап;Дорожка;Текст;Эмоция
Поиск;Цели;Успеть;
Поиск;Что на душе;-3 злость;
Покупка;Цели;Оплатить;огонь
;Цели;Без этапа;
"""


@pytest.fixture
def upload(anna, flowers):
    """Anna brings a file; gives the answer."""

    def post(text: str | bytes, name: str = "Букет.csv"):
        data = text.encode("cp1251") if isinstance(text, str) else text
        file = SimpleUploadedFile(name, data)
        return signed_in(anna).post("/w/flowers/import/", {"file": file})

    return post


@pytest.fixture
def confirm(anna, flowers):
    """Anna says yes to what a page shows, with her corrections."""

    def post(answer, **fields):
        shown = unescape(re.search(r'name="map" value="([^"]*)"', answer.text)[1])
        return signed_in(anna).post("/w/flowers/import/", {"map": shown, **fields})

    return post


def test_a_table_is_shown_and_nothing_is_saved(upload):
    answer = upload(TABLE)

    assert Journey.objects.count() == 0
    text = unescape(re.sub(r"<[^>]+>", "", answer.text)).replace("\xa0", " ")
    assert "2 этапа, 2 дорожки, 3 карточки" in text
    assert "Windows-1251" in text
    assert "Строка 5: этап не назван" in text
    assert "Строка 4: Эмоция «огонь»" in text


def test_a_confirmed_table_is_a_map_with_corrected_lanes(upload, confirm):
    answer = confirm(upload(TABLE), **{"title": "Подарок", "lane-1": "emotions:emotion"})

    journey = Journey.objects.get()
    assert answer.url == f"/maps/{journey.pk}/"
    assert journey.title == "Подарок"
    angry = Card.objects.get(text="злость")
    assert (angry.emotion, angry.lane.kind, angry.lane.content) == (-3, "emotions", "emotion")


def test_a_second_import_is_a_second_map(upload, confirm):
    for _time in range(2):
        confirm(upload(TABLE))

    assert Journey.objects.filter(title="Букет").count() == 2


def test_a_mangled_confirmation_is_one_sentence(anna, flowers):
    answer = signed_in(anna).post("/w/flowers/import/", {"map": "{", "lane-0": "x:y"})

    assert (answer.status_code, Journey.objects.count()) == (422, 0)


def test_a_mermaid_file_with_remarks_is_shown_first(upload, confirm):
    answer = upload(b"journey\n title Shop\n section Seek\n  Search: 9: Anna\n", "shop.mmd")

    assert "Shop" in answer.text and Journey.objects.count() == 0
    confirm(answer)
    assert Journey.objects.get().title == "Shop"


def test_a_map_of_ours_needs_no_looking_through(upload, bouquet, anna):
    saved = signed_in(anna).get(f"/maps/{bouquet.pk}/export.json").content

    assert upload(saved, "map.json").status_code == 302


@pytest.mark.parametrize("bad", [b"\x00" * 50, b"PK\x03\x04broken", b'"unclosed;\n' * 5, b";;;\n"])
def test_what_cannot_be_read_is_one_sentence(upload, bad):
    answer = upload(bad)

    assert (answer.status_code, answer.text.count('role="alert"')) == (422, 1)


@pytest.mark.parametrize("format", ["csv", "xlsx", "json"])
def test_the_menu_gives_a_file_that_comes_back(bouquet, vera, format):
    answer = signed_in(vera).get(f"/maps/{bouquet.pk}/export.{format}")

    plan, _remarks = read(f"map.{format}", answer.content)
    assert len(plan.cards) == 88
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_command_says_first_and_makes_then(tmp_path, db, capsys):
    file = tmp_path / "Букет.csv"
    file.write_bytes(TABLE.encode("cp1251"))

    call_command("import_map", file, workspace="flowers", dry_run=True)
    assert "2 этапа" in capsys.readouterr().out.replace("\xa0", " ")
    assert Journey.objects.count() == 0

    call_command("import_map", file, workspace="flowers")
    assert capsys.readouterr().out.splitlines()[-1] == str(Journey.objects.get().pk)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_command_writes_tables(tmp_path, bouquet, format):
    file = tmp_path / f"map.{format}"

    call_command("export_map", bouquet.pk, format=format, output=file)

    plan, _remarks = read(file.name, file.read_bytes())
    assert len(plan.cards) == len(plan_of(bouquet).cards)


def test_the_command_refuses_what_is_no_map(tmp_path, db):
    file = tmp_path / "letter.txt"
    file.write_text("Dear all")

    with pytest.raises(CommandError, match="letter"):
        call_command("import_map", file, workspace="flowers")


def test_the_page_of_a_large_table_holds_it_whole(upload):
    rows = [f"Этап {n % 60};Дорожка {n % 40};текст {n}" for n in range(5000)]
    answer = upload("\n".join(["Этап;Дорожка;Текст", *rows]))

    shown = json.loads(unescape(re.search(r'name="map" value="([^"]*)"', answer.text)[1]))
    assert len(shown["cards"]) == 5000
