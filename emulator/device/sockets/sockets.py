"""Keep the plain sockets of a module, by <connId>."""

from emulator.device.sockets.plain_socket import PlainSocket
from emulator.device.sockets.service import Service
from emulator.net.routes import Address


class PlainSockets(dict[int, PlainSocket]):
    """One for each <connId> of the firmware."""

    def __init__(self, service: Service) -> None:
        super().__init__({number: PlainSocket(number, service) for number in service.settings.numbers})
        self.settings = service.settings

    def __repr__(self) -> str:
        return f"<PlainSockets {list(self.values())}>"

    def use(self, cid: int) -> bool:
        """Return whether the settings tie a socket to this context."""
        return any(socket.cid == cid for socket in self.values())

    @property
    def listening(self) -> dict[int, Address]:
        """Return where a peer reaches each port that is listened on: the machine's own port may have another number."""
        reachable = {socket.local_port: socket.reachable_at for socket in self.values()}
        return {port: address for port, address in reachable.items() if address is not None}

    def drop(self) -> None:
        """End all of them: the power is gone."""
        for socket in self.values():
            socket.drop()
