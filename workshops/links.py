"""Addresses that people in the room can reach, and the QR code of one."""

import socket
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

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
    return f"http://{found}:{parts.port or 80}" if found and _is_served(found) else ""


def lan_address() -> str:
    """This machine's address in the local network; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that nobody has
        except OSError:
            return ""
        found = str(probe.getsockname()[0])
    return "" if found.startswith("127.") else found


def _is_served(address: str) -> bool:
    """Whether requests to that address would be answered."""
    return "*" in settings.ALLOWED_HOSTS or address in settings.ALLOWED_HOSTS


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


def qr(link: str) -> SafeString:
    """The link as an SVG that takes the colour and the size of where it stands."""
    base, slash, path = link.partition("/J/")
    code = segno.make(f"{base.upper()}{slash}{path}", error="m", boost_error=False)
    svg = code.svg_inline(
        border=0, omitsize=True, svgclass="qr", lineclass=None, dark="currentColor"
    )
    return mark_safe(svg)  # noqa: S308 made of squares
