"""A workspace's home with years of maps on it: found, sorted, paged, archived, begun again."""

import pytest

from journeys.edits import journeys as edits
from journeys.edits import maps
from journeys.models import Journey
from journeys.reads import home
from tests.support.people import signed_in


@pytest.fixture
def at_boris(boris):
    return signed_in(boris)


def titles(shelf):
    return [tile.journey.title for tile in shelf.tiles]


@pytest.fixture
def garden(flowers, by_boris):
    """Three maps: two empty ones and the bouquet, which has a weakest link."""

    def make(title, **said):
        return maps.new_map(title=title, language="ru", workspace=flowers, by=by_boris, **said)

    return [make("Ёлка"), make("астры", goal="Больше заказов")]


def test_newest_changes_come_first(flowers, garden):
    assert titles(home.home_of(flowers)) == ["астры", "Ёлка"]


def test_titles_sort_as_people_read_them(flowers, garden):
    assert titles(home.home_of(flowers, sort="title")) == ["астры", "Ёлка"]


def test_the_weakest_link_comes_first_where_asked(flowers, bouquet, garden):
    assert titles(home.home_of(flowers, sort="weakest"))[0] == bouquet.title


@pytest.mark.parametrize("words", ["елка", " ЁЛКА "])
def test_a_map_is_found_whatever_the_case_and_the_ё(flowers, garden, words):
    assert titles(home.home_of(flowers, find=words)) == ["Ёлка"]


def test_a_map_is_found_by_its_persona_and_aim(flowers, bouquet, garden):
    assert titles(home.home_of(flowers, find="василий")) == [bouquet.title]
    assert titles(home.home_of(flowers, find="больше заказов")) == ["астры"]


def test_a_long_shelf_comes_in_pages(flowers, garden, monkeypatch):
    monkeypatch.setattr(home, "PAGE", 1)
    first, second = home.home_of(flowers), home.home_of(flowers, page=2)
    assert (titles(first), first.next_page) == (["астры"], 2)
    assert (titles(second), second.next_page) == (["Ёлка"], None)


def test_an_archived_map_leaves_the_home_and_comes_back(flowers, garden, at_boris):
    tree = garden[0]
    at_boris.post(f"/maps/{tree.pk}/archive/")
    assert titles(home.home_of(flowers)) == ["астры"]
    assert titles(home.home_of(flowers, shelf=home.ARCHIVE)) == ["Ёлка"]
    at_boris.post(f"/maps/{tree.pk}/archive/", {"out": "yes"})
    assert home.home_of(flowers).archived == 0


def test_the_archive_says_what_stands_in_it(garden, by_boris, at_boris):
    edits.archive_map(garden[0].pk, by=by_boris)
    assert "Ёлка" in at_boris.get("/w/flowers/?shelf=archive").text


def test_htmx_gets_the_tiles_alone(flowers, garden, at_boris):
    answer = at_boris.get("/w/flowers/?find=ёлка", headers={"HX-Request": "true"}).text
    assert "Ёлка" in answer and "астры" not in answer and "<html" not in answer


def test_a_to_be_map_names_the_one_it_was_copied_from(bouquet, at_boris):
    at_boris.post(f"/maps/{bouquet.pk}/to-be/")
    twin = Journey.objects.get(copied_from=bouquet)
    assert twin.kind == "to_be" and twin.cards.count() == bouquet.cards.count()
    assert f"/maps/{bouquet.pk}/" in at_boris.get(f"/maps/{twin.pk}/").text
    assert f"/maps/{twin.pk}/" in at_boris.get(f"/maps/{bouquet.pk}/").text


def test_a_template_of_the_team_begins_a_map_with_the_stages_that_fit(flowers, bouquet, at_boris):
    at_boris.post(f"/maps/{bouquet.pk}/template/")
    (template,) = home.own_templates(flowers)
    stages = [stage.key for stage in template.stages][:2]
    at_boris.post(
        "/w/flowers/new/",
        {"template": template.key, "title": "Тюльпаны", "language": "ru", "stage": stages},
    )
    begun = Journey.objects.get(title="Тюльпаны")
    assert begun.stages.count() == 2 and begun.lanes.count() == bouquet.lanes.count()
    assert begun.cards.count() == 0 and not begun.is_template


def test_a_template_with_cards_keeps_only_links_that_hold(flowers, bouquet, by_boris):
    template = maps.make_template(bouquet, with_cards=True, by=by_boris)
    stage = template.stages.order_by("position").first()
    begun = maps.from_own_template(template, language="ru", stages=[stage.pk.hex], by=by_boris)
    assert 0 < begun.cards.count() < template.cards.count()


def test_templates_are_no_maps_of_the_home(flowers, bouquet, by_boris):
    maps.make_template(bouquet, by=by_boris)
    assert titles(home.home_of(flowers)) == [bouquet.title]


def test_a_purpose_brings_the_lanes_it_needs_once(flowers, at_boris):
    begin = {"template": "retail_7", "title": "Розы", "language": "ru", "purpose": "startup"}
    at_boris.post("/w/flowers/new/", begin)
    kinds = list(Journey.objects.get(title="Розы").lanes.values_list("kind", flat=True))
    assert {"jtbd", "needs"} <= set(kinds) and len(kinds) == len(set(kinds))
