"""A workshop's changes in words, for the map's history."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from changes.models import Change
from journeys.wording import Names, quote


def _said(text) -> Callable[[Change, Names], str]:
    return lambda change, names: str(text)


def _cards(change: Change) -> list[dict]:
    return [
        after or {}
        for ref, after in change.after.items()
        if ref.startswith("card:") and change.before.get(ref) is None
    ]


def _reveal(change: Change, names: Names) -> str:
    count = len(_cards(change))
    if not count:
        return _("Workshop: the result is shown")
    return ngettext(
        "Workshop: %(count)s card opened", "Workshop: %(count)s cards opened", count
    ) % {"count": count}


def _new_card(change: Change, names: Names) -> str:
    found = _cards(change)
    return _("New card %(card)s") % {"card": quote(found[0].get("text", "") if found else "")}


def _edited(change: Change, names: Names) -> str:
    return _("Card %(card)s: other words") % {"card": names.quoted(change.target)}


def _joined(change: Change, names: Names) -> str:
    count = int(change.target.partition(":")[2] or 0)
    return ngettext(
        "Workshop: %(count)s card joined", "Workshop: %(count)s cards joined into one", count
    ) % {"count": count}


VERBS: dict[str, Callable[[Change, Names], str]] = {
    "prepare_workshop": _said(gettext_lazy("A workshop is prepared")),
    "drop_workshop": _said(gettext_lazy("The prepared workshop is dropped")),
    "open_entry": _said(gettext_lazy("Workshop: entry is open")),
    "collect": _said(gettext_lazy("Workshop: cards are collected before it")),
    "gather": _said(gettext_lazy("Workshop: people come in")),
    "phone_seen": _said(gettext_lazy("Workshop: a phone has opened the link")),
    "close_entry": _said(gettext_lazy("Workshop: entry is closed")),
    "go_to_step": _said(gettext_lazy("Workshop: another step")),
    "pause": _said(gettext_lazy("Workshop: pause")),
    "go_on": _said(gettext_lazy("Workshop: it goes on")),
    "adjourn": _said(gettext_lazy("Workshop: to be continued")),
    "extend": _said(gettext_lazy("Workshop: more time")),
    "lock": _said(gettext_lazy("Workshop: cards are taken or not")),
    "spotlight": _said(gettext_lazy("Workshop: spotlight")),
    "split_results": _said(gettext_lazy("Workshop: the result by who people are")),
    "turn_page": _said(gettext_lazy("Workshop: another page")),
    "take_over": _said(gettext_lazy("Workshop: somebody else leads")),
    "reveal": _reveal,
    "end_workshop": _said(gettext_lazy("The workshop is over")),
    "send_outcome": _said(gettext_lazy("The outcome: sent to participants")),
    "share_outcome": _said(gettext_lazy("The outcome: link for readers")),
    "join": _said(gettext_lazy("Workshop: somebody came in")),
    "rename_guest": _said(gettext_lazy("Workshop: another name")),
    "remove_guest": _said(gettext_lazy("Workshop: somebody was shown out")),
    "forget_guest": _said(gettext_lazy("Workshop: a name was taken out")),
    "let_guest_back": _said(gettext_lazy("Workshop: somebody is back")),
    "describe_guest": _said(gettext_lazy("Workshop: about a participant")),
    "add_group": _said(gettext_lazy("Workshop: a new group")),
    "edit_group": _said(gettext_lazy("Workshop: about a group")),
    "delete_group": _said(gettext_lazy("Workshop: one group less")),
    "share_out": _said(gettext_lazy("Workshop: people are shared out to groups")),
    "move_guest": _said(gettext_lazy("Workshop: somebody is in another group")),
    "say_heads": _said(gettext_lazy("Workshop: how many share a phone")),
    "say_done": _said(gettext_lazy("Workshop: somebody is ready")),
    "add_guest_card": _new_card,
    "edit_guest_card": _edited,
    "delete_guest_card": lambda change, names: (
        _("Card %(name)s is in the bin") % {"name": names.quoted(change.target)}
    ),
    "vote": _said(gettext_lazy("Workshop: a vote")),
    "rate": _said(gettext_lazy("Workshop: a rating")),
    "join_cards": _joined,
    "part_cards": lambda change, names: _("Workshop: joined cards are parted"),
    "take_value": _said(gettext_lazy("Workshop: the room’s value")),
    "add_step": _said(gettext_lazy("Agenda: new step")),
    "edit_step": _said(gettext_lazy("Agenda: a step")),
    "move_step": _said(gettext_lazy("Agenda: another order")),
    "duplicate_step": _said(gettext_lazy("Agenda: copy of a step")),
    "delete_step": _said(gettext_lazy("Agenda: one step less")),
}
