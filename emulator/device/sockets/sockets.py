"""Keep the plain sockets of a module, by <connId>."""

from collections.abc import Iterable, Iterator, Mapping

from emulator.device.sockets.plain_socket import PlainSocket
from emulator.device.sockets.service import Service
from emulator.device.sockets.settings import SettingsStore
from emulator.net.routes import Address


class PlainSockets(Mapping[int, PlainSocket]):
    """One for each <connId> of the firmware. All are made when the first is asked for: most modems never open one."""

    def __init__(self, service: Service, settings: SettingsStore) -> None:
        self.settings = settings
        self._service = service
        service.holders.append(self._holds)
        self._made: dict[int, PlainSocket] = {}

    def __repr__(self) -> str:
        return f"<PlainSockets {list(self._made.values())}>"

    def __getitem__(self, number: int) -> PlainSocket:
        if not self._made:
            self._made = {number: PlainSocket(number, self._service) for number in self}
        return self._made[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self.settings.numbers)

    def __len__(self) -> int:
        return len(self.settings.numbers)

    @property
    def made(self) -> Mapping[int, PlainSocket]:
        """Return the sockets by <connId>; none as long as nobody has asked for one."""
        return self._made

    def use(self, cid: int) -> bool:
        """Return whether the settings tie a socket to this context."""
        return any(self.settings[number].cid == cid for number in self)

    def _holds(self, protocol: int, port: int) -> bool:
        return any(socket.holds(protocol, port) for socket in self._made.values())

    @property
    def listening(self) -> dict[int, Address]:
        """Return where a peer reaches each port that is listened on: the machine's own port may have another number."""
        return reachable(self._made.values())

    def drop(self) -> None:
        """End all of them: the power is gone."""
        for socket in self._made.values():
            socket.drop()


def reachable(sockets: Iterable[PlainSocket]) -> dict[int, Address]:
    """Return where peers reach the sockets that listen, by the port of the module."""
    ports = [(socket.local_port, socket.reachable_at) for socket in sockets]
    return {port: address for port, address in ports if address is not None}
