"""The interface of a line to a module."""

from collections.abc import Mapping
from typing import Protocol


class DialogueLine(Protocol):
    """Carry bytes to and from a module, and let its time pass. Echo is set, and there is no output yet."""

    name: str
    """What is at the other end."""
    timeout: float
    """Seconds of real time that it waits for an answer."""

    def send(self, data: bytes) -> None:
        """Send data to the module."""

    def read(self) -> bytes:
        """Return the output since the last call, without waiting."""

    async def hear(self, within: float | None) -> bytes:
        """Wait for output; return nothing once the module was silent for `within` seconds of its time.

        None stands for `timeout`.
        """

    async def rest(self) -> bytes:
        """Drain the output until silence; return what is worth showing in a report."""

    async def wait(self, seconds: float) -> None:
        """Let the module's time pass."""

    def values(self) -> Mapping[str, bytes]:
        """Return the module's values that a dialogue can name: the suite in use."""
