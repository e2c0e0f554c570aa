"""What a link tells the one that it belongs to."""

from dataclasses import dataclass
from enum import Enum

from emulator.ppp.authentication import Credentials


@dataclass(frozen=True)
class ControlSeen:
    """A packet other than one of the network has passed."""

    sent: bool
    protocol: int
    information: bytes


@dataclass(frozen=True)
class LoggedIn:
    """LCP is open, and the host has said who it is where it was asked: the network may be brought up."""

    credentials: Credentials


@dataclass(frozen=True)
class NetworkUp:
    """IPCP is open: packets pass."""


@dataclass(frozen=True)
class NetworkDown:
    """IPCP is no longer open."""


class EndedBy(Enum):
    """Why a link has ended."""

    HOST = "the host has terminated it"
    DEVICE = "the device has terminated it"
    SILENCE = "the host does not answer"
    REFUSAL = "the host refuses what must be"


@dataclass(frozen=True)
class Ended:
    """The link is over."""

    by: EndedBy


LinkEvent = ControlSeen | LoggedIn | NetworkUp | NetworkDown | Ended
