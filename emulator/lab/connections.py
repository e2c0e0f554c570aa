"""Connections of the lab's clients, with TLS or without."""

import socket
from typing import Any, Protocol

from emulator.lab.record import Growing

_LARGEST_READ = 16384


class LabConnection(Protocol):
    """A connection to one client."""

    @property
    def resumed(self) -> bool:
        """Return whether the session resumes an earlier one."""

    def read(self) -> bytes:
        """Read the next data; empty at the end."""

    def write(self, data: bytes) -> None:
        """Send data."""

    def close(self) -> None:
        """Close the connection in order."""


class TlsConnection:
    """A session of tlslite-ng."""

    def __init__(self, session: Any) -> None:
        self._session = session
        self.resumed = bool(session.resumed)

    def read(self) -> bytes:
        return bytes(self._session.read(min=1, max=_LARGEST_READ))

    def write(self, data: bytes) -> None:
        """Send data in one segment, though tlslite-ng splits a record in two: the module reads all of it at once."""
        stream = self._session.sock
        stream.buffer_writes = True
        self._session.write(data)
        stream.flush()
        stream.buffer_writes = False

    def close(self) -> None:
        """Send close_notify and close the connection."""
        self._session.close()


class RecordedConnection:
    """A connection whose data are recorded as the client sends them."""

    def __init__(self, connection: LabConnection, growing: Growing) -> None:
        self._connection = connection
        self._growing = growing
        self.resumed = connection.resumed

    def read(self) -> bytes:
        data = self._connection.read()
        if data:
            self._growing.add(data)
        else:
            self._growing.end()
        return data

    def write(self, data: bytes) -> None:
        self._connection.write(data)

    def close(self) -> None:
        self._connection.close()


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
        """Send FIN; go on reading from the client."""
        self._client.shutdown(socket.SHUT_WR)
