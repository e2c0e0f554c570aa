"""The bearer on a bad day: dials that fail, connections that faults can strike."""

import asyncio
from collections.abc import Sequence
from random import Random
from typing import Protocol
from weakref import WeakSet

import msgspec

from emulator.clock import Clock
from emulator.faults.connection import FaultyConnection
from emulator.faults.fault import ConditionFault, DialFault, NameFault, Place
from emulator.faults.pipe import Condition
from emulator.faults.plan import FaultPlan
from emulator.faults.rule import Rule
from emulator.net.bearer import Bearer, DialFailed, NameUnknown
from emulator.net.datagrams import Datagrams
from emulator.net.echo import Echo
from emulator.net.listener import Listener
from emulator.net.server import Arrival, Server
from emulator.net.stream import Stream
from emulator.trace.events import Dialled, Resolved, Trace, Transport


class FaultyBearer:
    """A `Bearer` around the real one."""

    def __init__(self, bearer: Bearer, plan: FaultPlan, clock: Clock, trace: Trace) -> None:
        self._bearer = bearer
        self._plan = plan
        self._clock = clock
        self._trace = trace
        self._open: WeakSet[FaultyConnection] = WeakSet()
        plan.on_add.append(self._adopt)

    def _adopt(self, rule: Rule) -> None:
        if rule.fault.command is None:
            for connection in tuple(self._open):
                connection.adopt(rule)

    async def dial(self, host: str, port: int) -> Stream:
        """See `Bearer`."""
        await self._fail_dial(host, port, "TCP")
        chance, conditions = self._conditions(host)
        if (trip := 2 * sum(condition.latency for condition in conditions)) > 0:
            await self._clock.sleep(trip)
        return self._wrapped(await self._bearer.dial(host, port), host, chance, conditions)

    async def listen(self, beside: Stream) -> Listener:
        """See `Bearer`."""
        return _FaultyListener(await self._bearer.listen(beside), self)

    async def resolve(self, host: str) -> str:
        """See `Bearer`."""
        try:
            await self._fail(host, NameFault)
        except NameUnknown as error:
            self._trace.emit(Resolved(host=host, outcome=str(error)))
            raise
        return await self._bearer.resolve(host)

    async def ping(self, host: str, *, size: int, ttl: int) -> Echo | None:
        """See `Bearer`; a slow network takes its time each way."""
        chance, conditions = self._conditions(host)
        trip = sum(2 * condition.latency + chance.uniform(0, condition.jitter) for condition in conditions)
        if trip > 0:
            await self._clock.sleep(trip)
        return await self._bearer.ping(host, size=size, ttl=ttl)

    async def serve(self, port: int, arrived: Arrival) -> Server:
        """See `Bearer`."""
        return await self._bearer.serve(port, lambda stream, peer: arrived(self.accepted(stream), peer))

    async def associate(self, host: str, port: int, local_port: int = 0) -> Datagrams:
        """See `Bearer`; of the faults only those strike that fail a dial."""
        await self._fail_dial(host, port, "UDP")
        return await self._bearer.associate(host, port, local_port)

    async def await_datagrams(self, port: int) -> Datagrams:
        """See `Bearer`."""
        return await self._bearer.await_datagrams(port)

    def accepted(self, stream: Stream) -> Stream:
        """The stream of a server that has connected to the module."""
        host = stream.remote_address
        return self._wrapped(stream, host, *self._conditions(host))

    async def _fail_dial(self, host: str, port: int, protocol: Transport) -> None:
        failed = Dialled(host=host, port=port, target="", protocol=protocol, outcome="given up")
        try:
            await self._fail(host)
        except (NameUnknown, DialFailed) as error:
            self._trace.emit(msgspec.structs.replace(failed, outcome=str(error)))
            raise
        except asyncio.CancelledError:
            self._trace.emit(failed)
            raise

    async def _fail(self, host: str, kind: type[DialFault] = DialFault) -> None:
        for rule, fault in self._plan.due(Place.DIAL, kind, host):
            if self._plan.fired(rule):
                await fault.dial(host)

    def _conditions(self, host: str) -> tuple[Random, list[Condition]]:
        chance, conditions = Random(0), []  # noqa: S311  without a fault nothing is left to chance
        for rule, fault in self._plan.due(Place.DIAL, ConditionFault, host):
            if self._plan.fired(rule):
                chance = rule.random
                conditions.append(fault.condition())
        return chance, conditions

    def _wrapped(self, stream: Stream, host: str, chance: Random, conditions: Sequence[Condition]) -> Stream:
        connection = FaultyConnection(
            stream, host, self._plan.target().device, self._plan, self._clock, chance, conditions
        )
        self._open.add(connection)
        return connection


class _Wrapper(Protocol):
    def accepted(self, stream: Stream) -> Stream:
        """The stream as the module gets it."""


class _FaultyListener:
    """A `Listener` around the real one."""

    def __init__(self, listener: Listener, wrapper: _Wrapper) -> None:
        self._listener = listener
        self._wrapper = wrapper

    @property
    def address(self) -> tuple[str, int]:
        """See `Listener`."""
        return self._listener.address

    async def accept(self) -> Stream:
        """See `Listener`."""
        return self._wrapper.accepted(await self._listener.accept())

    def close(self) -> None:
        """See `Listener`."""
        self._listener.close()
