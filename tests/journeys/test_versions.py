"""Versions: whatever was done since, restoring one brings back what the team saw."""

import random
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from changes.models import Change, Conflict
from changes.record import Gone, Refused, Unchanged
from journeys.edits import cards, columns, many, paste, steps, undo, versions
from journeys.edits import journeys as maps
from journeys.edits.maps import plan_of
from journeys.formats import map_json
from journeys.models import Card, Journey, Lane, Metric, Owner, Stage, Version
from journeys.personal import KEEPER
from journeys.reads.history import history_of
from journeys.reads.versions import table_of
from personas.edits import add_persona
from teams.actors import member
from tests.journeys.test_undo import acts
from tests.support.people import signed_in
from tests.support.routes import make_world
from tests.support.screens import assert_screens_agree
from ui.ids import uuid7


@pytest.fixture
def ours(anna, flowers):
    world = make_world(flowers, anna)
    Conflict.objects.all().delete()
    return world


def seen(journey) -> tuple:
    """What the team sees: the document, and what it leaves out, ids and images."""
    journey = Journey.objects.get(pk=journey.pk)
    rows = [
        (row.pk, row.position, getattr(row, "images", None))
        for model in (Stage, Lane, Card)
        for row in model.living.filter(journey=journey).order_by("pk")
        if getattr(row, "audience", "team") == "team"
    ]
    return map_json.dump(plan_of(journey)), rows


def more_acts(world, by, chance: random.Random) -> list:
    """What undo's chains don't do: structure, many at once, personas, the bin, undo itself."""
    journey, word = world.map.pk, str(chance.randrange(1000))

    def any_of(model, **which):
        return chance.choice(list(model.objects.filter(journey=journey, **which).order_by("pk"))).pk

    living = {"deleted_at": None}
    binned = {"deleted_at__isnull": False}
    return [
        lambda: columns.add(journey, Stage, id=uuid7(), fields={"name": word}, after=None, by=by),
        lambda: columns.add(
            journey, Lane, id=uuid7(), fields={"name": word, "content": "text"}, by=by
        ),
        lambda: columns.delete(journey, Stage, any_of(Stage, **living), by=by),
        lambda: columns.restore(journey, Stage, any_of(Stage, **binned), by=by),
        lambda: columns.delete(journey, Lane, any_of(Lane, **living), by=by),
        lambda: columns.restore(journey, Lane, any_of(Lane, **binned), by=by),
        lambda: columns.duplicate(journey, Stage, any_of(Stage, **living), id=uuid7(), by=by),
        lambda: steps.divide(
            journey,
            any_of(Stage, parent=None, **living),
            steps=[(uuid7(), "First"), (uuid7(), "Then")],
            by=by,
        ),
        lambda: cards.restore_card(journey, any_of(Card, **binned), by=by),
        lambda: cards.edit_card(journey, any_of(Card, **living), fields={"fact": word}, by=by),
        lambda: many.delete_cards(journey, [any_of(Card, **living) for _n in range(3)], by=by),
        lambda: many.edit_cards(
            journey, [any_of(Card, **living) for _n in range(3)], fields={}, add_tags=[word], by=by
        ),
        lambda: paste.paste_block(
            journey,
            stages=[paste.Target(uuid7(), word)],
            lanes=[paste.Target(any_of(Lane, **living))],
            rows=[[word]],
            by=by,
        ),
        lambda: maps.set_personas(journey, chance.choice([[], [world.persona.pk]]), by=by),
        lambda: maps.edit_map(journey, fields={"title": word, "language": "ru"}, by=by),
        lambda: undo.undo(journey, by=by),
        lambda: undo.redo(journey, by=by),
    ]


def edit_at_random(world, by, chance: random.Random, count: int) -> None:
    for _step in range(count):
        both = [*acts(world, by, chance), *more_acts(world, by, chance)]
        with suppress(Unchanged, Refused, Gone, ValidationError, IndexError):
            chance.choice(both)()


@pytest.mark.parametrize("seed", range(12))
def test_any_edits_since_a_version_are_taken_back(ours, by_anna, by_boris, seed):
    chance = random.Random(seed)
    edit_at_random(ours, by_anna, chance, 12)
    first, at_first = versions.keep_version(ours.map.pk, "First", by=by_anna), seen(ours.map)
    edit_at_random(ours, by_anna, chance, 15)
    edit_at_random(ours, by_boris, chance, 10)
    after, at_end = versions.keep_version(ours.map.pk, "After", by=by_boris), seen(ours.map)

    def restore(version):
        def act():
            versions.restore_version(ours.map.pk, version.pk, by=by_anna)

        assert_screens_agree(ours.map, by_anna, act)

    for version, then in ((first, at_first), (after, at_end), (first, at_first)):
        restore(version)
        assert seen(ours.map) == then
    edit_at_random(ours, by_boris, chance, 8)
    restore(Version.objects.exclude(label__in=("First", "After", "As it was")).last())
    assert seen(ours.map) == at_end


