"""Marks in the queue of clients that wait to be accepted: what comes at its turn knows that all earlier ones are in."""

import contextlib
import socket
import threading
from collections.abc import Callable

Address = tuple[str, int]


class Mark:
    """An action for the thread that accepts clients."""

    def __init__(self, action: Callable[[], None]) -> None:
        self.action = action
        self.passed = threading.Event()


class Marks:
    """Put marks into the queue of one server: connections of its own, which it tells by their addresses."""

    def __init__(self, host: str) -> None:
        """Take the address at which this machine reaches the server."""
        self._host = host
        self._waiting: dict[Address, Mark] = {}

    def __repr__(self) -> str:
        return f"<Marks, {len(self._waiting)} waiting>"

    def put(self, port: int, action: Callable[[], None] = lambda: None) -> threading.Event | None:
        """Queue an action behind all clients that have come until now; return what tells that it has been done.

        Return None when nobody listens.
        """
        with contextlib.suppress(OSError), socket.socket() as connection:
            connection.bind((self._host, 0))
            mark = self._waiting[connection.getsockname()] = Mark(action)
            try:
                connection.connect((self._host, port))
            except OSError:
                del self._waiting[connection.getsockname()]
                raise
            return mark.passed
        return None

    def take(self, client: Address) -> bool:
        """Do what is queued if a client is a mark; return whether it is one."""
        mark = self._waiting.pop(client, None)
        if mark is None:
            return False
        mark.action()
        mark.passed.set()
        return True
