"""Bounds that a child process sets itself before it touches what others made.

What goes wrong in a child so shut in harms one document, one image, one import.
"""

import os
from contextlib import suppress


def shut_in(memory: int, seconds: int) -> None:
    """Gives up the network and all but so many bytes and seconds, where the system lets us."""
    if hasattr(os, "unshare"):
        # Some systems forbid it; then the child is only bounded.
        with suppress(OSError):
            os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    try:
        import resource
    except ImportError:  # Windows
        return
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CORE, 0)
    allow(seconds)


def allow(seconds: int) -> None:
    """Moves the bound on processor time to so many seconds from now."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + seconds)


def _limit(what: int, limit: int) -> None:
    import resource

    _soft, hard = resource.getrlimit(what)
    with suppress(OSError, ValueError):  # macOS refuses
        resource.setrlimit(
            what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard)
        )
