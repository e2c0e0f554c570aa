"""The one secure socket of the module and its life cycle. Guide chapters 3 and 4.

Its states and what leads from one to another stand in `TRANSITIONS`; an action that a state does not list is refused
with the cause that the firmware profile gives.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from emulator.bearer.bearer import Bearer, DialFailed, NameUnknown
from emulator.clock import Clock, Timer
from emulator.errors import Cause, ModuleError
from emulator.firmware.schema import SecureSocket as SecureSocketProfile
from emulator.module.nvm import NvmStore
from emulator.module.packetizer import Packetizer
from emulator.module.pdp import SSL_CONTEXT, PdpContexts
from emulator.module.secure_channel import SecureChannel, open_channel
from emulator.module.tls_policy import TlsPolicy
from emulator.tls.client import Session, TlsConfiguration, TlsEngine, TlsFailure
from emulator.trace.events import StateChanged, Trace


class State(Enum):
    """Where the socket stands."""

    DISABLED = "disabled"
    CLOSED = "closed"
    CONNECTING = "connecting"
    ONLINE = "online"
    """Open, and the host is in data mode."""
    SUSPENDED = "open"
    """Open, and the host is in command mode."""


class Action(Enum):
    """What the host or the network does to it."""

    ENABLE = "enable"
    DISABLE = "disable"
    CONFIGURE = "configure"
    DIAL = "dial"
    OPENED = "opened"
    FAILED = "failed"
    RESUME = "resume"
    SUSPEND = "suspend"
    TRANSFER = "transfer"
    CLOSE = "close"


TRANSITIONS: Mapping[tuple[State, Action], State] = {
    (State.DISABLED, Action.ENABLE): State.CLOSED,
    (State.CLOSED, Action.DISABLE): State.DISABLED,
    (State.CLOSED, Action.CONFIGURE): State.CLOSED,
    (State.CLOSED, Action.DIAL): State.CONNECTING,
    (State.CONNECTING, Action.OPENED): State.SUSPENDED,
    (State.CONNECTING, Action.FAILED): State.CLOSED,
    (State.SUSPENDED, Action.RESUME): State.ONLINE,
    (State.SUSPENDED, Action.TRANSFER): State.SUSPENDED,
    (State.SUSPENDED, Action.CLOSE): State.CLOSED,
    (State.ONLINE, Action.SUSPEND): State.SUSPENDED,
    (State.ONLINE, Action.CLOSE): State.CLOSED,
}


class ClosedBy(Enum):
    """Who ended the connection; the number is the <cause> that `NO CARRIER` may carry."""

    HOST = 0
    PEER = 1
    FAILURE = 2
    INACTIVITY = 3
    NETWORK = 4


@dataclass(frozen=True)
class Dial:
    """What #SSLD was told; #SSLFASTD uses it again."""

    host: str
    port: int
    closure: int
    """1 keeps the session for #SSLFASTD."""


class OnlineHost(Protocol):
    """The terminal in data mode, as the socket sees it."""

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""

    def deliver(self, data: bytes) -> None:
        """The peer sent this."""

    def writable(self) -> None:
        """The peer takes more again."""

    def carrier_lost(self, reason: ClosedBy) -> None:
        """The connection has ended."""


class SocketListener(Protocol):
    """Hears of what no command of the host asked for."""

    def data_waits(self, size: int) -> None:
        """Data has come while no command waits for it."""

    def carrier_lost(self, reason: ClosedBy) -> None:
        """The connection of a suspended socket has ended."""


