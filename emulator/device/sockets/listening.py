"""Ports on which a plain socket waits for a peer: a TCP server, or a UDP socket that hears everybody admitted."""

from typing import Protocol

from emulator.device.connection.datagram import DatagramStream
from emulator.device.connection.plain import PlainStream
from emulator.net.routes import Address
from emulator.net.server import Server

PeerStream = PlainStream | DatagramStream
"""A connection without TLS."""


class ListeningPort(Protocol):
    """Open until the socket has accepted a peer or listens no more."""

    @property
    def stream(self) -> DatagramStream | None:
        """What is read already while it listens."""

    @property
    def address(self) -> Address:
        """Where a peer can reach it, on the machine that the emulator runs on."""

    def accept(self, peer: Address | None) -> Address | None:
        """Listen no longer; return the address of the peer."""

    def turn_away(self, stream: PeerStream) -> DatagramStream | None:
        """Refuse the peer that waits in `stream`; return what is read from now on."""

    def close(self) -> None:
        """Listen no longer."""


class TcpPort:
    """Each peer comes with a connection of its own."""

    stream = None

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def address(self) -> Address:
        return self._server.address

    def accept(self, peer: Address | None) -> Address | None:
        self._server.close()
        return peer

    def turn_away(self, stream: PeerStream) -> DatagramStream | None:
        stream.abort()
        return None

    def close(self) -> None:
        self._server.close()


class UdpPort:
    """The first datagram makes the peer; the socket that heard it is the connection."""

    def __init__(self, stream: DatagramStream) -> None:
        self.stream = stream

    @property
    def address(self) -> Address:
        return self.stream.address

    def accept(self, peer: Address | None) -> Address | None:
        return self.stream.next_source

    def turn_away(self, stream: PeerStream) -> DatagramStream | None:
        self.stream.forget()
        return self.stream

    def close(self) -> None:
        self.stream.close()
