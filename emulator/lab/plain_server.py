"""Servers without TLS: one that holds a conversation, and a scripted one."""

import socket
from collections.abc import Callable

from emulator.lab.connections import PlainConnection
from emulator.lab.conversations import Conversation
from emulator.lab.place import Place
from emulator.lab.scripted_server import SessionQueue
from emulator.lab.server import Talk
from emulator.lab.threaded_server import ThreadedServer


class PlainServer(ThreadedServer):
    """Hold the same conversation with each client."""

    def __init__(
        self, conversation: Conversation, *, time_scale: float = 1.0, place: Place = ThreadedServer.place
    ) -> None:
        """Listen at once; `time_scale` shortens the delays of replies as it does the module's time."""
        self._conversation = conversation
        self._time_scale = time_scale
        super().__init__(place)

    def _service(self) -> Callable[[socket.socket], None]:
        recorder = self._recorder

        def serve(client: socket.socket) -> None:
            Talk(self._recorded(PlainConnection(client), recorder), self._conversation, self._time_scale).run()

        return serve


class PlainScriptedServer(ThreadedServer):
    """Queue the sessions for the program that plays the server."""

    def __init__(self) -> None:
        """Listen at once."""
        self.sessions = SessionQueue()
        super().__init__()

    def _service(self) -> Callable[[socket.socket], None]:
        sessions, recorder = self.sessions, self._recorder
        return lambda client: sessions.serve(self._recorded(PlainConnection(client), recorder))

    def _renew(self) -> None:
        super()._renew()
        self.sessions = SessionQueue()
