"""Resolve names, and keep the name servers of each context. AT Commands Reference Guide, IP Easy User Guide 6."""

from emulator.clock import Clock
from emulator.device.memory.record import Record
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import IP_CONTEXT, PdpContexts
from emulator.errors import DeviceError
from emulator.firmware.schema.names import NameService as NameServiceProfile
from emulator.net.bearer import Bearer, NameUnknown


class NameServers(Record, frozen=True):
    """Two addresses, as #DNS sets them."""

    primary: str
    secondary: str


AUTOMATIC = NameServers("0.0.0.0", "0.0.0.0")
"""As #DNS shows it: the network's own."""


class NameService:
    """Resolves names by context 1."""

    def __init__(
        self, profile: NameServiceProfile, store: NvmStore, contexts: PdpContexts, bearer: Bearer, clock: Clock
    ) -> None:
        self._profile = profile
        self._store = store
        self._contexts = contexts
        self._bearer = bearer
        self._clock = clock

    def __repr__(self) -> str:
        return f"<NameService by {self._bearer!r}>"

    def chosen_servers(self, cid: int) -> NameServers:
        """Return the name servers that #DNS has set for a context."""
        return self._store.content.name_servers.get(cid, AUTOMATIC)

    def choose_servers(self, cid: int, servers: NameServers) -> None:
        """Write the name servers of a context; the machine's own resolver answers whichever they are.

        Raises:
            DeviceError: the memory fails.
        """
        with self._store.change() as nvm:
            nvm.name_servers[cid] = servers

    def network_servers(self, cid: int) -> NameServers:
        """Return the name servers that the network has given an active context; empty for another."""
        return NameServers(*self._profile.servers) if self._contexts.is_active(cid) else NameServers("", "")

    async def resolve(self, host: str) -> str:
        """Resolve a host name; return its IPv4 address.

        Raises:
            DeviceError: the context is down, or the name cannot be resolved.
        """
        self.check_context()
        try:
            async with self._clock.timeout(self._profile.answer_timeout):
                address = await self._bearer.resolve(host)
        except NameUnknown as error:
            self.check_context()
            raise DeviceError(self._profile.refusals.unresolved, str(error)) from error
        except TimeoutError as error:
            self.check_context()
            reason = f"timeout: no name server answered within {self._profile.answer_timeout:g} s"
            raise DeviceError(self._profile.refusals.unresolved, reason) from error
        self.check_context()
        return address

    def check_context(self) -> None:
        """Refuse a command while sockets cannot use context 1.

        Raises:
            DeviceError: with the cause that the profile names.
        """
        if not self._contexts.serves_sockets(IP_CONTEXT):
            raise self._contexts.lack_for_sockets(IP_CONTEXT).refusal(self._profile.refusals.no_context)
