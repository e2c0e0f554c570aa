"""Needs of the plain sockets."""

from emulator.errors import Need


class OpenSocket(Need, frozen=True):
    """The socket has a connection."""

    number: int


class ClosedSocket(Need, frozen=True):
    """The socket has no connection."""

    number: int


class ListeningSocket(Need, frozen=True):
    """The socket listens, and a peer has come."""

    number: int


class NoListener(Need, frozen=True):
    """The socket does not listen."""

    number: int
    port: int


class NoDatagramListener(Need, frozen=True):
    """The socket does not wait for datagrams."""

    number: int
    port: int


class NoEasyListener(Need, frozen=True):
    """The module does not listen by easy GPRS."""

    protocol: int
    port: int


class EasyPeer(Need, frozen=True):
    """Easy GPRS has a peer to dial."""


class FreeRule(Need, frozen=True):
    """The firewall has room for a rule."""

    address: str
    mask: str
