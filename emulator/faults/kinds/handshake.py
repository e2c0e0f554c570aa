"""Faults of TLS handshakes, and of the records after them."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import ConnectionFault, FaultableConnection, Place
from emulator.faults.quantities import Duration

_NORMAL_SPEED = 0
"""Of #CPUMODE."""


class HandshakeStalled(ConnectionFault, frozen=True, kw_only=True):
    """A message of the server and all that follows it never comes."""

    message: int | str = 1
    """Which message, by its number among the server's or by its name."""

    def apply(self, connection: FaultableConnection) -> None:
        connection.fall_silent()


class HandshakeCut(ConnectionFault, frozen=True, kw_only=True):
    """In the place of a message of the server the connection is reset."""

    message: int | str = 1
    """Which message, by its number among the server's or by its name."""

    def apply(self, connection: FaultableConnection) -> None:
        connection.reset()


class SlowProcessor(ConnectionFault, frozen=True, kw_only=True):
    """The server's certificates take long while #CPUMODE is 0, so that #SSLD may run into its timeout (guide 4.1).

    Firmwares without #CPUMODE are quick enough, as the guide says.
    """

    message: int | str = "certificate"
    """Which message of the server takes long, by its number or name."""
    duration: Duration = Duration(15)
    """How long."""
    times: Annotated[int, Meta(ge=0)] = 0
    """For how many handshakes; 0 for all."""

    def apply(self, connection: FaultableConnection) -> None:
        device = connection.device
        if device.profile.power.cpu_modes is not None and device.cpu_mode == _NORMAL_SPEED:
            connection.hold(self.duration)


class RecordCorrupted(ConnectionFault, frozen=True, kw_only=True):
    """One bit of a record from the server is wrong, which its MAC tells; without TLS, one bit of the data."""

    @property
    def place(self) -> Place:
        return Place.RECEIVED

    def apply(self, connection: FaultableConnection) -> None:
        connection.corrupt()
