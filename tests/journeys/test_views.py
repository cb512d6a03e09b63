"""Edits as a browser posts them, and what it is told."""

import json
import re
from uuid import uuid4

import pytest
from django.utils.html import escape

from changes.models import Change
from journeys.edits import cards, columns
from journeys.edits.maps import new_map
from journeys.models import Card, Journey, Stage
from teams.actors import member
from tests.support.people import signed_in
from ui.ids import uuid7


@pytest.fixture
def at_anna(anna):
    return signed_in(anna)


@pytest.fixture
def url(bouquet):
    return lambda path="": f"/maps/{bouquet.pk}/{path}"


@pytest.fixture
def goal_url(url, part):
    return url(f"cards/{part('goa-01').pk}/")


def test_the_answer_is_the_frame_with_its_number(at_anna, bouquet, goal_url, part):
    answer = at_anna.post(goal_url, {"text": "Успеть"})
    assert answer.status_code == 200
    assert answer["X-Seq"] == str(Journey.objects.get(pk=bouquet.pk).seq)
    assert f"#card-{part('goa-01').pk.hex}" in answer.text and "Успеть" in answer.text


def test_the_same_post_twice_gets_the_same_answer(at_anna, bouquet, goal_url):
    post = {"text": "Успеть", "key": str(uuid4())}
    first, second = at_anna.post(goal_url, post), at_anna.post(goal_url, post)
    assert (first["X-Seq"], first.text) == (second["X-Seq"], second.text)
    assert Change.objects.filter(document_id=bouquet.pk, verb="edit_card").count() == 1


def test_a_new_card_has_the_id_the_browser_made(at_anna, url, part):
    pk = uuid7()
    place = {"stage": part("awareness").pk, "lane": part("actions").pk}
    at_anna.post(url("cards/"), {"id": pk, "text": "Звонит", **place})
    assert Card.objects.get(pk=pk).text == "Звонит"


def test_pasted_lines_are_cards_and_one_change(at_anna, bouquet, url, part):
    ids = [str(uuid7()) for _ in range(3)]
    place = {"stage": part("awareness").pk, "lane": part("actions").pk}
    at_anna.post(url("cards/"), {"id": ids, "lines": ["раз", "два", "три"], **place})
    assert [Card.objects.get(pk=pk).text for pk in ids] == ["раз", "два", "три"]
    assert Change.objects.filter(document_id=bouquet.pk, verb="add_card").count() == 1