def test_a_version_holds_what_the_team_sees(ours, by_anna):
    secret = ours.card["text"]
    Card.objects.filter(pk=secret.pk).update(audience=by_anna.key)
    version = versions.keep_version(ours.map.pk, "  For   the board ", by=by_anna)
    assert (version.label, version.by_name) == ("For the board", by_anna.name)
    assert version.snapshot == map_json.dump(plan_of(Journey.objects.get(pk=ours.map.pk)))
    assert "A text" not in str(version.snapshot)


def test_private_cards_are_not_touched(ours, by_anna, by_boris):
    place = {"stage": ours.stage["seek"].pk, "lane": ours.lane["text"].pk}
    version = versions.keep_version(ours.map.pk, "Then", by=by_anna)
    mine = uuid7()
    cards.add_card(ours.map.pk, id=mine, fields={"text": "Mine"}, by=by_boris, **place)
    Card.objects.filter(pk=mine).update(audience=by_boris.key)
    cards.edit_card(ours.map.pk, ours.card["text"].pk, fields={"text": "Newer"}, by=by_boris)
    versions.restore_version(ours.map.pk, version.pk, by=by_anna)
    card = Card.objects.get(pk=mine)
    assert (card.deleted_at, card.text) == (None, "Mine")


def test_a_private_card_stays_in_a_column_that_can_be_seen(ours, by_anna, by_boris):
    seek, first = ours.stage["seek"].pk, uuid7()
    whole = versions.keep_version(ours.map.pk, "Whole", by=by_anna)
    steps.divide(ours.map.pk, seek, steps=[(first, "First")], by=by_anna)
    mine = ours.card["text"].pk
    Card.objects.filter(pk=mine).update(audience=by_boris.key)
    divided = versions.keep_version(ours.map.pk, "Divided", by=by_anna)
    for version, stage in ((whole, seek), (divided, first)):
        versions.restore_version(ours.map.pk, version.pk, by=by_anna)
        assert Card.objects.get(pk=mine).stage_id == stage


def test_the_map_itself_and_its_personas_come_back(ours, by_anna):
    version = versions.keep_version(ours.map.pk, "Then", by=by_anna)
    olga = add_persona(ours.room, name="Olga", language="en", by=by_anna)
    maps.set_personas(ours.map.pk, [olga.pk], by=by_anna)
    maps.edit_map(ours.map.pk, fields={"title": "Other", "goal": "More"}, by=by_anna)
    cards.edit_card(ours.map.pk, ours.card["metric"].pk, fields={"fact": "7"}, by=by_anna)
    versions.restore_version(ours.map.pk, version.pk, by=by_anna)
    journey = Journey.objects.get(pk=ours.map.pk)
    assert (journey.title, journey.goal) == ("Bouquet", "")
    assert not journey.personas.exists()
    assert not Metric.living.filter(journey=journey, fact=7).exists()


def test_a_part_that_was_removed_for_good_is_said(ours, by_anna):
    version = versions.keep_version(ours.map.pk, "Then", by=by_anna)
    card = ours.card["text"]
    cards.edit_card(ours.map.pk, card.pk, fields={"text": "Newer"}, by=by_anna)
    card.delete()
    with translation.override("en"), pytest.raises(Refused, match="removed for good"):
        versions.restore_version(ours.map.pk, version.pk, by=by_anna)
    assert not Version.objects.filter(label__startswith="Before").exists()


def test_what_is_as_it_was_is_not_restored(ours, by_anna):
    version = versions.keep_version(ours.map.pk, "Then", by=by_anna)
    with pytest.raises(Refused):
        versions.restore_version(ours.map.pk, version.pk, by=by_anna)
    assert Version.objects.first() == version


def test_a_version_of_another_map_is_not_found(ours, bouquet, by_anna):
    version = versions.keep_version(bouquet.pk, "Then", by=by_anna)
    with pytest.raises(Gone):
        versions.restore_version(ours.map.pk, version.pk, by=by_anna)


