"""Faults of connections: as they are dialled, while they are open, and in a slow network."""

import asyncio
import errno
import os
from enum import StrEnum
from typing import Literal, NamedTuple

from emulator.faults.fault import CutFault, DelayFault, DialFault, FaultableConnection, NameFault, Place
from emulator.faults.quantities import Duration, Rate
from emulator.net.bearer import DialRefused, NameUnknown
from emulator.net.delayed_stream import Delays


class NameUnresolved(NameFault, frozen=True, kw_only=True, tag="name-unknown"):
    """No name server knows the host, or none answers."""

    async def dial(self, host: str) -> None:
        raise NameUnknown(f"{host!r} cannot be resolved")


class ConnectionRefused(DialFault, frozen=True, kw_only=True):
    """Nobody listens on the port."""

    async def dial(self, host: str) -> None:
        raise DialRefused(os.strerror(errno.ECONNREFUSED))


class ConnectionUnanswered(DialFault, frozen=True, kw_only=True):
    """What the module sends to open the connection vanishes in a black hole, until it gives up."""

    async def dial(self, host: str) -> None:
        await asyncio.get_running_loop().create_future()


class ConnectionReset(CutFault, frozen=True, kw_only=True):
    """The connection breaks, for the module and for the server."""

    def apply(self, connection: FaultableConnection) -> None:
        connection.reset()


class ConnectionClosed(CutFault, frozen=True, kw_only=True):
    """The TCP connection ends in order, without a close_notify of TLS."""

    def apply(self, connection: FaultableConnection) -> None:
        connection.hang_up()


class PeerSilent(CutFault, frozen=True, kw_only=True):
    """Nothing passes any more, either way, and the connection stays open."""

    def apply(self, connection: FaultableConnection) -> None:
        connection.fall_silent()


class DataLate(CutFault, frozen=True, kw_only=True):
    """What follows comes after a pause, as when the network serves others first: data arrives in other portions.

    Of a TLS record the module has nothing before it is whole.
    """

    at: Literal["sent", "received", "handshake"] = "received"
    """Where: in what the server sends, in what the module sends, or in the handshake."""
    duration: Duration = Duration(1)
    """How long the pause is."""

    def apply(self, connection: FaultableConnection) -> None:
        if self.place is Place.SENT:
            connection.hold_sent(self.duration)
        else:
            connection.hold(self.duration)


class Preset(StrEnum):
    """A generation of packet data."""

    GPRS = "GPRS"
    EDGE = "EDGE"
    UMTS = "UMTS"
    HSPA = "HSPA"


class _Usual(NamedTuple):
    latency: float
    jitter: float
    upload: float
    download: float


_USUAL = {
    Preset.GPRS: _Usual(0.300, 0.200, 20e3, 40e3),
    Preset.EDGE: _Usual(0.200, 0.100, 60e3, 120e3),
    Preset.UMTS: _Usual(0.100, 0.050, 64e3, 384e3),
    Preset.HSPA: _Usual(0.050, 0.025, 1.5e6, 5e6),
}
"""What users see of each, one way: not what the standards promise."""


class SlowNetwork(DelayFault, frozen=True, kw_only=True):
    """Each way takes time, some more by chance, and carries only so much; opening a connection takes two ways."""

    preset: Preset | None = None
    """GPRS, EDGE, UMTS or HSPA, for what is left out below."""
    latency: Duration | None = None
    """One way."""
    jitter: Duration | None = None
    """At most so much more, by the seed."""
    upload: Rate | None = None
    """From the module."""
    download: Rate | None = None
    """To the module."""

    def __post_init__(self) -> None:
        if all(value is None for value in (self.preset, self.latency, self.jitter, self.upload, self.download)):
            raise ValueError("give a `preset`, `latency`, `jitter`, `upload` or `download`")

    def delays(self) -> Delays:
        usual = _USUAL.get(self.preset) if self.preset is not None else None
        latency, jitter, upload, download = usual or (0.0, 0.0, None, None)
        return Delays(
            latency=latency if self.latency is None else self.latency,
            jitter=jitter if self.jitter is None else self.jitter,
            rate_out=upload if self.upload is None else self.upload,
            rate_in=download if self.download is None else self.download,
        )
