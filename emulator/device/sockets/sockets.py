"""The plain sockets of a module, by <connId>."""

from collections.abc import Iterator, Mapping

from emulator.device.sockets.plain_socket import PlainSocket
from emulator.device.sockets.service import Service
from emulator.net.routes import Address


class PlainSockets(Mapping[int, PlainSocket]):
    """One for each <connId> of the firmware."""

    def __init__(self, service: Service) -> None:
        self.settings = service.settings
        self._sockets = {number: PlainSocket(number, service) for number in service.settings.numbers}

    def __repr__(self) -> str:
        return f"<PlainSockets {list(self._sockets.values())}>"

    def __getitem__(self, number: int) -> PlainSocket:
        return self._sockets[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._sockets)

    def __len__(self) -> int:
        return len(self._sockets)

    def use(self, cid: int) -> bool:
        """Whether the settings tie a socket to this context."""
        return any(socket.cid == cid for socket in self._sockets.values())

    @property
    def listening(self) -> dict[int, Address]:
        """Where a peer can reach the ports that are listened on: not always the machine's own ports of that number."""
        reachable = {socket.local_port: socket.reachable_at for socket in self._sockets.values()}
        return {port: address for port, address in reachable.items() if address is not None}

    def drop(self) -> None:
        """End all of them: the power is gone."""
        for socket in self._sockets.values():
            socket.drop()
