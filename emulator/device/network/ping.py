"""Send echo requests to a host. IP Easy User Guide 5.3.7."""

import math
from collections.abc import AsyncIterator

import msgspec

from emulator.clock import Clock
from emulator.device.network.names import NameService
from emulator.firmware.schema.ping import Ping as PingProfile
from emulator.net.bearer import Bearer


class PingSeries(msgspec.Struct, frozen=True):
    """What #PING sends."""

    count: int
    """How many requests."""
    size: int
    """Bytes of data in each."""
    timeout: float
    """Seconds to wait for each reply."""
    ttl: int
    """The time to live of each."""


class PingReply(msgspec.Struct, frozen=True):
    """One line of #PING."""

    address: str
    tenths: int
    """Round trip in tenths of a second, rounded up."""
    ttl: int


class Ping:
    """Sends echo requests, in context 1."""

    def __init__(self, profile: PingProfile, names: NameService, bearer: Bearer, clock: Clock) -> None:
        self._profile = profile
        self._names = names
        self._bearer = bearer
        self._clock = clock

    def __repr__(self) -> str:
        return f"<Ping by {self._bearer!r}>"

    async def replies(self, host: str, series: PingSeries) -> AsyncIterator[PingReply]:
        """Send requests one after the other; yield a reply for each, also for a lost one.

        Raises:
            DeviceError: as `NameService.resolve`, also when the context goes down meanwhile.
        """
        address = await self._names.resolve(host)
        for _ in range(series.count):
            yield await self._request_echo(host, address, series)
            self._names.check_context()

    async def _request_echo(self, host: str, address: str, series: PingSeries) -> PingReply:
        start = self._clock.now()
        try:
            async with self._clock.timeout(series.timeout):
                echo = await self._bearer.ping(host, size=series.size, ttl=series.ttl)
                while echo is None:
                    await self._clock.sleep(series.timeout)
        except TimeoutError:
            return PingReply(address, *self._profile.lost)
        # Finer than the clock of a module: what came at once has taken one of its ticks, too.
        tenths = max(1, math.ceil(round(10 * (self._clock.now() - start), 6)))
        return PingReply(address, tenths, echo.ttl or self._profile.reply_time_to_live)
