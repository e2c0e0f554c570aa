"""The dialogue with the module: a command, what the module says to it, and the result that ends its answer.

It is for ATE0, ATV1 and AT+CMEE=2.
"""

import re
import time

import serial

CTRL_Z = b"\x1a"
ESC = b"\x1b"

WRITING = 10.0
"""Seconds that a module may hold CTS."""
PROMPT = 3.0
"""Seconds until `> `."""
QUIET = 0.2
"""Seconds of silence after which nothing more comes."""
CHATTERING = 5.0
"""Seconds after which silence is not waited for any longer."""

_TICK = 0.1
"""Seconds that one look at the line takes at most."""
_RECEIVED = re.compile(r"#SSLRECV: (\d+)$")


class Trouble(Exception):
    """A command had another answer than it should; the text says it in one line."""


class Refused(Trouble):
    """ERROR, or +CME ERROR and its reason."""


class NoCarrier(Trouble):
    """The connection has ended; it may come instead of an answer, or before it."""


class Silent(Trouble):
    """No result in time."""


def open_line(path: str) -> serial.Serial:
    """Open the line raw, with 115200 baud, 8N1 and RTS/CTS.

    Raises:
        OSError: it cannot be opened; everything below raises it, too, when the line is gone.
    """
    return serial.Serial(path, 115200, timeout=_TICK, write_timeout=WRITING, rtscts=True)


class Dialogue:
    """Commands over an open line, one after the other."""

    def __init__(self, line: serial.Serial) -> None:
        self._line = line
        self._heard = b""
        """What has come and was not yet asked for."""
        self._command = ""
        """The last one."""

    def command(self, command: str, seconds: float = 5.0) -> str:
        """Give a command and wait for its result; the information of its answer, without empty lines.

        Raises:
            Trouble: the result is another than OK.
        """
        self._give(command)
        said = self._answer(seconds)
        if said is None:
            raise Refused(f"{command}: asks for data")
        return said

    def enter(self, command: str, data: bytes, seconds: float = 5.0) -> None:
        """Give a command that asks for data, enter the data and Ctrl-Z at the prompt, and wait for the result.

        Raises:
            Trouble: there is no prompt, or the result is another than OK.
        """
        self._give(command)
        if self._answer(PROMPT) is not None:
            raise Refused(f"{command}: asks for no data")
        self._write(data + CTRL_Z)
        self._answer(seconds)

    def receive(self, limit: int, seconds: float) -> bytes | None:
        """Read what the peer of the secure socket has sent, up to `limit` bytes; b"" when none has come in time.

        The bytes are counted, so that none of them is ever taken for a result. None: the peer has disconnected.

        Raises:
            Trouble: the result is another than OK.
        """
        deadline = time.monotonic() + seconds
        self._give(f"AT#SSLRECV=1,{limit}")
        while (head := _RECEIVED.match(line := self._hear(deadline))) is None:
            if self._is_result(line):
                raise Refused(f"{self._command}: {line}")
        size = int(head[1])
        while len(self._heard) < size:
            self._read(deadline)
        data, self._heard = self._heard[:size], self._heard[size:]
        rest = self._answer(deadline - time.monotonic())
        return None if rest is not None and "DISCONNECTED" in rest else data

    def hush(self) -> None:
        """End a prompt that was left open, and drop whatever still comes: late answers to what was given up."""
        self._write(ESC + b"\r")
        limit = time.monotonic() + CHATTERING
        try:
            while time.monotonic() < limit:
                self._read(time.monotonic() + QUIET)
        except Silent:
            pass
        self._heard = b""

    def _give(self, command: str) -> None:
        self._command = command
        self._write(f"{command}\r".encode())

    def _answer(self, seconds: float) -> str | None:
        """The lines up to OK; None when the module asks for data instead."""
        deadline = time.monotonic() + seconds
        said = []
        while not self._is_result(line := self._hear(deadline)):
            if line == "> ":
                return None
            if line:
                said.append(line)
        return "\n".join(said)

    def _is_result(self, line: str) -> bool:
        """Whether the line ends an answer well; raises when it ends it otherwise."""
        if line == "ERROR" or line.startswith("+CME ERROR:"):
            raise Refused(f"{self._command}: {line}")
        if line.startswith("NO CARRIER"):
            raise NoCarrier(f"{self._command}: {line}")
        return line == "OK"

    def _hear(self, deadline: float) -> str:
        """One line without its end, or `> `, which has none."""
        while b"\n" not in self._heard:
            if self._heard.lstrip(b"\r") == b"> ":
                self._heard = b""
                return "> "
            self._read(deadline)
        line, _, self._heard = self._heard.partition(b"\n")
        return line.replace(b"\r", b"").decode("latin-1")

    def _read(self, deadline: float) -> None:
        """Take what comes next."""
        while not (come := self._line.read(self._line.in_waiting or 1)):
            if time.monotonic() >= deadline:
                raise Silent(f"{self._command}: no answer")
        self._heard += come

    def _write(self, data: bytes) -> None:
        try:
            self._line.write(data)
        except serial.SerialTimeoutException:
            raise Silent(f"{self._command}: no answer") from None
