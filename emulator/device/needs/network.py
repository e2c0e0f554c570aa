"""Needs of the card, the network and PDP contexts."""

from dataclasses import dataclass

from emulator.errors import Need


@dataclass(frozen=True)
class RadioOn(Need):
    """The radio is on."""

    functionality: int
    """A level that has it on."""


@dataclass(frozen=True)
class UnlockedCard(Need):
    """The card has got its PIN."""


@dataclass(frozen=True)
class UnblockedCard(Need):
    """The card has got its PUK, and a new PIN."""


@dataclass(frozen=True)
class DetectedCard(Need):
    """The module looks into its slot for a card."""


@dataclass(frozen=True)
class ReturnedCard(Need):
    """The host has given the card back to the module."""


@dataclass(frozen=True)
class UsedPin(Need):
    """The card asks for its PIN at each start."""


@dataclass(frozen=True)
class GivenPin2(Need):
    """The card has got its PIN2."""


@dataclass(frozen=True)
class WantedRegistration(Need):
    """The host wants the module to register."""


@dataclass(frozen=True)
class Service(Need):
    """The network serves the module."""


@dataclass(frozen=True)
class Attachment(Need):
    """The module is attached to packet service."""


@dataclass(frozen=True)
class DefinedContext(Need):
    """The context is defined, of a type that sockets and data calls can use."""

    cid: int


@dataclass(frozen=True)
class ActiveContext(Need):
    """The context is active for the module's sockets."""

    cid: int


@dataclass(frozen=True)
class InactiveContext(Need):
    """The context is not active."""

    cid: int


@dataclass(frozen=True)
class TiedSocket(Need):
    """A socket uses the context; the others are its settings now."""

    cid: int
    number: int
    packet_size: int
    inactivity: int
    connection_timeout: int
    transmission: int


@dataclass(frozen=True)
class NoDataCall(Need):
    """There is no data call."""
