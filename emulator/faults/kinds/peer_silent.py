"""A server that says no more."""

from emulator.faults.fault import Connection, CutFault


class PeerSilent(CutFault, frozen=True, kw_only=True):
    """Nothing passes any more, either way, and the connection stays open."""

    def strike(self, connection: Connection) -> None:
        connection.fall_silent()
