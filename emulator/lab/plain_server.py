"""Servers without TLS: one that says what it hears, and one whose side is played by a program."""

import queue
import socket
from collections.abc import Callable

from emulator.lab.scripted_server import Session
from emulator.lab.threaded_server import ThreadedServer

_LARGEST_READ = 16384


class PlainConnection:
    """A TCP connection, as a `Session` takes it."""

    resumed = False

    def __init__(self, client: socket.socket) -> None:
        self._client = client

    def read(self) -> bytes:
        """What comes next; empty at the end."""
        return self._client.recv(_LARGEST_READ)

    def write(self, data: bytes) -> None:
        """Say this."""
        self._client.sendall(data)

    def close(self) -> None:
        """Say no more; what the client still says is heard."""
        self._client.shutdown(socket.SHUT_WR)


class EchoServer(ThreadedServer):
    """Says what it hears, as RFC 862 has it."""

    def _service(self) -> Callable[[socket.socket], None]:
        return self._echo

    @staticmethod
    def _echo(client: socket.socket) -> None:
        while data := client.recv(_LARGEST_READ):
            client.sendall(data)


class PlainScriptedServer(ThreadedServer):
    """Says nothing of itself: each new session waits to be asked for."""

    def __init__(self) -> None:
        """Listen at once."""
        self._sessions: queue.SimpleQueue[Session] = queue.SimpleQueue()
        super().__init__()

    def next_session(self) -> Session | None:
        """The oldest session that has not been asked for; None when there is none yet."""
        try:
            return self._sessions.get_nowait()
        except queue.Empty:
            return None

    def _service(self) -> Callable[[socket.socket], None]:
        return self._listen

    def _listen(self, client: socket.socket) -> None:
        session = Session(PlainConnection(client))
        self._sessions.put(session)
        session.listen()
