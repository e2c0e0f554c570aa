"""Wraps the bearer: fails dials, and wraps each stream so that faults can apply to it."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from emulator.clock import Clock
from emulator.faults.fault import DelayFault, DialFault, Place
from emulator.faults.plan import FaultPlan
from emulator.faults.triggers import Rule
from emulator.later import later
from emulator.net.bearer import Bearer, DialFailed, NameUnknown
from emulator.net.datagrams import UdpSocket
from emulator.net.delayed_stream import Delays
from emulator.net.echo import Echo
from emulator.net.listener import PortListener
from emulator.net.server import Arrival, TcpServer
from emulator.net.stream import Stream
from emulator.trace.events import Dialled, Direction, Resolved, Transport
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    import random

    from emulator.faults import stream as faulty
else:
    random = later("random")
    faulty = later("emulator.faults.stream")

_NO_CHANCE = 0
"""Seed of what is left to chance where no rule has a seed of its own."""


class FaultyBearer:
    """Wrap the real `Bearer`."""

    def __init__(self, bearer: Bearer, plan: FaultPlan, clock: Clock, trace: Trace) -> None:
        self._bearer = bearer
        self._plan = plan
        self._clock = clock
        self._trace = trace
        self._open: dict[faulty.FaultyStream, None] = {}
        """Open streams, in the order in which they were opened."""
        plan.on_add.append(self._add)
        plan.on_remove.append(self._remove)

    def _add(self, rule: Rule) -> None:
        if rule.fault.command is None:
            for stream in tuple(self._open):
                stream.add(rule)

    def _remove(self, rule: Rule) -> None:
        for stream in tuple(self._open):
            stream.remove(rule)

    async def dial(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        return await self._dial(host, port, self._bearer.dial)

    async def relay(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        return await self._dial(host, port, self._bearer.relay)

    def capture(self, direction: Direction, packet: bytes) -> None:
        """See `Bearer`."""
        self._bearer.capture(direction, packet)

    def reaches_this_machine(self, host: str, port: int | None = None) -> bool:
        """See `Bearer`."""
        return self._bearer.reaches_this_machine(host, port)

    async def _dial(self, host: str, port: int, dial: Callable[[str, int], Awaitable[Stream]]) -> Stream:
        await self._fail_dial(host, port, "TCP")
        delays = self._delays(host)
        if (trip := 2 * sum(one.latency for one in delays.values())) > 0:
            await self._clock.sleep(trip)
        return self._wrapped(await dial(host, port), host, delays)

    async def listen(self, beside: Stream) -> PortListener:
        """See `Bearer`."""
        return _FaultyListener(await self._bearer.listen(beside), self)

    async def resolve(self, host: str) -> str:
        """See `Bearer`."""
        try:
            await self._fail(Place.NAME, host)
        except NameUnknown as error:
            self._trace.emit(Resolved(host=host, outcome=str(error)))
            raise
        return await self._bearer.resolve(host)

    def synthetic_address(self, host: str) -> str | None:
        """See `Bearer`."""
        return self._bearer.synthetic_address(host)

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        """See `Bearer`; a slow network takes its time each way."""
        delays = self._delays(host)
        chance = _chance(delays)
        trip = sum(2 * one.latency + chance.uniform(0, one.jitter) for one in delays.values())
        if trip > 0:
            await self._clock.sleep(trip)
        return await self._bearer.ping(host, size=size, ttl=ttl)

    async def serve(self, port: int, arrived: Arrival) -> TcpServer:
        """See `Bearer`."""
        return await self._bearer.serve(port, lambda stream, peer: arrived(self.accepted(stream), peer))

    async def associate(self, host: str, port: int, local_port: int = 0) -> UdpSocket:
        """See `Bearer`; only those faults apply that fail a dial."""
        await self._fail_dial(host, port, "UDP")
        return await self._bearer.associate(host, port, local_port)

    async def await_datagrams(self, port: int) -> UdpSocket:
        """See `Bearer`."""
        return await self._bearer.await_datagrams(port)

    def accepted(self, stream: Stream) -> Stream:
        """Wrap the stream of a server that has connected to the module."""
        host = stream.remote_address
        return self._wrapped(stream, host, self._delays(host))

    async def _fail_dial(self, host: str, port: int, protocol: Transport) -> None:
        failed = Dialled(host=host, port=port, target="", protocol=protocol, outcome="given up")
        try:
            await self._fail(Place.NAME, host)
            await self._fail(Place.DIAL, host)
        except (NameUnknown, DialFailed) as error:
            self._trace.emit(msgspec.structs.replace(failed, outcome=str(error)))
            raise
        except asyncio.CancelledError:
            self._trace.emit(failed)
            raise

    async def _fail(self, place: Place, host: str) -> None:
        self._plan.note(place, host)
        for rule, fault in self._plan.matching(place, DialFault, host):
            if self._plan.trigger(rule):
                await fault.dial(host)

    def _delays(self, host: str) -> dict[Rule, Delays]:
        delays = {}
        for rule, fault in self._plan.matching(Place.DIAL, DelayFault, host):
            if self._plan.trigger(rule):
                delays[rule] = fault.delays()
        return delays

    def _wrapped(self, stream: Stream, host: str, delays: dict[Rule, Delays]) -> Stream:
        seeds = _seeds_of(_chance(delays)) if delays else _undisturbed()
        wrapped = faulty.FaultyStream(stream, host, self._plan, delays, seeds, self._close)
        self._open[wrapped] = None
        return wrapped

    def _close(self, stream: "faulty.FaultyStream") -> None:
        """Remove a stream from the open ones; harmless a second time."""
        self._open.pop(stream, None)


def _chance(delays: dict[Rule, Delays]) -> "random.Random":
    """Return what decides on the jitter of all delays: that of the last rule."""
    return next(reversed(delays)).random if delays else random.Random(_NO_CHANCE)


def _seeds_of(chance: "random.Random") -> tuple[float, float]:
    return chance.random(), chance.random()


@cache
def _undisturbed() -> tuple[float, float]:
    """Return the seeds of a stream that no rule delays."""
    return _seeds_of(_chance({}))


class _FaultyListener:
    """Wrap the real `PortListener`."""

    def __init__(self, listener: PortListener, wrapper: FaultyBearer) -> None:
        self._listener = listener
        self._wrapper = wrapper

    @property
    def address(self) -> tuple[str, int]:
        """See `PortListener`."""
        return self._listener.address

    async def accept(self) -> Stream:
        """See `PortListener`."""
        return self._wrapper.accepted(await self._listener.accept())

    def close(self) -> None:
        """See `PortListener`."""
        self._listener.close()