def test_undo_stops_at_a_restored_version(ours, by_anna, by_boris):
    card = ours.card["text"].pk
    for by, text in ((by_anna, "One"), (by_boris, "Two")):
        cards.edit_card(ours.map.pk, card, fields={"text": text}, by=by)
    version = versions.keep_version(ours.map.pk, "Then", by=by_anna)
    cards.edit_card(ours.map.pk, card, fields={"text": "Three"}, by=by_boris)
    undo.undo(ours.map.pk, by=by_boris)
    cards.edit_card(ours.map.pk, card, fields={"text": "Four"}, by=by_anna)
    versions.restore_version(ours.map.pk, version.pk, by=by_anna)
    for by in (by_anna, by_boris):
        for act in (undo.undo, undo.redo):
            with pytest.raises(Refused):
                act(ours.map.pk, by=by)
    assert Card.objects.get(pk=card).text == "Two"
    cards.edit_card(ours.map.pk, card, fields={"text": "Five"}, by=by_anna)
    undo.undo(ours.map.pk, by=by_anna)
    assert Card.objects.get(pk=card).text == "Two"


def test_the_history_names_versions(ours, by_anna):
    version = versions.keep_version(ours.map.pk, "Then", by=by_anna)
    maps.edit_map(ours.map.pk, fields={"goal": "More"}, by=by_anna)
    versions.restore_version(ours.map.pk, version.pk, by=by_anna)
    with translation.override("en"):
        words = [entry.words for entry in history_of(ours.map, by_anna)]
    assert words[0] == "The map is as in the version “Then”"
    assert words[2] == "Version kept: “Then”"
    assert Change.objects.filter(document_id=ours.map.pk, verb="restore_version").count() == 1


def test_who_leaves_is_named_in_no_version(ours, boris, by_boris):
    row = Owner.objects.filter(journey=ours.map).first()
    Owner.objects.filter(pk=row.pk).update(name="Boris the Canary", user=boris)
    version = versions.keep_version(ours.map.pk, "Then", by=by_boris)
    KEEPER.forget(boris, "former:1")
    version.refresh_from_db()
    assert (version.by, version.by_name) == ("former:1", "")
    assert "Canary" not in str(version.snapshot)


# --- pages ----------------------------------------------------------------------------------------


def test_a_version_is_kept_looked_at_and_restored_by_hand(anna, ours):
    browser, pk = signed_in(anna), ours.map.pk
    answer = browser.post(reverse("keep_version", args=[pk]), {"label": "For the board"})
    assert answer["Location"] == reverse("history", args=[pk])
    version = Version.objects.get(label="For the board")
    cards.edit_card(pk, ours.card["text"].pk, fields={"text": "Newer"}, by=member(anna))
    for page in (
        browser.get(reverse("history", args=[pk])),
        browser.get(reverse("history", args=[pk]), headers={"HX-Request": "true"}),
    ):
        assert "For the board" in page.content.decode()
        assert reverse("back_to_version", args=[pk, version.pk]) in page.content.decode()
    table = browser.get(reverse("version", args=[pk, version.pk])).content.decode()
    assert "A text" in table
    assert "Newer" not in table
    answer = browser.post(reverse("back_to_version", args=[pk, version.pk]))
    assert answer["Location"] == reverse("map", args=[pk])
    assert Card.objects.get(pk=ours.card["text"].pk).text == "A text"


def test_who_only_reads_may_look_and_no_more(vera, ours):
    browser, pk = signed_in(vera), ours.map.pk
    page = browser.get(reverse("history", args=[pk])).content.decode()
    assert reverse("version", args=[pk, ours.version.pk]) in page
    assert "/back/" not in page
    look = browser.get(reverse("version", args=[pk, ours.version.pk])).content.decode()
    assert "<form" not in look.partition("<main")[2].partition("</main>")[0]
    assert browser.post(reverse("back_to_version", args=[pk, ours.version.pk])).status_code == 403


def test_the_table_of_a_version_has_feelings_steps_and_names(ours, by_anna):
    cards.edit_card(ours.map.pk, ours.card["emotion"].pk, fields={"emotion": "2"}, by=by_anna)
    steps.divide(ours.map.pk, ours.stage["buy"].pk, steps=[(uuid7(), "Pay")], by=by_anna)
    cards.edit_card(
        ours.map.pk, ours.card["owner"].pk, fields={"text": "", "owner": "Director"}, by=by_anna
    )
    table = table_of(versions.keep_version(ours.map.pk, "Then", by=by_anna))
    assert [heading.span for heading in table.headings] == [1, 1]
    assert table.has_steps
    words = {row.lane.content: row.cells[0][0] for row in table.rows}
    assert words["emotion"].emotion == 2
    assert words["owner"].text == "Director"


def test_a_version_without_a_label_is_not_kept(anna, ours):
    answer = signed_in(anna).post(reverse("keep_version", args=[ours.map.pk]), {"label": " "})
    assert answer.status_code == 302
    assert Version.objects.count() == 1
