"""Finds the speed that the host sets by AT+IPR, for a host that has no other way to tell the line."""

import re

_LONGEST = 256
"""Bytes of either side that are remembered: more than such a line or its answer has."""
_REQUEST = re.compile(rb"(?:\A|[\r\n])[ \t]*AT[^\r\n]*\+IPR=\s*([0-9]+)[^\r\n]*\r\n?\Z", re.IGNORECASE)
_TAKEN = re.compile(rb"\r\nOK\r\n\Z|(?:\A|\r\n?)0\r\Z")
_REFUSED = re.compile(rb"ERROR[^\r\n]*\r\n\Z")


class RequestedSpeed:
    """Follow both sides."""

    def __init__(self) -> None:
        self._typed = b""
        self._said = b""
        self._requested = 0

    def __repr__(self) -> str:
        return f"<RequestedSpeed {self._requested or 'none'}>"

    def by_host(self, data: bytes) -> None:
        """Take bytes of the host."""
        self._typed = (self._typed + data)[-_LONGEST:]
        request = _REQUEST.search(self._typed)
        if request is not None:
            self._requested, self._said = int(request[1]), b""

    def by_module(self, data: bytes) -> int | None:
        """Take bytes of the module; return the speed that is in force behind them, where they have changed it."""
        if not self._requested:
            return None
        self._said = (self._said + data)[-_LONGEST:]
        if _TAKEN.search(self._said):
            taken, self._requested = self._requested, 0
            return taken
        if _REFUSED.search(self._said):
            self._requested = 0
        return None
