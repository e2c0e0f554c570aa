"""A connection is closed."""

from emulator.faults.fault import Connection, CutFault


class ConnectionClosed(CutFault, frozen=True, kw_only=True):
    """The TCP connection ends in order, without a close_notify of TLS."""

    def strike(self, connection: Connection) -> None:
        connection.hang_up()
