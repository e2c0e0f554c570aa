"""Count what the connections of a PDP context carry, at the bearer: TCP, UDP and echo requests."""

from collections.abc import Callable

from emulator.net.bearer import Bearer
from emulator.net.datagrams import UdpSocket
from emulator.net.echo import Echo
from emulator.net.listener import PortListener
from emulator.net.routes import Address
from emulator.net.server import Arrival, TcpServer
from emulator.net.stream import Stream
from emulator.net.traffic import Counter
from emulator.trace.events import Direction


class MeteredBearer:
    """Wrap the `Bearer`: each connection counts for one context."""

    def __init__(self, bearer: Bearer, counter: Counter) -> None:
        self._bearer = bearer
        self._counter = counter

    def __repr__(self) -> str:
        return f"<MeteredBearer {self._bearer!r}>"

    async def dial(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        return self._metered(await self._bearer.dial(host, port))

    async def relay(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        return self._metered(await self._bearer.relay(host, port))

    def capture(self, direction: Direction, packet: bytes) -> None:
        """See `Bearer`; what a packet carries is counted by its connection."""
        self._bearer.capture(direction, packet)

    def reaches_this_machine(self, host: str, port: int | None = None) -> bool:
        """See `Bearer`."""
        return self._bearer.reaches_this_machine(host, port)

    def _metered(self, stream: Stream) -> Stream:
        stream.count_by(self._counter)
        return stream

    async def listen(self, beside: Stream) -> PortListener:
        """See `Bearer`."""
        return _MeteredListener(await self._bearer.listen(beside), self._metered)

    async def resolve(self, host: str) -> str:
        """See `Bearer`."""
        return await self._bearer.resolve(host)

    def synthetic_address(self, host: str) -> str | None:
        """See `Bearer`."""
        return self._bearer.synthetic_address(host)

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        """See `Bearer`."""
        self._counter("sent", size)
        echo = await self._bearer.ping(host, size=size, ttl=ttl)
        if echo is not None:
            self._counter("received", size)
        return echo

    async def serve(self, port: int, arrived: Arrival) -> TcpServer:
        """See `Bearer`."""

        def come(stream: Stream, peer: Address) -> None:
            arrived(self._metered(stream), peer)

        return await self._bearer.serve(port, come)

    async def associate(self, host: str, port: int, local_port: int = 0) -> UdpSocket:
        """See `Bearer`."""
        return self._metered_socket(await self._bearer.associate(host, port, local_port))

    async def await_datagrams(self, port: int) -> UdpSocket:
        """See `Bearer`."""
        return self._metered_socket(await self._bearer.await_datagrams(port))

    def _metered_socket(self, opened: UdpSocket) -> UdpSocket:
        opened.count_by(self._counter)
        return opened


class _MeteredListener:
    """Wrap a `PortListener`."""

    def __init__(self, listener: PortListener, metered: Callable[[Stream], Stream]) -> None:
        self._listener = listener
        self._metered = metered

    @property
    def address(self) -> Address:
        """See `PortListener`."""
        return self._listener.address

    async def accept(self) -> Stream:
        """See `PortListener`."""
        return self._metered(await self._listener.accept())

    def close(self) -> None:
        """See `PortListener`."""
        self._listener.close()
