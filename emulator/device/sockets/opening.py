"""From an address to an open connection: what #SD does on the network."""

from dataclasses import dataclass
from ipaddress import ip_address

from emulator.clock import Clock
from emulator.device.connection.datagram import DatagramChannel
from emulator.device.connection.plain import PlainChannel
from emulator.errors import DeviceError
from emulator.firmware.schema.sockets import SocketRefusals
from emulator.net.bearer import Bearer, DialFailed, NameUnknown
from emulator.net.routes import Address

UDP = 1
"""<txProt>."""


@dataclass(frozen=True)
class Dial:
    """What #SD was told."""

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
    """A connection, and the ends of it that #SS shows."""

    channel: PlainChannel | DatagramChannel
    local_port: int
    remote: Address | None
    """None while nobody has sent a datagram."""

    def abort(self) -> None:
        """Nobody wants it any more."""
        self.channel.abort()


async def open_connection(
    dial: Dial, bearer: Bearer, clock: Clock, refusals: SocketRefusals, patience: float
) -> Opened:
    """Connect within `patience` seconds.

    Raises:
        DeviceError: the name is unknown, or nobody answers.
    """
    try:
        async with clock.timeout(patience):
            return await _connect(dial, bearer)
    except NameUnknown as error:
        raise DeviceError(refusals.unresolved, str(error)) from error
    except DialFailed as error:
        raise DeviceError(refusals.unreachable, str(error)) from error
    except TimeoutError as error:
        raise DeviceError(refusals.timeout, f"no connection within {patience:g} s") from error


async def _connect(dial: Dial, bearer: Bearer) -> Opened:
    if dial.protocol == UDP:
        datagrams = await bearer.associate(dial.host, dial.port, dial.local_port)
        remote = (_numeric(dial.host, datagrams.remote_address), dial.port)
        return Opened(DatagramChannel(datagrams, remote), datagrams.address[1], remote)
    stream = await bearer.dial(dial.host, dial.port)
    remote = (_numeric(dial.host, stream.remote_address), dial.port)
    return Opened(PlainChannel(stream), stream.local_port, remote)


def _numeric(dialled: str, connected: str) -> str:
    """The IP address to show: the one that was dialled, behind whatever route, or the one that stands for a name."""
    try:
        return str(ip_address(dialled))
    except ValueError:
        return connected
