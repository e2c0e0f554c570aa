"""Hold what the plain sockets of a module share."""

from collections.abc import Callable
from dataclasses import dataclass

from emulator.device.connection.datagram import DatagramStream
from emulator.device.environment import Environment
from emulator.device.network.contexts import PdpContexts
from emulator.device.sockets.dial import UDP
from emulator.device.sockets.listening import ListeningPort, TcpPort, UdpPort
from emulator.device.sockets.settings import SettingsStore
from emulator.errors import DeviceError
from emulator.firmware.schema.sockets import Sockets
from emulator.net.bearer import DialFailed
from emulator.net.server import Arrival


@dataclass(frozen=True)
class Service:
    """The firmware's limits, the settings in NVM, and the outside world."""

    profile: Sockets
    settings: SettingsStore
    contexts: PdpContexts
    admits: Callable[[str], bool]
    """Whether a peer at this address may connect."""
    environment: Environment

    async def listen(self, protocol: int, port: int, arrived: Arrival) -> ListeningPort:
        """Open a port; `arrived` is called with each connection that comes by TCP.

        Raises:
            DeviceError: it cannot be had.
        """
        bearer = self.environment.bearer
        try:
            if protocol == UDP:
                datagrams = await bearer.await_datagrams(port)
                return UdpPort(DatagramStream(datagrams, self.environment.trace, admits=self.admits))
            return TcpPort(await bearer.serve(port, arrived))
        except DialFailed as error:
            raise DeviceError(self.profile.refusals.in_use, str(error)) from error
