"""What a link tells the one that it belongs to."""

from enum import Enum

import msgspec

from emulator.ppp.authentication import Credentials


class ControlSeen(msgspec.Struct, frozen=True):
    """A packet other than one of the network has passed."""

    sent: bool
    protocol: int
    information: bytes


class LoggedIn(msgspec.Struct, frozen=True):
    """LCP is open, and the host has said who it is where it was asked: the network may be brought up."""

    credentials: Credentials


class NetworkUp(msgspec.Struct, frozen=True):
    """IPCP is open: packets pass."""


class NetworkDown(msgspec.Struct, frozen=True):
    """IPCP is no longer open."""


class EndedBy(Enum):
    """Why a link has ended."""

    HOST = "the host has terminated it"
    DEVICE = "the device has terminated it"
    SILENCE = "the host does not answer"
    REFUSAL = "the host refuses what must be"


class Ended(msgspec.Struct, frozen=True):
    """The link is over."""

    by: EndedBy


LinkEvent = ControlSeen | LoggedIn | NetworkUp | NetworkDown | Ended
