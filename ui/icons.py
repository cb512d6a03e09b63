"""Icons by what they stand for: lane kinds, contents, channels; drawn from Lucide."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

LANES = {
    "goals": "target",
    "expectations": "flag",
    "actions": "arrow-right",
    "touchpoints": "blend",
    "questions": "circle-question-mark",
    "emotions": "smile",
    "barriers": "construction",
    "solutions": "lightbulb",
    "marketer_tasks": "square-check",
    "kpi": "chart-no-axes-column",
    "owners": "id-card",
    "tools": "wrench",
    "profit_formula": "coins",
    "data_environment": "database",
    "jtbd": "briefcase",
    "choice_factors": "scale",
    "influencers": "users",
    "thoughts": "message-circle",
    "needs": "heart",
    "evidence": "hand",
    "frontstage": "presentation",
    "backstage": "eye-off",
    "support_processes": "workflow",
    "moments_of_truth": "badge-check",
    "communications": "send",
    "fears": "cloud-lightning",
    "values": "sparkles",
    "payment_formats": "wallet",
}

# For a team's own lanes, which have a content but no kind.
CONTENTS = {
    "text": "text-align-start",
    "touchpoint": "blend",
    "emotion": "smile",
    "barrier": "construction",
    "solution": "lightbulb",
    "task": "square-check",
    "metric": "chart-no-axes-column",
    "owner": "id-card",
    "factor": "scale",
}

CHANNELS = {
    "advertising": "megaphone",
    "search": "search",
    "pr": "newspaper",
    "website": "app-window",
    "content": "book-open",
    "social": "share-2",
    "messaging": "message-square",
    "ugc": "star",
    "app": "smartphone",
    "email": "mail",
    "outdoor": "signpost",
    "print": "file-text",
    "broadcast": "tv",
    "place": "map-pin",
    "staff": "user",
    "product": "package",
    "process": "cog",
    "phone": "phone",
    "people": "users",
    "delivery": "truck",
    "none": "circle-dashed",
}

_HUES_OF_KINDS = {"questions": "question"}
_HUES_OF_CONTENTS = {
    "touchpoint": "touchpoint",
    "emotion": "emotion",
    "barrier": "barrier",
    "solution": "solution",
}


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16, css: str = "", label: str = "") -> SafeString:
    """An inline SVG. Without a label it is an ornament that screen readers pass over."""
    svg = lucide(name, size=size)
    inside = svg[svg.index(">") + 1 : svg.rindex("</svg>")]
    says = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="{}" width="{}" height="{}" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        " {}>{}</svg>",
        f"icon {css}".strip(),
        size,
        size,
        says,
        mark_safe(" ".join(inside.split())),  # noqa: S308 - the package's own files
    )


def lane_icon(lane) -> str:
    """The icon's name for a lane: by its kind, else by its content."""
    return LANES.get(lane.kind) or CONTENTS[lane.content]


def lane_hue(lane) -> str:
    """The class that gives a lane its hue; most lanes are grey."""
    hue = _HUES_OF_KINDS.get(lane.kind) or _HUES_OF_CONTENTS.get(lane.content)
    return f"hue-{hue or 'grey'}"


def channel_icon(channel: str) -> str:
    """The icon's name for a touchpoint's channel; a channel of one's own gets a plain circle."""
    return CHANNELS.get(channel, "circle")
