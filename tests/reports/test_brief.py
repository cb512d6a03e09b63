"""What the report says of the shop's map, and of maps that know less."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reports import brief
from reports.brief import Headline, Worst, brief_of
from reports.story import Card, Lane, Metric, Stage, Story, WeakestLink, story_of

pytestmark = pytest.mark.one_engine


def story(lanes: dict[str, list[list[Card]]], **more) -> Story:
    """A map of one stage for each list of cards; `lanes` by their content."""
    stages = max((len(cells) for cells in lanes.values()), default=1)
    return Story(
        **{
            "title": "Карта", "language": "ru", "to_be": False, "goal": "", "measure": "",
            "day": date(2026, 11, 22), "version": 1, "personas": (), "weakest": None,
            "stages": tuple(Stage(n, f"Этап {n}", f"{n}") for n in range(1, stages + 1)),
            "lanes": tuple(
                Lane(kind, kind, kind, "target", "hue-grey", False, tuple(map(tuple, cells)))
                for kind, cells in lanes.items()
            ),
        }
        | more
    )  # fmt: skip


def barrier(number: int, **more) -> Card:
    return Card(f"Барьер {number}", number=number, **more)


def solution(number: int, *lifts: int, **more) -> Card:
    return Card(f"Решение {number}", number=number, lifts=lifts, **more)


def task(of: int | None = 1, **more) -> Card:
    return Card("Задача", **{"solution": of, "status": "todo", "due_day": 5, "owner": "Ира",
                             "due": date(2026, 12, 1)} | more)  # fmt: skip


def weakest(stage: int) -> WeakestLink:
    return WeakestLink(stage, "Стойка", 8, 1, -7)


def asked(*cards: tuple[str, list]) -> brief.Asks:
    """What is asked of the reader of a map of one stage with these cards."""
    return brief_of(story({content: [found] for content, found in cards})).asks


# The headline


def test_the_headline_is_the_weakest_link_with_its_numbers():
    found = brief.headline(story({"touchpoint": [[Card("Стойка", level=-7)]]}, weakest=weakest(1)))

    assert found == Headline("weakest", "Стойка", 1, 8, 1, -7)


def test_a_map_whose_touchpoints_are_as_expected_says_so():
    scored = Card("Сайт", expectation=5, perception=6, level=1)

    assert brief.headline(story({"touchpoint": [[scored, Card("SMS")]]})) == Headline(
        "met", count=1
    )


def test_without_scores_the_worst_emotion_leads():
    felt = [[Card("Ждёт", emotion=-2)], [Card("Злится", emotion=-4)], [Card("Рад", emotion=5)]]

    assert brief.headline(story({"emotion": felt})) == Headline("low", "Злится", 2, emotion=-4)


def test_without_feelings_the_open_barriers_are_counted():
    found = story({"barrier": [[barrier(1), barrier(2, status="closed")]]})

    assert brief.headline(found) == Headline("barriers", count=1)


@pytest.mark.parametrize("lanes", [{}, {"emotion": [[Card("Рад", emotion=4)]]}])
def test_a_map_that_knows_nothing_bad_has_no_headline(lanes):
    assert brief.headline(story(lanes)) == Headline()


def test_each_stage_shows_its_worst_touchpoint_never_a_mean():
    good, bad = Card("Сайт", expectation=5, perception=9, level=4), Card(
        "Чат", expectation=8, perception=2, level=-6
    )  # fmt: skip

    assert brief.worst_of_stages(story({"touchpoint": [[good, bad], [], [good]]})) == (
        Worst(-6, 8, 2),
        None,
        Worst(4, 5, 9),
    )


# The barriers


def test_the_worst_barriers_come_first_and_those_at_the_weakest_link_before_their_equals():
    cells = [
        [barrier(1, severity=5), barrier(2, severity=3)],
        [barrier(3, severity=5), barrier(4, severity=5, at_weakest=True)],
        [barrier(5, severity=5, status="closed"), barrier(6)],
    ]
    found = brief_of(story({"barrier": cells}, weakest=weakest(2)))

    assert [one.barrier.number for one in found.obstacles] == [4, 3, 1]
    assert found.open_barriers == 5


def test_a_barrier_is_told_with_its_solutions_and_their_tasks():
    (obstacle,) = brief_of(
        story({"barrier": [[barrier(1)]], "solution": [[solution(1, 1, owner="Ира")]],
               "task": [[task(1), task(2)]]})
    ).obstacles  # fmt: skip

    assert [work.solution.number for work in obstacle.works] == [1]
    assert obstacle.works[0].tasks == (task(1),)


def test_a_solution_of_barriers_that_are_gone_matters_no_more():
    found = story({
        "barrier": [[barrier(1, status="closed"), barrier(2, severity=2)]],
        "solution": [[solution(1, 1), solution(2, 1, 2), solution(3)]],
    })  # fmt: skip

    assert [work.solution.number for work in brief.works_of(found)] == [2, 3]


def test_of_two_solutions_the_one_that_brings_more_for_its_effort_comes_first():
    found = story({
        "barrier": [[barrier(1, severity=5)]],
        "solution": [[solution(1, 1, effort=4, impact=5), solution(2, 1, effort=1, impact=4)]],
    })  # fmt: skip

    assert [work.solution.number for work in brief.works_of(found)] == [2, 1]


# The figures


def metric(name: str, stage: int | None, met: bool | None = False) -> Metric:
    fact = {True: 10, False: 1, None: None}[met]
    return Metric(name, "%", True, 10, fact, stage, met)


def test_figures_behind_their_plan_near_the_weakest_link_come_first():
    figures = (
        metric("все", None), metric("два", 2), metric("один", 1), metric("план", 2, None),
        metric("готово", 2, True), metric("три", 3),
    )  # fmt: skip
    lanes = {"barrier": [[], [], [barrier(1)]]}
    found = brief_of(story(lanes, metrics=figures, weakest=weakest(2))).figures

    assert [one.name for one in found] == ["два", "три", "все", "один"]


def test_a_figure_with_a_card_is_told_once():
    nps = metric("NPS", 1)
    found = story({"metric": [[Card("NPS", metric=nps), Card("NPS", metric=nps)]]})

    assert brief_of(found).figures == (nps,)


# What the reader is asked for


def test_a_barrier_without_a_solution_asks_for_a_choice():
    found = asked(("barrier", [barrier(1), barrier(2)]), ("solution", [solution(1, 2)]))

    assert [one.number for one in found.choice] == [1]


def test_a_price_asks_for_money_until_the_work_has_begun():
    priced = [solution(n, cost=Decimal(cost)) for n, cost in ((1, 800), (2, 50), (3, 0))]
    found = asked(("solution", priced), ("task", [task(2, status="in_progress")]))

    assert [one.number for one in found.money] == [1]
    assert found.sum == 800


def test_a_solution_that_nobody_answers_for_asks_for_an_owner_and_for_no_date():
    found = asked(("solution", [solution(1)]))

    assert [one.number for one in found.owner] == [1]
    assert found.date == ()


def test_a_task_is_answered_for_by_its_solutions_owner():
    nobodys, somebodys = task(1, owner=""), task(2, owner="")
    found = asked(("solution", [solution(1), solution(2, owner="Ира")]),
                  ("task", [nobodys, somebodys]))  # fmt: skip

    assert [one.number for one in found.owner] == [1]


def test_a_solution_without_a_task_asks_for_a_date():
    found = asked(("solution", [solution(1, owner="Ира")]))

    assert [(one.number, one.owner) for one in found.date] == [(1, "Ира")]


def test_a_task_without_a_day_asks_for_one():
    found = asked(("solution", [solution(1)]), ("task", [task(1, due_day=None, due=None)]))

    assert [(one.text, one.owner) for one in found.date] == [("Задача", "Ира")]


def test_a_plan_without_a_first_day_asks_for_it_once():
    found = asked(("task", [task(due=None), task(due=None), task(due=None, status="done")]))

    assert found.undated == 2


def test_a_late_task_asks_for_a_new_date():
    late = task(due=date(2026, 11, 12), days_late=10)
    found = asked(("solution", [solution(1)]), ("task", [late, replace(late, status="done")]))

    assert [(one.number, one.due) for one in found.again] == [(1, date(2026, 11, 12))]


def test_what_is_done_is_asked_about_no_more():
    found = asked(
        ("barrier", [barrier(1)]),
        ("solution", [solution(1, 1, cost=Decimal(5))]),
        ("task", [task(1, status="done", owner="")]),
    )

    assert not found


def test_a_plan_with_owners_and_dates_is_settled():
    lanes = {"barrier": [[barrier(1)]], "solution": [[solution(1, 1)]], "task": [[task(1)]]}

    assert brief_of(story(lanes)).settled
    assert not brief_of(story(lanes | {"task": [[]]})).settled
    assert not brief_of(story({})).settled


# The shop


@pytest.mark.django_db
def test_the_brief_of_the_bouquet(bouquet):
    bouquet.plan_starts = date(2026, 11, 2)
    told = brief_of(story_of(bouquet, date(2026, 11, 22)))

    assert told.headline.text == "Консультант по упаковке"
    assert [worst and worst.level for worst in told.worst] == [-6, -2, -3, -7, -2, -1, 1]
    assert [one.barrier.number for one in told.obstacles] == [7, 5, 1]
    assert [[work.solution.number for work in one.works] for one in told.obstacles] == [
        [7], [6], [2, 1],
    ]  # fmt: skip
    assert [one.name for one in told.figures] == [
        "Ожидание у стойки", "Позиция по главному запросу", "NPS магазина", "Средний чек",
    ]  # fmt: skip
    assert [one.number for one in told.asks.date] == [4, 9, 5]
    assert [(one.number, one.owner) for one in told.asks.again] == [
        (3, "Маркетинг"), (6, "Управляющий салоном"),
    ]  # fmt: skip
    assert not (told.asks.choice or told.asks.money or told.asks.owner or told.asks.undated)
