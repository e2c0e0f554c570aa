"""Dial for a plain socket: from an address to an open connection."""

from contextlib import suppress

import msgspec

from emulator.device.connection.attempt import attempt
from emulator.device.connection.datagram import DatagramStream
from emulator.device.connection.plain import PlainStream
from emulator.device.environment import Environment
from emulator.firmware.schema.sockets import SocketRefusals
from emulator.net.addresses import numeric_address
from emulator.net.bearer import Bearer, NameUnknown
from emulator.net.routes import Address

UDP = 1
"""<txProt>."""


class Dial(msgspec.Struct, frozen=True):
    """Parameters of a dial."""

    protocol: int
    """0 TCP, 1 UDP."""
    host: str
    port: int
    closure: int = 0
    """255 stays in online mode when the peer has closed."""
    local_port: int = 0
    """With UDP; 0 takes any."""


class Opened(msgspec.Struct, frozen=True):
    """A connection and its two ends."""

    stream: PlainStream | DatagramStream
    local_port: int
    remote: Address | None
    """None while nobody has sent a datagram."""

    def abort(self) -> None:
        """End the connection at once."""
        self.stream.abort()


class LookUp:
    """Tells whether the name of a peer is being looked up."""

    def __init__(self) -> None:
        self.is_running = False

    def __repr__(self) -> str:
        return f"<LookUp {'running' if self.is_running else 'idle'}>"

    def __enter__(self) -> None:
        self.is_running = True

    def __exit__(self, *error: object) -> None:
        self.is_running = False


async def connect(
    dial: Dial,
    environment: Environment,
    refusals: SocketRefusals,
    timeout: float,
    look_up: LookUp | None = None,
) -> Opened:
    """Connect within `timeout` seconds; `look_up` tells while the name is looked up, if that is to be seen.

    Raises:
        DeviceError: the name is unknown, or nobody answers.
    """
    bearer, trace = environment.bearer, environment.trace
    with attempt(
        (dial.host, dial.port),
        timeout,
        unresolved=refusals.unresolved,
        unreachable=refusals.unreachable,
        too_late=refusals.timeout,
    ):
        async with environment.clock.timeout(timeout):
            if look_up is not None and numeric_address(dial.host) is None:
                with look_up, suppress(NameUnknown):  # the dial itself tells of a name that nobody knows
                    await bearer.resolve(dial.host)
            if dial.protocol == UDP:
                datagrams = await bearer.associate(dial.host, dial.port, dial.local_port)
                remote = (_shown(dial.host, datagrams.remote_address, bearer), dial.port)
                return Opened(DatagramStream(datagrams, trace, remote), datagrams.address[1], remote)
            tcp = await bearer.dial(dial.host, dial.port)
            remote = (_shown(dial.host, tcp.remote_address, bearer), dial.port)
            return Opened(PlainStream(tcp, trace, remote), tcp.local_port, remote)


def _shown(dialled: str, connected: str, bearer: Bearer) -> str:
    """Return the IP address to show: the dialled one whatever its route, or the one that a dialled name resolves to."""
    return numeric_address(dialled) or bearer.synthetic_address(dialled) or connected
