"""A TLS record arrives damaged."""

from emulator.faults.fault import Connection, ConnectionFault, Place


class RecordCorrupted(ConnectionFault, frozen=True, kw_only=True):
    """One bit of a record from the server is wrong, which its MAC tells; without TLS, one bit of the data."""

    @property
    def place(self) -> Place:
        return Place.RECEIVED

    def strike(self, connection: Connection) -> None:
        connection.corrupt()
