"""Misbehaviours of the lab's TLS servers: each is one function of the client's connection.

Those of `BEFORE` take the place of the handshake, those of `AFTER` that of the conversation.
"""

import contextlib
import socket
import struct
from collections.abc import Callable, Mapping

from emulator.errors import UserError

_RESET = struct.pack("ii", 1, 0)
"""As SO_LINGER: closing the socket sends RST."""
_HANDSHAKE_FAILURE = bytes((21, 3, 1, 0, 2, 2, 40))
"""An alert record of TLS 1.0: fatal, handshake_failure (RFC 2246 7.2)."""
_NO_TLS = b"HTTP/1.0 400 Bad Request\r\n\r\n"
_LARGEST_HELLO = 16384

Misbehaviour = Callable[[socket.socket], None]


def _silent(client: socket.socket) -> None:
    """Send nothing, and go on reading."""
    with contextlib.suppress(OSError):
        while client.recv(_LARGEST_HELLO):
            pass


def _hangs_up(client: socket.socket) -> None:
    """Close the connection."""
    client.recv(_LARGEST_HELLO)


def _resets(client: socket.socket) -> None:
    """Reset the connection."""
    client.recv(_LARGEST_HELLO)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


def _refuses(client: socket.socket) -> None:
    """Answer with a fatal alert, handshake_failure."""
    client.recv(_LARGEST_HELLO)
    client.sendall(_HANDSHAKE_FAILURE)
    _silent(client)


def _no_tls(client: socket.socket) -> None:
    """Answer as an HTTP server without TLS."""
    client.recv(_LARGEST_HELLO)
    client.sendall(_NO_TLS)
    _silent(client)


BEFORE: Mapping[str, Misbehaviour] = {
    "silent": _silent,
    "hangs-up": _hangs_up,
    "resets": _resets,
    "refuses": _refuses,
    "no-tls": _no_tls,
}
"""In the place of the handshake, by name."""

AFTER: Mapping[str, Misbehaviour] = {
    "silent-after-handshake": _silent,
    "hangs-up-after-handshake": lambda client: None,
}
"""In the place of the conversation, by name."""


def find(name: str | None) -> tuple[Misbehaviour | None, Misbehaviour | None]:
    """Find the functions that replace the handshake and the conversation; None where nothing does.

    Raises:
        UserError: there is no misbehaviour of that name.
    """
    known = (*BEFORE, *AFTER)
    if name is not None and name not in known:
        raise UserError(f"lab server: no misbehaviour is called {name!r}; there are {', '.join(known)}")
    return (BEFORE.get(name), AFTER.get(name)) if name is not None else (None, None)
