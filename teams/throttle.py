"""How often something may be tried: counted in the database, so that all processes agree."""

import functools
import hashlib
import ipaddress
import math
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .errors import too_many
from .models import Throttle


class TooMany(Exception):
    """Tried too often; `wait` is how many seconds until it may be tried again."""

    def __init__(self, wait: int):
        super().__init__(wait)
        self.wait = wait


def _key(name: str, who: str) -> str:
    # A digest: the table need not know who tried, and no address is too long for it.
    return f"{name}:{hashlib.sha256(who.encode()).hexdigest()}"


def count(name: str, who: str, *, limit: int, minutes: int) -> None:
    """Counts one try of `name` by `who`; raises TooMany beyond `limit` within the window.

    One UPDATE decides, and its row lock holds until the count is read: two tries at once cannot
    both be the last one allowed.
    """
    key, now = _key(name, who), timezone.now()
    ends = now + timedelta(minutes=minutes)
    over = When(window_ends_at__lte=now, then=Value(1))
    with transaction.atomic():
        Throttle.objects.bulk_create(
            [Throttle(key=key, window_ends_at=ends, count=0)], ignore_conflicts=True
        )
        Throttle.objects.filter(pk=key).update(
            count=Case(over, default=F("count") + 1),
            window_ends_at=Case(
                When(window_ends_at__lte=now, then=Value(ends)), default=F("window_ends_at")
            ),
        )
        row = Throttle.objects.get(pk=key)
    if row.count == 1:
        # A new window opened: time to sweep the old ones. Outside the transaction, so that
        # two sweepers never wait for each other's rows.
        Throttle.objects.filter(window_ends_at__lte=now).delete()
    if row.count > limit:
        raise TooMany(math.ceil((row.window_ends_at - now).total_seconds()))


def counted(name: str, who: str) -> int:
    """How many tries of `name` by `who` were counted in the window at hand."""
    row = Throttle.objects.filter(pk=_key(name, who), window_ends_at__gt=timezone.now()).first()
    return row.count if row else 0


def forget(name: str, who: str) -> None:
    """Starts the count again: whoever was right needn't be slowed down."""
    Throttle.objects.filter(pk=_key(name, who)).delete()


def client_address(request: HttpRequest) -> str:
    """The network address that a request comes from, as our own proxies saw it.

    Each trusted proxy appends the address it was called from, so the n-th from the right is the
    first that a visitor could not invent. An IPv6 network counts as one visitor.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES].strip() or address
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)


def person(request: HttpRequest) -> str:
    """Who is signed in: colleagues behind one address don't use up each other's tries."""
    return str(request.user.pk)


def limited(
    name: str, *, posts: int, minutes: int, who: Callable[[HttpRequest], str] = client_address
) -> Callable:
    """Allows `posts` posts to a view within `minutes`, by default per network address, which may be
    that of a whole office: sixty people, each with a slip or two. Then it answers 429."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            try:
                if request.method == "POST":
                    count(name, who(request), limit=posts, minutes=minutes)
                return view(request, *args, **kwargs)
            except TooMany as refusal:
                return too_many(request, refusal.wait)

        return guarded

    return decorate
