"""Clear text or TLS for each connection of FTP, HTTP and e-mail. RFC 4217 chapters 7 and 9, RFC 2818, RFC 8314."""

from emulator.clock import Clock
from emulator.device.connection.plain import PlainStream
from emulator.device.connection.secure import open_secure_stream
from emulator.device.connection.stream import SocketStream
from emulator.device.ssl.policy import TlsPolicy
from emulator.net.stream import Stream
from emulator.tls.client import TlsClient
from emulator.trace.trace import Trace


class ClearText:
    """PROT C, plain FTP and HTTP."""

    is_secure = False

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    async def open(self, tcp: Stream) -> SocketStream:
        """Take a new connection into use."""
        return PlainStream(tcp, self._trace)


class WithinTls:
    """PROT P, and HTTPS: every connection has a handshake of its own, and no session is resumed (guide chapter 5).

    With `resumes` every further connection resumes the session of the first one, if the server still knows it.
    """

    is_secure = True

    def __init__(
        self, policy: TlsPolicy, host: str, timeout: float, clock: Clock, trace: Trace, *, resumes: bool = False
    ) -> None:
        """`timeout` is the handshake inactivity timeout, in seconds."""
        self._resumes = resumes
        self._first: TlsClient | None = None
        """The session to resume: that of the first connection."""
        self._policy = policy
        self._host = host
        self._timeout = timeout
        self._clock = clock
        self._trace = trace

    def check(self) -> None:
        """Check before dialling that a handshake is possible.

        Raises:
            DeviceError: security data is missing.
        """
        self._policy.prepare(self._host)

    async def open(self, tcp: Stream) -> SocketStream:
        """Take a new connection into use, by a handshake.

        Raises:
            DeviceError: security data is missing.
            TlsFailure: the handshake has failed; the stream is closed.
            TimeoutError: the handshake took too long; the stream is closed.
        """
        try:
            kept = self._first.session if self._first is not None else None
            engine, configuration = self._policy.prepare(self._host, kept)
        except BaseException:
            tcp.abort()
            raise
        times = self._policy.times(self._timeout)
        trace, ssid, advise = self._trace, self._policy.ssid, self._policy.advise
        stream = await open_secure_stream(tcp, engine, configuration, self._clock, times, trace, ssid, advise)
        if self._resumes and self._first is None:
            self._first = stream.client
        return stream


Protection = ClearText | WithinTls
"""Protects each connection."""
