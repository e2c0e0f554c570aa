"""Servers without TLS: one that holds a conversation, and one whose side is played by a program."""

import queue
import socket
from collections.abc import Callable

from emulator.lab.connections import PlainConnection
from emulator.lab.conversations import Conversation
from emulator.lab.scripted_server import Session
from emulator.lab.server import Talk
from emulator.lab.threaded_server import ThreadedServer


class PlainServer(ThreadedServer):
    """Has the same conversation with each client."""

    def __init__(self, conversation: Conversation, *, time_scale: float = 1.0) -> None:
        """Listen at once; `time_scale` shortens the delays of replies as it does the module's time."""
        self._conversation = conversation
        self._time_scale = time_scale
        super().__init__()

    def _service(self) -> Callable[[socket.socket], None]:
        return lambda client: Talk(PlainConnection(client), self._conversation, self._time_scale).run()


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
