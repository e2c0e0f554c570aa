"""Data mode: the two sides of a link between a host and its peer."""

from collections.abc import Coroutine
from typing import Any, Protocol

from emulator.at.answers import FailedResult, Final

End = Final | FailedResult
"""The final result of leaving data mode: OK while the connection is kept."""


class OnlineTerminal(Protocol):
    """The side of the host."""

    @property
    def congested(self) -> bool:
        """Whether the host takes less than the link delivers."""

    def deliver(self, data: bytes) -> None:
        """Send the peer's data to the host."""

    def writable(self) -> None:
        """Tell that the link takes data again after it was congested."""

    def drop_carrier(self, text: str, reason: str) -> None:
        """Leave data mode because the link has ended; `text` is `NO CARRIER` or a longer form of it."""


class DataLink(Protocol):
    """The side of the peer. As the outcome of a handler it means CONNECT, the begin of data mode."""

    @property
    def takes_escape(self) -> bool:
        """Whether the escape sequence goes to the peer, too, where the settings allow it."""

    @property
    def rate(self) -> int:
        """The bits a second that CONNECT names; 0 for none."""

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""

    def begin(self, terminal: OnlineTerminal) -> None:
        """Begin to deliver data, behind CONNECT."""

    def send(self, data: bytes) -> None:
        """Send the host's data to the peer."""

    def host_writable(self) -> None:
        """Tell that the host takes data again after it was congested."""

    def escape(self) -> End | Coroutine[Any, Any, End]:
        """Suspend or end the connection after the escape sequence; return its final result, at once or later."""

    def hang_up(self) -> Coroutine[Any, Any, End] | None:
        """End the connection because DTR has fallen; return a coroutine where that takes time."""
