"""Keep the plain sockets of a module, by <connId>."""

from collections.abc import Iterator, Mapping

from emulator.device.sockets.plain_socket import PlainSocket
from emulator.device.sockets.service import Service
from emulator.net.routes import Address


class PlainSockets(Mapping[int, PlainSocket]):
    """One for each <connId> of the firmware. All are made when the first is asked for: most modems never open one."""

    def __init__(self, service: Service) -> None:
        self.settings = service.settings
        self._service = service
        self._made: dict[int, PlainSocket] = {}

    def __repr__(self) -> str:
        return f"<PlainSockets {list(self._made.values())}>"

    def __getitem__(self, number: int) -> PlainSocket:
        if not self._made:
            self._made = {number: PlainSocket(number, self._service, self._holds) for number in self}
        return self._made[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self.settings.numbers)

    def __len__(self) -> int:
        return len(self.settings.numbers)

    def use(self, cid: int) -> bool:
        """Return whether the settings tie a socket to this context."""
        return any(self.settings[number].cid == cid for number in self)

    def _holds(self, protocol: int, port: int) -> bool:
        return any(socket.holds(protocol, port) for socket in self._made.values())

    @property
    def listening(self) -> dict[int, Address]:
        """Return where a peer reaches each port that is listened on: the machine's own port may have another number."""
        reachable = [(socket.local_port, socket.reachable_at) for socket in self._made.values()]
        return {port: address for port, address in reachable if address is not None}

    def drop(self) -> None:
        """End all of them: the power is gone."""
        for socket in self._made.values():
            socket.drop()
