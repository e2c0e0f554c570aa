"""Servers without TLS: one that holds a conversation, and a scripted one."""

import queue
import socket
from collections.abc import Callable

from emulator.lab.connections import PlainConnection
from emulator.lab.conversations import Conversation
from emulator.lab.scripted_server import Session
from emulator.lab.server import Talk
from emulator.lab.threaded_server import ThreadedServer


class PlainServer(ThreadedServer):
    """Hold the same conversation with each client."""

    def __init__(self, conversation: Conversation, *, time_scale: float = 1.0) -> None:
        """Listen at once; `time_scale` shortens the delays of replies as it does the module's time."""
        self._conversation = conversation
        self._time_scale = time_scale
        super().__init__()

    def _service(self) -> Callable[[socket.socket], None]:
        return lambda client: Talk(PlainConnection(client), self._conversation, self._time_scale).run()


class PlainScriptedServer(ThreadedServer):
    """Queue each new session for the program that plays the server."""

    def __init__(self) -> None:
        """Listen at once."""
        self._sessions: queue.SimpleQueue[Session] = queue.SimpleQueue()
        super().__init__()

    def next_session(self) -> Session | None:
        """Return the oldest session that was not returned yet; None when there is none."""
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
