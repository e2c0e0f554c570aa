"""Hold what the plain sockets of a module share."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from emulator.device.connection.datagram import DatagramStream
from emulator.device.environment import Environment
from emulator.device.network.contexts import PdpContexts
from emulator.device.sockets.dial import UDP
from emulator.device.sockets.listening import ListeningPort, TcpPort, UdpPort
from emulator.device.sockets.settings import PlainSocketSettings
from emulator.errors import DeviceError
from emulator.firmware.schema.sockets import Sockets
from emulator.net.bearer import DialFailed
from emulator.net.server import Arrival


class SocketSettings(Protocol):
    """The settings of each socket, by its number."""

    def __getitem__(self, number: int, /) -> PlainSocketSettings:
        """Return those in force."""


class Service(msgspec.Struct, frozen=True):
    """The firmware's limits, the settings, and the outside world."""

    profile: Sockets
    settings: SocketSettings
    contexts: PdpContexts
    admits: Callable[[str], bool]
    """Whether a peer at this address may connect."""
    environment: Environment
    environment_on: Callable[[int], Environment]
    """Returns the environment of what a PDP context carries."""
    holders: list[Callable[[int, int], bool]] = msgspec.field(default_factory=list)
    """Each tells whether some sockets hold a port, by protocol and number."""

    def taken(self, protocol: int, port: int) -> bool:
        """Return whether any socket of the module holds this port."""
        return any(holds(protocol, port) for holds in self.holders)

    async def listen(self, cid: int, protocol: int, port: int, arrived: Arrival) -> ListeningPort:
        """Open a port of a context; `arrived` is called with each connection that comes by TCP.

        Raises:
            DeviceError: it cannot be had.
        """
        bearer = self.environment_on(cid).bearer
        try:
            if protocol == UDP:
                datagrams = await bearer.await_datagrams(port)
                return UdpPort(DatagramStream(datagrams, self.environment.trace, admits=self.admits))
            return TcpPort(await bearer.serve(port, arrived))
        except DialFailed as error:
            raise DeviceError(self.profile.refusals.in_use, f"port {port} cannot be listened at: {error}") from error
