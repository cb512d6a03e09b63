"""What the shop sees on its map: faces, marks, the curve, questions of an empty lane, details."""

import re
from datetime import date

import pytest
from django.utils.translation import override

from journeys import drawing
from journeys.edits import cards, columns
from journeys.edits import journeys as maps
from journeys.edits.maps import create_map
from journeys.formats.plan import LanePlan, MapPlan, StagePlan
from journeys.kinds import KINDS
from journeys.models import Card, Lane
from personas.edits import add_persona, edit_persona
from tests.support.people import signed_in
from ui.ids import dom_id, uuid7

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture
def drawn(bouquet, by_anna):
    """`drawn()`: the board as Anna gets it now."""

    def draw() -> str:
        bouquet.refresh_from_db()
        return drawing.board(bouquet, by_anna)[0]

    return draw


def card_in(html: str, card: Card) -> str:
    """One card out of a board."""
    found = re.search(rf'<article[^>]* id="{dom_id("card", card.pk)}".*?</article>', html, re.S)
    return found[0]


def test_one_card_is_the_weakest_link_and_says_why(drawn, part):
    html = drawn()
    assert html.count("tag-bad") == 1
    weakest = card_in(html, Card.objects.get(text="Консультант по упаковке"))
    says = re.search('class="tag tag-bad weakest" title="(.*?)"', weakest)[1]
    assert re.findall("−?[0-9]", says) == ["8", "1", "−7"]


def test_each_pile_has_one_heading(drawn):
    html = drawn()
    heads = re.findall(r'class="pile-head" title="(.*?)"', html)
    assert heads == ["", "Пустая стойка: десять минут никого"]


def test_a_card_carries_what_its_form_holds_and_nothing_empty(drawn, part):
    face = card_in(drawn(), part("tou-01"))
    assert 'data-expectation="8" data-perception="2"' in face
    assert 'data-text="Поисковая выдача: наш сайт на второй странице"' in face
    assert "data-importance" not in face


def test_a_calm_emotion_is_a_value_and_not_nothing(drawn):
    calm = Card.objects.filter(emotion=0).first()
    assert 'data-emotion="0"' in card_in(drawn(), calm)
    assert "at-p0" in card_in(drawn(), calm)


def test_words_are_shown_bound_and_kept_as_typed(bouquet, drawn, part, by_anna):
    goal = part("goa-01")
    cards.edit_card(bouquet.pk, goal.pk, fields={"text": "Идёт <b>к дому</b>"}, by=by_anna)
    face = card_in(drawn(), goal)
    assert 'data-text="Идёт &lt;b&gt;к дому&lt;/b&gt;"' in face
    assert '<p class="card-words">Идёт &lt;b&gt;к\u00a0дому&lt;/b&gt;' in face


def test_a_task_has_a_day_until_the_plan_has_a_beginning(bouquet, drawn, part, by_anna):
    task = part("mar-01")
    assert "60</span>" in card_in(drawn(), task)
    maps.edit_map(bouquet.pk, fields={"plan_starts": date(2026, 3, 1)}, by=by_anna)
    assert "30\u00a0апреля" in card_in(drawn(), task)


def test_a_barrier_nobody_lifts_says_so_until_it_is_closed(bouquet, drawn, part, by_anna):
    barrier = part("b-absent")
    assert "unsolved" in card_in(drawn(), barrier)
    cards.edit_card(bouquet.pk, barrier.pk, fields={"status": "closed"}, by=by_anna)
    assert "unsolved" not in card_in(drawn(), barrier)


def test_the_curve_is_said_in_words_too(drawn, part):
    found = re.search(rf'id="{dom_id("curve", part("emotions").pk)}".*?</div>', drawn(), re.S)
    assert "−1, +1, +2, −5, 0, +4, +2" in found[0]
    assert 'class="curve-line"' in found[0]


def test_two_versions_stand_on_the_card_to_be_chosen_from(bouquet, drawn, part, by_anna, by_boris):
    goal = part("goa-01")
    for by, words in ((by_anna, "Успеть к утру"), (by_boris, "Успеть к ночи")):
        fields = {"text": words}
        cards.edit_card(bouquet.pk, goal.pk, fields=fields, base="Успеть к обеду", by=by)
    face = card_in(drawn(), goal)
    assert 'data-act="choose"' in face
    assert 'data-mine="Успеть к ночи"' in face


