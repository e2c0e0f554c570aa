"""Carry one request and its answer over one connection. RFC 9112; h11 knows the protocol."""

from typing import TYPE_CHECKING, Protocol

import msgspec

from emulator.clock import Clock, Timer
from emulator.device.connection.notifier import Notifier
from emulator.device.connection.stream import SocketStream
from emulator.device.http.request import MalformedHeader, Request, shown
from emulator.device.http.settings import HttpSettings
from emulator.guard import guarded
from emulator.later import later
from emulator.tls.client import TlsFailure
from emulator.trace.defect import report_defect
from emulator.trace.events import HttpSaid
from emulator.trace.trace import Trace

if TYPE_CHECKING:
    import h11
else:
    h11 = later("h11")

_PIECE = 4096
"""Bytes that are taken from the stream at once."""
_LARGEST_PACKET = 16384
"""Bytes that a stream sends at once."""


class NotSent(Exception):
    """The connection has ended before the request was out."""


class RequestMalformed(Exception):
    """The request cannot be written down."""


class ResponseHead(msgspec.Struct, frozen=True):
    """What #HTTPRING shows of an answer."""

    status: int
    content_type: str
    size: int
    """Content-Length; 0 without."""


NO_ANSWER = ResponseHead(0, "", 0)


class ExchangeListener(Protocol):
    """Hears of the answer."""

    def answered(self, head: ResponseHead) -> None:
        """Take the head of the answer, or `NO_ANSWER`."""


class Exchange:
    """One request at most, and what the server says to it; what the host does not read stays with the server."""

    def __init__(self, stream: SocketStream, settings: HttpSettings, clock: Clock, trace: Trace) -> None:
        self._stream = stream
        self._settings = settings
        self._clock = clock
        self._trace = trace
        self._http = h11.Connection(h11.CLIENT)
        self._notifier = Notifier(clock)
        self._timer: Timer | None = None
        self._listener: ExchangeListener | None = None
        self._body = bytearray()
        self._over = False
        """Whether nothing more can come from the server."""
        stream.set_reader(self)

    def __repr__(self) -> str:
        state = "waits for an answer" if self.waits else "over" if self._over else "open"
        return f"<Exchange {state}, {len(self._body)} bytes to read>"

    @property
    def is_open(self) -> bool:
        """Whether the connection is still there."""
        return not self._over and not self._stream.peer_closed

    @property
    def waits(self) -> bool:
        """Whether the request is out, and no answer has come."""
        return self._timer is not None

    # The request.

    async def send(self, request: Request) -> None:
        """Send the request.

        Raises:
            RequestMalformed: it cannot be written down.
            NotSent: the connection ends before it is out, or the server takes nothing within the timeout.
        """
        head, data = self._written(request)
        size = self._settings.packet_size or _LARGEST_PACKET
        if not self.is_open:
            raise NotSent("the server has closed the connection")
        try:
            self._stream.send(*(data[start : start + size] for start in range(0, len(data), size)))
        except TlsFailure as failure:
            raise NotSent(str(failure)) from failure
        self._trace.emit(HttpSaid(direction="sent", text=head))
        stream = self._stream
        stream.drain()
        in_time = await self._notifier.wait_while(lambda: stream.congested and self.is_open, self._settings.timeout)
        if not in_time or stream.congested:
            raise NotSent("the server takes no more of the request")

    def _written(self, request: Request) -> tuple[str, bytes]:
        """Return the head as the trace shows it, and all bytes of a request."""
        try:
            lines = request.headers(self._settings)
            headers = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in lines]
            target = request.target.encode("latin-1", "replace")
            events = (
                h11.Request(method=request.method, target=target, headers=headers),
                h11.Data(data=request.body or b""),
                h11.EndOfMessage(),
            )
            data = b"".join(self._http.send(event) or b"" for event in events)
        except (MalformedHeader, h11.LocalProtocolError) as error:
            raise RequestMalformed(str(error)) from error
        return shown(f"{request.method} {request.target} HTTP/1.1", lines), data

    # The answer.

    def listen(self, listener: ExchangeListener) -> None:
        """Wait for the answer from now on, as long as the timeout allows."""
        self._listener = listener
        self._timer = self._clock.call_later(self._settings.timeout, self._time_over)
        self.readable()

    async def read(self, limit: int) -> bytes:
        """Return `limit` bytes of the body; fewer where it ends, or where no more come within the timeout."""
        data = bytearray()
        while len(data) < limit:
            if not await self._notifier.wait_while(lambda: not self._has_body(), self._settings.timeout):
                self.end()
            room = limit - len(data)
            if not self._body:
                break
            data += self._body[:room]
            del self._body[:room]
        return bytes(data)

    def break_off(self) -> None:
        """End the exchange: the network is gone; whoever waits for the answer hears that there is none."""
        self.end()
        if self.waits:
            self._answer(NO_ANSWER)

    def end(self) -> None:
        """End the connection. What has come of the body can still be read."""
        if not self._over:
            self._over = True
            if self._stream.pending:
                self._http.receive_data(self._stream.read())
            self._stream.close()
        self._notifier.notify()

    def drop(self) -> None:
        """End the exchange at once, without a word to anybody."""
        self._disarm()
        if not self._over:
            self._over = True
            self._stream.abort()
        self._notifier.notify()

    def readable(self) -> None:
        """Take what has come from the server, or its end."""
        if self.waits:
            self._take_head()
        self._notifier.notify()

    def writable(self) -> None:
        """Let the request go on: the stream is no longer congested."""
        self._notifier.notify()

    def fail(self, error: Exception) -> None:
        """See `guard.Failing`; the exchange ends."""
        report_defect(self._trace, "an HTTP exchange", error)
        self.break_off()

    @guarded
    def _time_over(self) -> None:
        self.break_off()

    def _take_head(self) -> None:
        try:
            event = self._next_event()
        except h11.RemoteProtocolError:
            self.break_off()
            return
        if event is None:
            return
        if isinstance(event, h11.Response):
            self._trace.emit(HttpSaid(direction="received", text=_shown(event)))
            self._answer(_head(event))
            self._has_body()
        else:
            self.break_off()

    def _answer(self, head: ResponseHead) -> None:
        self._disarm()
        if self._listener is not None:
            self._listener.answered(head)

    def _has_body(self) -> bool:
        """Take the next piece of the body if there is none; return whether one is there, or can no longer come."""
        if self._body:
            return True
        try:
            event = self._next_event()
        except h11.RemoteProtocolError:
            self.end()
            return True
        if event is None:
            return self._over
        if isinstance(event, h11.Data):
            self._body += event.data
        else:
            self.end()
        return True

    def _next_event(self) -> "h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED] | None":
        """Return the next event of the server; None while more has to come."""
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                if self._over:
                    return None
                if self._stream.pending:
                    self._http.receive_data(self._stream.read(_PIECE))
                elif self._stream.peer_closed:
                    self._http.receive_data(b"")
                else:
                    return None
            elif not isinstance(event, h11.InformationalResponse):
                return event

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _shown(response: "h11.Response") -> str:
    version, reason = response.http_version.decode("latin-1"), response.reason.decode("latin-1")
    lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw_items()]
    return shown(f"HTTP/{version} {response.status_code} {reason}".rstrip(), lines)


def _head(response: "h11.Response") -> ResponseHead:
    values = {name: value.decode("latin-1") for name, value in response.headers}
    return ResponseHead(response.status_code, values.get(b"content-type", ""), int(values.get(b"content-length", "0")))
