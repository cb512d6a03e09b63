"""Plans become maps and maps plans; commands bring files in and out."""

import json
from dataclasses import fields
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from changes.models import Change, Document
from changes.record import Forbidden, Refused
from journeys import catalogues
from journeys.demo import make_demo
from journeys.edits.maps import (
    create_map,
    duplicate_map,
    from_own_template,
    make_template,
    make_to_be,
    new_map,
    plan_of,
)
from journeys.formats.map_json import dump, parse
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, PersonaPlan, StagePlan
from journeys.models import Card, Journey, Owner
from personas.models import Persona
from teams.actors import member, system
from teams.models import Membership, Role, User, Workspace

pytestmark = pytest.mark.one_engine

DEMO_MAPS = sorted((catalogues.FOLDER / "demo_maps").glob("*.json"))
SOMEBODY = system("test")


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


@pytest.mark.parametrize("path", DEMO_MAPS, ids=lambda path: path.stem)
def test_a_demo_map_equals_its_export(team, path):
    plan, _remarks = parse(path.read_bytes())

    journey = create_map(plan, workspace=team, by=SOMEBODY)

    assert dump(plan_of(journey)) == json.loads(path.read_bytes())


def test_a_map_with_everything_goes_through_the_database_unchanged(team, anna, everything):
    journey = create_map(everything, workspace=team, by=anna)

    assert whole(Journey.objects.get(pk=journey.pk)) == everything


def test_a_map_with_everything_uses_every_field(everything):
    """So that none is forgotten on any of the ways in and out."""
    parts = [everything, *everything.personas, *everything.owners, *everything.stages]
    parts += [*everything.lanes, *everything.metrics, *everything.cards]
    parts += [image for card in everything.cards for image in card.images]
    beside = {"id", "user_id", "images_left_out"}  # never in a file, or about the file itself
    used = {
        (type(part), field.name)
        for part in parts
        for field in fields(part)
        if getattr(part, field.name) not in (None, "", [], {}, False, b"")
    }
    every = {(type(part), field.name) for part in parts for field in fields(part)}
    assert {name for name in every - used if name[1] not in beside} == set()


def test_a_copy_of_a_map_with_everything_is_the_same_map(team, anna, everything):
    journey = create_map(everything, workspace=team, by=anna)

    twin = whole(make_to_be(journey, by=anna))

    twin.title = everything.title
    for card in everything.cards:
        card.rated = []  # it was said of how it is
    assert twin == everything


def test_a_template_gives_all_but_people_and_the_first_day(team, anna, everything):
    journey = create_map(everything, workspace=team, by=anna)

    template = make_template(journey, with_cards=True, by=anna)
    begun = whole(from_own_template(template, language="ru", by=anna))

    everything.personas, everything.plan_starts = [], None
    everything.goal = everything.measure = ""
    for card in everything.cards:
        card.persona, card.rated = None, []
    assert begun == everything


def test_two_images_that_are_the_same_stand_on_a_card_once(team, everything):
    card = next(card for card in everything.cards if card.images)
    card.images *= 2
    journey = create_map(everything, workspace=team, by=SOMEBODY)

    assert len(Card.objects.get(journey=journey, key=card.key).images) == 1


def test_export_import_export(team, everything):
    first = dump(whole(create_map(everything, workspace=team, by=SOMEBODY)))
    plan, _remarks = parse(json.dumps(first).encode())
    second = dump(whole(create_map(plan, workspace=team, by=SOMEBODY)))

    assert plan == everything
    assert second == first


def whole(journey: Journey) -> MapPlan:
    """The plan of a map with its images."""
    return plan_of(journey, with_images=True)


def test_rows_made_on_screen_have_keys_that_stay(team, everything):
    journey = create_map(everything, workspace=team, by=SOMEBODY)
    Card.objects.filter(key__in=["t1", "b1"]).update(key="")
    Owner.objects.update(key="same")
    first = dump(plan_of(journey))
    plan, _remarks = parse(json.dumps(first).encode())

    assert dump(plan_of(create_map(plan, workspace=team, by=SOMEBODY))) == first


def test_making_a_map_is_its_first_change(team, anna, everything):
    journey = create_map(everything, workspace=team, by=anna)

    [change] = Change.objects.filter(document=journey)
    assert (change.seq, change.verb, change.by_name) == (1, "create_map", "Анна")
    assert Journey.objects.get(pk=journey.pk).seq == journey.seq == 1
    assert set(Card.objects.values_list("version", flat=True)) == {1}


