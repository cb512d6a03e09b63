"""Which signs a printed map uses, so that its legend explains those and no others."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ui.icons import channel_icon

STATES = {"todo": _("not begun"), "in_progress": _("in work"), "done": _("done")}
CHANNELS: dict[str, str | Promise] = {
    "advertising": _("advertising"),
    "search": _("search"),
    "pr": _("press"),
    "website": _("website"),
    "content": _("articles"),
    "social": _("social media"),
    "messaging": _("chat"),
    "ugc": _("reviews"),
    "app": _("app"),
    "email": _("e-mail"),
    "outdoor": _("outdoor"),
    "print": _("print"),
    "broadcast": _("TV and radio"),
    "place": _("place"),
    "staff": _("staff"),
    "product": _("product"),
    "process": _("process"),
    "phone": _("phone"),
    "people": _("people"),
    "delivery": _("delivery"),
    "none": _("no contact"),
}


@dataclass(frozen=True)
class Legend:
    """What a map's legend has to explain."""

    rails: bool
    severity: bool
    square: bool
    lifts: bool
    states: tuple[tuple[str, str | Promise], ...]  # drawing, words
    late: bool
    plans: bool
    met: bool
    voices: bool  # of several personas, drawn apart
    loops: bool
    exits: bool
    weights: bool
    truth: bool
    ways_in: bool
    confirmed: bool
    refuted: bool
    channels: tuple[tuple[str, str | Promise], ...]  # icon, name

    def __bool__(self) -> bool:
        return any(vars(self).values())


def legend_of(story) -> Legend:
    """Looks which signs the cards of a story carry."""
    by_content: dict[str, list] = {}
    for lane in story.lanes:
        by_content.setdefault(lane.content, []).extend(c for cell in lane.cells for c in cell)
    touchpoints, tasks, solutions, barriers = (
        by_content.get(content, []) for content in ("touchpoint", "task", "solution", "barrier")
    )
    cards = [card for found in by_content.values() for card in found]
    metrics = [*story.metrics, *(card.metric for card in cards if card.metric)]
    statuses = {card.status for card in tasks}
    return Legend(
        rails=any(card.level is not None for card in touchpoints),
        severity=any(card.severity for card in barriers),
        square=any(card.effort and card.impact for card in solutions),
        lifts=any(card.lifts for card in solutions),
        states=tuple((state, words) for state, words in STATES.items() if state in statuses),
        late=any(card.days_late for card in tasks),
        plans=any(metric.plan is not None for metric in metrics),
        met=any(metric.met for metric in metrics),
        voices=len(
            {card.persona for card in by_content.get("emotion", ()) if card.emotion is not None}
        )
        > 1,
        loops=any(stage.back_to for stage in story.stages),
        exits=any(stage.exit_reason for stage in story.stages),
        weights=any(stage.weight for stage in story.stages),
        truth=any(card.moment_of_truth for card in touchpoints),
        ways_in=any(card.way_in for card in touchpoints),
        confirmed=any(card.evidence == "confirmed" for card in cards),
        refuted=any(card.evidence == "refuted" for card in cards),
        channels=tuple(
            (channel_icon(channel), CHANNELS.get(channel, channel))
            for channel in dict.fromkeys(card.channel for card in touchpoints if card.channel)
        ),
    )
