"""What the plain sockets of a module share."""

from collections.abc import Callable
from dataclasses import dataclass

from emulator.clock import Clock
from emulator.device.connection.datagram import DatagramStream
from emulator.device.network.contexts import PdpContexts
from emulator.device.sockets.dial import UDP
from emulator.device.sockets.listening import ListeningPort, TcpPort, UdpPort
from emulator.device.sockets.settings import SettingsStore
from emulator.errors import DeviceError
from emulator.firmware.schema.sockets import Sockets
from emulator.net.bearer import Bearer, DialFailed
from emulator.net.server import Arrival
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

    async def listen(self, protocol: int, port: int, arrived: Arrival) -> ListeningPort:
        """Open a port; `arrived` is called with each connection that comes by TCP.

        Raises:
            DeviceError: it cannot be had.
        """
        try:
            if protocol == UDP:
                datagrams = await self.bearer.await_datagrams(port)
                return UdpPort(DatagramStream(datagrams, self.trace, admits=self.admits))
            return TcpPort(await self.bearer.serve(port, arrived))
        except DialFailed as error:
            raise DeviceError(self.profile.refusals.in_use, str(error)) from error
