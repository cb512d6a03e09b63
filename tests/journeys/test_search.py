"""Finding across a workspace."""

import pytest
from django.utils.translation import override

from journeys.edits import cards, journeys
from journeys.edits.maps import duplicate_map, make_template
from journeys.reads.search import find
from tests.support.people import signed_in


def texts(workspace, words):
    return [(found.kind, found.text) for found in find(workspace, words)]


@pytest.mark.parametrize(
    ("typed", "written", "is_found"),
    [
        ("ЕЩЕ раз", "Ещё\u00a0раз  дорого", True),
        ("Точки касания", "Все точки контакта на одной карте", True),
        ("стадии", "Этапы пути", True),
        ("барьеры", "Одна боль", True),
        ("барьеры", "Больше цветов", False),
        ("курьер", "Боль", False),
        ("a.b", "axb", False),
    ],
)
def test_spelling_and_other_names_of_the_same_thing_are_forgiven(
    flowers, bouquet, part, by_anna, typed, written, is_found
):
    cards.edit_card(bouquet.pk, part("goa-01").pk, fields={"text": written}, by=by_anna)
    assert (("card", written) in texts(flowers, typed)) == is_found


def test_maps_personas_and_cards_are_found(flowers, bouquet):
    assert texts(flowers, "василий")[:2] == [("map", bouquet.title), ("persona", "Василий")]
    assert ("card", "Курьер") in texts(flowers, "КУРЬЕР")


def test_a_template_says_that_it_is_one(flowers, bouquet, by_anna):
    make_template(bouquet, by=by_anna)
    with override("ru"):
        maps = [found.where for found in find(flowers, bouquet.title) if found.kind == "map"]
    assert sorted(maps) == ["", "Шаблон"]


def test_a_changed_card_is_found_by_its_new_words(flowers, bouquet, part, by_anna):
    find(flowers, "курьер")
    cards.edit_card(bouquet.pk, part("goa-01").pk, fields={"text": "Ёж в тумане"}, by=by_anna)
    assert texts(flowers, "еж в") == [("card", "Ёж в тумане")]


def test_a_deleted_card_is_not_found(flowers, bouquet, part, by_anna):
    card = part("goa-01")
    cards.edit_card(bouquet.pk, card.pk, fields={"text": "Ёжевика"}, by=by_anna)
    cards.delete_card(bouquet.pk, card.pk, by=by_anna)
    assert texts(flowers, "ежевика") == []


def test_nothing_is_found_for_nothing(flowers, bouquet):
    assert find(flowers, " ") == []


def test_the_palette_gets_links(bouquet, boris, part):
    answer = signed_in(boris).get("/w/flowers/search/?find=курьер").text
    assert f"/maps/{bouquet.pk}/#card-" in answer


@pytest.mark.parametrize("maps", [1, 3])
def test_as_many_queries_for_any_number_of_maps(
    flowers, bouquet, by_anna, maps, django_assert_num_queries
):
    for _number in range(maps):
        duplicate_map(bouquet, by=by_anna)
    with django_assert_num_queries(3):
        find(flowers, "курьер")
    with django_assert_num_queries(2):
        find(flowers, "курьер")


def test_maps_of_the_archive_come_last(flowers, bouquet, by_anna):
    other = duplicate_map(bouquet, by=by_anna)
    journeys.archive_map(other.pk, by=by_anna)
    assert [one.id for one in find(flowers, "василий") if one.kind == "map"] == [
        bouquet.pk,
        other.pk,
    ]
