"""Carry an SMTP session over a stream."""

from collections.abc import Callable
from contextlib import suppress

from emulator.clock import Clock
from emulator.device.connection.notifier import Notifier
from emulator.device.connection.plain import PlainStream
from emulator.device.connection.replies import Reply, starred
from emulator.device.connection.stream import SocketStream
from emulator.device.email.session import SmtpCommand, SmtpSession
from emulator.device.ssl.protection import Protection
from emulator.tls.client import TlsFailure
from emulator.trace.events import SmtpSaid
from emulator.trace.trace import Trace


class DeliveryFailed(Exception):
    """The server has refused the mail, or the connection has ended before it took it."""


class Delivery:
    """One mail on its way; the stream ends with it."""

    def __init__(
        self, session: SmtpSession, stream: SocketStream, protection: Protection, clock: Clock, trace: Trace
    ) -> None:
        """`protection` is that of STARTTLS, where the session wants it."""
        self.session = session
        self._protection = protection
        self.stream = stream
        self._clock = clock
        self._notifier = Notifier(clock)
        self._trace = trace
        self.on_end: Callable[[], None] | None = None
        """Called when the server has ended the session, or the connection."""
        self.on_writable: Callable[[], None] | None = None
        """Called when the server takes more, after it was congested."""
        stream.set_reader(self)
        self.readable()

    def __repr__(self) -> str:
        return f"<Delivery {self.session!r}>"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.session.is_over or self.stream.peer_closed

    async def begin(self, deadline: float) -> None:
        """Wait until the server takes the mail.

        Raises:
            DeliveryFailed: it does not, or not before `deadline`.
            TlsFailure, TimeoutError: the handshake after STARTTLS has failed.
        """
        await self._wait(lambda: self.session.takes_content or self.session.wants_handshake, deadline)
        if self.session.wants_handshake:
            await self._protect()
            await self._wait(lambda: self.session.takes_content, deadline)

    async def _protect(self) -> None:
        """Go on within TLS; what has come in clear text behind the reply to STARTTLS must not be taken for a reply."""
        stream = self.stream
        assert isinstance(stream, PlainStream), "STARTTLS is not said within TLS"
        if stream.pending or not self.session.is_between_replies:
            self.abort()
            raise DeliveryFailed("the server has said more than the reply to STARTTLS before the handshake")
        self.stream = await self._protection.open(stream.release())
        self.stream.set_reader(self)
        self._say(self.session.protected())
        self.readable()

    def write(self, data: bytes) -> None:
        """Send a piece of the mail."""
        if self.session.takes_content:
            self._send(self.session.content(data))

    async def finish(self, deadline: float) -> None:
        """End the mail, and wait until the server has taken it.

        Raises:
            DeliveryFailed: it does not, or not before `deadline`.
        """
        if self.session.takes_content:
            self._send(self.session.end())
        await self._wait(lambda: self.session.delivered, deadline)
        self.stream.close()

    def abort(self) -> None:
        """Break the connection; the server drops a mail that has no end."""
        self.stream.abort()
        self._notifier.notify()

    def readable(self) -> None:
        """Take replies, and send the commands that follow from them."""
        for said in self.session.receive(self.stream.read()):
            if isinstance(said, Reply):
                self._trace.emit(SmtpSaid(direction="received", text=starred(said.text, self.session.secrets)))
            else:
                self._say(said)
        self._notifier.notify()
        if self.has_ended and self.on_end is not None:
            self.on_end()

    def writable(self) -> None:
        """Let the sender go on: the stream is no longer congested."""
        if self.on_writable is not None:
            self.on_writable()

    async def _wait(self, reached: Callable[[], bool], deadline: float) -> None:
        timeout = deadline - self._clock.now()
        in_time = await self._notifier.wait_while(lambda: not reached() and not self.has_ended, timeout)
        if reached():
            return
        if not in_time:
            self.abort()
            raise DeliveryFailed(f"timeout: the server said nothing for {timeout:g} s")
        self.stream.close()
        raise DeliveryFailed(self._failure())

    def _failure(self) -> str:
        reply = self.session.last_reply
        if self.session.is_over and reply is not None:
            said = starred(reply.last_line, self.session.secrets)
            return f"the server answers the {self.session.answered.value} with {said}"
        return "the server has closed the connection"

    def _say(self, command: SmtpCommand) -> None:
        self._trace.emit(SmtpSaid(direction="sent", text=command.shown))
        self._send(command.data)

    def _send(self, data: bytes) -> None:
        if data:
            with suppress(TlsFailure):  # the session has ended: whoever waits sees that
                self.stream.send(data)
