"""Names and pings: what #QDNS and #PING do on the network. AT Commands Reference Guide, IP Easy User Guide 5.3.7."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass

from emulator.clock import Clock
from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts
from emulator.errors import DeviceError
from emulator.firmware.schema.profile import Profile
from emulator.net.bearer import Bearer, NameUnknown


class NameServers(Record, frozen=True):
    """Two addresses, as #DNS sets them."""

    primary: str
    secondary: str


AUTOMATIC = NameServers("0.0.0.0", "0.0.0.0")
"""As #DNS shows it: the network's own."""


@dataclass(frozen=True)
class PingSeries:
    """What #PING sends."""

    count: int
    """How many requests."""
    size: int
    """Bytes of data in each."""
    patience: float
    """Seconds for each reply."""
    ttl: int
    """The time to live of each."""


@dataclass(frozen=True)
class PingReply:
    """One line of #PING."""

    address: str
    tenths: int
    """Round trip in tenths of a second, rounded up."""
    ttl: int


class NameService:
    """Everything here needs context 1."""

    def __init__(self, profile: Profile, store: NvmStore, contexts: PdpContexts, bearer: Bearer, clock: Clock) -> None:
        self._profile = profile.name_service
        self._ping = profile.ping
        self._store = store
        self._contexts = contexts
        self._bearer = bearer
        self._clock = clock

    def __repr__(self) -> str:
        return f"<NameService by {self._bearer!r}>"

    def chosen_servers(self, cid: int) -> NameServers:
        """What #DNS has set for a context."""
        return self._store.content.name_servers.get(cid, AUTOMATIC)

    def choose_servers(self, cid: int, servers: NameServers) -> None:
        """Keep the name servers for a context; the machine's own resolver answers whichever they are.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.name_servers[cid] = servers

    def network_servers(self, cid: int) -> NameServers:
        """What the network has given an active context; empty for another."""
        return NameServers(*self._profile.servers) if self._contexts.is_active(cid) else NameServers("", "")

    async def resolve(self, host: str) -> str:
        """The IPv4 address of a host.

        Raises:
            DeviceError: the context is down, or the name cannot be resolved.
        """
        self._check_context()
        try:
            async with self._clock.timeout(self._profile.patience):
                address = await self._bearer.resolve(host)
        except (NameUnknown, TimeoutError) as error:
            self._check_context()
            raise DeviceError(self._profile.refusals.unresolved, str(error)) from error
        self._check_context()
        return address

    async def ping(self, host: str, series: PingSeries) -> AsyncIterator[PingReply]:
        """Send requests one after the other; each is answered, or lost when its time has passed.

        Raises:
            DeviceError: as `resolve`, also when the context goes down meanwhile.
        """
        address = await self.resolve(host)
        for _ in range(series.count):
            yield await self._request_echo(host, address, series)
            self._check_context()

    async def _request_echo(self, host: str, address: str, series: PingSeries) -> PingReply:
        start = self._clock.now()
        try:
            async with self._clock.timeout(series.patience):
                echo = await self._bearer.ping(host, size=series.size, ttl=series.ttl)
                while echo is None:
                    await self._clock.sleep(series.patience)
        except TimeoutError:
            return PingReply(address, *self._ping.lost)
        # Finer than the clock of a module: what came at once has taken one of its ticks, too.
        tenths = max(1, math.ceil(round(10 * (self._clock.now() - start), 6)))
        return PingReply(address, tenths, echo.ttl or self._ping.reply_time_to_live)

    def _check_context(self) -> None:
        if not self._contexts.serves_sockets(IP_CONTEXT):
            raise DeviceError(self._profile.refusals.no_context)
