"""Runs a TLS server that holds a conversation: the received data decides its answer."""

import contextlib
import threading
from typing import Unpack

from emulator.lab.connections import LabConnection
from emulator.lab.conversations import Conversation, Reply
from emulator.lab.tls_server import Talker, TlsOptions, TlsServer

_LARGEST_REQUEST = 65536
"""Bytes that are kept of what a client says before an answer."""


class LabServer(TlsServer):
    """Hold the same conversation with each client."""

    def __init__(self, conversation: Conversation, *, time_scale: float = 1.0, **options: Unpack[TlsOptions]) -> None:
        """Listen at once.

        Args:
            conversation: what the server says.
            time_scale: shortens the delays of replies as it does the module's time.
            options: those of `TlsServer`.

        Raises:
            UserError: as `TlsServer`.
        """
        self._conversation = conversation
        self._time_scale = time_scale
        super().__init__(**options)

    def _talker(self) -> Talker:
        return lambda connection: Talk(connection, self._conversation, self._time_scale).run()


class Talk:
    """One client's session."""

    def __init__(self, connection: LabConnection, conversation: Conversation, time_scale: float) -> None:
        self._connection = connection
        self._conversation = conversation
        self._time_scale = time_scale
        self._writing = threading.Lock()
        self._thought: threading.Timer | None = None
        """The latest answer that was thought about: one at a time."""

    def run(self) -> None:
        """Answer until the client closes."""
        unanswered = b""
        try:
            while data := self._connection.read():
                unanswered = (unanswered + data)[-_LARGEST_REQUEST:]
                reply = self._conversation(unanswered)
                if reply is not None:
                    unanswered = b""
                    self._schedule(reply)
            self._connection.close()
        finally:
            if self._thought is not None:
                self._thought.cancel()

    def _schedule(self, reply: Reply) -> None:
        if not reply.delay:
            self._answer(reply)
            return
        if self._thought is not None:
            self._thought.join()
        self._thought = threading.Timer(reply.delay / self._time_scale, self._answer, (reply,))
        self._thought.daemon = True
        self._thought.start()

    def _answer(self, reply: Reply) -> None:
        with self._writing, contextlib.suppress(Exception):  # the client may have gone while the server was thinking
            self._connection.write(reply.data)
            if reply.closes:
                self._connection.close()
