"""What the wall enlarges, how it is cut into pages, and how it draws the map."""

import pytest
from django.urls import reverse

from journeys.edits.maps import create_map
from journeys.formats.plan import CardPlan, LanePlan, MapPlan, StagePlan
from journeys.models import Card, Lane, Stage
from tests.support.people import signed_in
from workshops.agendas import BY_KEY
from workshops.edits import meeting, voting
from workshops.models import Step, Vote, Workshop
from workshops.reads.ballot import candidates, subjects
from workshops.reads.pages import is_long, lines, pages, size_alone
from workshops.reads.wall import Wall
from workshops.reads.wall_map import WallMap

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


def scene_of(room) -> Wall:
    return Wall(room.workshop)


def wall_of(client, room) -> str:
    return client.get(reverse("wall", args=[room.workshop.wall_token])).content.decode()


def light(room, ref: str) -> None:
    meeting.spotlight(room.workshop, ref, by=room.by)


@pytest.fixture
def opened(writing_room):
    """Fourteen cards of one stage and one of another, shown."""
    found = writing_room
    texts = [f"Barrier {number}, told in some words that take a line" for number in range(14)]
    found.cards = [found.room.write(found.marina, text, found.stages[3]) for text in texts] + [
        found.room.write(found.igor, "Elsewhere", found.stages[0])
    ]
    found.room.reveal()
    return found


# --- the spotlight -------------------------------------------------------------------------------


def test_a_card_in_the_spotlight_is_large_and_the_others_are_dimmed(client, anna, opened):
    room, card = opened.room, opened.cards[2]
    path = reverse("spotlight", args=[room.pk])
    browser = signed_in(anna)
    panel = browser.post(path, {"target": f"card:{card.hex}"}).content.decode()
    assert 'value="" aria-pressed="true"' in panel  # tapped again it goes out
    page = wall_of(client, room)
    assert page.count("wall-alone-words") == 1 and "size-72" in page
    assert page.count("wall-card dim") == 15
    browser.post(path, {"target": ""})
    assert "dim" not in wall_of(client, room).partition("</style>")[2].partition("<script")[0]


def test_what_is_gone_from_the_wall_dims_nothing(client, opened):
    room, card = opened.room, opened.cards[0]
    light(room, f"card:{card.hex}")
    Card.objects.filter(pk=card).update(audience=opened.marina.key)
    assert scene_of(room).lit == ""
    page = wall_of(client, room)
    assert "wall-alone-words" not in page and " dim" not in page


def test_a_hidden_card_can_not_be_put_into_the_light(client, writing_room):
    found = writing_room
    card = found.room.write(found.marina, "CANARY")
    light(found.room, f"card:{card.hex}")
    assert scene_of(found.room).lit == ""
    assert "CANARY" not in wall_of(client, found.room)


def test_a_ranked_option_is_in_the_spotlight(client, opened):
    room = opened.room
    step = room.step("vote")
    step.lane = opened.lane
    step.save()
    step = room.go(step)
    card = candidates(step).first()
    voting.vote(opened.marina, step=step.pk, card=card.pk, count=2)
    room.reveal()
    light(room, f"card:{card.pk.hex}")
    assert '<tr class=" lit">' in wall_of(client, room)


def test_phones_are_told_what_is_looked_at_if_that_is_wanted(opened):
    room = opened.room
    light(room, f"card:{opened.cards[1].hex}")
    path, phone = reverse("room", args=[room.pk]), room.client(opened.marina)
    said = '<b lang="ru">Barrier 1,'
    assert said not in phone.get(path).text
    meeting.spotlight(room.workshop, room.workshop.spotlight, on_phones=True, by=room.by)
    assert said in phone.get(path).text


# --- pages ---------------------------------------------------------------------------------------


