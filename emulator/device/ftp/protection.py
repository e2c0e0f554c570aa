"""What makes a channel of a stream: nothing, or a TLS session of its own. RFC 4217 chapters 7 and 9."""

from typing import Protocol

from emulator.clock import Clock
from emulator.device.connection.channel import Channel
from emulator.device.connection.plain import PlainChannel
from emulator.device.connection.secure import open_channel
from emulator.device.ssl.policy import TlsPolicy
from emulator.net.stream import Stream
from emulator.trace.events import Trace


class Protection(Protocol):
    """One for a session: for its control connection and each of its data connections."""

    is_secure: bool
    """Whether it is TLS."""

    async def channel(self, stream: Stream) -> Channel:
        """Make a channel of a new connection.

        Raises:
            DeviceError: security data is missing.
            TlsFailure: the handshake has failed; the stream is closed.
            TimeoutError: the server was silent in the handshake; the stream is closed.
        """


class ClearText:
    """PROT C, and plain FTP."""

    is_secure = False

    async def channel(self, stream: Stream) -> Channel:
        """See `Protection`."""
        return PlainChannel(stream)


class WithinTls:
    """PROT P: every connection has a full handshake of its own, no session is resumed (guide chapter 5)."""

    is_secure = True

    def __init__(self, policy: TlsPolicy, host: str, gap: float, clock: Clock, trace: Trace) -> None:
        """`gap` is the longest silence of the server in a handshake, in seconds."""
        self._policy = policy
        self._host = host
        self._gap = gap
        self._clock = clock
        self._trace = trace

    def check(self) -> None:
        """Refuse early what no handshake can be made with.

        Raises:
            DeviceError: security data is missing.
        """
        self._policy.prepare(self._host)

    async def channel(self, stream: Stream) -> Channel:
        """See `Protection`."""
        try:
            engine, configuration = self._policy.prepare(self._host)
        except BaseException:
            stream.abort()
            raise
        return await open_channel(stream, engine, configuration, self._clock, self._gap, self._trace)
