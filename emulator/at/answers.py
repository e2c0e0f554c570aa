"""The answers of a device to its host, as objects; `render` alone decides how they look on the line."""

from collections.abc import Mapping
from enum import Enum
from typing import Protocol

import msgspec

from emulator.at.settings import Settings
from emulator.errors import Cause, Need


class ErrorText(Protocol):
    """The number and the words of one cause of an error."""

    @property
    def code(self) -> int:
        """The number, for +CMEE=1."""

    @property
    def text(self) -> str:
        """The words, for +CMEE=2."""

    @property
    def family(self) -> str:
        """`CME` (27.007 9.2), or `CMS` for the message service (27.005 3.2.5)."""


class Final(Enum):
    """A final result code: its number (V0) and its text (V1). V.250 5.7.1."""

    OK = (0, "OK")
    CONNECT = (1, "CONNECT")
    RING = (2, "RING")
    NO_CARRIER = (3, "NO CARRIER")
    ERROR = (4, "ERROR")
    NO_DIALTONE = (6, "NO DIALTONE")
    BUSY = (7, "BUSY")
    NO_ANSWER = (8, "NO ANSWER")
    CONNECTED = (1, "CONNECTED")
    """The other side has answered; of devices that report the progress of a call."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        """The form under V0."""
        self.text = text
        """The form under V1."""
        self.spoken = text.encode()
        """The same, as bytes."""


class FailedResult(msgspec.Struct, frozen=True):
    """A final result that tells of a failure as OK tells of none; the reason is for the host's author alone."""

    final: Final
    reason: str
    need: Need | None = None
    """What must hold before the command can succeed."""

    @classmethod
    def no_carrier(cls, reason: str, need: Need | None = None) -> "FailedResult":
        """Make the result of a connection that there is not, or no longer."""
        return cls(Final.NO_CARRIER, reason, need)


class Information(msgspec.Struct, frozen=True):
    """The information text of one command: one or more lines, as text or as bytes."""

    lines: tuple[str | bytes, ...]
    secret: bool = False
    """Whether it holds a key; a trace shows none of it."""
    continues: bool = False
    """Whether it is printed as a part of the information text before it."""

    @classmethod
    def of(cls, *lines: str | bytes) -> "Information":
        """Make an information text of these lines."""
        return cls(lines)


class RawData(msgspec.Struct, frozen=True):
    """Bytes of a running command that no line end follows; its final result stands right behind them."""

    data: bytes


class Connect(msgspec.Struct, frozen=True):
    """Data mode begins: CONNECT, with a text behind it where there is one and X asks for it. V.250 6.2.7."""

    text: str = ""
    """The bits a second of the link, as in `115200`, or what else the device says of it."""


class Failure(msgspec.Struct, frozen=True):
    """The command failed: `ERROR`, or `+CME ERROR: …` when there is a cause and +CMEE asks for it.

    +CMEE does not speak of `+CMS ERROR: …` (27.007 9.1): it has its number, or with 2 its text.
    """

    cause: Cause | None = None
    printed: ErrorText | None = None
    """The number and the words that are printed, in the place of those that the device has for the cause."""


class Unsolicited(msgspec.Struct, frozen=True):
    """An unsolicited result code (URC); the text of a final result, as NO CARRIER, means that result."""

    text: str


_BASIC_RESULTS: Mapping[str, Final] = {final.text: final for final in Final if final is not Final.CONNECTED}

Result = Final | Connect | Failure
"""What ends the line of a command, or opens data mode."""
Answer = Information | RawData | Result | Unsolicited

_MESSAGES = "CMS"


def render(answer: Answer, settings: Settings, errors: Mapping[Cause, ErrorText]) -> bytes:
    """Render one answer under V, Q, S3, S4 and +CMEE. V.250 5.7.1, 6.2.5 and 6.2.6; 27.007 9.1."""
    end = settings.line_end
    match answer:
        case Final():  # the most frequent one is first: to find that a class does not fit is dear
            if settings.quiet:
                return b""
            return end + answer.spoken + end if settings.verbose else b"%d" % answer.number + settings.terminator
        case Information():
            lines = [line.encode("latin-1", "replace") if isinstance(line, str) else line for line in answer.lines]
            body = end.join(lines) + end
            return end + body if settings.verbose and not answer.continues else body
        case RawData():
            return answer.data
        case Connect(text) if text and settings["X"] and settings.verbose:
            return b"" if settings.quiet else end + f"CONNECT {text}".encode() + end
        case Connect():
            return render(Final.CONNECT, settings, errors)
        case Failure(cause, printed):
            report = settings["+CMEE"]
            entry = printed or (errors[cause] if cause is not None else None)
            if entry is None or (report == 0 and entry.family != _MESSAGES):
                return render(Final.ERROR, settings, errors)
            text = f"+{entry.family} ERROR: {entry.text if report == 2 else entry.code}"
            return b"" if settings.quiet else end + text.encode() + end
        case Unsolicited(text) if text in _BASIC_RESULTS:
            return render(_BASIC_RESULTS[text], settings, errors)
        case Unsolicited(text):
            return b"" if settings.quiet else end + text.encode("latin-1", "replace") + end
