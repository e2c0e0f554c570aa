"""One AT instance, free of I/O: bytes and the time come in, events and bytes go out.

    terminal.receive(data, now)
    while (event := terminal.next_event()) is not None:
        ...                        # run the line, hand on the data
    send(terminal.data_to_send())
    wake_at(terminal.deadline)     # then terminal.tick(now)

`TRANSITIONS` has the modes and what leads from one to another.
"""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from emulator.at.answers import Answer, Connect, ErrorText, Information, Unsolicited, render
from emulator.at.escape import EscapeDetector
from emulator.at.line import BlankLine, HalfLine, Line, LineEditor
from emulator.at.prompt import Entry, Prompt, PromptCancelled
from emulator.at.settings import Settings
from emulator.errors import Cause
from emulator.states import StateMachine, Symbol, Transitions


class TerminalLimits(Protocol):
    """The values of a profile that a terminal works with."""

    @property
    def line_limit(self) -> int:
        """The longest command line in characters, `AT` included."""

    @property
    def line_feed_echo(self) -> bool:
        """Whether the LF behind the CR of a command line is echoed while echo is on."""

    @property
    def prompt_echo(self) -> bool:
        """Whether data entered at a prompt is echoed while echo is on."""

    @property
    def escape_is_sent(self) -> bool:
        """Whether the escape sequence goes to the peer, where no setting withholds it."""


class Mode(Symbol):
    """The meaning of the next byte from the host."""

    COMMAND = "command"
    """Part of a command line."""
    EXECUTING = "executing"
    """Type-ahead: it waits for the final result of the running line or of the escape sequence."""
    PROMPT = "prompt"
    """Data asked for by `> `."""
    ONLINE = "online"
    """Data for the peer."""


class Trigger(Symbol):
    """An event that changes the mode."""

    LINE = "a command line has ended"
    FINAL = "final result"
    PROMPT = "the command asks for data"
    ENTERED = "data entered or cancelled"
    CONNECT = "CONNECT"
    ESCAPE = "+++ between guard times"
    CARRIER_LOST = "the connection has ended"


TRANSITIONS: Transitions[Mode, Trigger] = {
    (Mode.COMMAND, Trigger.LINE): Mode.EXECUTING,
    (Mode.EXECUTING, Trigger.FINAL): Mode.COMMAND,
    (Mode.EXECUTING, Trigger.PROMPT): Mode.PROMPT,
    (Mode.PROMPT, Trigger.ENTERED): Mode.EXECUTING,
    (Mode.EXECUTING, Trigger.CONNECT): Mode.ONLINE,
    (Mode.COMMAND, Trigger.CONNECT): Mode.ONLINE,
    (Mode.ONLINE, Trigger.ESCAPE): Mode.EXECUTING,
    (Mode.ONLINE, Trigger.CARRIER_LOST): Mode.COMMAND,
}

_COMMAND, _EXECUTING, _PROMPT, _ONLINE = Mode
_LINE, _FINAL = Trigger.LINE, Trigger.FINAL
"""Names for what each line passes: to ask an Enum for a member takes ten times as long in Python 3.11."""


class OnlineData(msgspec.Struct, frozen=True):
    """Data from the host for the peer."""

    data: bytes


class Escape(msgspec.Struct, frozen=True):
    """The end of data mode by the escape sequence; `finish` gives its final result."""


Event = Line | Entry | OnlineData | Escape

TYPE_AHEAD = 4096
"""Bytes kept while a command runs; with more the host has to wait."""

HOST_HAS_LEFT = "the host has left while data was asked for"
"""Why an entry is cancelled."""

REDACTED = b"***"
"""The text of a trace in the place of a secret."""

_UNSOLICITED_KEPT = 64


