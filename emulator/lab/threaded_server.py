"""Serves each client of a lab's server in a thread of its own, on a free port of loopback or in another place."""

import contextlib
import socket
import threading
from abc import abstractmethod
from collections.abc import Callable
from time import monotonic
from typing import ClassVar

from emulator.lab.connections import LabConnection, RecordedConnection
from emulator.lab.loopback import SETTLING, LoopbackServer
from emulator.lab.marks import Marks
from emulator.lab.place import Place
from emulator.lab.record import Kind, Recorder

_CONNECTIONS = 16
"""At once; a further client waits."""
_ROUND = 0.02
"""Seconds between two looks at clients that take up all places."""


class ThreadedServer(LoopbackServer):
    """Serve until `close`."""

    _tells_apart: ClassVar[bool] = False
    """Whether it records the files, requests or messages of a connection, too: then these count, and not the bytes."""

    def __init__(self, place: Place = LoopbackServer.place) -> None:
        """Listen at once."""
        self.place = place
        self._closed = False
        self.served = 0
        """How many clients have come."""
        self._recorder = Recorder()
        self._marks = Marks(place.from_here)
        self._listener = place.listen()
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._left = threading.Condition()
        """Notified when a client has left."""
        self._slots = threading.BoundedSemaphore(_CONNECTIONS)
        threading.Thread(target=self._accept, name=f"lab server {self.port}", daemon=True).start()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} on {self.address}, {len(self._open)} clients>"

    @abstractmethod
    def _service(self) -> Callable[[socket.socket], None]:
        """Return the function that serves a new client in its thread; called in the order of their connections.

        It is called in the thread that renews the server, too. So what it takes of the server belongs to this client's
        time, and the function must take it from nowhere else.
        """

    def _renew(self) -> None:
        """Become as at the start; a subclass adds what it has."""
        self._hang_up()
        self.served = 0
        self._recorder = Recorder()

    def _recorded(self, connection: LabConnection, recorder: Recorder) -> LabConnection:
        """Let a recorder have what a client says."""
        return RecordedConnection(connection, recorder.begin(Kind.CONNECTION, counts=not self._tells_apart))

    def forget(self) -> None:
        passed = self._marks.put(self.port, self._renew)
        while passed is not None and not self._closed and not passed.wait(_ROUND):
            self._hang_up()  # on those who keep the mark from its turn

    def settle(self, limit: float = SETTLING) -> bool:
        until = monotonic() + limit
        passed = self._marks.put(self.port)
        if passed is None:
            return True
        if not passed.wait(limit):
            return False
        with self._left:
            return self._left.wait_for(lambda: not self._open, max(0.0, until - monotonic()))

    def close(self) -> None:
        """Stop listening and close all connections."""
        self._closed = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._hang_up()
        self._listener.close()

    def _hang_up(self) -> None:
        for client in tuple(self._open):
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            self._slots.acquire()
            try:
                client, address = self._listener.accept()
            except OSError:
                return
            if self._marks.take(address):
                client.close()
                self._slots.release()
                continue
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
            with self._left:
                self._open.discard(client)
                self._left.notify_all()
            self._slots.release()
