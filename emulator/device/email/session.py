"""Deliver one mail in one SMTP session, without I/O. RFC 5321, RFC 3207, RFC 4954.

    for said in session.receive(data):      # replies that have come, and commands to send
        …

While `takes_content` holds, the mail is written by `content` and ended by `end`.
"""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from emulator.device.connection.replies import STARRED, Reply, ReplyParser
from emulator.device.email.content import ContentEncoder
from emulator.device.email.states import TRANSITIONS, Step, Verdict
from emulator.states import StateMachine, TransitionRefused


class SmtpCommand(msgspec.Struct, frozen=True):
    """A command line of the client."""

    text: str
    shown: str
    """The same for a trace, without user and password."""

    @property
    def data(self) -> bytes:
        """Return it as it is sent; what could end it too early is dropped."""
        line = "".join(character for character in self.text if character not in "\r\n\0")
        return line.encode("latin-1", "replace") + b"\r\n"


@dataclass(frozen=True)
class Envelope:
    """Who sends a mail to whom, and how the client introduces itself."""

    client: str
    """The argument of EHLO."""
    sender: str
    recipient: str
    user: str = ""
    """Without one there is no login."""
    password: str = field(default="", repr=False)
    starts_tls: bool = False
    """Whether nothing more is said before STARTTLS has succeeded."""


class SmtpSession:
    """The client's side, from the greeting to QUIT."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self._parser = ReplyParser()
        self._machine = StateMachine(TRANSITIONS, Step.GREETING)
        self._encoder = ContentEncoder()
        self._has_ended = False
        self._is_protected = False
        self.last_reply: Reply | None = None
        """The last reply that has been waited for; of QUIT there is none."""
        self.answered = Step.GREETING
        """The step that the last reply has answered."""
        self.delivered = False
        """Whether the server has taken the mail."""

    def __repr__(self) -> str:
        return f"<SmtpSession {self._machine.state.value}>"

    @property
    def is_over(self) -> bool:
        """Whether nothing more is said: the mail was taken, or refused."""
        return self._machine.state is Step.OVER

    @property
    def wants_handshake(self) -> bool:
        """Whether the server has agreed to STARTTLS: the session waits for `protected`."""
        return self._machine.state is Step.HANDSHAKE

    @property
    def is_between_replies(self) -> bool:
        """Whether nothing has come of a further reply."""
        return self._parser.is_empty

    @property
    def secrets(self) -> tuple[str, str]:
        """Return what no trace may show, should the server repeat it: the password, and its form on the wire."""
        return self._envelope.password, _on_wire(self._envelope.password)

    @property
    def takes_content(self) -> bool:
        """Whether the server waits for the mail."""
        return self._machine.state is Step.CONTENT and not self._has_ended

    def receive(self, data: bytes) -> Iterator[Reply | SmtpCommand]:
        """Take what has come; return replies, and what is to be sent, in their order."""
        for reply in self._parser.feed(data):
            if self.is_over:
                return
            if self.wants_handshake:  # said in clear text, it must not be taken for something said within TLS
                self._machine.apply(Verdict.REFUSED)
                return
            yield reply
            yield from self._answer(reply)

    def protected(self) -> SmtpCommand:
        """Begin anew within TLS; return what is to be sent."""
        self._is_protected = True
        return _COMMANDS[self._machine.apply(Verdict.DONE)](self._envelope)

    def content(self, data: bytes) -> bytes:
        """Return a piece of the mail as it is sent."""
        return self._encoder.feed(data)

    def end(self) -> bytes:
        """Return the end of the mail; the server's verdict is awaited."""
        self._has_ended = True
        return self._encoder.end()

    def _answer(self, reply: Reply) -> Iterator[SmtpCommand]:
        if reply.is_preliminary:
            return
        self.last_reply = reply
        before, verdict = self._machine.state, _verdict(reply)
        self.answered = before
        if self.takes_content:  # QUIT would be a line of the mail
            self._machine.apply(Verdict.REFUSED)
            return
        try:
            step = self._machine.apply(verdict)
        except TransitionRefused:
            step = self._machine.apply(Verdict.REFUSED)
        if step is Step.START_TLS and (self._is_protected or not self._envelope.starts_tls):
            step = self._machine.apply(Verdict.LEFT_OUT)
        if step is Step.LOGIN and not self._envelope.user:
            step = self._machine.apply(Verdict.LEFT_OUT)
        self.delivered = before is Step.CONTENT and verdict is Verdict.DONE
        if step not in (Step.CONTENT, Step.HANDSHAKE):
            yield _COMMANDS[step](self._envelope)


def _verdict(reply: Reply) -> Verdict:
    if reply.is_success:
        return Verdict.DONE
    return Verdict.GO_ON if reply.wants_more else Verdict.REFUSED


def _secret(text: str) -> SmtpCommand:
    return SmtpCommand(_on_wire(text), STARRED)


def _on_wire(text: str) -> str:
    return b64encode(text.encode("latin-1", "replace")).decode()


def _plain(text: str) -> SmtpCommand:
    return SmtpCommand(text, text)


_COMMANDS: Mapping[Step, Callable[[Envelope], SmtpCommand]] = {
    Step.EHLO: lambda envelope: _plain(f"EHLO {envelope.client}"),
    Step.HELO: lambda envelope: _plain(f"HELO {envelope.client}"),
    Step.START_TLS: lambda envelope: _plain("STARTTLS"),
    Step.LOGIN: lambda envelope: _plain("AUTH LOGIN"),
    Step.USER: lambda envelope: _secret(envelope.user),
    Step.PASSWORD: lambda envelope: _secret(envelope.password),
    Step.SENDER: lambda envelope: _plain(f"MAIL FROM:<{envelope.sender}>"),
    Step.RECIPIENT: lambda envelope: _plain(f"RCPT TO:<{envelope.recipient}>"),
    Step.DATA: lambda envelope: _plain("DATA"),
    Step.OVER: lambda envelope: _plain("QUIT"),
}
"""What is said on the way to each step."""
