"""Define the life of every socket of the device: connecting, data mode, reading and writing, the end.

The states stand in `states`; what is particular to the secure or plain sockets, in `ssl` and `sockets`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Any, Generic, Protocol, TypeVar

import msgspec

from emulator.clock import Clock
from emulator.device.connection.attempt import Abortable, abandon
from emulator.device.connection.data_mode import DataMode, OnlineHost
from emulator.device.connection.notifier import Notifier
from emulator.device.connection.packetizer import Packets
from emulator.device.connection.states import Action, ClosedBy, State
from emulator.device.connection.stream import Reading, SocketStream
from emulator.device.network.contexts import PdpContexts
from emulator.errors import Cause, DeviceError
from emulator.states import StateMachine
from emulator.tls.client import TlsFailure

StreamT = TypeVar("StreamT", bound=SocketStream)
OpenedT = TypeVar("OpenedT", bound=Abortable)


class SocketListener(Protocol):
    """Writes the URCs of a socket."""

    def data_waits(self, size: int) -> None:
        """Announce data that no command waits for; called once until some of it is read."""

    def more_data_waits(self, size: int) -> None:
        """Announce that data has come on top of what was announced; `size` is all that waits."""

    def connection_lost(self, reason: ClosedBy) -> None:
        """Announce the end of the connection in command mode."""


_ENDED = "the connection has ended before the data was sent"


class Refusals(msgspec.Struct, frozen=True):
    """Causes of the refusals that every socket has."""

    context_down: Cause
    aborted: Cause
    ended: Cause
    """The connection has ended before the data was sent."""
    failed: Cause
    """Data cannot be encrypted or decrypted."""
    not_sent: Cause
    """The peer takes no data."""


class DeviceSocket(ABC, Generic[StreamT]):
    """At most one connection at a time; it ends with its PDP context."""

    def __init__(
        self, states: StateMachine[State, Action], refusals: Refusals, contexts: PdpContexts, clock: Clock
    ) -> None:
        self._states = states
        self._refusals = refusals
        self._contexts = contexts
        self._clock = clock
        self._stream: StreamT | None = None
        self._attempt: asyncio.Task[Any] | None = None
        self._notifier = Notifier(clock)
        """Wakes the command that waits for the connection."""
        self._known = 0
        """How many bytes had come when the host last read."""
        self._announced: int | None = None
        """How many bytes had come when the listener was last told; None when it has not been since the last read."""
        self._blocked_read = False
        """Whether a command waits for data: it tells the host of the end itself."""
        self._data_mode: DataMode | None = None
        self._passed = (0, 0)
        self.closure = 0
        """<closureType> of the connection."""
        self.listener: SocketListener | None = None
        self.last_closure: ClosedBy | None = None
        """Who ended the last connection, unless it was this side."""
        contexts.on_lost.append(self._context_lost)

    @property
    @abstractmethod
    def cid(self) -> int:
        """Return the PDP context that it uses."""

    @property
    def state(self) -> State:
        """Return its state."""
        return self._states.state

    @property
    def pending(self) -> int:
        """Return how many bytes can be read at once."""
        return self._stream.pending if self._stream is not None else 0

    @property
    def unsent(self) -> int:
        """Return how many bytes the peer has not taken yet; with TLS, sealed bytes."""
        return self._stream.unsent if self._stream is not None else 0

    @property
    def passed(self) -> tuple[int, int]:
        """Return the bytes that the host has sent and read since the socket was last opened."""
        if self._stream is not None:
            self._passed = (self._stream.sent, self._stream.received - self._stream.pending)
        return self._passed

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._stream is not None and self._stream.congested

    def check(self, action: Action) -> None:
        """Refuse what the state does not allow.

        Raises:
            DeviceError: with the cause that the firmware has for it.
        """
        self._states.check(action)

    # Opening.

    async def _connect(self, connect: Callable[[], Coroutine[Any, Any, OpenedT]]) -> OpenedT:
        """Make one attempt; `abort_dialling`, the loss of the context and a cancelled command end it.

        Raises:
            DeviceError: the state forbids it, the context is down, or the attempt fails.
        """
        self._states.check(Action.DIAL)
        self._need_context()
        self._states.apply(Action.DIAL)
        attempt: asyncio.Task[OpenedT] = asyncio.create_task(connect())
        self._attempt = attempt
        try:
            await asyncio.wait([attempt])
            self._need_context()
            if attempt.cancelled():
                raise DeviceError(
                    self._refusals.aborted,
                    "the attempt to connect was given up, as by a character that the host has typed meanwhile",
                )
            return attempt.result()
        except BaseException:
            abandon(attempt)
            self._states.apply(Action.FAILED)
            raise
        finally:
            self._attempt = None

    def _need_context(self) -> None:
        if not self._contexts.serves_sockets(self.cid):
            raise self._contexts.lack_for_sockets(self.cid).refusal(self._refusals.context_down)

    def _begin(self, stream: StreamT) -> None:
        """Take an open stream into use."""
        self._stream = stream
        self._known, self._announced, self.last_closure = 0, None, None
        stream.set_reader(self)

    def abort_dialling(self) -> None:
        """Give up the attempt to connect."""
        if self._attempt is not None:
            self._attempt.cancel()

    # Command mode.

    async def _send(self, data: bytes, timeout: float) -> None:
        """Send as soon as the peer has taken enough of what was sent before.

        Raises:
            DeviceError: the connection ends, or the peer takes nothing for `timeout` seconds; nothing was sent.
        """
        stream, refusals = self._stream, self._refusals
        if stream is None:
            raise DeviceError(refusals.ended, _ENDED)
        in_time = await self._notifier.wait_while(
            lambda: self._stream is stream and stream.congested and stream.takes_data, timeout
        )
        if stream.failure is not None:
            raise DeviceError(refusals.failed, f"the TLS session has failed: {stream.failure}")
        if self._stream is not stream or not stream.takes_data:
            raise DeviceError(refusals.ended, _ENDED)
        if not in_time:
            raise DeviceError(refusals.not_sent, f"timeout: the peer took no data for {timeout:g} s")
        try:
            stream.send(data)
        except TlsFailure as failure:
            raise DeviceError(refusals.failed, f"the TLS session has failed: {failure}") from failure

    async def receive(self, limit: int, timeout: float) -> Reading | ClosedBy:
        """Wait for data and read at most `limit` bytes of it.

        Returns:
            The data, empty when none has come within `timeout` seconds; or who has ended the connection instead. The
            listener is not told of that end.

        Raises:
            DeviceError: the TLS session has failed instead. The listener is told of the end.
        """
        stream = self._open_stream
        self._blocked_read = True
        try:
            await self._notifier.wait_while(
                lambda: self._stream is stream and not stream.pending and not stream.peer_closed, timeout
            )
        finally:
            self._blocked_read = False
        if self._stream is not stream:
            return self.last_closure or ClosedBy.HOST
        if stream.pending or not stream.peer_closed:
            return self._read(limit)
        if stream.failure is not None:
            self._lose(stream.ended_by)
            raise DeviceError(self._refusals.failed, f"the TLS session has failed: {stream.failure}")
        self._end(Action.LOSE, stream.ended_by)
        return stream.ended_by

    def _read(self, limit: int) -> Reading:
        stream = self._open_stream
        self._known, self._announced = stream.received, None
        return stream.receive(limit)

    def take(self, limit: int) -> Reading | None:
        """Take at most `limit` bytes for a URC that shows them; None when nothing waits."""
        if self.state is not State.SUSPENDED or not self.pending:
            return None
        self._announced = None
        return self._open_stream.receive(limit)

    def announce(self) -> None:
        """Tell the listener of data that is newer than the last read, and of the end of the connection."""
        stream = self._stream
        if stream is None or self.state is not State.SUSPENDED:
            return
        if stream.pending and self.listener is not None:
            self._announce_data(stream, self.listener)
        if stream.peer_closed and not stream.pending and not self._outlives_peer:
            self._lose(stream.ended_by)

    @property
    def _outlives_peer(self) -> bool:
        """Whether a connection that the peer has closed stays open in command mode until the host closes it."""
        return False

    def _announce_data(self, stream: StreamT, listener: SocketListener) -> None:
        told = self._announced
        if stream.received <= (self._known if told is None else told):
            return
        self._announced = stream.received
        if told is None:
            listener.data_waits(stream.pending)
        else:
            listener.more_data_waits(stream.pending)

    # Data mode.

    def _go_online(self, host: OnlineHost, packets: Packets, inactivity: float) -> None:
        """Enter data mode with `host`, who has been told CONNECT; `inactivity` is in seconds, 0 waits for ever."""
        self._data_mode = DataMode(self._open_stream, host, packets, inactivity, self._clock, self._ended_online)
        self._data_mode.start()

    def send_online(self, data: bytes) -> None:
        """Send data of the host in data mode."""
        if self._data_mode is not None:
            self._data_mode.send(data)

    def flush_online(self) -> None:
        """Send the unfilled packet of data mode."""
        if self._data_mode is not None:
            self._data_mode.flush()

    def host_writable(self) -> None:
        """Deliver more: the host in data mode is no longer congested."""
        if self._data_mode is not None:
            self._data_mode.deliver()

    def _ended_online(self, reason: ClosedBy) -> None:
        self._lose(reason)

    def suspend(self) -> bool:
        """Leave data mode; return whether the connection is kept."""
        self._states.apply(Action.SUSPEND)
        data_mode, self._data_mode = self._data_mode, None
        assert data_mode is not None, "the state says online"
        data_mode.finish()
        self._announced = None
        return self._stream is not None

    # Events of the stream.

    def readable(self) -> None:
        """Take data or the end from the stream."""
        if self._data_mode is not None:
            self._data_mode.deliver()
        else:
            self._notifier.notify()
            self.announce()

    def writable(self) -> None:
        """Let the sender go on: the stream is no longer congested."""
        if self._data_mode is not None:
            self._data_mode.host.writable()
        else:
            self._notifier.notify()

    # Closing.

    def drop(self) -> None:
        """End the connection or the attempt: the network or the power is gone."""
        if self._attempt is not None:
            self._attempt.cancel()
        elif self._stream is not None:
            self._lose(ClosedBy.NETWORK)

    def _context_lost(self, cid: int) -> None:
        if cid == self.cid:
            self.drop()

    def _lose(self, reason: ClosedBy) -> None:
        """End the connection, and tell the host, which has not asked for it."""
        data_mode, self._data_mode = self._data_mode, None
        if data_mode is not None:
            data_mode.stop()
        self._end(Action.LOSE, reason)
        if data_mode is not None:
            data_mode.host.connection_lost(reason)
        elif self.listener is not None and not self._blocked_read:
            self.listener.connection_lost(reason)

    def _end(self, action: Action, reason: ClosedBy) -> None:
        """Close the stream at once: from here on the connection is not open."""
        self._passed = self.passed
        self._states.apply(action)
        stream, self._stream = self._stream, None
        if reason is not ClosedBy.HOST:
            self.last_closure = reason
        if stream is not None and reason is ClosedBy.NETWORK:
            stream.abort()
        elif stream is not None:
            stream.close()
        self._notifier.notify()

    @property
    def _open_stream(self) -> StreamT:
        assert self._stream is not None, "the state says open"
        return self._stream
