"""Serves each client of a lab's server in a thread of its own, on a free port of loopback."""

import contextlib
import socket
import threading
from abc import abstractmethod
from collections.abc import Callable

from emulator.lab.loopback import LoopbackServer

_CONNECTIONS = 16
"""At once; a further client waits."""


class ThreadedServer(LoopbackServer):
    """Serve until `close`."""

    def __init__(self) -> None:
        """Listen at once."""
        self._closed = False
        self.served = 0
        """How many clients have come."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._slots = threading.BoundedSemaphore(_CONNECTIONS)
        threading.Thread(target=self._accept, name=f"lab server {self.port}", daemon=True).start()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on 127.0.0.1:{self.port}, {len(self._open)} clients>"

    @abstractmethod
    def _service(self) -> Callable[[socket.socket], None]:
        """Return the function that serves a new client in its thread; called in the order of their connections."""

    def close(self) -> None:
        """Stop listening and close all connections."""
        self._closed = True
        for open_socket in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(client)
            if self._closed:  # it came in while close() looked for those to hang up on
                client.close()
                return
            serve = self._service()
            self.served += 1
            threading.Thread(target=self._run, args=(serve, client), name="lab client", daemon=True).start()

    def _run(self, serve: Callable[[socket.socket], None], client: socket.socket) -> None:
        try:
            with client, contextlib.suppress(Exception):  # whatever a client does ends its own session only
                serve(client)
        finally:
            self._open.discard(client)
            self._slots.release()
