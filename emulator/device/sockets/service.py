"""What the plain connections of a module share."""

from collections.abc import Callable
from dataclasses import dataclass

from emulator.clock import Clock
from emulator.device.connection.datagram import DatagramChannel
from emulator.device.network.contexts import PdpContexts
from emulator.device.sockets.opening import UDP
from emulator.device.sockets.settings import SettingsStore
from emulator.errors import DeviceError
from emulator.firmware.schema.sockets import Sockets
from emulator.net.bearer import Bearer, DialFailed
from emulator.net.server import Arrival, Server
from emulator.trace.events import Trace


@dataclass(frozen=True)
class Service:
    """The firmware's limits, the settings in NVM, and the outside world."""

    profile: Sockets
    settings: SettingsStore
    contexts: PdpContexts
    bearer: Bearer
    admits: Callable[[str], bool]
    """Whether somebody at this address may connect."""
    clock: Clock
    trace: Trace

    async def listen(
        self, protocol: int, port: int, arrived: Arrival
    ) -> tuple[Server, None] | tuple[None, DatagramChannel]:
        """Open a port: with TCP a server, with UDP a channel that hears everybody admitted.

        Raises:
            DeviceError: it cannot be had.
        """
        try:
            if protocol == UDP:
                return None, DatagramChannel(await self.bearer.await_datagrams(port), admits=self.admits)
            return await self.bearer.serve(port, arrived), None
        except DialFailed as error:
            raise DeviceError(self.profile.refusals.in_use, str(error)) from error