class Terminal:
    """One AT instance. `settings` may be changed between events and act at once."""

    def __init__(
        self,
        settings: Settings,
        limits: TerminalLimits,
        errors: Mapping[Cause, ErrorText],
        said: Callable[[bytes], None] = lambda data: None,
        answering: Callable[[Answer], Answer] = lambda answer: answer,
    ) -> None:
        """Begin in command mode.

        Args:
            settings: the settings in force.
            limits: what the device's profile says of its terminals.
            errors: how each cause is printed.
            said: called with each answer for a trace, without echo and with secrets redacted.
            answering: called with each answer before it is sent; returns what is sent.
        """
        self.settings = settings
        self._modes = StateMachine(TRANSITIONS, _COMMAND)
        self.mode = self._modes.state
        self._limits = limits
        self._errors = errors
        self._said = said
        self._answering = answering
        self._editor = LineEditor(settings, limits.line_limit)
        self._input = b""
        self.output = bytearray()
        """Bytes for the host, until `data_to_send` takes them."""
        self._events: deque[Event] = deque()
        self._unsolicited: deque[Unsolicited] = deque(maxlen=_UNSOLICITED_KEPT)
        self._prompt: Prompt | None = None
        self._prompt_deadline: float | None = None
        self._escape: EscapeDetector | None = None
        self._now = 0.0
        self._line_feed_follows = False
        self.host_is_deaf = False
        """Whether the host reads nothing at present."""
        self.entry_is_abandoned = False
        """Whether the host that typed the running line has left: there is nobody for a prompt of it."""
        self.line_is_abandoned = False
        """Whether the rest of the running line's answer is said to nobody."""

    def __repr__(self) -> str:
        return f"<Terminal in {self.mode.value} mode, {len(self._input)} bytes waiting>"

    @property
    def congested(self) -> bool:
        """Whether the host should be kept from sending more."""
        return len(self._input) >= TYPE_AHEAD

    @property
    def deadline(self) -> float | None:
        """The time at which to call `tick`."""
        return self._escape.deadline if self._escape is not None else self._prompt_deadline

    @property
    def prompt(self) -> Prompt | None:
        """The data entry under way."""
        return self._prompt

    @property
    def half_line(self) -> HalfLine:
        """The command line that has no end yet."""
        return self._editor.half_line if self.mode is _COMMAND else HalfLine()

    @property
    def half_line_size(self) -> int:
        """How many bytes the command line has that has no end yet."""
        return self._editor.typed_size if self.mode is _COMMAND else 0

    def set_host_is_deaf(self, deaf: bool) -> None:
        """Set whether the host reads nothing at present.

        Its echo is then lost, and complete lines and URCs wait. What it types is taken all the same, so that a host
        that reads only after it has written much is not stuck.
        """
        self.host_is_deaf = deaf
        if self._unsolicited and self.mode is _COMMAND:
            self._flush_unsolicited()

    def receive(self, data: bytes, now: float) -> None:
        """Take bytes from the host."""
        if self._escape is not None or self._prompt_deadline is not None:
            self.tick(now)
        self._now = now
        self._input += data

    def tick(self, now: float) -> None:
        """Let time pass: the silence after an escape sequence may have ended, or that at a prompt lasts too long."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return
        if self._escape is None:
            assert self._prompt is not None and self._prompt.silence is not None, "it has a deadline"
            reason = f"the host has sent nothing at the prompt for {self._prompt.silence:g} s"
            self._end_prompt()
            self._events.append(PromptCancelled(reason))
            return
        data, complete = self._escape.expire(now)
        if data:
            self._events.append(OnlineData(data))
        if complete:
            self._leave_online(Trigger.ESCAPE)
            self._events.append(Escape())

    def next_event(self) -> Event | None:
        """Return the next event; None while the mode lets none pass, or the input holds none."""
        if self._events:
            return self._events.popleft()
        if not self._input:
            return None
        if self._line_feed_follows:
            self._skip_line_feed()
            if not self._input:
                return None
        mode = self.mode
        if mode is _COMMAND:
            return None if self.host_is_deaf and self._line_may_end() else self._next_line()
        if mode is _PROMPT:
            return self._next_entry()
        return self._next_data() if mode is _ONLINE else None

    def _next_data(self) -> OnlineData | None:
        assert self._escape is not None, "it is in data mode"
        data, self._input = self._escape.feed(self._input, self._now), b""
        return OnlineData(data) if data else None

    def _skip_line_feed(self) -> None:
        """Drop the LF of a host that ends its lines with CR LF, and echo it.

        Hosts that read by counts of bytes depend on the echo: of CR LF in one write it stands before the answer.
        """
        self._line_feed_follows = False
        if self._input.startswith(b"\n"):
            self._input = self._input[1:]
            if self._limits.line_feed_echo:
                self._echo(b"\n")

    def _line_may_end(self) -> bool:
        """Return whether the input may end a line, if only by the slash of an `A/`."""
        return self.settings.terminator in self._input or b"/" in self._input

    def _next_line(self) -> Event | None:
        while self._input:
            echo, line, self._input = self._editor.feed(self._input)
            self._echo(echo)
            if line is None:
                continue
            self._line_feed_follows = True
            if self._input:
                self._skip_line_feed()
            if type(line) is not BlankLine:  # `isinstance` is dear where the answer is no
                self._change(_LINE)
                return line
        return None

    def _next_entry(self) -> Event | None:
        assert self._prompt is not None
        echo, entry, self._input = self._prompt.feed(self._input)
        if self._limits.prompt_echo:
            self._echo(echo)
        self._wait_for_entry(self._now)
        if entry is not None:
            self._end_prompt()
        return entry

    def _wait_for_entry(self, now: float) -> None:
        silence = None if self._prompt is None else self._prompt.silence
        self._prompt_deadline = None if silence is None else now + silence

    def _echo(self, typed: bytes) -> None:
        if self.settings.echo and not self.host_is_deaf:
            self.output += typed

    def _end_prompt(self) -> None:
        self._prompt = self._prompt_deadline = None
        self._change(Trigger.ENTERED)

    def answer(self, answer: Answer) -> None:
        """Send an answer of the running command; `finish` sends the final result of the whole line."""
        answer = self._answering(answer)
        data = render(answer, self.settings, self._errors)
        secret = type(answer) is Information and answer.secret
        self._say(data, REDACTED if secret else data)

    def finish(self, answer: Answer) -> None:
        """Send the final result of the line or of the escape sequence; commands are accepted again."""
        self.answer(answer)
        self.finish_silently()

    def finish_silently(self) -> None:
        """End a line, or what `suspend` began, without an answer."""
        self._change(_FINAL)
        self.entry_is_abandoned = self.line_is_abandoned = False
        if self._unsolicited:
            self._flush_unsolicited()

    def ask(self, prompt: Prompt, now: float = 0.0) -> None:
        """Send the sign of the prompt, `> `; from now on the host's bytes are the data asked for."""
        self._line_feed_follows = False
        self._say(b"\r\n" + prompt.sign, b"\r\n" + prompt.sign)
        self._prompt = prompt
        self._wait_for_entry(now)
        self._change(Trigger.PROMPT)

    def go_online(self, now: float, *, sends_escape: bool = True, rate: int = 0) -> None:
        """Send CONNECT, with the `rate` of the link if it has one; from now on the host's bytes are data for the peer.

        The escape sequence is, too, where `sends_escape`, the limits and the settings agree on it.
        """
        self.entry_is_abandoned = self.line_is_abandoned = False  # data mode concerns whoever is there
        self.answer(Connect(str(rate or "")))
        self._now = now
        self._line_feed_follows = False
        self._escape = EscapeDetector(
            self.settings.escape,
            self.settings.guard_time,
            is_sent=sends_escape and self._limits.escape_is_sent and not self.settings.escape_withheld,
            now=now,
        )
        self._change(Trigger.CONNECT)

    def send_online(self, data: bytes) -> None:
        """Send the peer's data to the host."""
        self._say(data, data)

    def drop_carrier(self, text: str) -> None:
        """End data mode because the connection has ended; `text` is `NO CARRIER` or a longer form of it."""
        self._leave_online(Trigger.CARRIER_LOST)
        self.answer(Unsolicited(text))
        self._flush_unsolicited()

    def suspend(self) -> None:
        """Leave data mode as by the escape sequence: DTR has fallen under &D1."""
        self._leave_online(Trigger.ESCAPE)

    def notify(self, text: str) -> None:
        """Send a URC as soon as no command runs."""
        self._unsolicited.append(Unsolicited(text))
        if self.mode is _COMMAND:
            self._flush_unsolicited()

    def abandon_input(self) -> None:
        """Drop all that was typed because the host has gone; end an entry at a prompt as ESC does."""
        if self.mode is not _ONLINE:
            self._input = b""
        self.abandon_entry()

    def abandon_entry(self) -> None:
        """Drop a half-typed line, and end an entry at a prompt as ESC does; whole lines that wait are kept."""
        if self.mode is _EXECUTING:
            self._input = self._input[: self._input.rfind(self.settings.terminator) + 1]
        self._editor.clear()
        self._line_feed_follows = False
        if self._prompt is not None:
            self._end_prompt()
            self._events.append(PromptCancelled(HOST_HAS_LEFT))
            self.abandon_line()
        self.entry_is_abandoned = self.mode is _EXECUTING

    def abandon_line(self) -> None:
        """Say nothing more of the running line; whoever types next has not asked for it."""
        self.line_is_abandoned = self.mode is _EXECUTING

    def data_to_send(self) -> bytes:
        """Return the bytes for the host; each byte is returned once."""
        data = bytes(self.output)
        self.output.clear()
        return data

    def _say(self, data: bytes, traced: bytes) -> None:
        if data and not self.line_is_abandoned:
            self.output += data
            self._said(traced)

    def _flush_unsolicited(self) -> None:
        while self._unsolicited and not self.host_is_deaf:
            self.answer(self._unsolicited.popleft())

    def _change(self, trigger: Trigger) -> None:
        self.mode = self._modes.apply(trigger)

    def _leave_online(self, trigger: Trigger) -> None:
        self._change(trigger)
        self._escape = None