def test_reading_a_map_takes_the_same_queries_at_any_size(
    team, everything, django_assert_num_queries
):
    large = create_map(everything, workspace=team, by=SOMEBODY)
    small = create_map(MapPlan("Empty"), workspace=team, by=SOMEBODY)

    for journey in (large, small):
        with django_assert_num_queries(8):
            plan_of(journey)


def test_a_second_import_is_a_second_map_of_the_same_persona(team, everything):
    first = create_map(everything, workspace=team, by=SOMEBODY)
    second = create_map(everything, workspace=team, by=SOMEBODY)

    assert first.pk != second.pk
    assert Persona.objects.count() == 2


def test_a_persona_that_differs_is_a_new_one(team):
    for segment in ("Men", "Women"):
        plan = MapPlan("Map", personas=[PersonaPlan("Sasha", data={"segment": segment})])
        create_map(plan, workspace=team, by=SOMEBODY)

    assert Persona.objects.count() == 2


def test_a_persona_of_another_team_is_not_taken(team):
    other = Workspace.objects.create(slug="other", name="Other")
    for workspace in (team, other):
        plan = MapPlan("Map", personas=[PersonaPlan("Sasha")])
        create_map(plan, workspace=workspace, by=SOMEBODY)

    assert Persona.objects.count() == 2


def test_whoever_may_only_read_makes_no_map(team, everything):
    boris = User.objects.create_user("boris@example.org")
    Membership.objects.create(workspace=team, user=boris, role=Role.VIEWER)

    with pytest.raises(Forbidden):
        create_map(everything, workspace=team, by=member(boris))

    assert not Document.objects.exists()


def test_a_map_beyond_a_limit_leaves_nothing_behind(team):
    plan = MapPlan("Map", lanes=[LanePlan(str(n), "Lane") for n in range(41)])

    with pytest.raises(Refused, match=r"A map can have 40 lanes at most\."):
        create_map(plan, workspace=team, by=SOMEBODY)

    assert not Document.objects.exists()


def test_what_is_in_the_bin_or_private_is_not_exported(team, anna, everything):
    journey = create_map(everything, workspace=team, by=anna)
    journey.lanes.filter(key="weather").update(deleted_at="2026-01-01T00:00Z", deleted_by="x")
    journey.stages.filter(key="order").update(deleted_at="2026-01-01T00:00Z", deleted_by="x")
    Card.objects.filter(key="t1").update(audience=anna.key)

    assert [card.key for card in plan_of(journey).cards] == ["b1", "b2", "k1", "q1"]
    assert plan_of(journey).cards[0].touchpoint == ""
    assert "t1" in {card.key for card in plan_of(journey, anna.audiences).cards}


def test_a_duplicate_has_the_same_people(team, anna, everything):
    journey = create_map(everything, workspace=team, by=anna)
    Owner.objects.filter(key="web").update(user_id=anna.id)

    copy = duplicate_map(journey, by=anna)

    assert copy.title == "Букет (копия)"
    assert list(copy.personas.all()) == list(journey.personas.all())
    assert copy.owners.get(key="web").user_id == journey.owners.get(key="web").user_id
    assert plan_of(copy).cards == plan_of(journey).cards


def test_a_duplicate_without_cards_is_an_empty_form(team, everything):
    journey = create_map(everything, workspace=team, by=SOMEBODY)

    plan = plan_of(duplicate_map(journey, with_cards=False, by=SOMEBODY))

    assert (len(plan.stages), len(plan.lanes), plan.cards) == (4, 7, [])


def test_a_map_from_a_template_without_the_stages_that_dont_fit(team):
    journey = new_map(
        template="retail_7",
        language="ru",
        title="Букет",
        stages=["awareness", "delivery"],
        goal="Больше заказов",
        workspace=team,
        by=SOMEBODY,
    )

    plan = plan_of(journey)
    assert (plan.title, plan.goal, plan.template) == ("Букет", "Больше заказов", "retail_7")
    assert [stage.key for stage in plan.stages] == ["awareness", "delivery"]
    assert all(stage.description for stage in plan.stages)
    assert [lane.kind for lane in plan.lanes] == list(catalogues.template("retail_7").lanes)


