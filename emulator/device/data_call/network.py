"""The network's side of a data call: its PDP context, its addresses, its gateway."""

from collections.abc import Callable
from ipaddress import IPv4Address
from typing import Protocol

from emulator.device.network.contexts import PdpContexts, Stack
from emulator.device.network.names import NameService
from emulator.firmware.schema.packet import Pdp as PdpProfile
from emulator.ppp.authentication import Credentials
from emulator.ppp.ipcp import Addresses


class PacketGateway(Protocol):
    """What stands between the packets of the host and the connections of the network."""

    def receive(self, packet: bytes) -> None:
        """Take a packet of the host."""

    def pause(self) -> None:
        """Send the host no more than must be: it takes less than comes."""

    def resume(self) -> None:
        """Go on sending."""

    def close(self) -> None:
        """End every connection."""


GatewayMaker = Callable[[Addresses, int, Callable[[bytes], None]], PacketGateway]
"""Called with the addresses of a call, the bytes of its largest packet, and what takes the packets for the host."""


class CallNetwork:
    """Holds a context for a call, from the dial to its end, and activates it once the host has said who it is."""

    def __init__(
        self, cid: int, profile: PdpProfile, contexts: PdpContexts, names: NameService, make_gateway: GatewayMaker
    ) -> None:
        """Reserve the context: no other command activates it meanwhile."""
        self.cid = cid
        self._profile = profile
        self._contexts = contexts
        self._names = names
        self._make_gateway = make_gateway
        self._gateway: PacketGateway | None = None
        self._agreed: tuple[Addresses, int] | None = None
        self._paused = False
        contexts.reserve(cid)

    def __repr__(self) -> str:
        return f"<CallNetwork on context {self.cid}, {self._gateway!r}>"

    async def bring_up(self, credentials: Credentials) -> Addresses:
        """Activate the context, unless +CGACT or the attachment has done so, and return its addresses.

        Raises:
            DeviceError: the network refuses.
        """
        contexts, cid = self._contexts, self.cid
        if contexts.is_default(cid):
            await contexts.share(cid)
        if not contexts.is_active(cid):
            contexts.release(cid)
            await contexts.activate(cid, Stack.EXTERNAL, credentials.username, self._password(credentials))
        servers = self._names.network_servers(cid)
        dns = tuple(IPv4Address(server) for server in (servers.primary, servers.secondary) if server)
        return Addresses(IPv4Address(contexts.address(cid)), None, dns)

    def _password(self, credentials: Credentials) -> str:
        """Return the network's password if the host has proved that it knows it."""
        known = self._profile.password
        return known if known is not None and credentials.proves(known) else ""

    def open(self, addresses: Addresses, unit: int, send: Callable[[bytes], None]) -> None:
        """Let packets pass, of so many bytes at most; `send` takes those for the host.

        A host that negotiates anew and agrees on the same keeps its connections.
        """
        if self._gateway is not None and self._agreed == (addresses, unit):
            return
        self.close()
        self._agreed = addresses, unit
        self._gateway = self._make_gateway(addresses, unit, send)
        if self._paused:
            self._gateway.pause()

    def receive(self, packet: bytes) -> None:
        """Take a packet of the host."""
        if self._gateway is not None:
            self._gateway.receive(packet)

    def pause(self, paused: bool) -> None:
        """Keep packets from the host, or let them come."""
        if paused is self._paused:
            return
        self._paused = paused
        if self._gateway is not None:
            (self._gateway.pause if paused else self._gateway.resume)()

    def close(self) -> None:
        """End every connection of the host."""
        gateway, self._gateway = self._gateway, None
        if gateway is not None:
            gateway.close()

    def release(self) -> None:
        """End the connections and the context; the default bearer stays."""
        self.close()
        self._contexts.release(self.cid)
        if not self._contexts.is_default(self.cid):
            self._contexts.deactivate(self.cid)