def test_a_long_column_in_the_spotlight_has_pages_for_every_wall(client, anna, opened):
    room = opened.room
    light(room, f"stage:{opened.stages[3].pk.hex}")
    scene = scene_of(room)
    assert len(scene.pages) > 1 and not scene.is_large
    assert sum(map(len, scene.pages)) == 14
    first = wall_of(client, room)
    assert (
        "Barrier 0," in first
        and "Barrier 13," not in first.partition("lit")[2].partition("</ul>")[0]
    )
    last = len(scene.pages) - 1
    panel = signed_in(anna).post(reverse("turn_page", args=[room.pk]), {"page": last})
    said = f"{last + 1} из {last + 1}"
    assert f"{last + 1} of {last + 1}" in panel.text or said in panel.text
    assert "Barrier 13," in wall_of(client, room)


def test_a_turned_page_is_a_page_that_is_there(opened):
    room = opened.room
    light(room, f"stage:{opened.stages[3].pk.hex}")
    meeting.turn_page(room.workshop, 500, by=room.by)
    scene = scene_of(room)
    assert scene.page == len(scene.pages)
    light(room, f"stage:{opened.stages[0].pk.hex}")
    assert room.workshop.page == 0 and scene_of(room).is_large


def test_a_turned_page_takes_a_card_out_of_the_light(opened):
    room = opened.room
    light(room, f"card:{opened.cards[0].hex}")
    meeting.turn_page(room.workshop, 1, by=room.by)
    assert room.workshop.spotlight == ""


def test_what_is_lit_among_ratings_is_on_the_page_that_is_shown(anna, room):
    lane = Lane.objects.get(journey=room.workshop.journey, content="emotion")
    step = Step.objects.create(
        workshop=room.workshop, kind="rate", aspect="emotion", lane=lane, name="R", question="?"
    )
    room.go(step)
    marina = room.join("Marina")
    for subject in subjects(room.workshop.step):
        voting.rate(marina, step=step.pk, subject=subject.ref, aspect="emotion", value=1)
    room.reveal()
    last = scene_of(room).pages[-1][-1]
    assert len(scene_of(room).pages) > 1
    light(room, last.subject.ref)
    assert last.subject.ref in [one.subject.ref for one in scene_of(room).on_page]
    meeting.turn_page(room.workshop, 0, by=room.by)
    assert room.workshop.spotlight == "" and scene_of(room).page == 1
    of_a_persona = f"{last.subject.ref}:{last.subject.ref[6:]}"
    path = reverse("spotlight", args=[room.pk])
    assert signed_in(anna).post(path, {"target": of_a_persona}).status_code == 200
    assert room.workshop.spotlight == of_a_persona


def test_no_page_that_no_wall_could_show(anna, room):
    path = reverse("turn_page", args=[room.pk])
    for page in ("-1", "1000", "x", "99999999"):
        assert signed_in(anna).post(path, {"page": page}).status_code == 422


def test_pages_lose_nothing_and_keep_the_order():
    rows = [300, 300, 500, 100, 900, 50]
    cut = pages(rows, float, 600)
    assert cut == [[300, 300], [500, 100], [900], [50]]
    assert pages([], float, 600) == [[]]


def test_the_longest_card_is_seen_whole_when_alone():
    longest = "слово " * 333
    assert lines(longest, 1680, size_alone(longest, 695)) <= 17
    assert size_alone("Коротко", 695) == 72
    assert is_long("вопрос " * 28) and not is_long("Что мешает клиенту?")


# --- the map -------------------------------------------------------------------------------------


def a_map(flowers, by, count: int, feelings=()):
    """Stages with an emotion, a barrier and a solution each."""
    numbers = range(count)
    values = feelings or [number % 11 - 5 for number in numbers]
    plan = MapPlan(
        title="A map",
        stages=[StagePlan(f"s{number}", f"Stage {number}") for number in numbers],
        lanes=[LanePlan(c, c.title(), c) for c in ("emotion", "barrier", "solution", "text")],
        cards=[
            *(
                CardPlan(f"e{n}", f"s{n}", "emotion", f"Feeling {n}", emotion=values[n])
                for n in numbers
            ),
            *(CardPlan(f"b{n}", f"s{n}", "barrier", f"Barrier {n}") for n in numbers),
            *(CardPlan(f"x{n}", f"s{n}", "solution", f"Solution {n}") for n in numbers),
        ],
    )
    return create_map(plan, workspace=flowers, by=by)


