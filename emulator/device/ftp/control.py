"""Carry commands and replies on the control connection, in clear text or within TLS."""

from collections import deque
from collections.abc import Callable

from emulator.clock import Clock
from emulator.device.connection.notifier import Notifier
from emulator.device.connection.plain import PlainStream
from emulator.device.connection.replies import STARRED, Reply, ReplyParser, starred
from emulator.device.connection.stream import SocketStream
from emulator.net.stream import Stream
from emulator.tls.client import TlsFailure
from emulator.trace.events import FtpSaid
from emulator.trace.trace import Trace

_MOST_REPLIES = 16
"""Replies kept while no command waits for one."""


class ControlLost(Exception):
    """The server has closed the connection, broken it, or not replied in time: the session is over."""


class Unexpected(Exception):
    """The server has refused, or its reply is out of place."""

    def __init__(self, reply: Reply, verb: str = "", secret: str = "") -> None:
        """`verb` is what it replies to, none for a greeting; `secret` is not shown, should the reply repeat it."""
        said = f"the server answers {verb} with" if verb else "the server says"
        super().__init__(f"{said} {starred(reply.last_line, [secret])}")
        self.reply = reply


class LoginRefused(Unexpected):
    """The server does not accept user and password."""


class LastReply:
    """The last reply that a command has waited for; outlives the connections."""

    def __init__(self) -> None:
        self.reply: Reply | None = None
        """None before the first."""


class ControlConnection:
    """Reads replies from construction on."""

    def __init__(self, tcp: Stream, timeout: float, last: LastReply, clock: Clock, trace: Trace) -> None:
        """`timeout` of a reply is in seconds; `last` keeps the last reply that was waited for."""
        self.timeout = timeout
        self.tcp = tcp
        self._last = last
        self._trace = trace
        self._clock = clock
        self._notifier = Notifier(clock)
        self._replies: deque[Reply] = deque(maxlen=_MOST_REPLIES)
        self._parser = ReplyParser()
        self._secrets: list[str] = []
        """What was said that no trace may show, should the server repeat it."""
        self.is_lost = False
        self.on_lost: Callable[[], None] = lambda: None
        """Called once, when the server ends the connection."""
        self._plain: PlainStream | None = PlainStream(tcp, trace)
        self._stream: SocketStream = self._plain
        self._stream.set_reader(self)
        self.readable()

    def __repr__(self) -> str:
        return f"<ControlConnection {'lost' if self.is_lost else 'open'}, {len(self._replies)} replies waiting>"

    async def request(self, verb: str, argument: str = "", *, secret: bool = False) -> Reply:
        """Send a command and wait for its first reply; drop replies that came before it.

        Raises:
            ControlLost: there is none, and the connection is closed.
        """
        self._drop_replies()
        if self.is_lost:
            raise ControlLost("the server has closed the control connection")
        if secret:
            self._secrets.append(argument)
        shown = STARRED if secret else argument
        self._trace.emit(FtpSaid(direction="sent", text=f"{verb} {shown}" if argument else verb))
        line = f"{verb} {argument}" if argument else verb
        try:
            self._stream.send(line.encode("latin-1", "replace") + b"\r\n")
        except TlsFailure as failure:
            self._lose()
            raise ControlLost(str(failure)) from failure
        return await self.reply()

    async def expect(self, verb: str, argument: str = "") -> Reply:
        """Send a command and wait for a reply of success.

        Raises:
            Unexpected: the reply is another one.
            ControlLost: there is none.
        """
        reply = await self.request(verb, argument)
        if not reply.is_success:
            raise Unexpected(reply, verb)
        return reply

    async def reply(self) -> Reply:
        """Wait for the next reply.

        Raises:
            ControlLost: none comes within the timeout, and the connection is closed.
        """
        return await self._reply_by(self._clock.now() + self.timeout)

    async def _reply_by(self, deadline: float) -> Reply:
        in_time = await self._notifier.wait_while(
            lambda: not self._replies and not self.is_lost, deadline - self._clock.now()
        )
        if not self._replies:
            self.abort()
            raise ControlLost(
                "the server has closed the control connection"
                if in_time
                else f"timeout: the server said nothing for {self.timeout:g} s"
            )
        reply = self._last.reply = self._replies.popleft()
        self.readable()
        return reply

    async def final_reply(self) -> Reply:
        """Wait for the next reply that is not preliminary; those that are do not prolong the timeout.

        Raises:
            ControlLost: as for `reply`.
        """
        deadline = self._clock.now() + self.timeout
        while (reply := await self._reply_by(deadline)).is_preliminary:
            pass
        return reply

    def put_back(self, reply: Reply) -> None:
        """Return this reply to the next wait."""
        self._replies.appendleft(reply)

    @property
    def has_reply(self) -> bool:
        """Whether a reply waits."""
        return bool(self._replies)

    def release(self) -> Stream | None:
        """Give the TCP stream to a TLS handshake; None when the server has sent more than the reply that begins it.

        Clear text that was sent along with that reply must not be taken for something said within TLS.
        """
        assert self._plain is not None, "the connection is in clear text"
        if self._replies or not self._parser.is_empty or self._plain.pending:
            return None
        return self._plain.release()

    def protect(self, stream: SocketStream) -> None:
        """Go on within TLS."""
        self._plain = None
        self._stream = stream
        stream.set_reader(self)
        self.readable()

    def close(self) -> None:
        """End the connection in order."""
        self.is_lost = True
        self._stream.close()
        self._notifier.notify()

    def abort(self) -> None:
        """End it at once."""
        self.is_lost = True
        self._stream.abort()
        self._notifier.notify()

    def readable(self) -> None:
        """Take replies from the stream; while too many wait, the server has to wait, too."""
        if len(self._replies) < _MOST_REPLIES:
            for reply in self._parser.feed(self._stream.read()):
                self._trace.emit(FtpSaid(direction="received", text=starred(reply.text, self._secrets)))
                self._replies.append(reply)
        if self._stream.peer_closed and not self.is_lost:
            self._lose()
        self._notifier.notify()

    def writable(self) -> None:
        """Ignore the end of congestion: commands are short, and nobody waits for it."""

    def _drop_replies(self) -> None:
        """Drop the replies that have come, those too that have waited in the stream."""
        self._replies.clear()
        self.readable()
        self._replies.clear()

    def _lose(self) -> None:
        self.is_lost = True
        self._stream.close()
        self.on_lost()
