"""Servers of one connection that speak no TLS: they say fixed bytes, or nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from tests.peers.sockets import TIMEOUT


@contextmanager
def scripted_server(answer: bytes, heard: bytearray | None = None) -> Iterator[int]:
    """Reads the first bytes, sends `answer`, and closes once the client has; gives its port.

    Everything it was sent is added to `heard`.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, answer, bytearray() if heard is None else heard))
        thread.start()
        yield listener.getsockname()[1]
        thread.join(TIMEOUT)


def _serve(listener: socket.socket, answer: bytes, heard: bytearray) -> None:
    listener.settimeout(TIMEOUT)
    stream, _ = listener.accept()
    with stream, suppress(ConnectionResetError):  # a module that is switched off breaks its connections
        stream.settimeout(TIMEOUT)
        heard += stream.recv(65536)
        stream.sendall(answer)
        stream.shutdown(socket.SHUT_WR)
        while data := stream.recv(65536):
            heard += data


@contextmanager
def black_hole() -> Iterator[int]:
    """A port of loopback where a connection is neither taken nor refused; gives its number."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as waiting:
        for _ in range(8):  # more than the queue holds
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
