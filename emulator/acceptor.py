"""Accept the connections that come at a listening socket.

asyncio's servers do that, too, but tell only the log when no descriptor is left for a connection.
"""

import asyncio
import socket
from collections.abc import Callable

from emulator.guard import guarded

ANOTHER_TRY = 1.0
"""Seconds until a connection for which no descriptor was left is looked at again."""


class Acceptor:
    """Hand on each connection, in the running event loop. Closes the listening socket in the end."""

    def __init__(
        self, listener: socket.socket, accepted: Callable[[socket.socket], None], failed: Callable[[Exception], None]
    ) -> None:
        """Begin to accept.

        Args:
            listener: the socket; it listens already.
            accepted: takes the socket of each connection, which is closed when this raises.
            failed: takes what was raised.
        """
        self._listener = listener
        self._accepted = accepted
        self._failed = failed
        self._loop = asyncio.get_running_loop()
        self._retry: asyncio.TimerHandle | None = None
        self._closed = False
        listener.setblocking(False)
        self._wait()

    def __repr__(self) -> str:
        return f"<Acceptor {'closed' if self._closed else self._listener.getsockname()}>"

    @property
    def closed(self) -> bool:
        """Whether connections are accepted no longer."""
        return self._closed

    @property
    def address(self) -> tuple[str, int]:
        """Return the IP address and port of the listening socket."""
        host, port = self._listener.getsockname()[:2]
        return host, port

    def close(self) -> None:
        """Stop listening; connections that were handed on stay open. Harmless when closed already."""
        if self._closed:
            return
        self._closed = True
        if self._retry is not None:
            self._retry.cancel()
        self._loop.remove_reader(self._listener)
        self._listener.close()

    def fail(self, error: Exception) -> None:
        """See `Failing`."""
        self._failed(error)

    def _wait(self) -> None:
        self._loop.add_reader(self._listener, self._accept)

    @guarded
    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError):  # the peer has given up
            return
        except OSError:  # no descriptor is left
            self._loop.remove_reader(self._listener)
            self._retry = self._loop.call_later(ANOTHER_TRY, self._try_again)
            return
        connection.setblocking(False)
        try:
            self._accepted(connection)
        except Exception:
            connection.close()
            raise

    @guarded
    def _try_again(self) -> None:
        self._retry = None
        self._wait()
