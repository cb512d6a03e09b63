"""A map as a Mermaid `journey` diagram: what mermaid.py reads, the other way round.

A stage (or a step) is a section, an action a task, the feeling beside it its score 1 … 5, its
responsible or the persona its actor. A diagram can hold no more; nothing is made up: a task
without a feeling has the middle score.
"""

from decimal import ROUND_HALF_UP, Decimal

from .plan import CardPlan, MapPlan, StagePlan

MIDDLE = 3
# Signs that would end a name, and what stands for them.
_SIGNS = str.maketrans({":": "∶", ";": ",", "#": "№", "%": "٪"})


def to_mermaid(plan: MapPlan) -> bytes:
    """The diagram as text in UTF-8."""
    lines = ["journey", f"    title {_name(plan.title)}"]
    divided = {stage.parent for stage in plan.stages}
    names = {stage.key: stage.name for stage in plan.stages}
    lanes = _lane_of(plan, "actions", "text"), _lane_of(plan, "emotions", "emotion")
    for stage in plan.stages:
        if stage.key in divided:
            continue
        name = f"{names[stage.parent]} · {stage.name}" if stage.parent else stage.name
        lines.append(f"    section {_name(name)}")
        lines += [f"      {task}" for task in _tasks(plan, stage, *lanes)]
    return ("\n".join(lines) + "\n").encode()


def _lane_of(plan: MapPlan, kind: str, content: str) -> str:
    """The lane of a kind, else the first of its content; empty where there is none."""
    of_kind = [lane.key for lane in plan.lanes if lane.kind == kind]
    return next(iter(of_kind + [lane.key for lane in plan.lanes if lane.content == content]), "")


def _tasks(plan: MapPlan, stage: StagePlan, actions: str, emotions: str) -> list[str]:
    cards = [card for card in plan.cards if card.stage == stage.key and card.text.strip()]
    felt = [card for card in cards if card.lane == emotions and card.emotion is not None]
    done = [card for card in cards if card.lane == actions] or felt
    owners = {owner.key: owner.name for owner in plan.owners}
    tasks = []
    for place, card in enumerate(done):
        feeling = felt[min(place, len(felt) - 1)].emotion if felt else None
        actors = _actors(plan, card, owners)
        tasks.append(f"{_name(card.text)}: {_score(feeling)}{f': {actors}' if actors else ''}")
    return tasks


def _actors(plan: MapPlan, card: CardPlan, owners: dict[str, str]) -> str:
    named = card.extra.get("actors")
    if isinstance(named, list):
        names = [str(name) for name in named]
    elif card.owner:
        names = [owners[card.owner]]
    else:
        names = [persona.name for persona in plan.personas]
    return ", ".join(_name(name).replace(",", " ") for name in names)


def _score(emotion: int | None) -> int:
    """−5 … +5 as 1 … 5; the five values that reading makes come back as they were."""
    if emotion is None:
        return MIDDLE
    exact = Decimal(emotion) / Decimal("2.5") + MIDDLE
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _name(text: str) -> str:
    return " ".join(text.translate(_SIGNS).split())
