"""The radio between the module and the network: round trips, rates, and the time in which it wakes from its rest."""

from collections.abc import Awaitable, Callable

from emulator.clock import Clock
from emulator.device.pace import Pace
from emulator.firmware.schema.times import Spread, Times
from emulator.net.addresses import numeric_address
from emulator.net.bearer import Bearer
from emulator.net.datagrams import UdpSocket
from emulator.net.delayed_stream import Delays
from emulator.net.echo import Echo
from emulator.net.listener import PortListener
from emulator.net.server import Arrival, TcpServer
from emulator.net.slow_stream import SlowStream
from emulator.net.stream import Stream
from emulator.trace.events import Direction
from emulator.trace.trace import Trace


def over_the_air(bearer: Bearer, pace: Pace, clock: Clock, trace: Trace) -> Bearer:
    """Let what a bearer carries take its time on the radio, where anything takes time."""
    return bearer if pace.times is None else RadioBearer(bearer, pace.times, pace, clock, trace)


def _trip(times: Times) -> Spread:
    return times.radio.round_trip


class RadioBearer:
    """Wrap the `Bearer`: one radio for all connections of a device."""

    def __init__(self, bearer: Bearer, times: Times, pace: Pace, clock: Clock, trace: Trace) -> None:
        self._bearer = bearer
        self._radio = times.radio
        self._factor = times.factor
        self._pace = pace
        self._clock = clock
        self._trace = trace
        self._rests_from = 0.0
        """The time from which the radio rests, if nothing passes."""

    def __repr__(self) -> str:
        return f"<RadioBearer {self._bearer!r}>"

    def wake(self) -> float:
        """Note that something passes; return how long the radio takes to wake, 0 where it does not rest."""
        now = self._clock.now()
        seconds = self._pace.seconds(lambda times: times.radio.wake) if now >= self._rests_from else 0.0
        self._rests_from = now + seconds + self._factor * self._radio.idle_after
        return seconds

    async def _round_trip(self) -> float:
        """Wait for one round trip; return how long it takes without waking."""
        trip = self._pace.seconds(_trip)
        await self._clock.sleep(self.wake() + trip)
        self.wake()
        return trip

    async def dial(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        return await self._dial(host, port, self._bearer.dial)

    async def relay(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        return await self._dial(host, port, self._bearer.relay)

    async def _dial(self, host: str, port: int, dial: Callable[[str, int], Awaitable[Stream]]) -> Stream:
        if numeric_address(host) is None:
            await self._round_trip()  # for its name
        trip = await self._round_trip()
        return self._slow(await dial(host, port), trip)

    def _slow(self, stream: Stream, trip: float) -> Stream:
        radio = self._radio
        delays = Delays(trip / 2, 0.0, radio.up / self._factor, radio.down / self._factor)
        return SlowStream(stream, delays, self.wake, self._clock, self._trace)

    def _accepted(self, stream: Stream) -> Stream:
        return self._slow(stream, self._pace.seconds(_trip))

    def capture(self, direction: Direction, packet: bytes) -> None:
        """See `Bearer`."""
        self._bearer.capture(direction, packet)

    def reaches_this_machine(self, host: str, port: int | None = None) -> bool:
        """See `Bearer`."""
        return self._bearer.reaches_this_machine(host, port)

    async def listen(self, beside: Stream) -> PortListener:
        """See `Bearer`."""
        return _RadioListener(await self._bearer.listen(beside), self._accepted)

    async def resolve(self, host: str) -> str:
        """See `Bearer`."""
        await self._round_trip()
        return await self._bearer.resolve(host)

    def synthetic_address(self, host: str) -> str | None:
        """See `Bearer`."""
        return self._bearer.synthetic_address(host)

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        """See `Bearer`."""
        await self._round_trip()
        return await self._bearer.ping(host, size=size, ttl=ttl)

    async def serve(self, port: int, arrived: Arrival) -> TcpServer:
        """See `Bearer`."""
        return await self._bearer.serve(port, lambda stream, peer: arrived(self._accepted(stream), peer))

    async def associate(self, host: str, port: int, local_port: int = 0) -> UdpSocket:
        """See `Bearer`; datagrams themselves take no time."""
        await self._round_trip()
        return await self._bearer.associate(host, port, local_port)

    async def await_datagrams(self, port: int) -> UdpSocket:
        """See `Bearer`."""
        return await self._bearer.await_datagrams(port)


class _RadioListener:
    """Wrap a `PortListener`."""

    def __init__(self, listener: PortListener, slow: Callable[[Stream], Stream]) -> None:
        self._listener = listener
        self._slow = slow

    @property
    def address(self) -> tuple[str, int]:
        """See `PortListener`."""
        return self._listener.address

    async def accept(self) -> Stream:
        """See `PortListener`."""
        return self._slow(await self._listener.accept())

    def close(self) -> None:
        """See `PortListener`."""
        self._listener.close()
