"""A host at a port of any transport that knows no manners: it never waits, and takes no failure to heart."""

import os
import socket
import struct
from contextlib import suppress
from urllib.parse import urlsplit


class RawHost:
    """Open, send, read and close without waiting for anything."""

    def __init__(self, port: str) -> None:
        """Take the path or the URL that the modem names."""
        self._port = port
        self._descriptor: int | None = None
        self._socket: socket.socket | None = None

    def open(self) -> None:
        """Open the port; nothing happens when it is open."""
        if self._descriptor is not None or self._socket is not None:
            return
        with suppress(OSError):
            if self._port.startswith("unix:"):
                self._socket = socket.socket(socket.AF_UNIX)
                self._socket.setblocking(False)
                self._socket.connect(self._port.removeprefix("unix:"))
            elif "://" in self._port:
                self._socket = socket.socket()
                self._socket.setblocking(False)
                address = urlsplit(self._port)
                self._socket.connect((address.hostname, address.port))
            else:
                self._descriptor = os.open(self._port, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)

    def send(self, data: bytes) -> None:
        """Send what the kernel takes."""
        with suppress(OSError):
            if self._socket is not None:
                self._socket.send(data)
            elif self._descriptor is not None:
                os.write(self._descriptor, data)

    def read(self) -> bytes:
        """Read what is there."""
        with suppress(OSError):
            if self._socket is not None:
                return self._socket.recv(65536)
            if self._descriptor is not None:
                return os.read(self._descriptor, 65536)
        return b""

    def reset(self) -> None:
        """Break the connection; a terminal is closed."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Close the port."""
        if self._socket is not None:
            self._socket.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._socket = self._descriptor = None
