"""The plain connections of a module, by <connId>."""

from collections.abc import Iterator, Mapping

from emulator.device.sockets.connection import Connection
from emulator.device.sockets.service import Service
from emulator.net.routes import Address


class PlainSockets(Mapping[int, Connection]):
    """All of them end with their context."""

    def __init__(self, service: Service) -> None:
        self.settings = service.settings
        self._connections = {number: Connection(number, service) for number in service.settings.numbers}
        service.contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<PlainSockets {list(self._connections.values())}>"

    def __getitem__(self, number: int) -> Connection:
        return self._connections[number]

    def __iter__(self) -> Iterator[int]:
        return iter(self._connections)

    def __len__(self) -> int:
        return len(self._connections)

    def use(self, cid: int) -> bool:
        """Whether #SCFG ties a connection to this context."""
        return any(connection.cid == cid for connection in self._connections.values())

    @property
    def listening(self) -> dict[int, Address]:
        """Where a peer can reach the ports that are listened on: not always the machine's own ports of that number."""
        reachable = {connection.local_port: connection.reachable_at for connection in self._connections.values()}
        return {port: address for port, address in reachable.items() if address is not None}

    def drop(self) -> None:
        """The power is gone: all of them end."""
        for connection in self._connections.values():
            connection.drop()

    def _context_lost(self, cid: int) -> None:
        for connection in self._connections.values():
            if connection.cid == cid:
                connection.drop()
