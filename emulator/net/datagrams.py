"""Open UDP sockets of the module: with one peer, or for any sender."""

import asyncio
from typing import Protocol, cast

from emulator.guard import guarded
from emulator.net.routes import Address
from emulator.net.traffic import Counter, uncounted
from emulator.trace.defect import report_defect
from emulator.trace.trace import Trace

_QUEUE = 64
"""Datagrams kept until an owner is attached; more are lost, as on any network."""


class DatagramOwner(Protocol):
    """Receives the datagrams."""

    def datagram_received(self, data: bytes, source: Address) -> None:
        """Take a datagram from `source`."""

    def refused(self) -> None:
        """Take the news that the peer has no such port."""

    def fail(self, error: Exception) -> None:
        """End the connection because of a defect of the emulator, and report it."""


class UdpSocket(asyncio.DatagramProtocol):
    """An open UDP socket."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.address: Address = ("", 0)
        """The local address."""
        self.remote_address = ""
        """The IP address of the peer, after routing; empty without a peer."""
        self.remote_port = 0
        """Its port; 0 without a peer."""
        self._transport: asyncio.DatagramTransport | None = None
        self._owner: DatagramOwner | None = None
        self._early: list[tuple[bytes, Address]] = []
        self._counter: Counter = uncounted

    def __repr__(self) -> str:
        return f"<UdpSocket of port {self.address[1]}>"

    def fail(self, error: Exception) -> None:
        """Close the socket because of a defect of the emulator; its owner reports it, if there is one."""
        if self._owner is not None:
            self._owner.fail(error)
        else:
            report_defect(self._trace, "a UDP socket", error)
        self.close()

    @guarded
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)  # 3.11's own do not say that they are
        self.address = transport.get_extra_info("sockname")[:2]
        self.remote_address, self.remote_port = (transport.get_extra_info("peername") or ("", 0))[:2]

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None

    @guarded
    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        source = (addr[0], addr[1])
        self._counter("received", len(data))
        if self._owner is not None:
            self._owner.datagram_received(data, source)
        elif len(self._early) < _QUEUE:
            self._early.append((data, source))

    @guarded
    def error_received(self, exc: Exception) -> None:
        """Tell the owner of a port that is closed; other ICMP errors are ignored."""
        if self._owner is not None and isinstance(exc, ConnectionRefusedError):
            self._owner.refused()

    def attach(self, owner: DatagramOwner) -> None:
        """Deliver to `owner` from now on, beginning with what has come already."""
        self._owner = owner
        early, self._early = self._early, []
        for data, source in early:
            owner.datagram_received(data, source)

    def count_by(self, counter: Counter) -> None:
        """Report to `counter` how many bytes pass, those included that have come already."""
        self._counter = counter
        for data, _ in self._early:
            counter("received", len(data))

    def send(self, data: bytes, target: Address | None = None) -> None:
        """Send one datagram to the peer, or to `target` where there is no peer."""
        if self._transport is not None:
            self._counter("sent", len(data))
            self._transport.sendto(data, target)

    def close(self) -> None:
        """Close the socket."""
        self._owner = None
        if self._transport is not None:
            self._transport.close()
