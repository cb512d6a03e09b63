"""A workspace with its people, and a map that uses everything a map can hold."""

from datetime import date
from decimal import Decimal

import pytest

from journeys import images
from journeys.formats.plan import (
    CardPlan,
    ImagePlan,
    LanePlan,
    MapPlan,
    MetricPlan,
    OwnerPlan,
    PersonaPlan,
    StagePlan,
)
from teams.actors import member
from teams.models import Membership, Role, User, Workspace
from tests.support import pictures


@pytest.fixture
def team(db):
    return Workspace.objects.create(slug="flowers", name="Цветы")


@pytest.fixture
def anna(team):
    """Anna, an editor of the flower shop."""
    user = User.objects.create_user("anna@example.org", name="Анна")
    Membership.objects.create(workspace=team, user=user, role=Role.EDITOR)
    return member(user)


@pytest.fixture(scope="session")
def picture() -> bytes:
    """An image as we keep it."""
    return images.encode(pictures.file()).image


@pytest.fixture
def everything(picture):
    """The map of a bouquet with every kind of part and every field filled."""
    return MapPlan(
        title="Букет",
        key="bouquet",
        kind="to_be",
        method="observed",
        template="retail_7",
        summary="Василий покупает букет",
        goal="Поднять повторные заказы",
        measure="Доля повторных заказов — 30 %",
        currency="EUR",
        plan_starts=date(2026, 9, 1),
        notes=["Числа для примера"],
        personas=[
            PersonaPlan("Василий", data={"segment": "К дате", "pains": ["Мало времени"]}),
            PersonaPlan("Ann", language="en", key="ann", extra={"age": 31}),
        ],
        owners=[OwnerPlan("shop", "Магазин", {"phone": "12"}), OwnerPlan("web", "Сайт")],
        stages=[
            StagePlan("search", "Поиск", "Ищет", "1 вечер", weight=3, extra={"mood": [1]}),
            StagePlan("order", "Заказ"),
            StagePlan("basket", "Корзина", parent="order"),
            StagePlan(
                "pay",
                "Оплата",
                parent="order",
                loop_to="search",
                loop_name="Снова праздник",
                exit_reason="Нет оплаты по СБП",
            ),
        ],
        lanes=[
            LanePlan("touchpoints", "Точки контакта", "touchpoint", "touchpoints"),
            LanePlan("barriers", "Барьеры", "barrier", "barriers"),
            LanePlan("solutions", "Решения", "solution", "solutions"),
            LanePlan("tasks", "Задачи", "task", "marketer_tasks"),
            LanePlan("kpi", "KPI", "metric", "kpi"),
            LanePlan("questions", "Вопросы", "text", "questions"),
            LanePlan("weather", "Погода", "emotion", hint="Что за окном", extra={"sky": None}),
        ],
        metrics=[
            MetricPlan(
                "m1",
                "Отказы",
                stage="search",
                metric_key="bounce_rate",
                unit="percent",
                direction="higher",
                period="month",
                plan=35,
                fact=48.5,
                source="seed",
                facts=[(date(2026, 8, 1), 50.0), (date(2026, 9, 1), 48.5)],
                extra={"tool": "Метрика"},
            ),
            MetricPlan("m2", "Время ответа", direction="lower"),
        ],
        cards=[
            CardPlan(
                "t1",
                "search",
                "touchpoints",
                "Выдача",
                color="teal",
                tags=["срочно", "юристы"],
                evidence="confirmed",
                catalogue_key="serp",
                channel="search",
                mode="online",
                expectation=8,
                perception=2,
                importance=5,
                moment_of_truth=True,
                way_in=True,
                persona=2,
                owner="shop",
                extra={"url": "/"},
            ),
            CardPlan(
                "b1",
                "search",
                "barriers",
                "Далеко в выдаче",
                images=[ImagePlan("Третья страница", picture)],
                severity=5,
                source="review",
                status="open",
                touchpoint="t1",
            ),
            CardPlan("b2", "search", "barriers", "Дорого", status="closed"),
            CardPlan(
                "s1",
                "pay",
                "solutions",
                "Страницы",
                effort=4,
                impact=5,
                cost=Decimal("1250.50"),
                remedy="wow",
                resolves=["b2", "b1"],
            ),
            CardPlan(
                "d1",
                "pay",
                "tasks",
                "Собрать запросы",
                owner="web",
                status="in_progress",
                due_day=-3,
                solution="s1",
            ),
            CardPlan("k1", "search", "kpi", metric="m1"),
            CardPlan(
                "q1",
                "search",
                "questions",
                "Вернут ли деньги?",
                answer="За три дня",
                images=[ImagePlan("", picture)],
                status="answered",
                emotion=-2,
            ),
            CardPlan("e1", "basket", "weather", "Дождь", emotion=0),
            CardPlan(
                "e2",
                "basket",
                "weather",
                "Солнце",
                emotion=-5,
                factor_kind="hard",
                rated=[
                    {
                        "question": "emotion",
                        "answers": 12,
                        "median": -4.5,
                        "lowest": -5,
                        "highest": 1,
                        "taken": -5,
                    }
                ],
            ),
        ],
        extra={"twin": "bouquet.en.json", "seen": {"by": ["Ольга"]}},
    )


def as_told(plan: MapPlan, fields=()) -> list:
    """What a table can say of a map: names instead of keys, and these fields of its cards."""
    names = {stage.key: stage.name for stage in plan.stages}
    stages = {stage.key: (names.get(stage.parent, ""), stage.name) for stage in plan.stages}
    lanes = {lane.key: (lane.name, lane.kind, lane.content) for lane in plan.lanes}
    owners = {owner.key: owner.name for owner in plan.owners} | {"": ""}
    figures = {metric.key: (metric.plan, metric.fact, metric.unit) for metric in plan.metrics}

    def value(card: CardPlan, name: str):
        if name == "figures":
            return figures.get(card.metric)
        return owners[card.owner] if name == "owner" else getattr(card, name)

    return [
        list(stages.values()),
        list(lanes.values()),
        [
            (stages[card.stage], lanes[card.lane], card.text, *(value(card, f) for f in fields))
            for card in plan.in_order()
        ],
    ]
