"""Model the secure socket: SSL enabled or not, kept sessions, transfers. Guide chapters 3 and 4.

Its states stand in `states`; its life is that of every socket, `connection.socket`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from emulator.device.connection.data_mode import OnlineHost
from emulator.device.connection.packetizer import EqualPacketizer, Packetizer
from emulator.device.connection.secure import SecureStream
from emulator.device.connection.socket import DeviceSocket, Refusals
from emulator.device.connection.states import Action, ClosedBy, State
from emulator.device.environment import Environment
from emulator.device.needs.ssl import KeptSession
from emulator.device.network.contexts import PdpContexts
from emulator.device.ssl.configuration import SecureSocketSettings
from emulator.device.ssl.dial import Dial, connect
from emulator.device.ssl.memory import SecureSocketMemory
from emulator.device.ssl.policy import TlsPolicy
from emulator.device.ssl.security_data import SecurityDataStore
from emulator.device.ssl.states import SecureSocketStates
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile
from emulator.tls.client import TlsSession


class SecureSocket(DeviceSocket[SecureStream]):
    """Belongs to the AT instance that enabled it."""

    def __init__(
        self,
        profile: SecureSocketProfile,
        memory: SecureSocketMemory,
        contexts: PdpContexts,
        security_data: SecurityDataStore,
        policy: TlsPolicy,
        environment_on: Callable[[int], Environment],
    ) -> None:
        """`environment_on` returns the environment of a PDP context."""
        causes, start = profile.refusals, State.CLOSED if memory.settings.enabled else State.DISABLED
        environment = environment_on(memory.settings.configuration.cid)
        states = SecureSocketStates(start, memory.ssid, profile, environment.trace)
        refusals = Refusals(
            context_down=causes.context_down,
            aborted=causes.context_down,
            ended=causes.disconnected,
            failed=causes.coding,
            not_sent=causes.not_sent,
        )
        super().__init__(states, refusals, contexts, environment.clock)
        self._profile = profile
        self._memory = memory
        self._environment_on = environment_on
        self.security_data = security_data
        self.policy = policy
        self.certificate_format: int | None = None
        """<cert_format> of #SSLSECCFG as it was last given since power-on; None until it is (guide 3.2, note)."""
        self._dialled: Dial | None = None
        self._kept: TlsSession | None = None
        self._transferring = False
        """Whether a command sends or receives: URCs wait for its end."""
        self.guards: list[Callable[[Action, State], None]] = states.guards
        """Each is called with an action and the state that it would lead to; it raises DeviceError to forbid it."""
        self.owner: object | None = None
        """The AT instance that enabled the socket; None after a start, until one uses it."""

    def __repr__(self) -> str:
        return f"<SecureSocket {self.ssid} {self.state.value}{', session kept' if self._kept else ''}>"

    @property
    def ssid(self) -> int:
        """Return its <SSId>."""
        return self._memory.ssid

    @property
    def cid(self) -> int:
        """Return the PDP context that #SSLCFG names."""
        return self.settings.configuration.cid

    @property
    def settings(self) -> SecureSocketSettings:
        """Return what the host has set."""
        return self._memory.settings

    @property
    def is_open(self) -> bool:
        """Whether it has a connection."""
        return self._stream is not None

    @property
    def suite_name(self) -> str | None:
        """Return the standard's name of the suite in use."""
        suite = None if self._stream is None else self._stream.client.suite
        return None if suite is None else suite.name

    @property
    def suite_number(self) -> int | None:
        """Return the number of the suite in use (guide, Tab. 1); None while no connection is open."""
        if self._stream is None or self._stream.client.suite is None:
            return None
        return self.policy.number_of(self._stream.client.suite)

    # Enabling and configuring.

    def enable(self, owner: object) -> None:
        """Let the AT instance `owner` use SSL (guide 3.1)."""
        self.check(Action.ENABLE)
        self._memory.change(enabled=True)
        self._states.apply(Action.ENABLE)
        self.owner = owner

    def disable(self) -> None:
        """Disable SSL, and forget the kept session."""
        self.check(Action.DISABLE)
        self._memory.change(enabled=False)
        self._states.apply(Action.DISABLE)
        self.owner = None
        self._kept = None

    def change_settings(self, **values: Any) -> None:
        """Keep settings that the caller has checked, while no connection is open.

        Raises:
            DeviceError: the state forbids it, or the memory fails.
        """
        self.check(Action.CONFIGURE)
        self._memory.change(**values)

    def change_security(self, **values: Any) -> None:
        """Keep settings of #SSLSECCFG and #SSLSECCFG2: while SSL is disabled, too, where the firmware allows that.

        Raises:
            DeviceError: the state forbids it, or the memory fails.
        """
        if self.state is State.DISABLED and self._profile.security_while_disabled:
            for guard in self.guards:
                guard(Action.CONFIGURE, self.state)
        else:
            self.check(Action.CONFIGURE)
        self._memory.change(**values)

    def forget_session(self) -> None:
        """Forget the kept session: its configuration has changed."""
        self._kept = None

    # Opening.

    async def dial(self, dial: Dial, timeout: float) -> None:
        """Open the socket with a full handshake (guide 4.1); `timeout` limits the silence of the peer in it.

        Raises:
            DeviceError: the state forbids it, security data is missing, nobody answers, or the handshake fails.
        """
        await self._open(dial, None, timeout)

    async def fast_dial(self, timeout: float) -> None:
        """Open the socket again by its kept session (guide 4.4).

        Raises:
            DeviceError: as for `dial`, and when no session was kept.
        """
        self.check(Action.DIAL)
        if self._kept is None or self._dialled is None:
            reason = "no session is kept; a connection with <closureType> 1 leaves one when the module closes it"
            raise DeviceError(self._profile.refusals.no_session, reason, KeptSession(ssid=self.ssid))
        await self._open(self._dialled, self._kept, timeout)

    async def _open(self, dial: Dial, session: TlsSession | None, timeout: float) -> None:
        refusals = self._profile.refusals
        environment = self._environment_on(self.cid)
        stream = await self._connect(lambda: connect(dial, session, timeout, self.policy, refusals, environment))
        self._dialled, self.closure = dial, dial.closure
        self._states.apply(Action.OPENED)
        self._begin(stream)

    # Command mode.

    @contextmanager
    def transfer(self, action: Action) -> Iterator[None]:
        """Let a command send or receive; URCs of the connection wait for its end.

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

    async def send(self, data: bytes, timeout: float) -> None:
        """Send within a `transfer` (guide 4.2.2.1), once the peer has taken enough of what was sent before.

        Raises:
            DeviceError: the peer has closed, or takes nothing for `timeout` seconds; nothing was sent.
        """
        await self._send(data, timeout)

    def announce(self) -> None:
        """See `DeviceSocket`; within a `transfer`, wait for its end."""
        if not self._transferring:
            super().announce()

    # Data mode.

    def resume(self, host: OnlineHost) -> None:
        """Enter data mode with `host`, who has been told CONNECT (guide 4.2.1).

        Raises:
            DeviceError: no connection is open.
        """
        self._states.apply(Action.RESUME)
        kept, profile = self.settings.configuration, self._profile
        cut = EqualPacketizer if kept.equal_pieces else Packetizer
        packets = cut(kept.packet_size or profile.automatic_packet_size, kept.transmission / 10)
        self._go_online(host, packets, kept.inactivity)

    # Closing.

    def close(self, closure: int | None = None) -> None:
        """Close the connection from this side (guide 4.3); `closure` 1 keeps the session, None as it was dialled.

        Raises:
            DeviceError: no connection is open, or it is lost and the firmware has nothing to close then.
        """
        self.check(Action.CLOSE)
        if closure is not None:
            self.closure = closure
        if self.state is State.LOST:
            self._states.apply(Action.CLOSE)
            self._kept = self._kept if self.closure else None
        else:
            self._end(Action.CLOSE, ClosedBy.HOST)

    def _end(self, action: Action, reason: ClosedBy) -> None:
        client = self._open_stream.client
        super()._end(action, reason)
        self._kept = client.session if self.closure else None
