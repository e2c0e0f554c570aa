"""A processor that is slow with certificates."""

from typing import Annotated

from msgspec import Meta

from emulator.faults.fault import Connection, ConnectionFault, Place
from emulator.faults.quantities import Duration

_NORMAL_SPEED = 0
"""Of #CPUMODE."""


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

    @property
    def place(self) -> Place:
        return Place.HANDSHAKE

    def strike(self, connection: Connection) -> None:
        device = connection.device
        if device.profile.power.cpu_modes is not None and device.cpu_mode == _NORMAL_SPEED:
            connection.hold(self.duration)
