"""From an address to an open TLS session: what a dial of the secure socket does on the network. Guide 4.1 and 4.4."""

from dataclasses import dataclass

from emulator.clock import Clock
from emulator.device.connection.attempt import attempt
from emulator.device.connection.secure import SecureStream, open_secure_stream
from emulator.device.ssl.policy import TlsPolicy
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocketRefusals
from emulator.net.bearer import Bearer
from emulator.tls.client import Session, TlsFailure
from emulator.trace.events import Trace


@dataclass(frozen=True)
class Dial:
    """What the host has dialled; a fast dial uses it again."""

    host: str
    port: int
    closure: int
    """1 keeps the session for a fast dial."""


class Dialler:
    """Opens secure streams as the module's configuration asks for them."""

    def __init__(
        self, refusals: SecureSocketRefusals, bearer: Bearer, policy: TlsPolicy, clock: Clock, trace: Trace
    ) -> None:
        self._refusals = refusals
        self._bearer = bearer
        self._policy = policy
        self._clock = clock
        self._trace = trace

    def __repr__(self) -> str:
        return f"<Dialler {self._policy!r}>"

    async def connect(self, dial: Dial, session: Session | None, timeout: float) -> SecureStream:
        """Open a stream, by `session` where the peer still knows it; cancelled, it leaves no connection behind.

        Args:
            dial: the peer.
            session: a session to resume.
            timeout: seconds for the TCP connection, and the handshake inactivity timeout.

        Raises:
            DeviceError: security data is missing, nobody answers, or the handshake fails.
        """
        engine, configuration = self._policy.prepare(dial.host, session)
        cause = self._refusals.connect
        async with attempt(self._clock, timeout, unresolved=cause, unreachable=cause, too_late=cause):
            tcp = await self._bearer.dial(dial.host, dial.port)
        try:
            return await open_secure_stream(tcp, engine, configuration, self._clock, timeout, self._trace)
        except (TlsFailure, TimeoutError) as failure:
            raise DeviceError(self._refusals.handshake, str(failure)) from failure
