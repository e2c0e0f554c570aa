"""The one secure socket of the module: dialling, command mode, closing. Guide chapters 3 and 4.

Its states stand in `life_cycle`, its data mode in `online_traffic`.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from emulator.clock import Clock
from emulator.device.connection.data_mode import DataMode
from emulator.device.connection.notifier import Notifier, abandon
from emulator.device.connection.online import OnlineHost, OnlineTraffic
from emulator.device.connection.packetizer import Packetizer
from emulator.device.connection.secure import SecureChannel
from emulator.device.memory.store import NvmStore
from emulator.device.network.contexts import SSL_CONTEXT, PdpContexts
from emulator.device.ssl.dial import Dial, Dialler
from emulator.device.ssl.policy import TlsPolicy
from emulator.device.ssl.states import Action, ClosedBy, LifeCycle, State
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile
from emulator.tls.client import Session, TlsFailure
from emulator.trace.events import Trace


class SocketListener(Protocol):
    """Hears of what no command of the host asked for."""

    def data_waits(self, size: int) -> None:
        """Data has come while no command waits for it; said once until some of it is read."""

    def carrier_lost(self, reason: ClosedBy) -> None:
        """The connection of a suspended socket has ended."""


class SecureSocket:
    """Belongs to the AT instance that enabled it."""

    def __init__(
        self,
        profile: SecureSocketProfile,
        store: NvmStore,
        contexts: PdpContexts,
        dialler: Dialler,
        policy: TlsPolicy,
        clock: Clock,
        trace: Trace,
    ) -> None:
        self._profile = profile
        self._store = store
        self._contexts = contexts
        self._dialler = dialler
        self._policy = policy
        self._clock = clock
        start = State.CLOSED if store.content.ssl_enabled else State.DISABLED
        self._life = LifeCycle(start, profile.refusals, trace)
        self._channel: SecureChannel | None = None
        self._dialled: Dial | None = None
        self._kept: Session | None = None
        self.data_mode = DataMode()
        self._attempt: asyncio.Task[SecureChannel] | None = None
        self._transferring = False
        """Whether a command of the host is at work on the connection: what happens meanwhile is said after it."""
        self._receiving = False
        """Whether that command is about to say itself that the connection has ended."""
        self._notifier = Notifier(clock)
        """Told to the command that waits, when something has happened to the connection."""
        self._announced = False
        """Whether the data that waits has been rung for."""
        self._news = False
        """Whether anything has come since the host last read."""
        self.owner: object | None = None
        """The AT instance that enabled the socket; None after a start, until one uses it."""
        self.listener: SocketListener | None = None
        contexts.on_lost.append(self._context_lost)

    def __repr__(self) -> str:
        return f"<SecureSocket {self.state.value}{', session kept' if self._kept else ''}>"

    @property
    def state(self) -> State:
        """Where the socket stands."""
        return self._life.state

    @property
    def guards(self) -> list[Callable[[State], None]]:
        """Called with the state that an action would lead to; they raise DeviceError to forbid it."""
        return self._life.guards

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
            DeviceError: with the cause that the profile names for it.
        """
        self._life.check(action)

    # Enabling and configuring.

    def enable(self, owner: object) -> None:
        """Let the AT instance `owner` use SSL (guide 3.1)."""
        self._life.check(Action.ENABLE)
        self._remember(True)
        self._life.change(Action.ENABLE)
        self.owner = owner

    def disable(self) -> None:
        """Give SSL back; the kept session goes."""
        self._life.check(Action.DISABLE)
        self._remember(False)
        self._life.change(Action.DISABLE)
        self.owner = None
        self._kept = None

    def _remember(self, enabled: bool) -> None:
        with self._store.change() as nvm:
            nvm.ssl_enabled = enabled

    def forget_session(self) -> None:
        """What the kept session was agreed under has changed: it must not be resumed."""
        self._kept = None

    # Opening.

    async def dial(self, dial: Dial, gap: float) -> None:
        """Open the socket with a full handshake (guide 4.1), `gap` seconds at most between two packets of the peer.

        Raises:
            DeviceError: the state forbids it, security data is missing, nobody answers, or the handshake fails.
        """
        self.check(Action.DIAL)
        await self._open(dial, None, gap)

    async def fast_dial(self, gap: float) -> None:
        """Open the socket again by its kept session (guide 4.4).

        Raises:
            DeviceError: as for `dial`, and when no session was kept.
        """
        self.check(Action.DIAL)
        if self._kept is None or self._dialled is None:
            raise DeviceError(self._profile.refusals.no_session)
        await self._open(self._dialled, self._kept, gap)

    async def _open(self, dial: Dial, session: Session | None, gap: float) -> None:
        if not self._contexts.serves_sockets(SSL_CONTEXT):
            raise DeviceError(self._profile.refusals.context_down)
        self._life.change(Action.DIAL)
        attempt = self._attempt = asyncio.create_task(self._dialler.connect(dial, session, gap))
        try:
            await asyncio.wait([attempt])
        except asyncio.CancelledError:
            abandon(attempt)
            self._life.change(Action.FAILED)
            raise
        finally:
            self._attempt = None
        self._opened(dial, attempt)

    def _opened(self, dial: Dial, attempt: asyncio.Task[SecureChannel]) -> None:
        if attempt.cancelled() or not self._contexts.serves_sockets(SSL_CONTEXT):
            abandon(attempt)
            self._life.change(Action.FAILED)
            raise DeviceError(self._profile.refusals.context_down)
        try:
            channel = attempt.result()
        except Exception:
            self._life.change(Action.FAILED)
            raise
        self._dialled = dial
        self._channel = channel
        self._announced, self._news = False, True
        self._life.change(Action.OPENED)
        channel.set_reader(self)

    # Command mode.

    @contextmanager
    def transfer(self, action: Action) -> Iterator[None]:
        """Let a command send or receive: what happens to the connection meanwhile is said when it is over.

        Raises:
            DeviceError: no connection is open.
        """
        self.check(action)
        self._transferring = True
        try:
            yield
        finally:
            self._transferring = False
            self.announce()

    async def send(self, data: bytes, patience: float) -> None:
        """Send within a `transfer` (guide 4.2.2.1), once the peer has taken enough of what was sent before.

        Raises:
            DeviceError: the peer has closed, or takes nothing for `patience` seconds; nothing was sent.
        """
        refusals, channel = self._profile.refusals, self._channel
        if channel is None:
            raise DeviceError(refusals.disconnected)
        still_open = await self._notifier.wait_while(
            lambda: self._channel is channel and channel.congested and not channel.peer_closed, patience
        )
        if self._channel is not channel or channel.peer_closed:
            raise DeviceError(refusals.disconnected)
        if not still_open:
            raise DeviceError(refusals.coding, "the peer takes no data")
        try:
            channel.send(data)
        except TlsFailure as failure:
            raise DeviceError(refusals.coding, str(failure)) from failure

    async def receive(self, limit: int, patience: float) -> bytes | None:
        """Read within a `transfer` (guide 4.2.2.2): at most `limit` bytes, as soon as there are any.

        Returns:
            The data; empty when none has come within `patience` seconds, None when the connection has ended instead.
        """
        channel = self._open_channel()
        self._receiving = True
        try:
            await self._notifier.wait_while(
                lambda: self._channel is channel and not channel.pending and not channel.peer_closed, patience
            )
        finally:
            self._receiving = False
        if self._channel is not channel:
            return None
        data = channel.read(limit)
        self._announced = self._news = False
        if not data and channel.peer_closed:
            self._end(channel.ended_by, Action.LOSE)
            return None
        return data

    def announce(self) -> None:
        """Tell the listener of data that waits and of the end of the connection, unless a command will do that."""
        channel = self._channel
        if channel is None or self._transferring or self.state is not State.SUSPENDED:
            return
        if channel.pending and self._news and not self._announced and self.listener is not None:
            self._announced = True
            self.listener.data_waits(channel.pending)
        if channel.peer_closed and not channel.pending:
            self._lose(channel.ended_by)

    def take(self, limit: int) -> bytes:
        """Take what waits to be read in command mode, at most `limit` bytes of it; b"" when nothing does."""
        if self._channel is None or self.state is not State.SUSPENDED:
            return b""
        self._announced = False
        return self._channel.read(limit)

    # Data mode.

    def resume(self, host: OnlineHost) -> None:
        """Enter data mode with `host`, who has been told CONNECT (guide 4.2.1).

        Raises:
            DeviceError: no connection is open.
        """
        self._life.change(Action.RESUME)
        self._announced = False
        configuration = self._store.content.socket_configuration
        packets = Packetizer(
            configuration.packet_size or self._profile.automatic_packet_size, configuration.transmission / 10
        )
        traffic = OnlineTraffic(self._open_channel(), host, packets, configuration.inactivity, self._clock, self._lose)
        self.data_mode.begin(traffic)

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""
        return self._channel is not None and self._channel.congested

    def suspend(self) -> None:
        """Leave data mode, with the connection kept (guide 4.2.1, the escape sequence)."""
        self._life.change(Action.SUSPEND)
        self.data_mode.leave()

    # What the channel tells.

    def readable(self) -> None:
        """Called by the channel."""
        self._news = True
        if self.data_mode.is_on:
            self.data_mode.deliver()
        elif self._notifier.awaited:
            self._notifier.notify()
        else:
            self.announce()

    def writable(self) -> None:
        """Called by the channel."""
        if self.data_mode.is_on:
            self.data_mode.peer_writable()
        else:
            self._notifier.notify()

    # Closing.

    def close(self, closure: int | None = None) -> None:
        """Close the connection from this side (guide 4.3); `closure` 1 keeps the session, None as it was dialled.

        Raises:
            DeviceError: no connection is open.
        """
        self.check(Action.CLOSE)
        self._end(ClosedBy.HOST, Action.CLOSE, closure)

    def drop(self) -> None:
        """The network or the power is gone: whatever connection there is ends."""
        if self._attempt is not None:
            self._attempt.cancel()
        elif self._channel is not None:
            self._lose(ClosedBy.NETWORK)

    def _context_lost(self, cid: int) -> None:
        if cid == SSL_CONTEXT:
            self.drop()

    def _lose(self, reason: ClosedBy) -> None:
        """End the connection, and tell whoever has not asked for it."""
        host = self.data_mode.end()
        self._end(reason, Action.LOSE)
        self._notifier.notify()
        if host is not None:
            host.carrier_lost(reason)
        elif self.listener is not None and not self._receiving:
            self.listener.carrier_lost(reason)

    def _end(self, reason: ClosedBy, action: Action, closure: int | None = None) -> None:
        channel, dialled = self._open_channel(), self._dialled
        assert dialled is not None
        self._life.change(action)
        self._channel = None
        if reason is ClosedBy.NETWORK:
            channel.abort()
        else:
            channel.close()
        keeps = dialled.closure if closure is None else closure
        self._kept = channel.client.session if keeps else None

    def _open_channel(self) -> SecureChannel:
        assert self._channel is not None, "the state says open"
        return self._channel
