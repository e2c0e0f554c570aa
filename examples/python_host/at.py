"""The dialogue with the module: a command, what the module says to it, and the result that ends its answer.

It is for ATE0, ATV1 and AT+CMEE=2. The module also says lines that no command has asked for: they may stand before,
within and after any answer.
"""

import re
import termios
import time

import serial

CTRL_Z = b"\x1a"
ESC = b"\x1b"

WRITING = 10.0
"""Seconds that a module may hold CTS."""
PROMPT = 10.0
"""Seconds until `> `."""
QUIET = 0.2
"""Seconds of silence after which nothing more comes."""
CHATTERING = 5.0
"""Seconds after which silence is not waited for any longer."""

_TICK = 0.1
"""Seconds that one look at the line takes at most."""
_RECEIVED = re.compile(r"#SSLRECV: (\d+)$")
_UNSOLICITED = re.compile(r"RING$|NO CARRIER|SSLSRING: ")
"""Lines that no command has asked for. A connection that has ended is an error of the next command that uses it."""


class Trouble(Exception):
    """A command had another answer than it should; the text says it in one line."""


class Refused(Trouble):
    """ERROR, or +CME ERROR and its reason."""


class Silent(Trouble):
    """No result in time, or no line any more."""


class Dialogue:
    """Commands over a line, one after the other."""

    def __init__(self, port: str) -> None:
        """Open the line.

        Raises:
            OSError: it cannot be opened.
        """
        self._port = port
        self._line = _open(port)
        self._heard = b""
        """What has come and was not yet asked for."""
        self._command = ""
        """The last one."""

    def close(self) -> None:
        """Close the line."""
        self._line.close()

    def command(self, command: str, seconds: float = 5.0) -> list[str]:
        """Give a command and wait for its result; the lines of its answer before that, without empty ones.

        Raises:
            Trouble: the result is another than OK.
        """
        self._give(command)
        said = self._answer(seconds)
        if said is None:
            raise Refused(f"{command}: asks for data")
        return said

    def ask(self, command: str, pattern: str) -> re.Match[str]:
        """Give a command and find the line of its answer that is looked for.

        Raises:
            Trouble: the result is another than OK, or there is no such line.
        """
        for line in self.command(command):
            if found := re.match(pattern, line):
                return found
        raise Trouble(f"{command}: does not say what was asked for")

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
        return None if not data and rest is not None and "DISCONNECTED" in rest else data

    def recover(self) -> None:
        """Open the line again if it is gone. End a prompt that was left open, and drop late answers."""
        try:
            if not self._line.is_open:
                self._line = _open(self._port)
            self._write(ESC + b"\r")
            limit = time.monotonic() + CHATTERING
            while time.monotonic() < limit:
                self._read(time.monotonic() + QUIET)
        except (OSError, Silent):
            pass
        self._heard = b""

    def _give(self, command: str) -> None:
        self._command = command
        self._write(f"{command}\r".encode())

    def _answer(self, seconds: float) -> list[str] | None:
        """The lines up to OK; None when the module asks for data instead."""
        deadline = time.monotonic() + seconds
        said = []
        while not self._is_result(line := self._hear(deadline)):
            if line == "> ":
                return None
            if line not in ("", self._command) and not _UNSOLICITED.match(line):  # the command itself is its echo
                said.append(line)
        return said

    def _is_result(self, line: str) -> bool:
        """Whether the line ends an answer well; raises when it ends it otherwise."""
        if line == "ERROR" or line.startswith("+CME ERROR:"):
            raise Refused(f"{self._command}: {line}")
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
        try:
            while not (come := self._line.read(self._line.in_waiting or 1)):
                if time.monotonic() >= deadline:
                    raise Silent(f"{self._command}: no answer")
        except (OSError, termios.error):
            raise self._gone() from None
        self._heard += come

    def _write(self, data: bytes) -> None:
        try:
            self._line.write(data)
        except serial.SerialTimeoutException:
            raise Silent(f"{self._command}: no answer") from None
        except (OSError, termios.error):
            raise self._gone() from None

    def _gone(self) -> Silent:
        """The line has vanished, as a USB port does when its module restarts."""
        self._line.close()
        return Silent(f"{self._command}: the port is gone")


def _open(port: str) -> serial.Serial:
    """Raw, with 115200 baud, 8N1 and RTS/CTS."""
    try:
        return serial.Serial(port, 115200, timeout=_TICK, write_timeout=WRITING, rtscts=True)
    except termios.error as error:
        raise OSError(*error.args) from error