def test_a_map_may_begin_with_what_customers_usually_do(team):
    journey = new_map(
        template="buyer_path_4",
        language="en",
        stages=["problem", "after_sale"],
        actions=True,
        workspace=team,
        by=SOMEBODY,
    )

    cards = plan_of(journey).cards
    assert "Asks friends and colleagues" in [card.text for card in cards]
    assert {card.stage for card in cards} == {"problem", "after_sale"}
    assert {(card.lane, card.evidence) for card in cards} == {("actions", "assumed")}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_template_makes_a_map(team, language):
    for template in catalogues.templates(language):
        journey = new_map(template=template.key, language=language, workspace=team, by=SOMEBODY)
        assert plan_of(journey).title == template.name

    assert Journey.objects.count() == 9


def test_a_template_nobody_knows_is_refused(team):
    with pytest.raises(Refused, match="There is no such template"):
        new_map(template="cjm_creation_7", language="en", workspace=team, by=SOMEBODY)


def test_a_blank_map_has_the_usual_lanes_and_its_persona(team):
    sasha = Persona.objects.create(workspace=team, name="Саша")

    journey = new_map(language="en", personas=[sasha], workspace=team, by=SOMEBODY)

    plan = plan_of(journey)
    assert [lane.kind for lane in plan.lanes] == [
        "goals",
        "actions",
        "touchpoints",
        "questions",
        "emotions",
        "barriers",
        "solutions",
        "kpi",
    ]
    assert [stage.name for stage in plan.stages] == ["Stage 1", "Stage 2", "Stage 3"]
    assert list(journey.personas.all()) == [sasha]


def test_the_demo_is_made_once(db):
    demo = make_demo("ru")
    again = make_demo("en")

    assert (demo, demo.name, demo.is_demo) == (again, "Демо", True)
    assert set(Journey.objects.values_list("workspace", "language")) == {(demo.pk, "ru")}
    assert Journey.objects.count() == 3


def test_import_prints_the_new_id_last_and_export_gives_the_file_back(db, tmp_path):
    out = StringIO()
    call_command("import_map", str(DEMO_MAPS[0]), "--workspace", "new-team", stdout=out)
    pk = out.getvalue().splitlines()[-1]
    call_command("export_map", pk, "--format", "json", "--output", str(tmp_path / "map.json"))

    assert Journey.objects.get(pk=pk).workspace.slug == "new-team"
    written = json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))
    assert written == json.loads(DEMO_MAPS[0].read_bytes())


def test_import_lists_what_was_understood_in_part(db, tmp_path):
    file = tmp_path / "shop.mmd"
    file.write_text("journey\nsection S\nPay: 9", encoding="utf-8")
    out = StringIO()

    call_command("import_map", str(file), "--workspace", "team", stdout=out)

    assert out.getvalue().splitlines() == [
        "Line 3: the score 9 is outside 1 … 5; the nearest end was taken",
        str(Journey.objects.get().pk),
    ]


def test_a_file_that_cant_be_read_leaves_nothing_behind(db, tmp_path):
    file = tmp_path / "map.json"
    file.write_text('{\n "title": \n}', encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        call_command("import_map", str(file), "--workspace", "team")

    assert str(refused.value) == "map.json: Line 3: this is not JSON: a mistake at column 1."
    assert refused.value.returncode == 1
    assert not Workspace.objects.exists()


@pytest.mark.parametrize("slug", ["Наша команда", "x" * 61])
def test_a_workspace_needs_a_proper_address(db, slug):
    with pytest.raises(CommandError, match="can't be the address of a workspace"):
        call_command("import_map", str(DEMO_MAPS[0]), "--workspace", slug)


def test_a_map_that_is_not_there_is_not_exported(db, tmp_path):
    with pytest.raises(CommandError, match="There is no map"):
        call_command(
            "export_map",
            "00000000-0000-0000-0000-000000000000",
            "--format",
            "json",
            "--output",
            str(tmp_path / "map.json"),
        )


def test_a_card_in_its_cell_stands_in_order(team):
    plan = MapPlan(
        "Map",
        stages=[StagePlan("a", "A"), StagePlan("b", "B")],
        lanes=[LanePlan("l", "L")],
        cards=[CardPlan("3", "b", "l"), CardPlan("2", "a", "l"), CardPlan("1", "a", "l")],
    )

    create_map(plan, workspace=team, by=SOMEBODY)

    assert list(
        Card.objects.order_by("stage__position", "position").values_list("key", "position")
    ) == [
        ("2", 1024),
        ("1", 2048),
        ("3", 1024),
    ]
