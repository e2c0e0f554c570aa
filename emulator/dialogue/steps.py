"""The steps of a dialogue, in the order of its lines: what the host does, the module says, the peer does; time."""

from dataclasses import dataclass
from pathlib import Path

from emulator.dialogue.texts import Text


@dataclass(frozen=True)
class Lines:
    """The lines of the file, counted from one, from the first to the last one."""

    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happens, and where the file says so."""

    at: Lines


@dataclass(frozen=True, kw_only=True)
class Said(Step):
    """Something that the module says, in one of several forms."""

    forms: tuple[Text, ...]
    may_be_absent: bool = False
    may_come_again: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer(Step):
    """All that the module says before anything else happens."""

    said: tuple[Said, ...]
    within: float | None = None
    """Seconds that it may be silent; None as long as is usual."""


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
    """Seconds pass."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Escape(Step):
    """The host sends +++ between guard times."""


@dataclass(frozen=True, kw_only=True)
class PeerStep(Step):
    """A step that needs the emulator: the peer is its own, or one looks into the module."""


@dataclass(frozen=True, kw_only=True)
class Connect(PeerStep):
    """The peer has a new TLS session."""

    resumed: bool


@dataclass(frozen=True, kw_only=True)
class PeerSends(PeerStep):
    """The peer says this."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class PeerHears(PeerStep):
    """The peer has heard this since it was last asked."""

    text: Text


@dataclass(frozen=True, kw_only=True)
class PeerCloses(PeerStep):
    """The peer closes its session."""


@dataclass(frozen=True, kw_only=True)
class ServerHas(PeerStep):
    """The FTP server's file holds this."""

    name: str
    text: Text


@dataclass(frozen=True, kw_only=True)
class Fetched(PeerStep):
    """The module has so many bytes of a file; None when it has the whole file."""

    size: int | None


@dataclass(frozen=True)
class Dialogue:
    """One file."""

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
    ftp: bool = False
    """Whether there is an FTP server."""
    tcp: bool = False
    """Whether the peer speaks no TLS."""

    @property
    def name(self) -> str:
        """What it is called."""
        return self.path.stem
