"""Keep the sockets of easy GPRS: some that are dialled, and one that listens. AT Commands Reference Guide."""

from functools import cached_property

from msgspec.structs import replace

from emulator.device.connection.states import Action, State
from emulator.device.needs.sockets import EasyPeer, NoEasyListener
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts, Stack
from emulator.device.sockets.easy_settings import EasySettingsStore
from emulator.device.sockets.plain_socket import PlainSocket
from emulator.device.sockets.service import Service
from emulator.device.sockets.sockets import reachable
from emulator.device.sockets.states import LISTENS
from emulator.errors import DeviceError, Need
from emulator.firmware.schema.easy import EasySockets as EasySocketsProfile
from emulator.net.routes import Address


class EasySocket(PlainSocket):
    """One of the sockets of easy GPRS: it is dialled anew each time, and one of them listens."""

    def _need(self, state: State, action: Action) -> Need | None:
        return NoEasyListener(self.protocol, self.local_port) if state in LISTENS else None


class EasySockets:
    """Sockets without a <connId>: each lives as long as its stay in data mode. Made when first asked for."""

    def __init__(self, profile: EasySocketsProfile, service: Service, settings: EasySettingsStore) -> None:
        """`service` is that of the other sockets, whose ports these share."""
        self.settings = settings
        self._profile = profile
        self._contexts: PdpContexts = service.contexts
        self._service = replace(service, settings=settings)
        service.holders.append(self._holds)

    def __repr__(self) -> str:
        return f"<EasySockets {self.made}>"

    @cached_property
    def _sockets(self) -> list[PlainSocket]:
        """The sockets that can be dialled, and behind them the one that listens."""
        return [EasySocket(number, self._service, "easy socket") for number in range(1, self._profile.connections + 2)]

    @property
    def made(self) -> list[PlainSocket]:
        """Return them, as soon as there are any."""
        return self._sockets if "_sockets" in vars(self) else []

    @property
    def listener(self) -> PlainSocket:
        """Return the socket of #SKTL."""
        return self._sockets[-1]

    def free(self) -> PlainSocket:
        """Return a socket that can be dialled.

        Raises:
            DeviceError: each one is in use.
        """
        dialled = self._sockets[:-1]
        socket = next((socket for socket in dialled if socket.state is State.CLOSED), dialled[0])
        socket.check(Action.DIAL)
        return socket

    async def bring_up(self) -> None:
        """Activate the context by the user and the password, unless it is active for sockets.

        Raises:
            DeviceError: it is active for another use, or the network refuses it.
        """
        if not self._contexts.serves_sockets(IP_CONTEXT):
            current = self.settings.current
            await self._contexts.activate(IP_CONTEXT, Stack.INTERNAL, current.user, current.password)

    def take_down(self) -> None:
        """Deactivate the context."""
        self._contexts.deactivate(IP_CONTEXT)

    def check_address(self, address: str) -> None:
        """Refuse to dial nobody.

        Raises:
            DeviceError: no peer is set.
        """
        if not address:
            raise DeviceError(self._service.profile.refusals.unresolved, "no peer is set", EasyPeer())

    @property
    def listening(self) -> dict[int, Address]:
        """Return where a peer reaches the port that is listened on."""
        return reachable(self.made)

    def drop(self) -> None:
        """End all of them: the power is gone."""
        for socket in self.made:
            socket.drop()

    def _holds(self, protocol: int, port: int) -> bool:
        return any(socket.holds(protocol, port) for socket in self.made)
