"""Write and read the packets of a time server. RFC 2030."""

import struct
from datetime import UTC, datetime, timedelta

_REQUEST = 0x23
"""Version 4, mode 3: a client."""
_SERVER = 4
_NOT_SYNCHRONIZED = 3
"""<leap indicator> of a server that does not know the time."""
_LONGEST_PATH = 15
"""<stratum> up to which a server knows the time; 0 says why it does not answer."""
_LENGTH = 48
_ORIGINATE, _RECEIVE, _TRANSMIT = (slice(start, start + 8) for start in (24, 32, 40))
_ERA = datetime(1900, 1, 1, tzinfo=UTC)
_NEXT_ERA = _ERA + timedelta(seconds=2**32)
_SECOND_HALF = 2**31
"""Seconds before it belong to the next era (RFC 2030 3)."""
_MICROSECOND = timedelta(microseconds=1)


class PacketUnfit(ValueError):
    """The packet answers no request of ours, or the server does not know the time."""


def request(sent: datetime) -> bytes:
    """Return the request that is sent at this moment."""
    return bytes((_REQUEST,)) + bytes(_LENGTH - 9) + stamp(sent)


def moment_of(packet: bytes, sent: datetime, received: datetime) -> datetime:
    """Return what the server's clock shows at the moment `received`, on the own clock, of its answer.

    Raises:
        PacketUnfit: it is no answer to the request that was sent at `sent`.
    """
    _check(packet, sent)
    server_received, server_sent = _moment(packet[_RECEIVE]), _moment(packet[_TRANSMIT])
    return received + ((server_received - sent) + (server_sent - received)) / 2


def _check(packet: bytes, sent: datetime) -> None:
    if len(packet) < _LENGTH:
        raise PacketUnfit(f"it has {len(packet)} bytes, fewer than {_LENGTH}")
    leap, mode, stratum = packet[0] >> 6, packet[0] & 7, packet[1]
    if mode != _SERVER:
        raise PacketUnfit(f"its mode is {mode}, not that of a server")
    if packet[_ORIGINATE] != stamp(sent):
        raise PacketUnfit("it answers another request")
    if leap == _NOT_SYNCHRONIZED or not 1 <= stratum <= _LONGEST_PATH or not any(packet[_TRANSMIT]):
        raise PacketUnfit("the server is not synchronized")


def stamp(moment: datetime) -> bytes:
    """Write a moment: seconds of the era, and their fraction."""
    seconds, rest = divmod(moment - _ERA, timedelta(seconds=1))
    return struct.pack("!II", seconds % 2**32, rest // _MICROSECOND * 2**32 // 10**6)


def _moment(stamped: bytes) -> datetime:
    seconds, fraction = struct.unpack("!II", stamped)
    era = _ERA if seconds >= _SECOND_HALF else _NEXT_ERA
    return era + timedelta(seconds=seconds, microseconds=fraction * 10**6 / 2**32)
