"""The dialogue with the module: a command, the lines of its answer, and the result that ends it.

A line that the command has not asked for is passed over, wherever it comes. It is for ATV1.
"""

import re

from tests.explore.weak_hosts.python.line import Gone, Line, Silent, Trouble, now

QUICK = 10.0
"""Seconds for an answer that the module gives by itself."""
SENDING = 15.0
"""Seconds until the module has taken data; documents allow 10."""
QUIET = 0.4
"""Seconds of silence after which nothing more comes."""
CHATTERING = 5.0
"""Seconds after which silence is not waited for any longer."""
CTRL_Z = b"\x1a"
ESC = b"\x1b"


class Refused(Trouble):
    """ERROR, +CME ERROR and its number, or NO CARRIER to a dial."""


class Dialogue:
    """Commands over a line, one after the other."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.heard = b""
        """What has come and was not yet taken."""
        self.given = ""
        """The latest command."""

    def command(self, command: str, seconds: float = QUICK) -> list[str]:
        """Give a command; return the lines before its OK.

        Raises:
            Trouble: another result, or none in time.
        """
        self.give(command)
        return self.answer(now() + seconds)

    def expect_ok(self, command: str, seconds: float = QUICK) -> None:
        """Give a command that has nothing to tell.

        Raises:
            Trouble: another result, or none in time.
        """
        self.command(command, seconds)

    def enter(self, command: str, data: bytes, seconds: float = SENDING) -> None:
        """Give a command, and at its prompt the data and Ctrl-Z; wait for OK.

        Raises:
            Trouble: no prompt, another result, or none in time.
        """
        self.give(command)
        self.wait_for_prompt(now() + QUICK)
        self.write(data + CTRL_Z)
        self.answer(now() + seconds)

    def dial(self, command: str, seconds: float) -> str:
        """Give a command that connects; return OK, or CONNECT and what stands behind it.

        Raises:
            Trouble: another result, or none in time.
        """
        self.give(command)
        deadline = now() + seconds
        while True:
            line = self.next_line(deadline)
            if self.is_connected(line):
                return line
            if line == "NO CARRIER" or self.is_error(line):
                raise Refused(f"{command}: {line}")

    def receive(self, limit: int, seconds: float) -> bytes:
        """Read what the server has sent, up to `limit` bytes, by #SSLRECV; b"" when nothing has come in time.

        Its bytes are counted, so that none of them is taken for a result.

        Raises:
            Trouble: another result, or none in time.
        """
        deadline = now() + seconds
        self.give(f"AT#SSLRECV=1,{limit}")
        while (head := re.fullmatch(r"#SSLRECV: (\d+)", line := self.next_line(deadline))) is None:
            if self.is_final(line):
                return b""
        data = self.take(int(head[1]), deadline)
        self.answer(deadline)
        return data

    def hush(self) -> None:
        """End a prompt that was left open, and drop whatever still comes: late answers to what was given up."""
        self.write(ESC + b"\r")
        self.drain()

    def drain(self) -> None:
        """Drop what comes until silence."""
        limit = now() + CHATTERING
        while now() < limit and self.line.is_readable(now() + QUIET):
            self.line.read(now())
        self.heard = b""

    def give(self, command: str) -> None:
        """Write a command."""
        self.given = command
        self.write(f"{command}\r".encode())

    def write(self, data: bytes) -> None:
        """Write bytes, however slowly the module takes them."""
        self.line.write(data, now() + QUICK)

    def answer(self, deadline: float) -> list[str]:
        """Return the lines up to OK."""
        lines = []
        while not self.is_final(line := self.next_line(deadline)):
            lines.append(line)
        return lines

    def is_connected(self, line: str) -> bool:
        """Return whether a dial has succeeded."""
        return line == "OK" or re.fullmatch(r"CONNECT( .*)?", line) is not None

    def is_final(self, line: str) -> bool:
        """Return whether the line is OK.

        Raises:
            Refused: it is an error.
        """
        if self.is_error(line):
            raise Refused(f"{self.given}: {line}")
        return line == "OK"

    def is_error(self, line: str) -> bool:
        """Return whether the line ends an answer as an error."""
        return line == "ERROR" or line.startswith("+CME ERROR:")

    def wait_for_prompt(self, deadline: float) -> None:
        """Return when the module asks for data, which no line end follows."""
        while self.heard.lstrip(b"\r\n") != b"> ":
            if (line := self.split()) is None:
                self.read(deadline)
            elif self.is_final(line):
                raise Refused(f"{self.given}: asks for no data")
        self.heard = b""

    def next_line(self, deadline: float) -> str:
        """Return a line that is not empty, without its end."""
        while not (line := self.split()):
            if line is None:
                self.read(deadline)
        return line

    def split(self) -> str | None:
        """Take a whole line from what was heard, without its end; None when there is none."""
        line, end, rest = self.heard.partition(b"\n")
        if not end:
            return None
        self.heard = rest
        return line.replace(b"\r", b"").decode("latin-1")

    def take(self, size: int, deadline: float) -> bytes:
        """Return so many bytes, whatever they are."""
        while len(self.heard) < size:
            self.read(deadline)
        data, self.heard = self.heard[:size], self.heard[size:]
        return data

    def read(self, deadline: float) -> None:
        """Hear what comes next."""
        try:
            self.heard += self.line.read(deadline)
        except Silent:
            raise Silent(f"{self.given}: no answer") from None
        except Gone:
            self.heard = b""
            raise


def find(pattern: str, lines: list[str]) -> str:
    """Return what the pattern has caught in the first line that it matches; "" when there is none."""
    matches = (re.fullmatch(pattern, line) for line in lines)
    return next((match[1] for match in matches if match is not None), "")
