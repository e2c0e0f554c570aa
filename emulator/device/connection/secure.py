"""Run one TLS session over one TCP stream: handshake, timeout, packets out, plaintext in, an orderly end."""

import asyncio
from collections.abc import Callable
from typing import Literal

import msgspec
from msgspec.structs import replace

from emulator.clock import Clock, Timer
from emulator.device.connection.handshake_failure import HandshakeFailed, explained
from emulator.device.connection.stream import Reading, TcpSocketStream
from emulator.guard import guarded
from emulator.net.stream import Stream
from emulator.tls.client import (
    EngineChoice,
    TlsClient,
    TlsConfiguration,
    TlsFailure,
    TlsObserver,
    TlsState,
)
from emulator.tls.subjects import subjects
from emulator.trace.events import EngineChosen, HandshakeMessage, TlsOutcome
from emulator.trace.trace import Trace


class TracingObserver(TlsObserver):
    """Turns reports of an engine into trace events."""

    def __init__(self, trace: Trace, ssid: int) -> None:
        """`ssid` is the secure socket whose settings the connection uses."""
        self._trace = trace
        self._ssid = ssid

    def message(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        self._trace.emit(HandshakeMessage(direction=direction, name=name, size=length, ssid=self._ssid))

    def secret(self, line: str) -> None:
        for reader in self._trace.on_secret:
            reader(line)


class Progress(TlsObserver):
    """Counts the steps of a handshake, and hands all reports on."""

    def __init__(self, observer: TlsObserver) -> None:
        self.steps = 0
        """Messages of the peer that get the handshake on: whole ones, no alerts, no hello_request."""
        self.asked_for_certificate = False
        """Whether the peer has asked the module for one."""
        self.finishes = False
        """Whether the last flight is made, which ends with the module's finished."""
        self._observer = observer

    def message(self, direction: Literal["sent", "received"], name: str, length: int) -> None:
        if direction == "received" and name != "hello_request" and not name.startswith("alert "):
            self.steps += 1
            self.asked_for_certificate = self.asked_for_certificate or name == "certificate_request"
        self.finishes = self.finishes or (direction == "sent" and name == "finished")
        self._observer.message(direction, name, length)

    def secret(self, line: str) -> None:
        self._observer.secret(line)


class HandshakeTimes(msgspec.Struct, frozen=True):
    """Limits on the time of a handshake, in seconds."""

    inactivity: float
    """The longest time until the next message of the peer has come whole."""
    whole: float
    """The longest time of the handshake."""
    computing: Callable[[TlsClient, TlsConfiguration, bool], float] = lambda client, configuration, signs: 0.0
    """Returns how long the module computes before its last flight; called with whether it signs."""


class SecureStream(TcpSocketStream):
    """A TLS session over a TCP stream; `open_secure_stream` makes it."""

    def __init__(
        self,
        tcp: Stream,
        client: TlsClient,
        configuration: TlsConfiguration,
        progress: Progress,
        clock: Clock,
        times: HandshakeTimes,
        trace: Trace,
    ) -> None:
        """`progress` is the observer of `client`."""
        super().__init__(tcp, trace)
        self._configuration = configuration
        self._computing: Timer | None = None
        self._has_computed = False
        self._client = client
        self._progress = progress
        self._clock = clock
        self._times = times
        self._opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._step = 0
        self._inactivity_timer: Timer | None = None

    def __repr__(self) -> str:
        return f"<SecureStream {self._client.state.value}, {self.pending} bytes to read>"

    @property
    def client(self) -> TlsClient:
        """Return the TLS session."""
        return self._client

    @property
    def peer_closed(self) -> bool:
        """See `SocketStream`; after close_notify, a failure, or the end of the TCP stream."""
        return self._over or self._client.state in (TlsState.CLOSED, TlsState.FAILED)

    @property
    def takes_data(self) -> bool:
        """See `SocketStream`; close_notify ends both directions (RFC 2246 7.2.1)."""
        return not self.peer_closed

    @property
    def pending(self) -> int:
        return self._client.pending

    async def handshake(self) -> None:
        """Run the handshake.

        Raises:
            TlsFailure: it failed; the stream is closed.
            TimeoutError: it took too long, on the whole or up to one message; the stream is closed.
        """
        limit = self._clock.call_later(self._times.whole, self._time_over)
        self._arm()
        self._tcp.attach(self)
        self._flush()
        try:
            await self._opened
        except (TlsFailure, TimeoutError):
            self._tcp.close()
            raise
        except asyncio.CancelledError:
            self.abort()
            raise
        finally:
            limit.cancel()
            self._disarm()
            if self._computing is not None:
                self._computing.cancel()

    def send(self, *packets: bytes) -> None:
        """Seal each packet as a record of its own, and send them.

        Raises:
            TlsFailure: the session is not open.
        """
        self._client.write(*packets)
        self.sent += sum(map(len, packets))
        self._flush()

    def read(self, limit: int = -1) -> bytes:
        data = self._client.read(limit)
        self._regulate(self._client.pending)
        return data

    def receive(self, limit: int) -> Reading:
        return Reading(self.read(limit), None, self.pending)

    def close(self) -> None:
        """Send close_notify and end the connection."""
        self._reader = None
        self._client.close()
        self._flush()
        self._tcp.close()

    def _take_end(self) -> None:
        self._take_in(b"")

    def _take_in(self, data: bytes) -> None:
        client, unread = self._client, self.pending
        try:
            client.receive(data)
        except TlsFailure as failure:
            self._broken, self.failure = True, failure
            self._flush()
            self._refuse(failure)
            return
        finally:
            self.received += self.pending - unread
        if not self._computes():
            self._go_on()

    def _computes(self) -> bool:
        """Return whether the last flight is still computed; the peer's silence does not count meanwhile."""
        if self._computing is None and self._progress.finishes and not self._has_computed:
            self._has_computed = True
            seconds = self._times.computing(self._client, self._configuration, self._progress.asked_for_certificate)
            if seconds > 0:
                self._disarm()
                self._computing = self._clock.call_later(seconds, self._computed)
        return self._computing is not None

    @guarded
    def _computed(self) -> None:
        self._computing = None
        self._arm()
        self._go_on()

    def _go_on(self) -> None:
        client = self._client
        self._flush()
        if not self._opened.done():
            if client.state is TlsState.HANDSHAKING:
                self._note_progress()
                return
            self._opened.set_result(None)
        self._regulate(client.pending)
        self._tell_reader()

    def _refuse(self, failure: TlsFailure) -> None:
        """End a handshake or a session that the peer has broken."""
        if not self._opened.done():
            self._opened.set_exception(failure)
            return
        self._tcp.close()
        self._tell_reader()

    def fail(self, error: Exception) -> None:
        """See `SocketStream`; a handshake hands the defect to the command that waits for it."""
        if self._opened.done():
            super().fail(error)
        else:
            self._over = True
            self._tcp.abort()
            self._opened.set_exception(error)

    def _flush(self) -> None:
        data = self._client.data_to_send()
        if data:
            self._tcp.write(data)

    def _note_progress(self) -> None:
        """Wait for the next message from now on, where one has come."""
        if self._progress.steps != self._step:
            self._step = self._progress.steps
            self._arm()

    def _arm(self) -> None:
        self._disarm()
        self._inactivity_timer = self._clock.call_later(self._times.inactivity, self._inactivity_over)

    def _disarm(self) -> None:
        if self._inactivity_timer is not None:
            self._inactivity_timer.cancel()
            self._inactivity_timer = None

    @guarded
    def _inactivity_over(self) -> None:
        self._give_up(f"silence: the peer sent nothing new for {self._times.inactivity:g} s of the handshake")

    @guarded
    def _time_over(self) -> None:
        self._give_up(f"too slow: the handshake was not over within {self._times.whole:g} s")

    def _give_up(self, why: str) -> None:
        if not self._opened.done():
            self._opened.set_exception(TimeoutError(why))


async def open_secure_stream(
    tcp: Stream,
    choice: EngineChoice,
    configuration: TlsConfiguration,
    clock: Clock,
    times: HandshakeTimes,
    trace: Trace,
    ssid: int = 1,
    advise: Callable[[HandshakeFailed], HandshakeFailed] = lambda failure: failure,
) -> SecureStream:
    """Run a TLS handshake over `tcp`, within `times`, with the settings of the secure socket `ssid`.

    `advise` returns a failure with what the host can change.

    Raises:
        HandshakeFailed: the handshake failed; the stream is closed.
        TimeoutError: it took too long; the stream is closed.
    """
    trace.emit(EngineChosen(engine=choice.engine.name, reason=choice.reason, ssid=ssid))
    stream = None
    outcome = "given up"
    progress = Progress(configuration.observer)
    try:
        client = choice.engine.connect(replace(configuration, observer=progress))
        stream = SecureStream(tcp, client, configuration, progress, clock, times, trace)
        await stream.handshake()
        outcome = "established"
    except TlsFailure as failure:
        failed = advise(explained(failure, configuration, progress.asked_for_certificate))
        outcome = str(failed)
        raise failed from failure
    except TimeoutError as failure:
        outcome = str(failure)
        raise
    finally:
        if stream is None:
            tcp.close()
        session = stream.client if stream is not None else None
        trace.emit(
            TlsOutcome(
                outcome=outcome,
                suite=session.suite.name if session and session.suite else None,
                resumed=session is not None and session.resumed,
                ssid=ssid,
                chain=subjects(session.peer_chain) if session is not None and trace.is_read else [],
            )
        )
    return stream
