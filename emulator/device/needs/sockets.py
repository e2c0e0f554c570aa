"""Needs of the plain sockets."""

from dataclasses import dataclass

from emulator.errors import Need


@dataclass(frozen=True)
class OpenSocket(Need):
    """The socket has a connection."""

    number: int


@dataclass(frozen=True)
class ClosedSocket(Need):
    """The socket has no connection."""

    number: int


@dataclass(frozen=True)
class ListeningSocket(Need):
    """The socket listens, and a peer has come."""

    number: int


@dataclass(frozen=True)
class NoListener(Need):
    """The socket does not listen."""

    number: int
    port: int


@dataclass(frozen=True)
class NoDatagramListener(Need):
    """The socket does not wait for datagrams."""

    number: int
    port: int


@dataclass(frozen=True)
class NoEasyListener(Need):
    """The module does not listen by easy GPRS."""

    protocol: int
    port: int


@dataclass(frozen=True)
class EasyPeer(Need):
    """Easy GPRS has a peer to dial."""


@dataclass(frozen=True)
class FreeRule(Need):
    """The firewall has room for a rule."""

    address: str
    mask: str
