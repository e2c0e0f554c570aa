"""Makes TCP packets from the bytes of a stream: handshake, segments, acknowledgements and end.

What a stream does not show is as plain as it can be: nothing is lost or repeated, windows never fill, and each side
acknowledges at once.
"""

import struct
from collections.abc import Callable

from emulator.trace.events import Direction
from emulator.trace.packets import Endpoint, Flags, tcp_packet

SEGMENT = 1400
"""Largest data of a packet, in bytes: it fits into 1500 with the headers of either family (RFC 9293 3.7.1)."""

_MAXIMUM_SEGMENT_SIZE = struct.pack(">BBH", 2, 4, SEGMENT)
"""The option of a SYN."""

PacketWriter = Callable[[bytes, Direction, str], None]
"""Takes a packet, its direction, and a comment."""


class _End:
    """One side of a connection."""

    def __init__(self, endpoint: Endpoint, first: int) -> None:
        self.endpoint = endpoint
        self.first = first
        """The number of its SYN."""
        self.next = 0
        """The number of the next byte that it sends; 0 before its SYN."""
        self.finished = False


class TcpConversation:
    """Implement `ConnectionTap`: begin with the caller's SYN; each call writes packets."""

    def __init__(
        self,
        device: Endpoint,
        peer: Endpoint,
        *,
        caller: Direction,
        first: int,
        write: PacketWriter,
        comment: str = "",
    ) -> None:
        """Write the first packet.

        Args:
            device: the one end.
            peer: the other.
            caller: who connects: the module (sent) or the peer (received).
            first: the number with which the module's sequence numbers begin.
            write: takes the packets.
            comment: for the first one.
        """
        self._ends: dict[Direction, _End] = {"sent": _End(device, first), "received": _End(peer, 2**32 - 1 - first)}
        self._caller: Direction = caller
        self._write = write
        self._broken = False
        self._synchronize(caller, Flags.SYN, comment)

    def __repr__(self) -> str:
        device, peer = (end.endpoint for end in self._ends.values())
        return f"<TcpConversation {device.address}:{device.port}, {peer.address}:{peer.port}>"

    def opened(self) -> None:
        """Write the answer of the other side and the caller's acknowledgement."""
        self._synchronize(_other(self._caller), Flags.SYN | Flags.ACK)
        self._send(self._caller, Flags.ACK)

    def carried(self, direction: Direction, data: bytes) -> None:
        """Write data as segments; every second one and the last are acknowledged."""
        if self._has_ended(direction):
            return
        for begin in range(0, len(data), 2 * SEGMENT):
            end = begin + 2 * SEGMENT
            first, second = data[begin : begin + SEGMENT], data[begin + SEGMENT : end]
            last = Flags.PSH | Flags.ACK if end >= len(data) else Flags.ACK
            self._send(direction, Flags.ACK if second else last, first)
            if second:
                self._send(direction, last, second)
            self._send(_other(direction), Flags.ACK)

    def finished(self, direction: Direction) -> None:
        """Write FIN and its acknowledgement; nothing for a second FIN or after a reset."""
        if self._has_ended(direction):
            return
        self._send(direction, Flags.FIN | Flags.ACK)
        self._ends[direction].finished = True
        self._send(_other(direction), Flags.ACK)

    def reset(self, direction: Direction) -> None:
        """Write RST; nothing follows it."""
        if not self._broken:
            self._broken = True
            self._send(direction, Flags.RST | Flags.ACK)

    def _has_ended(self, direction: Direction) -> bool:
        return self._broken or self._ends[direction].finished

    def _synchronize(self, direction: Direction, flags: Flags, comment: str = "") -> None:
        sender = self._ends[direction]
        sender.next = sender.first
        self._send(direction, flags, options=_MAXIMUM_SEGMENT_SIZE, comment=comment)

    def _send(
        self, direction: Direction, flags: Flags, data: bytes = b"", *, options: bytes = b"", comment: str = ""
    ) -> None:
        sender, receiver = self._ends[direction], self._ends[_other(direction)]
        acknowledged = receiver.next if Flags.ACK in flags else 0
        packet = tcp_packet(sender.endpoint, receiver.endpoint, sender.next, acknowledged, flags, data, options)
        length = len(data) + bool(flags & (Flags.SYN | Flags.FIN))  # each of which has a number of its own
        sender.next = (sender.next + length) % 2**32
        self._write(packet, direction, comment)


def _other(direction: Direction) -> Direction:
    return "received" if direction == "sent" else "sent"
