"""Tap: report the traffic of the module's TCP connections, for a capture."""

from collections.abc import Sequence
from typing import Protocol

from emulator.net.routes import Address
from emulator.trace.events import Direction


class ConnectionTap(Protocol):
    """Receives the events of one connection in order: by the module (sent) or by the peer (received)."""

    def opened(self) -> None:
        """Note that the connection is open."""

    def carried(self, direction: Direction, data: bytes) -> None:
        """Take data of one side."""

    def finished(self, direction: Direction) -> None:
        """Take the end of one side's data; ignored when repeated, or after a reset."""

    def reset(self, direction: Direction) -> None:
        """Take a reset or a refusal of one side."""


class Tap(Protocol):
    """Opens a tap for each connection."""

    def dialling(self, dialled: Address, connected: Address) -> ConnectionTap:
        """Return a tap for an outgoing connection: to what the host has dialled, and its IP address."""

    def packet(self, direction: Direction, packet: bytes) -> None:
        """Take a whole packet of a host that sends packets of its own."""

    def answering(self, caller: Address, port: int) -> ConnectionTap:
        """Return a tap for a connection that a peer opens to a port of the module."""


class BothTaps:
    """Report all traffic to two taps."""

    def __init__(self, first: Tap, second: Tap) -> None:
        self._taps = first, second

    def __repr__(self) -> str:
        return f"<BothTaps {self._taps}>"

    def dialling(self, dialled: Address, connected: Address) -> ConnectionTap:
        """See `Tap`."""
        return _BothConnections([tap.dialling(dialled, connected) for tap in self._taps])

    def packet(self, direction: Direction, packet: bytes) -> None:
        """See `Tap`."""
        for tap in self._taps:
            tap.packet(direction, packet)

    def answering(self, caller: Address, port: int) -> ConnectionTap:
        """See `Tap`."""
        return _BothConnections([tap.answering(caller, port) for tap in self._taps])


class _BothConnections:
    def __init__(self, taps: Sequence[ConnectionTap]) -> None:
        self._taps = taps

    def opened(self) -> None:
        for tap in self._taps:
            tap.opened()

    def carried(self, direction: Direction, data: bytes) -> None:
        for tap in self._taps:
            tap.carried(direction, data)

    def finished(self, direction: Direction) -> None:
        for tap in self._taps:
            tap.finished(direction)

    def reset(self, direction: Direction) -> None:
        for tap in self._taps:
            tap.reset(direction)
