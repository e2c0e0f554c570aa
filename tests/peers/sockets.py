"""Drives a `TlsClient` over a blocking socket."""

import contextlib
import socket
from types import TracebackType

from emulator.tls.client import TlsClient, TlsConfiguration, TlsEngine, TlsFailure, TlsState

TIMEOUT = 30.0
"""Seconds without a byte after which a test gives up."""


class Wire:
    """One session over one connection; what fails raises TlsFailure once its alert is on the wire."""

    def __init__(self, engine: TlsEngine, port: int, configuration: TlsConfiguration, chunk: int = 65536) -> None:
        self.client: TlsClient = engine.connect(configuration)
        self.socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self.heard = bytearray()
        """Everything the peer has sent."""
        self._chunk = chunk
        """How many bytes the client gets at once."""

    def __enter__(self) -> "Wire":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def handshake(self) -> TlsClient:
        """Run until the session is open."""
        self.flush()
        while self.client.state is TlsState.HANDSHAKING:
            self.pump()
        return self.client

    def pump(self) -> None:
        """Take what the peer sends next."""
        data = self.socket.recv(65536)
        self.heard += data
        try:
            for start in range(0, max(1, len(data)), self._chunk):
                self.client.receive(data[start : start + self._chunk])
        except TlsFailure:
            self.flush()
            raise
        self.flush()

    def flush(self) -> None:
        """Send what waits to be sent."""
        data = self.client.data_to_send()
        if data:
            self.socket.sendall(data)

    def send(self, plaintext: bytes) -> None:
        """Send in packets of at most one record."""
        for start in range(0, len(plaintext), 16384):
            self.client.write(plaintext[start : start + 16384])
            self.flush()

    def receive(self, length: int) -> bytes:
        """Read `length` bytes of plaintext; less when the session closes before."""
        while self.client.pending < length and self.client.state is TlsState.OPEN:
            self.pump()
        return self.client.read(length)

    def until_closed(self) -> TlsState:
        """Wait until the peer has ended the session."""
        while self.client.state is TlsState.OPEN:
            self.pump()
        return self.client.state

    def close(self) -> None:
        """Say close_notify and end the connection."""
        self.client.close()
        with contextlib.suppress(OSError):  # the peer may have been quicker
            self.flush()
        self.socket.close()
