"""A connection that is never answered."""

import asyncio

from emulator.faults.fault import DialFault


class ConnectionUnanswered(DialFault, frozen=True, kw_only=True):
    """What the module sends to open the connection vanishes in a black hole, until it gives up."""

    async def dial(self, host: str) -> None:
        await asyncio.get_running_loop().create_future()
