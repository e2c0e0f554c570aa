"""The machine that the emulator runs on: which addresses are its own."""

import ipaddress
import socket

_DISCARD = 9
"""A port; nothing is sent to it."""


def is_own_address(address: str) -> bool:
    """Return whether a numeric address belongs to this machine: one that it would speak to itself by."""
    parsed = ipaddress.ip_address(address)
    if parsed.is_loopback or parsed.is_unspecified:
        return True
    family = socket.AF_INET6 if parsed.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _DISCARD))
            return bool(probe.getsockname()[0] == address)
    except OSError:  # no way leads there, or the process may open no more sockets
        return False
