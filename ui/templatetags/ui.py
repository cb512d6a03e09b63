"""Template tags and filters that every template has (a builtin, see TEMPLATES in the settings)."""

from datetime import datetime, timedelta

from django import template
from django.utils import formats, timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from ui import icons, marks, people, text, tones
from ui.ids import dom_id

register = template.Library()

register.simple_tag(dom_id, name="dom_id")
register.simple_tag(marks.face_mark, name="face")
register.simple_tag(marks.rail, name="rail")
register.simple_tag(marks.dots, name="dots")
register.simple_tag(marks.effort_impact, name="effort_impact")
register.filter("signed", text.signed)
register.filter("initials", text.initials)
register.filter("hue", people.person_hue)
register.filter("lane_hue", icons.lane_hue)
register.filter("gap_tone", tones.gap_tone)
register.filter("emotion_tone", tones.emotion_tone)


@register.simple_tag(name="icon")
def icon(name: str, size: int = 16, css: str = "", label: str = "") -> SafeString:
    """`{% icon "undo-2" %}`: an inline Lucide icon."""
    return icons.icon(name, size, css, label)


@register.simple_tag
def lane_icon(lane, size: int = 16) -> SafeString:
    """The icon of a lane's kind."""
    return icons.icon(icons.lane_icon(lane), size)


@register.simple_tag
def channel_icon(channel: str, size: int = 16) -> SafeString:
    """The icon of a touchpoint's channel."""
    return icons.icon(icons.channel_icon(channel), size)


@register.filter
def nbsp(value: object) -> SafeString:
    """Escaped text with the spaces bound that a line must not end on, and long words breakable."""
    return mark_safe(escape(text.bind("" if value is None else str(value))))  # noqa: S308 - escaped


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """A moment as people say it: today and yesterday with the hour, else the day."""
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        formats.date_format(local, "DATETIME_FORMAT"),
        text.bind(_said(local, timezone.localtime())),
    )


def _said(local: datetime, now: datetime) -> str:
    hour = formats.date_format(local, "H:i")
    if local.date() == now.date():
        return _("Today, %(hour)s") % {"hour": hour}
    if local.date() == now.date() - timedelta(days=1):
        return _("Yesterday, %(hour)s") % {"hour": hour}
    return formats.date_format(local, "j E" if local.year == now.year else "j E Y")
