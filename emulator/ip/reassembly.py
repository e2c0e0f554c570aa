"""Put fragments together again, within limits. RFC 791 3.2, RFC 1122 3.3.2."""

import msgspec

from emulator.ip.packet import Packet

TIMEOUT = 60.0
"""Seconds until the fragments of a packet that is not complete are dropped."""
_UNIT = 8
_MOST = 16
"""Packets that are put together at a time; the oldest gives way."""
_LONGEST = 65535

_Key = tuple[str, str, int, int]


class _Incomplete(msgspec.Struct):
    since: float
    data: bytearray = msgspec.field(default_factory=bytearray)
    arrived: bytearray = msgspec.field(default_factory=bytearray)
    """One byte for each unit that is there."""
    length: int | None = None
    """Known once the last fragment is there."""


class Reassembly:
    """The packets of which some fragments have arrived; what comes later of the same bytes replaces them."""

    def __init__(self) -> None:
        self._incomplete: dict[_Key, _Incomplete] = {}

    def __repr__(self) -> str:
        return f"<Reassembly of {len(self._incomplete)} packets>"

    def add(self, fragment: Packet, now: float) -> Packet | None:
        """Take a fragment; return the whole packet once it is complete."""
        key = (fragment.source, fragment.target, fragment.protocol, fragment.identification)
        self._forget_old(now)
        if not _is_possible(fragment):
            return None
        part = self._incomplete.setdefault(key, _Incomplete(now))
        if len(self._incomplete) > _MOST:
            del self._incomplete[next(iter(self._incomplete))]
        _put(part, fragment)
        if part.length is None or not _is_complete(part):
            return None
        self._incomplete.pop(key, None)
        return fragment._replace(payload=bytes(part.data[: part.length]), offset=0, more=False)

    def _forget_old(self, now: float) -> None:
        for key, part in list(self._incomplete.items()):
            if now - part.since >= TIMEOUT:
                del self._incomplete[key]


def _is_possible(fragment: Packet) -> bool:
    """Return whether it lies in whole units within the longest packet."""
    size = len(fragment.payload)
    return 0 < size <= _LONGEST - fragment.offset and not (fragment.more and size % _UNIT)


def _put(part: _Incomplete, fragment: Packet) -> None:
    end = fragment.offset + len(fragment.payload)
    if len(part.data) < end:
        part.data.extend(bytes(end - len(part.data)))
    part.data[fragment.offset : end] = fragment.payload
    first, last = fragment.offset // _UNIT, (end + _UNIT - 1) // _UNIT
    if len(part.arrived) < last:
        part.arrived.extend(bytes(last - len(part.arrived)))
    part.arrived[first:last] = b"\1" * (last - first)
    if not fragment.more:
        part.length = end


def _is_complete(part: _Incomplete) -> bool:
    assert part.length is not None
    units = (part.length + _UNIT - 1) // _UNIT
    return 0 not in part.arrived[:units]
