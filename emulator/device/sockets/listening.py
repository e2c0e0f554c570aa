"""Listen for a peer of a plain socket: by a TCP server, or by a UDP socket that hears every accepted sender."""

from emulator.device.connection.datagram import DatagramStream
from emulator.device.connection.plain import PlainStream
from emulator.net.routes import Address
from emulator.net.server import TcpServer

PeerStream = PlainStream | DatagramStream
"""A connection without TLS."""


class TcpPort:
    """A port where each peer opens a connection of its own."""

    stream = None
    """Read while the socket listens."""

    def __init__(self, server: TcpServer) -> None:
        self._server = server

    @property
    def address(self) -> Address:
        """Return where a peer reaches it, on the machine that the emulator runs on."""
        return self._server.address

    def accept(self, peer: Address | None) -> Address | None:
        """Stop listening; return the address of the peer."""
        self._server.close()
        return peer

    def turn_away(self, stream: PeerStream) -> DatagramStream | None:
        """Refuse the peer that waits in `stream`; return what is read from now on."""
        stream.abort()
        return None

    def close(self) -> None:
        """Stop listening."""
        self._server.close()


class UdpPort:
    """A port where the sender of the first datagram becomes the peer, on the same socket. See `TcpPort`."""

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


ListeningPort = TcpPort | UdpPort
"""Open until the socket has accepted a peer, or stops listening."""