@pytest.mark.parametrize(
    ("post", "status"),
    [
        ({"emotion": "9"}, 422),
        ({"text": "x" * 50_001}, 422),
        ({"key": "no id"}, 422),
        ({"nonsense": "1"}, 422),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(at_anna, bouquet, goal_url, post, status):
    before = Journey.objects.get(pk=bouquet.pk).seq
    answer = at_anna.post(goal_url, post)
    assert answer.status_code == status
    assert 'class="refusal"' in answer.text
    assert Journey.objects.get(pk=bouquet.pk).seq == before


@pytest.mark.parametrize("path", ["cards/", "lanes/", "stages/"])
def test_an_empty_post_is_a_sentence_not_an_error(at_anna, url, path):
    assert at_anna.post(url(path), {}).status_code == 422


def test_a_deleted_card_answers_gone(at_anna, anna, bouquet, goal_url, part):
    cards.delete_card(bouquet.pk, part("goa-01").pk, by=member(anna))
    assert at_anna.post(goal_url, {"text": "x"}).status_code == 410


def test_a_viewer_reads_and_is_refused_the_edit(vera, bouquet, url, goal_url):
    client = signed_in(vera)
    page = client.get(url())
    assert page.status_code == 200 and "data-can-edit" not in page.text
    assert client.post(goal_url, {"text": "x"}).status_code == 403


def test_a_foreign_map_looks_like_a_missing_one(gleb, url, goal_url):
    client = signed_in(gleb)
    for path in ("", "board/", "since/?since=1", "history/", "bin/", "export.json"):
        missing_url = f"/maps/{uuid4()}/{path}"
        foreign, missing = client.get(url(path)), client.get(missing_url)
        assert foreign.status_code == 404
        assert _but_for(url(path), foreign.text) == _but_for(missing_url, missing.text)
    assert client.post(goal_url, {"text": "x"}).status_code == 404


def _but_for(address: str, page: str) -> str:
    """The page without its own address and the tokens of its forms."""
    page = page.replace(escape(address), "")
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page)


def test_what_was_missed_can_be_asked_for(at_anna, bouquet, url, goal_url):
    seq = Journey.objects.get(pk=bouquet.pk).seq
    at_anna.post(goal_url, {"text": "Успеть"})
    frames = at_anna.get(url(f"since/?since={seq}")).json()["frames"]
    assert [number for number, _html in frames] == [seq + 1]


@pytest.mark.parametrize("since", ["0", "999", "x", ""])
def test_a_number_nobody_knows_gets_the_board(at_anna, url, since):
    assert at_anna.get(url(f"since/?since={since}")).json() == {"board": True}


def test_the_board_carries_its_number(at_anna, bouquet, url):
    answer = at_anna.get(url("board/"))
    assert answer["X-Seq"] == str(Journey.objects.get(pk=bouquet.pk).seq)
    assert answer["Cache-Control"] == "no-store"


def test_a_map_goes_out_as_json(at_anna, url):
    answer = at_anna.get(url("export.json"))
    assert json.loads(answer.text)["title"] == "Василий покупает букет и упаковку подарка"
    assert "attachment" in answer["Content-Disposition"]


def test_deleting_a_map_and_bringing_it_back(at_anna, bouquet, url):
    at_anna.post(url("delete/"))
    assert at_anna.get(url()).status_code == 404
    assert "Василий покупает" in at_anna.get("/w/flowers/bin/").text.replace("\xa0", " ")
    at_anna.post(url("restore/"))
    assert at_anna.get(url()).status_code == 200


def test_a_map_from_a_template_without_the_stages_ticked_off(at_anna, flowers):
    at_anna.post(
        "/w/flowers/new/",
        {
            "template": "retail_7",
            "title": "Подарок",
            "language": "ru",
            "stage": ["awareness", "delivery"],
            "goal": "Больше повторных заказов",
        },
    )
    journey = Journey.objects.get(title="Подарок")
    assert journey.stages.count() == 2 and journey.goal == "Больше повторных заказов"


def test_a_file_that_cannot_be_read_is_one_sentence(at_anna, flowers, tmp_path):
    file = tmp_path / "map.json"
    file.write_text('{"title": "x",\n oops}')
    with file.open("rb") as upload:
        answer = at_anna.post("/w/flowers/import/", {"file": upload})
    assert answer.status_code == 422
    assert Journey.objects.count() == 0


def test_the_history_has_a_page_of_its_own_that_can_be_narrowed_to_a_person(
    at_anna, bouquet, url, part, by_anna, by_boris
):
    for text, by in (("Успеть к семи", by_anna), ("Успеть к восьми", by_boris)):
        cards.edit_card(bouquet.pk, part("goa-01").pk, fields={"text": text}, by=by)
    page = at_anna.get(url("history/")).text
    assert "<html" in page and "семи" in page and "восьми" in page
    boris = at_anna.get(url(f"history/?by={by_boris.key}")).text
    assert boris.count('class="history-entry') == 1 and "восьми" in boris


def test_beside_the_map_the_history_is_a_panel(at_anna, url):
    assert "<html" not in at_anna.get(url("history/"), headers={"HX-Request": "true"}).text


@pytest.mark.parametrize(
    ("path", "post"),
    [
        ("divide/", {}),
        ("divide/", {"id": "none", "name": "Отзывы"}),
        ("divide/", {"id": str(uuid7()), "name": " "}),
        ("", {"weight": "9"}),
        ("", {"loop_to": "nowhere"}),
    ],
)
def test_what_a_stage_can_not_be_told_is_said_in_a_sentence(at_anna, url, part, path, post):
    answer = at_anna.post(url(f"stages/{part('contract').pk}/{path}"), post)
    assert answer.status_code == 422
    assert 'class="refusal"' in answer.text


def test_a_stage_is_divided_by_one_post(at_anna, url, part):
    stage = part("contract")
    ids = [str(uuid7()), str(uuid7())]
    at_anna.post(url(f"stages/{stage.pk}/divide/"), {"id": ids, "name": ["Форма", "Оплата"]})
    assert [step.name for step in stage.steps.all()] == ["Форма", "Оплата"]


def test_a_loop_is_set_and_taken_away(at_anna, url, part):
    stage, end = part("contract"), part("awareness")
    at_anna.post(url(f"stages/{stage.pk}/"), {"loop_to": end.pk, "loop_name": "Снова"})
    stage.refresh_from_db()
    assert (stage.loop_to, stage.loop_name) == (end, "Снова")
    at_anna.post(url(f"stages/{stage.pk}/"), {"loop_to": ""})
    stage.refresh_from_db()
    assert stage.loop_to is None


def test_a_touchpoint_the_team_named_itself_is_offered_on_its_other_maps(
    at_anna, bouquet, flowers, part, by_anna
):
    other = new_map(language="ru", workspace=flowers, by=by_anna)
    place = {"stage": part("awareness").pk, "lane": part("touchpoints").pk}
    cards.add_card(
        bouquet.pk, id=uuid7(), fields={"text": "Открытка в коробке"}, by=by_anna, **place
    )
    offered = at_anna.get(f"/maps/{other.pk}/touchpoints/").json()
    names = [one["name"] for one in offered]
    assert names[0] == "Открытка в коробке" and len(names) == len(set(names)) > 78


def test_a_touchpoint_of_a_deleted_stage_is_not_offered(at_anna, bouquet, part, by_anna):
    place = {"stage": part("awareness").pk, "lane": part("touchpoints").pk}
    cards.add_card(bouquet.pk, id=uuid7(), fields={"text": "Ярмарка"}, by=by_anna, **place)
    columns.delete(bouquet.pk, Stage, part("awareness").pk, by=by_anna)
    offered = at_anna.get(f"/maps/{bouquet.pk}/touchpoints/").json()
    assert "Ярмарка" not in [one["name"] for one in offered]
