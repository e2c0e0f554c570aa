"""Turns away browsers: a web page may post to any port of the machine, and its lines would be commands.

A modem is never spoken to in HTTP. So a connection whose first line is an HTTP request is ended before anything of it
is run. RFC 9112 3.
"""

import re
from typing import Final

_REQUEST: Final = re.compile(rb"[A-Z]+ [^\r\n]+ HTTP/[0-9]")
_METHODS: Final = (
    b"GET ",
    b"POST ",
    b"PUT ",
    b"HEAD ",
    b"OPTIONS ",
    b"DELETE ",
    b"PATCH ",
    b"TRACE ",
    b"CONNECT ",
    b"PRI ",
)
_LONGEST: Final = 16 * 1024
"""Most bytes that are looked at; no browser sends a longer first line."""


class HttpRequest(Exception):
    """Raised when the first line is an HTTP request."""


class FirstLine:
    """Hold the first bytes of a connection back while they may be the beginning of an HTTP request."""

    def __init__(self) -> None:
        self._held = b""

    def __repr__(self) -> str:
        return f"<FirstLine {len(self._held)} bytes held>"

    @property
    def held(self) -> bytes:
        """Return the bytes that are held back."""
        return self._held

    def feed(self, data: bytes) -> bytes | None:
        """Return the bytes so far once they are no request, None while they may be one.

        Raises:
            HttpRequest: they are one.
        """
        self._held += data
        if not any(self._held.startswith(method[: len(self._held)]) for method in _METHODS):
            return self._held
        if _REQUEST.match(self._held):
            raise HttpRequest
        return self._held if b"\n" in self._held or len(self._held) > _LONGEST else None
