"""This machine's own address in the local network."""

import socket

NOWHERE = ("192.0.2.1", 9)  # an address that nobody has: asked for the way there, nothing is sent


def lan_address() -> str:
    """The address that leads outside, which others in the room can reach; empty without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
        except OSError:
            return ""
        found = str(probe.getsockname()[0])
    return "" if found.startswith("127.") else found


def answers(host: str, port: int) -> bool:
    """Whether somebody listens there; asked on this machine, nothing leaves it."""
    try:
        with socket.create_connection((host, port), timeout=0.3):
            return True
    except OSError:
        return False
