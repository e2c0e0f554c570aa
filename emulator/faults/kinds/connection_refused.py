"""A server refuses the connection."""

import errno
import os

from emulator.faults.fault import DialFault
from emulator.net.bearer import DialFailed


class ConnectionRefused(DialFault, frozen=True, kw_only=True):
    """Nobody listens on the port."""

    async def dial(self, host: str) -> None:
        raise DialFailed(os.strerror(errno.ECONNREFUSED))