class SecureSocket:
    """Belongs to the AT instance that enabled it."""

    def __init__(
        self,
        profile: SecureSocketProfile,
        store: NvmStore,
        contexts: PdpContexts,
        bearer: Bearer,
        policy: TlsPolicy,
        clock: Clock,
        trace: Trace,
    ) -> None:
        self._profile = profile
        self._store = store
        self._contexts = contexts
        self._bearer = bearer
        self._policy = policy
        self._clock = clock
        self._trace = trace
        self._channel: SecureChannel | None = None
        self._dialled: Dial | None = None
        self._kept: Session | None = None
        self._host: OnlineHost | None = None
        self._packets = Packetizer(1, 0)
        self._send_timer: Timer | None = None
        self._idle_timer: Timer | None = None
        self._last_traffic = 0.0
        self._waiter: asyncio.Event | None = None
        self._announced = False
        """Whether the data that waits has been rung for."""
        self._attempt: asyncio.Task[SecureChannel] | None = None
        self.state = State.CLOSED if store.content.ssl_enabled else State.DISABLED
        self.owner: object | None = None
        """The AT instance that enabled the socket; None after a start, until one uses it."""
        self.listener: SocketListener | None = None
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<SecureSocket {self.state.value}{', session kept' if self._kept else ''}>"

    @property
    def suite_number(self) -> int | None:
        """The number of the suite in use, by Tab. 1 of the guide; None while no connection is open."""
        if self._channel is None or self._channel.client.suite is None:
            return None
        return self._policy.number_of(self._channel.client.suite)

    @property
    def pending(self) -> int:
        """Bytes that can be read at once."""
        return self._channel.pending if self._channel is not None else 0

    def check(self, action: Action) -> None:
        """Refuse an action that the state does not allow.

        Raises:
            ModuleError: with the cause that the profile names for it.
        """
        if (self.state, action) not in TRANSITIONS:
            raise ModuleError(self._refusal(action), f"the socket is {self.state.value}")

    def _refusal(self, action: Action) -> Cause:
        refusals = self._profile.refusals
        match self.state, action:
            case State.DISABLED, Action.DISABLE:
                return refusals.already_disabled
            case State.DISABLED, _:
                return refusals.not_enabled
            case State.CLOSED, Action.ENABLE:
                return refusals.already_enabled
            case State.CLOSED, _:
                return refusals.not_open
            case _, Action.ENABLE:
                return refusals.already_enabled
            case _, Action.DIAL:
                return refusals.already_open
            case _:
                return refusals.open

    def _change(self, action: Action) -> None:
        self.check(action)
        before, self.state = self.state, TRANSITIONS[self.state, action]
        if self.state is not before:
            self._trace.emit(StateChanged(thing="secure socket", before=before.value, after=self.state.value))

    def enable(self, owner: object) -> None:
        """Let the AT instance `owner` use SSL (guide 3.1)."""
        self._change(Action.ENABLE)
        self.owner = owner
        self._remember(True)

    def disable(self) -> None:
        """Give SSL back; the kept session goes."""
        self._change(Action.DISABLE)
        self.owner = None
        self._kept = None
        self._remember(False)

    def _remember(self, enabled: bool) -> None:
        self._store.content.ssl_enabled = enabled
        self._store.save()

    async def dial(self, dial: Dial, gap: float) -> None:
        """Open the socket with a full handshake (guide 4.1), `gap` seconds at most between two packets of the peer.

        Raises:
            ModuleError: the state forbids it, security data is missing, nobody answers, or the handshake fails.
        """
        self.check(Action.DIAL)
        self._kept = None
        await self._open(dial, None, gap)

    async def fast_dial(self, gap: float) -> None:
        """Open the socket again by its kept session (guide 4.4).

        Raises:
            ModuleError: as for `dial`, and when no session was kept.
        """
        self.check(Action.DIAL)
        if self._kept is None or self._dialled is None:
            raise ModuleError(self._profile.refusals.no_session)
        await self._open(self._dialled, self._kept, gap)

    async def _open(self, dial: Dial, session: Session | None, gap: float) -> None:
        if not self._contexts.is_active(SSL_CONTEXT):
            raise ModuleError(self._profile.refusals.context_down)
        engine, configuration = self._policy.prepare(dial.host, session)
        self._change(Action.DIAL)
        self._attempt = asyncio.create_task(self._connect(dial, engine, configuration, gap))
        try:
            channel = await self._attempt
        except BaseException as error:
            self._change(Action.FAILED)
            if isinstance(error, asyncio.CancelledError) and not self._contexts.is_active(SSL_CONTEXT):
                raise ModuleError(self._profile.refusals.context_down) from None
            raise
        finally:
            self._attempt.cancel()
            self._attempt = None
        self._dialled = dial
        self._channel = channel
        self._announced = False
        self._change(Action.OPENED)
        channel.set_reader(self)

    async def _connect(
        self, dial: Dial, engine: TlsEngine, configuration: TlsConfiguration, gap: float
    ) -> SecureChannel:
        refusals = self._profile.refusals
        try:
            async with self._clock.timeout(gap):
                stream = await self._bearer.dial(dial.host, dial.port)
        except (NameUnknown, DialFailed, TimeoutError) as error:
            raise ModuleError(refusals.connect, str(error)) from error
        try:
            return await open_channel(stream, engine, configuration, self._clock, gap, self._trace)
        except (TlsFailure, TimeoutError) as failure:
            raise ModuleError(refusals.handshake, str(failure)) from failure

    async def send(self, data: bytes, patience: float) -> None:
        """Send in command mode (guide 4.2.2.1); returns when the peer takes it.

        Raises:
            ModuleError: no connection is open, the peer has closed it, or takes nothing for `patience` seconds.
        """
        self.check(Action.TRANSFER)
        channel = self._open_channel()
        if channel.peer_closed:
            raise ModuleError(self._profile.refusals.disconnected)
        try:
            channel.send(data)
            async with self._clock.timeout(patience):
                await self._wait_while(lambda: channel.congested and not channel.peer_closed)
        except TlsFailure as failure:
            raise ModuleError(self._profile.refusals.coding, str(failure)) from failure
        except TimeoutError as error:
            raise ModuleError(self._profile.refusals.coding, "the peer takes no data") from error
        if self._channel is not channel:
            raise ModuleError(self._profile.refusals.disconnected)
        self._data_came()

    async def receive(self, limit: int, patience: float) -> bytes | None:
        """Read in command mode (guide 4.2.2.2): at most `limit` bytes, as soon as there are any.

        Returns:
            The data; empty when none has come within `patience` seconds, None when the peer has closed instead.

        Raises:
            ModuleError: no connection is open.
        """
        self.check(Action.TRANSFER)
        channel = self._open_channel()
        try:
            async with self._clock.timeout(patience):
                await self._wait_while(lambda: not channel.pending and not channel.peer_closed)
        except TimeoutError:
            return b""
        if self._channel is not channel:
            return None
        data = channel.read(limit)
        self._announced = False
        if channel.peer_closed and not channel.pending:
            if not data:
                self._end(ClosedBy.PEER)
                return None
            self._lose(ClosedBy.PEER)
        return data

    def take(self, limit: int) -> bytes:
        """Take what has come, without waiting."""
        return self._open_channel().read(limit)

    async def _wait_while(self, condition: Callable[[], bool]) -> None:
        channel = self._channel
        while self._channel is channel and condition():
            self._waiter = asyncio.Event()
            try:
                await self._waiter.wait()
            finally:
                self._waiter = None

    def resume(self, host: OnlineHost) -> None:
        """Enter data mode with `host`, who has been told CONNECT (guide 4.2.1).

        Raises:
            ModuleError: no connection is open.
        """
        self._change(Action.RESUME)
        configuration = self._store.content.socket_configuration
        size = configuration.packet_size or self._profile.automatic_packet_size
        self._packets = Packetizer(size, configuration.transmission / 10)
        self._host = host
        self._announced = False
        self._last_traffic = self._clock.now()
        self._watch_inactivity()
        self._deliver()

    def send_online(self, data: bytes) -> None:
        """The host sent this in data mode."""
        now = self._last_traffic = self._clock.now()
        self._send_packets(self._packets.feed(data, now))
        if self._packets.deadline is not None and self._send_timer is None:
            self._send_timer = self._clock.call_at(self._packets.deadline, self._transmission_due)

    def _transmission_due(self) -> None:
        self._send_timer = None
        deadline = self._packets.deadline
        if deadline is None:
            return
        if deadline > self._clock.now():
            self._send_timer = self._clock.call_at(deadline, self._transmission_due)
            return
        self._send_packets([self._packets.flush()])

    def _send_packets(self, packets: list[bytes]) -> None:
        channel = self._open_channel()
        if channel.peer_closed:
            return
        for packet in packets:
            channel.send(packet)

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._channel is not None and self._channel.congested

    def host_writable(self) -> None:
        """The host takes more again."""
        self._deliver()

    def suspend(self) -> None:
        """Leave data mode, with the connection kept (guide 4.2.1, the escape sequence)."""
        self._change(Action.SUSPEND)
        self._send_packets([packet] if (packet := self._packets.flush()) else [])
        self._leave_online()

    def close(self, closure: int | None = None) -> None:
        """Close the connection from this side (guide 4.3); `closure` 1 keeps the session, None as it was dialled.

        Raises:
            ModuleError: no connection is open.
        """
        self.check(Action.CLOSE)
        self._end(ClosedBy.HOST, closure)

    def readable(self) -> None:
        """Called by the channel."""
        if self._waiter is not None:
            self._waiter.set()
        elif self.state is State.ONLINE:
            self._deliver()
        elif self.state is State.SUSPENDED:
            self._data_came()

    def writable(self) -> None:
        """Called by the channel."""
        if self._waiter is not None:
            self._waiter.set()
        if self._host is not None:
            self._host.writable()

    def _data_came(self) -> None:
        channel = self._open_channel()
        if channel.pending:
            if not self._announced and self.listener is not None:
                self._announced = True
                self.listener.data_waits(channel.pending)
        elif channel.peer_closed:
            self._lose(ClosedBy.PEER)

    def _deliver(self) -> None:
        channel, host = self._channel, self._host
        if channel is None or host is None:
            return
        while channel.pending and not host.congested:
            self._last_traffic = self._clock.now()
            host.deliver(channel.read())
        if channel.peer_closed and not channel.pending:
            self._lose(ClosedBy.PEER)

    def _watch_inactivity(self) -> None:
        limit = self._store.content.socket_configuration.inactivity
        if limit:
            self._idle_timer = self._clock.call_at(self._last_traffic + limit, self._inactivity_due)

    def _inactivity_due(self) -> None:
        limit = self._store.content.socket_configuration.inactivity
        if self._clock.now() >= self._last_traffic + limit:
            self._lose(ClosedBy.INACTIVITY)
        else:
            self._watch_inactivity()

    def _context_lost(self, cid: int) -> None:
        if cid == SSL_CONTEXT:
            self.drop(ClosedBy.NETWORK)

    def drop(self, reason: ClosedBy) -> None:
        """The network or the power is gone: whatever connection there is ends."""
        if self._attempt is not None:
            self._attempt.cancel()
        elif self._channel is not None:
            self._lose(reason)

    def _lose(self, reason: ClosedBy) -> None:
        """End the connection, and tell whoever has not asked for it."""
        host, waited_for = self._host, self._waiter is not None
        self._end(reason)
        if host is not None:
            host.carrier_lost(reason)
        elif self.listener is not None and not waited_for:
            self.listener.carrier_lost(reason)

    def _end(self, reason: ClosedBy, closure: int | None = None) -> None:
        channel, dialled = self._open_channel(), self._dialled
        assert dialled is not None
        self._change(Action.CLOSE)
        self._leave_online()
        self._channel = None
        if reason in (ClosedBy.HOST, ClosedBy.INACTIVITY, ClosedBy.PEER):
            channel.close()
        else:
            channel.abort()
        keeps = dialled.closure if closure is None else closure
        self._kept = channel.client.session if keeps else None
        if self._waiter is not None:
            self._waiter.set()

    def _leave_online(self) -> None:
        self._host = None
        for timer in (self._send_timer, self._idle_timer):
            if timer is not None:
                timer.cancel()
        self._send_timer = self._idle_timer = None

    def _open_channel(self) -> SecureChannel:
        assert self._channel is not None, "the state says open"
        return self._channel
