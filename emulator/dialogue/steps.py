"""Steps of a dialogue, in the order of its lines: host, module, peer and time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from emulator.dialogue.texts import Text


@dataclass(frozen=True)
class Lines:
    """Range of lines of the file, counted from one."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step, with its place in the file."""

    at: Lines


@dataclass(frozen=True, kw_only=True)
class Said(Step):
    """Output of the module, in one of several forms."""

    forms: tuple[Text, ...]
    may_be_absent: bool = False
    may_come_again: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer(Step):
    """All output of the module up to the next other step."""

    said: tuple[Said, ...]
    within: float | None = None
    """Timeout in seconds; None for the usual one."""


@dataclass(frozen=True, kw_only=True)
class Send(Step):
    """The host sends bytes."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class Poll(Step):
    """The host sends bytes every second until the module gives this answer."""

    text: Text
    answer: Answer


@dataclass(frozen=True, kw_only=True)
class Wait(Step):
    """Let seconds pass."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Escape(Step):
    """The host sends +++ between guard times."""


@dataclass(frozen=True, kw_only=True)
class PeerStep(Step):
    """A step that needs the emulator: its own peer, or a look into the module."""


@dataclass(frozen=True, kw_only=True)
class Connect(PeerStep):
    """The peer has a new TLS session."""

    resumed: bool


@dataclass(frozen=True, kw_only=True)
class PeerSends(PeerStep):
    """The peer sends a text."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class PeerHears(PeerStep):
    """The peer has received a text since the last such step."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class PeerCloses(PeerStep):
    """The peer closes its session."""


@dataclass(frozen=True, kw_only=True)
class ServerHas(PeerStep):
    """A file of the FTP server, or a page of the HTTP server, has this content."""

    name: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class MailTaken(PeerStep):
    """The last mail that the mail server has taken has this header and text."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class Fetched(PeerStep):
    """The module has `size` bytes of a file, or with None the whole file."""

    size: int | None


@dataclass(frozen=True, kw_only=True)
class Ring(PeerStep):
    """Somebody calls the module from a telephone number; without one it is not shown."""

    number: str


@dataclass(frozen=True, kw_only=True)
class CallEnds(PeerStep):
    """The other side of the module's call hangs up."""


Server = Literal["tls", "ftp", "http", "mqtt", "smtp", "tcp"]
"""What stands at the other end: a peer within TLS, maybe beside a server of another kind, or a peer without TLS."""


@dataclass(frozen=True)
class Dialogue:
    """A dialogue file."""

    path: Path
    written: tuple[str, ...]
    """Its lines as they stand there."""
    steps: tuple[Step, ...]
    lines: frozenset[str]
    """The software lines on which it holds."""
    peers: tuple[str, ...]
    """What the module dials to reach the peer, `HOST[:PORT]` each."""
    unsolicited: tuple[Text, ...] = ()
    """Lines that the module may say between any others."""
    mutual: bool = False
    """Whether the peer asks for the module's certificate."""
    server: Server = "tls"
    versions: tuple[str, str] = ("TLS 1.0", "TLS 1.3")
    """The lowest and the highest version of TLS that the peer speaks."""
    echo: bool = False
    """Whether the module echoes commands when it begins."""

    @property
    def name(self) -> str:
        """Return the name of the file without its ending."""
        return self.path.stem
