"""Packets as an independent implementation makes and reads them: scapy."""

import logging
from typing import Any

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)  # it warns of what a machine has no route for

from scapy.layers.inet import ICMP, IP, TCP, UDP  # noqa: E402
from scapy.packet import Raw  # noqa: E402

__all__ = ["HOST", "ICMP", "IP", "PEER", "ROUTER", "TCP", "UDP", "Raw", "built", "read", "tcp"]

HOST, ROUTER, PEER = "10.1.1.2", "10.1.1.1", "192.0.2.1"


def built(*layers: Any, **of_ip: Any) -> bytes:
    """A packet from the host to the peer."""
    packet: Any = IP(**{"src": HOST, "dst": PEER, **of_ip})
    for layer in layers:
        packet = packet / layer
    return bytes(packet)


def tcp(flags: str, data: bytes = b"", *, sport: int = 1024, dport: int = 80, **fields: Any) -> bytes:
    """A segment from the host to the peer."""
    return built(TCP(sport=sport, dport=dport, flags=flags, **fields), Raw(data) if data else b"")


def read(packet: bytes) -> Any:
    """The packet, with right checksums; AssertionError where one is wrong."""
    found = IP(packet)
    again = found.copy()
    for layer in (IP, TCP, UDP, ICMP):
        if layer in again:
            del again[layer].chksum
    assert bytes(IP(bytes(again))) == packet, found.show(dump=True)
    return found
