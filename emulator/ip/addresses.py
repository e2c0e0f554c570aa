"""IPv4 addresses: four bytes in a packet, four decimal numbers with dots elsewhere."""

import ipaddress
from functools import lru_cache

BROADCAST = "255.255.255.255"


@lru_cache(4096)
def address_text(packed: bytes) -> str:
    """Return the text of an address in a packet."""
    return ".".join(map(str, packed))


@lru_cache(4096)
def address_bytes(address: str) -> bytes:
    """Return the four bytes of an address."""
    return ipaddress.IPv4Address(address).packed


@lru_cache(4096)
def is_a_host(address: str) -> bool:
    """Return whether a router may forward to the address (RFC 1122 3.2.1.3).

    It may not forward to this host (0.0.0.0/8, 127.0.0.0/8), to a group, to a broadcast or to a reserved address.
    """
    parsed = ipaddress.IPv4Address(address)
    local = parsed.packed[0] in (0, 127)
    return not (local or parsed.is_multicast or parsed.packed[0] >= 240)
