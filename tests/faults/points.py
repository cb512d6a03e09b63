"""Where on its way an edit can be when its process dies."""

from collections.abc import Callable
from contextlib import contextmanager
from functools import wraps

POINTS = ("asked", "locked", "set", "written", "announced", "committed", "answered")


def arm(dies_at: Callable[[str], None]) -> None:
    """`dies_at(point)` is called at each of these points of every edit from now on."""
    from changes import record
    from journeys import fragments
    from journeys.edits import door
    from live import hub

    take_turn = door.turn

    @contextmanager
    @wraps(take_turn)
    def turn(*arguments, **options):
        dies_at("asked")  # nothing is locked yet
        with take_turn(*arguments, **options) as mine:
            dies_at("locked")  # no row is set yet
            yield mine

    door.turn = turn

    def before(module, name: str, point: str) -> None:
        function = getattr(module, name)

        @wraps(function)
        def called(*arguments, **options):
            dies_at(point)
            return function(*arguments, **options)

        setattr(module, name, called)

    before(record, "_write", "set")  # the rows are, the history is not
    before(record, "announce", "written")  # the history is, nobody is told
    before(hub, "hint", "committed")
    before(fragments, "answer", "answered")

    announce = record.announce

    def announced(*arguments, **options):
        announce(*arguments, **options)
        dies_at("announced")  # not committed yet

    record.announce = announced
