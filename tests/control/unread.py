"""A bench whose trace nobody reads yet."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from emulator.modem import Modem
from emulator.testing import Bench


@asynccontextmanager
async def unread_bench() -> AsyncIterator[Bench]:
    """Without readers of its own: nobody makes events of the byte path then."""
    async with Bench() as bench:
        for reader in tuple(bench.modem.trace._readers):
            bench.modem.trace.unsubscribe(reader)
        yield bench


async def until_nobody_listens(modem: Modem) -> None:
    async with asyncio.timeout(30):
        while modem.trace.active:  # noqa: ASYNC110  # a trace that nobody reads tells nobody
            await asyncio.sleep(0)
