"""Moves: what host and module do in turn, as the steps of a dialogue will have it."""

from dataclasses import dataclass
from enum import Enum

from emulator.recording.writing.drafts import Draft


class Mode(Enum):
    """What the host's bytes are."""

    COMMAND = "command"
    ENTRY = "entry"
    """Typed at a prompt."""
    DATA = "data"


@dataclass(frozen=True)
class Sent:
    """The host sends bytes."""

    data: bytes
    mode: Mode
    began: float
    """Seconds since the recording began, of its first byte."""
    ended: float
    is_echoed: bool = False
    """Whether the module has sent the same bytes back at once, and nothing before them."""
    shows_echo: bool | None = None
    """Whether the answer has the bytes in it; None where nothing was answered."""
    instead: Draft = ()
    """What the dialogue has in the place of the bytes; empty for these."""


@dataclass(frozen=True)
class Heard:
    """The module says something: an answer up to its final result, or what no command asked for."""

    data: bytes
    mode: Mode
    began: float
    ended: float
    silence: float
    """The longest silence before it or in it, in seconds."""
    is_answer: bool = False
    """Whether a command or an entry waits for its final result."""


@dataclass(frozen=True)
class Escaped:
    """The host sends the escape sequence with silence around it."""

    began: float
    ended: float


Move = Sent | Heard | Escaped
