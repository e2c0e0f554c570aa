"""A server whose side is played by a program: it waits for a session, says this, has heard that, closes."""

import contextlib
import queue
from typing import Unpack

from emulator.lab.connections import Connection
from emulator.lab.tls_server import TlsOptions, TlsServer


class Session:
    """One client's session; everything it says is kept."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._heard = bytearray()
        self._taken = 0
        self.resumed = connection.resumed
        """See `Connection`."""

    def __repr__(self) -> str:
        return f"<Session {'resumed, ' if self.resumed else ''}{len(self._heard)} bytes heard>"

    @property
    def heard(self) -> bytes:
        """What the client has said and nobody has taken yet."""
        return bytes(self._heard[self._taken :])

    def take(self) -> bytes:
        """What the client has said since the last call."""
        heard = self.heard
        self._taken += len(heard)
        return heard

    def send(self, data: bytes) -> None:
        """Say this to the client, if it is still there."""
        with contextlib.suppress(Exception):
            self._connection.write(data)

    def close(self) -> None:
        """End the session in order."""
        with contextlib.suppress(Exception):  # the client may have been quicker
            self._connection.close()

    def listen(self) -> None:
        """Hear the client until it closes; the server's thread does this."""
        while data := self._connection.read():
            self._heard += data
        self._connection.close()


class ScriptedServer(TlsServer):
    """Speaks TLS 1.0, and says nothing of itself: each new session waits to be asked for."""

    def __init__(self, **options: Unpack[TlsOptions]) -> None:
        """Listen at once; the options are those of `TlsServer`."""
        self._sessions: queue.SimpleQueue[Session] = queue.SimpleQueue()
        super().__init__(**options)

    def next_session(self) -> Session | None:
        """The oldest session that has not been asked for; None when there is none yet."""
        try:
            return self._sessions.get_nowait()
        except queue.Empty:
            return None

    def _talk(self, connection: Connection) -> None:
        session = Session(connection)
        self._sessions.put(session)
        session.listen()