@pytest.mark.parametrize("content", KINDS)
def test_every_content_has_a_face_and_details(content, flowers, by_anna, anna):
    plan = MapPlan(
        title="Одна", stages=[StagePlan("s", "Этап")], lanes=[LanePlan("l", "Дорожка", content)]
    )
    journey = create_map(plan, workspace=flowers, by=by_anna)
    lane = Lane.objects.get(journey=journey)
    pk = uuid7()
    cards.add_card(
        journey.pk,
        id=pk,
        stage=journey.stages.get().pk,
        lane=lane.pk,
        fields={"text": "Слова"},
        by=by_anna,
    )
    assert f'class="card card-{content}"' in drawing.board(journey, by_anna)[0]
    details = signed_in(anna).get(f"/maps/{journey.pk}/cards/{pk}/")
    assert 'data-field="text"' in details.content.decode()


def test_an_empty_lane_asks_its_question_in_the_first_stage_only(drawn):
    assert drawn().count('class="ask"') == Lane.objects.exclude(kind="").count()


def test_a_lane_of_ones_own_asks_nothing(bouquet, drawn, by_anna):
    before = drawn().count('class="ask"')
    fields = {"name": "Погода", "content": "text", "kind": ""}
    columns.add(bouquet.pk, Lane, id=uuid7(), fields=fields, by=by_anna)
    assert drawn().count('class="ask"') == before


def test_vera_reads_and_finds_nothing_to_edit_with(vera, bouquet, part):
    page = signed_in(vera).get(f"/maps/{bouquet.pk}/").content.decode()
    assert "data-can-edit" not in page
    for edits in ('id="editor"', 'id="card-menu"', 'data-act="undo"', 'id="add-lane"'):
        assert edits not in page
    details = signed_in(vera).get(f"/maps/{bouquet.pk}/cards/{part('tou-01').pk}/")
    assert not re.search("<(input|select|textarea)", details.content.decode())


def test_the_weakest_link_is_explained_in_its_details_and_in_the_legend(anna, bouquet):
    weakest = Card.objects.get(text="Консультант по упаковке")
    boss = signed_in(anna)
    assert "details-weakest" in boss.get(f"/maps/{bouquet.pk}/cards/{weakest.pk}/").content.decode()
    legend = boss.get(f"/maps/{bouquet.pk}/").content.decode().partition('id="how-to-read"')[2]
    assert 'data-text="Консультант по упаковке"' in legend


def test_the_legends_own_cards_have_no_second_id(anna, bouquet):
    page = signed_in(anna).get(f"/maps/{bouquet.pk}/").content.decode()
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_what_the_map_is_called_is_told_to_everybody_without_words_of_a_language(bouquet):
    with override("en"):
        english = drawing.render("journeys/map.html#head", {"journey": bouquet})
    with override("ru"):
        assert english == drawing.render("journeys/map.html#head", {"journey": bouquet})


def test_each_persona_has_a_line_and_is_named_in_its_words(bouquet, drawn, part, by_anna):
    assert drawn().count('class="curve-line"') == 1
    olga = add_persona(bouquet.workspace, name="Ольга", language="ru", by=by_anna)
    maps.set_personas(bouquet.pk, [bouquet.personas.get().pk, olga.pk], by=by_anna)
    cards.edit_card(bouquet.pk, part("emo-01").pk, fields={"persona": olga.pk}, by=by_anna)
    html = drawn()
    assert html.count('class="curve-line"') == 2
    assert "Эмоции (Ольга), точка за точкой" in html
    assert "Персона: Ольга" in card_in(html, part("emo-01"))


def test_a_renamed_persona_is_renamed_on_its_cards(bouquet, drawn, part, by_anna):
    vasily = bouquet.personas.get()
    cards.edit_card(bouquet.pk, part("goa-01").pk, fields={"persona": vasily.pk}, by=by_anna)
    drawn()
    edit_persona(vasily.pk, fields={"name": "Василий Петрович"}, by=by_anna)
    assert "Персона: Василий Петрович" in card_in(drawn(), part("goa-01"))
