"""A TLS handshake stalls."""

from emulator.faults.fault import Connection, ConnectionFault, Place


class HandshakeStalled(ConnectionFault, frozen=True, kw_only=True):
    """A message of the server and all that follows it never comes."""

    message: int | str = 1
    """Which message, by its number among the server's or by its name."""

    @property
    def place(self) -> Place:
        return Place.HANDSHAKE

    def strike(self, connection: Connection) -> None:
        connection.fall_silent()
