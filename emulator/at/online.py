"""Data mode, as the language sees it: a link to something that takes the host's bytes and brings the peer's."""

from collections.abc import Coroutine
from typing import Any, Protocol

from emulator.at.answers import Final


class OnlineTerminal(Protocol):
    """The side of the host."""

    @property
    def congested(self) -> bool:
        """Whether the host takes less than comes."""

    def deliver(self, data: bytes) -> None:
        """Hand the host what the peer sent."""

    def writable(self) -> None:
        """The link takes more again after it was congested."""

    def drop_carrier(self, text: str) -> None:
        """The link has ended: leave data mode with this result, `NO CARRIER` or a longer form of it."""


class DataLink(Protocol):
    """The side of the peer. As the outcome of a handler it means CONNECT: data mode begins."""

    @property
    def takes_escape(self) -> bool:
        """Whether the escape sequence is data for the peer, too, where the settings let it."""

    @property
    def congested(self) -> bool:
        """Whether the peer takes less than the host sends."""

    def begin(self, terminal: OnlineTerminal) -> None:
        """CONNECT has been said; from now on deliver."""

    def send(self, data: bytes) -> None:
        """The host sent this."""

    def host_writable(self) -> None:
        """The host takes more again after it was congested."""

    def escape(self) -> Final | Coroutine[Any, Any, Final]:
        """The host has left data mode by +++; the answer to it, at once or when there is one."""

    def hang_up(self) -> Coroutine[Any, Any, Final] | None:
        """The host is gone, and its settings say that the connection goes with it; what it may wait for, if it must."""
