"""From an address to an open connection: what a dial of a plain socket does on the network."""

from dataclasses import dataclass
from ipaddress import ip_address

from emulator.clock import Clock
from emulator.device.connection.attempt import attempt
from emulator.device.connection.datagram import DatagramStream
from emulator.device.connection.plain import PlainStream
from emulator.firmware.schema.sockets import SocketRefusals
from emulator.net.bearer import Bearer
from emulator.net.routes import Address
from emulator.trace.events import Trace

UDP = 1
"""<txProt>."""


@dataclass(frozen=True)
class Dial:
    """What the host has dialled."""

    protocol: int
    """0 TCP, 1 UDP."""
    host: str
    port: int
    closure: int = 0
    """255 stays in online mode when the peer has closed."""
    local_port: int = 0
    """With UDP; 0 takes any."""


@dataclass(frozen=True)
class Opened:
    """A connection and its two ends."""

    stream: PlainStream | DatagramStream
    local_port: int
    remote: Address | None
    """None while nobody has sent a datagram."""

    def abort(self) -> None:
        """End it: nobody wants it any more."""
        self.stream.abort()


async def connect(
    dial: Dial, bearer: Bearer, clock: Clock, trace: Trace, refusals: SocketRefusals, timeout: float
) -> Opened:
    """Connect within `timeout` seconds.

    Raises:
        DeviceError: the name is unknown, or nobody answers.
    """
    async with attempt(
        clock,
        timeout,
        unresolved=refusals.unresolved,
        unreachable=refusals.unreachable,
        too_late=refusals.timeout,
    ):
        if dial.protocol == UDP:
            datagrams = await bearer.associate(dial.host, dial.port, dial.local_port)
            remote = (_numeric(dial.host, datagrams.remote_address), dial.port)
            return Opened(DatagramStream(datagrams, trace, remote), datagrams.address[1], remote)
        tcp = await bearer.dial(dial.host, dial.port)
        remote = (_numeric(dial.host, tcp.remote_address), dial.port)
        return Opened(PlainStream(tcp, trace, remote), tcp.local_port, remote)


def _numeric(dialled: str, connected: str) -> str:
    """The IP address to show: the one that was dialled, behind whatever route, or the one that stands for a name."""
    try:
        return str(ip_address(dialled))
    except ValueError:
        return connected
