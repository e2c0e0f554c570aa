"""Carries bytes between a host and a back end, each way in a thread, with their ends and resets."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Protocol

from emulator.lab.back_end import BackEndFailure

_RESET = struct.pack("ii", 1, 0)
"""SO_LINGER value that makes the close send RST."""
_DRAIN = 5.0
"""Seconds for which a back end may go on once the host has ended."""


class Side(Protocol):
    """One of the two connections."""

    socket: socket.socket
    """The TCP connection below; whoever runs the relay closes it."""

    def read(self) -> bytes:
        """Return the next data; empty at the end."""

    def write(self, data: bytes) -> None:
        """Send data; wait while the other side takes none."""

    def finish(self) -> None:
        """End our data; go on reading."""


class Relay:
    """Carry on what each side says until both have ended; `tell` hears what has broken the back end's connection."""

    def __init__(self, host: Side, back_end: Side, tell: Callable[[str], None]) -> None:
        self._host = host
        self._back_end = back_end
        self._tell = tell
        self._breaking = threading.Lock()
        self._broken = False

    def run(self) -> None:
        """Return when it is over; closing the sockets then resets what was broken."""
        backward = threading.Thread(target=self._carry, args=(self._back_end, self._host), name="gateway", daemon=True)
        backward.start()
        self._carry(self._host, self._back_end)
        backward.join(_DRAIN)
        if backward.is_alive():
            for side in (self._host, self._back_end):
                _shut(side.socket, socket.SHUT_RDWR)
            backward.join()

    def _carry(self, source: Side, sink: Side) -> None:
        """Carry one direction; back-pressure is that a write waits, and nothing is read meanwhile."""
        try:
            while data := source.read():
                sink.write(data)
        except Exception as error:  # whatever breaks one side breaks the other
            self._break(error)
            return
        if not self._broken:
            with contextlib.suppress(Exception):  # it may have gone meanwhile
                sink.finish()

    def _break(self, error: Exception) -> None:
        """Let both sides be reset; what fails because of that is no failure of its own."""
        with self._breaking:
            if self._broken:
                return
            self._broken = True
        if isinstance(error, BackEndFailure):
            self._tell(str(error))
        for side in (self._host, self._back_end):
            with contextlib.suppress(OSError):
                side.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            _shut(side.socket, socket.SHUT_RD)  # wakes who reads, and sends nothing


def _shut(connection: socket.socket, how: int) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(how)
