"""A TLS handshake is cut off."""

from emulator.faults.fault import Connection, ConnectionFault, Place


class HandshakeCut(ConnectionFault, frozen=True, kw_only=True):
    """In the place of a message of the server the connection is reset."""

    message: int | str = 1
    """Which message, by its number among the server's or by its name."""

    @property
    def place(self) -> Place:
        return Place.HANDSHAKE

    def strike(self, connection: Connection) -> None:
        connection.reset()
