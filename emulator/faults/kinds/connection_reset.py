"""A connection is reset."""

from emulator.faults.fault import Connection, CutFault


class ConnectionReset(CutFault, frozen=True, kw_only=True):
    """The connection breaks, for the module and for the server."""

    def strike(self, connection: Connection) -> None:
        connection.reset()
