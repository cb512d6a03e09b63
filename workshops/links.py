"""Addresses that people in the room can reach, and the QR code of one."""

import re
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from ui.network import answers, lan_address

from .models import Workshop

_HERE = {"localhost", "127.0.0.1", "::1", "0.0.0.0", ""}  # noqa: S104 to be compared with


def base_of(request: HttpRequest) -> str:
    """The address that phones can reach: the configured one; else the one this page was opened by;
    if that is this machine's own, its address in the local network. Never localhost; empty where
    none is found."""
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL
    asked = f"{request.scheme}://{request.get_host()}"
    parts = urlsplit(asked)
    if parts.hostname not in _HERE:
        return asked
    found = lan_address()
    port = parts.port or 80
    return f"http://{found}:{port}" if found and _is_served(found, port) else ""


def _is_served(address: str, port: int) -> bool:
    """Whether requests to that address are answered: somebody listens, and knows the name."""
    known = "*" in settings.ALLOWED_HOSTS or address in settings.ALLOWED_HOSTS
    return known and answers(address, port)


_PHONE = re.compile(r"Mobi|Android|iPhone|iPad")


def is_phone(request: HttpRequest) -> bool:
    """Whether a phone has come by the address that the QR code has; what it says of itself is
    believed."""
    by_link = urlsplit(base_of(request)).netloc == request.get_host()
    return by_link and bool(_PHONE.search(request.headers.get("User-Agent", "")))


def join_link(request: HttpRequest, workshop: Workshop) -> str:
    """The link in the QR code: capitals where they mean the same, which makes the code smaller."""
    if not (base := base_of(request)):
        return ""
    return f"{base}{reverse('enter', args=[workshop.token])}"


def join_address(request: HttpRequest) -> str:
    """What people type in a browser before they type the code."""
    base = base_of(request)
    return f"{base.partition('://')[2]}{reverse('type_code')}".rstrip("/") if base else ""


def wall_link(request: HttpRequest, workshop: Workshop) -> str:
    base = base_of(request) or f"{request.scheme}://{request.get_host()}"
    return f"{base}{reverse('wall', args=[workshop.wall_token])}"


DARK = "#171c26"  # on white in both themes: many cameras don't read the reverse


def qr(link: str) -> SafeString:
    """The link as an SVG of the size of where it stands."""
    base, slash, path = link.partition("/J/")
    code = segno.make(f"{base.upper()}{slash}{path}", error="m", boost_error=False)
    svg = code.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None, dark=DARK)
    return mark_safe(svg)  # noqa: S308 made of squares
