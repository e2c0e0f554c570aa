"""A server that a program plays: it waits for sessions, sends, reads and closes."""

import contextlib
import queue
from typing import Unpack

from emulator.lab.connections import LabConnection
from emulator.lab.tls_server import Talker, TlsOptions, TlsServer


class ScriptedSession:
    """A session of one client; all received data is kept."""

    def __init__(self, connection: LabConnection) -> None:
        self._connection = connection
        self._heard = bytearray()
        self._taken = 0
        self.resumed = connection.resumed
        """See `LabConnection`."""

    def __repr__(self) -> str:
        return f"<Session {'resumed, ' if self.resumed else ''}{len(self._heard)} bytes heard>"

    @property
    def heard(self) -> bytes:
        """Return the received data that was not taken yet."""
        return bytes(self._heard[self._taken :])

    def take(self) -> bytes:
        """Return the data received since the last call."""
        heard = self.heard
        self._taken += len(heard)
        return heard

    def send(self, data: bytes) -> None:
        """Send data, if the client is still connected."""
        with contextlib.suppress(Exception):  # it may have gone
            self._connection.write(data)

    def close(self) -> None:
        """Close the session in order."""
        with contextlib.suppress(Exception):  # the client may have been quicker
            self._connection.close()

    def listen(self) -> None:
        """Read until the client closes; the server's thread does this."""
        while data := self._connection.read():
            self._heard += data
        self._connection.close()


class SessionQueue:
    """Sessions that wait for the program that plays the server."""

    def __init__(self) -> None:
        self._sessions: queue.SimpleQueue[ScriptedSession] = queue.SimpleQueue()

    def next(self) -> ScriptedSession | None:
        """Return the oldest session that was not returned yet; None when there is none."""
        try:
            return self._sessions.get_nowait()
        except queue.Empty:
            return None

    def serve(self, connection: LabConnection) -> None:
        """Queue the session of one client, and listen to it; the server's thread does this."""
        session = ScriptedSession(connection)
        self._sessions.put(session)
        session.listen()


class ScriptedServer(TlsServer):
    """Serve TLS, and queue the sessions for the program that plays the server."""

    def __init__(self, **options: Unpack[TlsOptions]) -> None:
        """Listen at once; the options are those of `TlsServer`."""
        self.sessions = SessionQueue()
        super().__init__(**options)

    def _talker(self) -> Talker:
        return self.sessions.serve

    def _renew(self) -> None:
        super()._renew()
        self.sessions = SessionQueue()
