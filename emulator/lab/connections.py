"""A client's connection, as the lab's servers speak through it: with TLS or without."""

import socket
from typing import Any, Protocol

_LARGEST_READ = 16384


class Connection(Protocol):
    """Belongs to one client."""

    @property
    def resumed(self) -> bool:
        """Whether it goes on with the keys of an earlier one."""

    def read(self) -> bytes:
        """What comes next; empty at the end."""

    def write(self, data: bytes) -> None:
        """Say this."""

    def close(self) -> None:
        """End it in order."""


class TlsConnection:
    """A session of tlslite-ng."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.resumed = bool(session.resumed)

    def read(self) -> bytes:
        return bytes(self._session.read(min=1, max=_LARGEST_READ))

    def write(self, data: bytes) -> None:
        """In one segment, though tlslite-ng splits a record in two: a read of the module sees all of it."""
        stream = self._session.sock
        stream.buffer_writes = True
        self._session.write(data)
        stream.flush()
        stream.buffer_writes = False

    def close(self) -> None:
        """Say close_notify and close the connection."""
        self._session.close()


class PlainConnection:
    """A TCP connection without TLS."""

    resumed = False

    def __init__(self, client: socket.socket) -> None:
        self._client = client

    def read(self) -> bytes:
        return self._client.recv(_LARGEST_READ)

    def write(self, data: bytes) -> None:
        self._client.sendall(data)

    def close(self) -> None:
        """Say no more; what the client still says is heard."""
        self._client.shutdown(socket.SHUT_WR)
