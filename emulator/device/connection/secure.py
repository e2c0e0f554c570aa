"""One TLS session over one TCP stream: the handshake and its timeout, packets out, plaintext in, an orderly end."""

import asyncio
from typing import Literal

from emulator.clock import Clock, Timer
from emulator.device.connection.channel import StreamChannel
from emulator.device.ssl.states import ClosedBy
from emulator.net.stream import Stream
from emulator.tls.client import (
    FailureCause,
    TlsClient,
    TlsConfiguration,
    TlsEngine,
    TlsFailure,
    TlsObserver,
    TlsState,
)
from emulator.trace.events import HandshakeMessage, TlsOutcome, Trace

LINGER = 10.0
"""Seconds that a peer is given to take what was sent before the connection was closed."""


class TracingObserver(TlsObserver):
    """Turns what an engine reports into trace events."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def message(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        self._trace.emit(HandshakeMessage(direction=direction, name=name, size=length))

    def secret(self, line: str) -> None:
        for reader in self._trace.on_secret:
            reader(line)


class SecureChannel(StreamChannel):
    """Made by `open_channel`; belongs to one reader at a time."""

    def __init__(self, stream: Stream, client: TlsClient, clock: Clock, gap: float) -> None:
        super().__init__(stream)
        self._client = client
        self._clock = clock
        self._gap = gap
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._gap_timer: Timer | None = None
        self._broken = False

    def __repr__(self) -> str:
        return f"<SecureChannel {self._client.state.value}, {self.pending} bytes to read>"

    @property
    def client(self) -> TlsClient:
        """The TLS session."""
        return self._client

    @property
    def peer_closed(self) -> bool:
        """Whether the peer will send no more: close_notify, failure, end of stream. What is pending can be read."""
        return self._client.state in (TlsState.CLOSED, TlsState.FAILED)

    @property
    def ended_by(self) -> ClosedBy:
        """How the peer has ended the session: in order, or by a failure or reset."""
        return ClosedBy.FAILURE if self._broken else ClosedBy.PEER

    @property
    def pending(self) -> int:
        """Bytes of plaintext that can be read."""
        return self._client.pending

    async def handshake(self) -> None:
        """Carry the handshake through.

        Raises:
            TlsFailure: it failed; the stream is closed.
            TimeoutError: the peer let more than the gap pass between two packets; the stream is closed.
        """
        self._stream.attach(self)
        self._flush()
        self._arm()
        try:
            await self._opened
        except (TlsFailure, TimeoutError):
            self._end()
            raise
        except asyncio.CancelledError:
            self.abort()
            raise
        finally:
            self._disarm()

    def send(self, *packets: bytes) -> None:
        """Seal each packet as a record of its own, and send them.

        Raises:
            TlsFailure: the session is not open.
        """
        write = self._client.write
        for packet in packets:
            write(packet)
        self._flush()

    def read(self, limit: int = -1) -> bytes:
        """Take plaintext, at most `limit` bytes of it."""
        data = self._client.read(limit)
        self._regulate(self._client.pending)
        return data

    def close(self) -> None:
        """Send close_notify and end the connection."""
        self._reader = None
        self._client.close()
        self._flush()
        self._end()

    def data_received(self, data: bytes) -> None:
        """Called by the stream."""
        if not self.peer_closed:
            self._feed(data)

    def ended(self, error: Exception | None) -> None:
        """Called by the stream."""
        if not self.peer_closed:
            self._broken = error is not None
            self._feed(b"")

    def _feed(self, data: bytes) -> None:
        client = self._client
        try:
            client.receive(data)
        except TlsFailure as failure:
            self._broken = True
            self._flush()
            self._fail(failure)
            return
        self._flush()
        if not self._opened.done():
            if client.state is TlsState.HANDSHAKING:
                self._arm()
                return
            self._opened.set_result(None)
        self._regulate(client.pending)
        self._tell_reader()

    def _fail(self, failure: TlsFailure) -> None:
        if not self._opened.done():
            self._opened.set_exception(failure)
            return
        self._end()
        self._tell_reader()

    def _end(self) -> None:
        """Close the stream once the peer has taken what was sent, or without that when it takes too long."""
        unsent = self._stream.unsent
        self._stream.close()
        if unsent:
            self._clock.call_later(LINGER, self._stream.abort)

    def _flush(self) -> None:
        data = self._client.data_to_send()
        if data:
            self._stream.write(data)

    def _arm(self) -> None:
        self._disarm()
        self._gap_timer = self._clock.call_later(self._gap, self._gap_over)

    def _disarm(self) -> None:
        if self._gap_timer is not None:
            self._gap_timer.cancel()
            self._gap_timer = None

    def _gap_over(self) -> None:
        if not self._opened.done():
            self._opened.set_exception(
                TimeoutError(f"silence: the peer sent nothing for {self._gap:g} s of the handshake")
            )


async def open_channel(
    stream: Stream, engine: TlsEngine, configuration: TlsConfiguration, clock: Clock, gap: float, trace: Trace
) -> SecureChannel:
    """Run a TLS handshake over `stream`, with at most `gap` seconds between two packets of the peer.

    Raises:
        TlsFailure: the handshake failed; the stream is closed.
        TimeoutError: the peer was silent for longer than the gap; the stream is closed.
    """
    channel = None
    outcome = "given up"
    try:
        channel = SecureChannel(stream, engine.connect(configuration), clock, gap)
        await channel.handshake()
        outcome = "established"
    except (TlsFailure, TimeoutError) as failure:
        outcome = _why(failure, configuration)
        if channel is None:
            stream.close()
        raise
    finally:
        client = channel.client if channel is not None else None
        trace.emit(
            TlsOutcome(
                outcome=outcome,
                suite=client.suite.name if client and client.suite else None,
                resumed=client is not None and client.resumed,
            )
        )
    return channel


def _why(failure: Exception, configuration: TlsConfiguration) -> str:
    """The failure in one line; where the module's hello was the reason, with what it had offered."""
    match failure:
        case TlsFailure(cause=FailureCause.NO_COMMON_SUITE):
            return f"{failure}; the module offers {', '.join(suite.openssl_name for suite in configuration.suites)}"
        case TlsFailure(cause=FailureCause.PROTOCOL_VERSION):
            return f"{failure}; the module speaks {configuration.version.name} only"
    return str(failure)