def test_a_vote_that_is_not_shown_yet_has_no_pages_to_count(writing_room):
    """How many pages it had would tell how many cards have votes."""
    found = writing_room
    found.room.go(found.room.step("vote"))
    step = found.room.workshop.step
    for card in candidates(step):
        Vote.objects.create(step=step, guest=found.marina, card=card, count=1)
    assert scene_of(found.room).pages == [[]]
    found.room.reveal()
    assert len(scene_of(found.room).pages) > 1


def test_the_curve_has_a_pill_for_each_feeling_and_one_lowest(flowers, by_anna):
    journey = a_map(flowers, by_anna, 5, (1, -4, 2, -4, 0))
    (row,) = WallMap(journey, None).rows
    assert [pill.value for pill in row.curve.pills] == [1, -4, 2, -4, 0]
    assert [pill.lowest for pill in row.curve.pills] == [False, True, False, False, False]
    for pill in row.curve.pills:
        for y, _line in pill.words:
            assert abs(y - pill.y) > 30, "words stand outside their pill"
            assert row.curve.top < y < row.curve.top + row.curve.height


def test_more_than_seven_stages_stand_in_two_rows_and_more_than_fourteen_on_pages(flowers, by_anna):
    ten = WallMap(a_map(flowers, by_anna, 10), None)
    assert [len(row.heads) for row in ten.rows] == [5, 5]
    assert len(ten.lanes) == 1 and ten.count == 2
    twenty = WallMap(a_map(flowers, by_anna, 20), None, page=1)
    assert [head.number for row in twenty.rows for head in row.heads] == list(range(15, 21))


def test_the_lowest_point_is_lowest_of_the_whole_map(flowers, by_anna):
    shown = WallMap(a_map(flowers, by_anna, 10), None)
    assert sum(pill.lowest for row in shown.rows for pill in row.curve.pills) == 1


def test_a_lane_in_the_spotlight_is_shown_alone(flowers, by_anna):
    journey = a_map(flowers, by_anna, 4)
    lane = Lane.objects.get(journey=journey, content="solution")
    shown = WallMap(journey, None, f"lane:{lane.pk.hex}")
    assert shown.lanes == [lane] and shown.dims_curve
    empty = Lane.objects.get(journey=journey, content="text")
    assert WallMap(journey, None, f"lane:{empty.pk.hex}").lit == ""


def test_a_stage_of_the_map_in_the_spotlight_shows_its_cards_large(client, flowers, anna, by_anna):
    journey = a_map(flowers, by_anna, 4)
    made = meeting.new_workshop(journey, BY_KEY["barriers"], by=by_anna)
    meeting.open_entry(made, by=by_anna)
    step = made.steps.filter(kind="show").first()
    meeting.go_to(made, step.pk, by=by_anna)
    stage = Stage.objects.get(journey=journey, key="s2")
    meeting.spotlight(made, f"stage:{stage.pk.hex}", by=by_anna)
    made = Workshop.objects.get(pk=made.pk)
    page = client.get(reverse("wall", args=[made.wall_token])).text
    assert "Barrier" in page and "Barrier 1" not in page.replace("\xa0", " ")
    panel = signed_in(anna).get(reverse("lead", args=[made.pk])).text
    card = Card.objects.get(journey=journey, key="b2")
    assert f'value="card:{card.pk.hex}"' in panel


def test_a_map_without_feelings_has_lanes_alone(flowers, by_anna):
    plan = MapPlan(
        title="A map",
        stages=[StagePlan("s", "Stage")],
        lanes=[LanePlan("barrier", "Barriers", "barrier")],
        cards=[CardPlan("b", "s", "barrier", "Barrier")],
    )
    shown = WallMap(create_map(plan, workspace=flowers, by=by_anna), None)
    assert shown.rows[0].curve is None and shown.count == shown.all == 1
