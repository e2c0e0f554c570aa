"""Needs of the card, the network and PDP contexts."""

from emulator.errors import Need


class RadioOn(Need, frozen=True):
    """The radio is on."""

    functionality: int
    """A level that has it on."""


class UnlockedCard(Need, frozen=True):
    """The card has got its PIN."""


class UnblockedCard(Need, frozen=True):
    """The card has got its PUK, and a new PIN."""


class DetectedCard(Need, frozen=True):
    """The module looks into its slot for a card."""


class ReturnedCard(Need, frozen=True):
    """The host has given the card back to the module."""


class UsedPin(Need, frozen=True):
    """The card asks for its PIN at each start."""


class GivenPin2(Need, frozen=True):
    """The card has got its PIN2."""


class WantedRegistration(Need, frozen=True):
    """The host wants the module to register."""


class Service(Need, frozen=True):
    """The network serves the module."""


class Attachment(Need, frozen=True):
    """The module is attached to packet service."""


class DefinedContext(Need, frozen=True):
    """The context is defined, of a type that sockets and data calls can use."""

    cid: int


class ActiveContext(Need, frozen=True):
    """The context is active for the module's sockets."""

    cid: int


class InactiveContext(Need, frozen=True):
    """The context is not active."""

    cid: int


class TiedSocket(Need, frozen=True):
    """A socket uses the context; the others are its settings now."""

    cid: int
    number: int
    packet_size: int
    inactivity: int
    connection_timeout: int
    transmission: int


class NoDataCall(Need, frozen=True):
    """There is no data call."""
