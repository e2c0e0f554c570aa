"""From an address to an open TLS session: what #SSLD and #SSLFASTD do on the network. Guide 4.1 and 4.4."""

from dataclasses import dataclass

from emulator.clock import Clock
from emulator.device.connection.secure import SecureChannel, open_channel
from emulator.device.ssl.policy import TlsPolicy
from emulator.errors import DeviceError
from emulator.firmware.schema.ssl import SecureSocketRefusals
from emulator.net.bearer import Bearer, DialFailed, NameUnknown
from emulator.tls.client import Session, TlsFailure
from emulator.trace.events import Trace


@dataclass(frozen=True)
class Dial:
    """What #SSLD was told; #SSLFASTD uses it again."""

    host: str
    port: int
    closure: int
    """1 keeps the session for #SSLFASTD."""


class Dialler:
    """Opens channels as the module's configuration asks for them."""

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

    async def connect(self, dial: Dial, session: Session | None, gap: float) -> SecureChannel:
        """Open a channel, by `session` where the peer still knows it; cancelled, it leaves no connection behind.

        Args:
            dial: the peer.
            session: a session to resume.
            gap: seconds for the TCP connection, and at most between two packets of the peer's handshake.

        Raises:
            DeviceError: security data is missing, nobody answers, or the handshake fails.
        """
        engine, configuration = self._policy.prepare(dial.host, session)
        try:
            async with self._clock.timeout(gap):
                stream = await self._bearer.dial(dial.host, dial.port)
        except (NameUnknown, DialFailed) as error:
            raise DeviceError(self._refusals.connect, str(error)) from error
        except TimeoutError as error:
            raise DeviceError(self._refusals.connect, f"no connection within {gap:g} s") from error
        try:
            return await open_channel(stream, engine, configuration, self._clock, gap, self._trace)
        except (TlsFailure, TimeoutError) as failure:
            raise DeviceError(self._refusals.handshake, str(failure)) from failure
