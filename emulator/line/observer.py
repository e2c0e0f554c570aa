"""Wraps the bytes of an AT instance both ways, and observes its commands and answers."""

from collections.abc import Callable, Sequence
from typing import Protocol

from emulator.at.answers import Answer
from emulator.at.syntax import Form

Bytes = Callable[[bytes], None]
"""Takes the bytes of one direction."""


class InstanceObserver(Protocol):
    """Stand between an AT instance and its present port."""

    def outgoing(self, write: Bytes) -> Bytes:
        """Wrap the way to the host; called for each port that the instance is connected to, and by `HostSide.wire`."""

    def incoming(self, receive: Bytes) -> Bytes:
        """Wrap the way from the host; called at the start, and by `HostSide.wire`."""

    def host_left(self) -> None:
        """Note that the host has left: what is still on its way to it is lost."""

    @property
    def counts_bytes(self) -> bool:
        """Whether an answer must begin with a write of its own, apart from the echo."""

    def command_begins(self, names: Sequence[str], form: Form) -> None:
        """Note that a command of these names is about to run.

        Raises:
            DeviceError: the command is refused.
        """

    def entry_begins(self) -> None:
        """Note that a prompt is about to be shown."""

    def entry_ends(self) -> None:
        """Note that the last byte of an entry has come, or what cancels it."""

    def answering(self, answer: Answer) -> Answer:
        """Note an answer that is about to be sent, and return what is sent."""


class Unobserved:
    """Let everything pass."""

    counts_bytes = False

    def outgoing(self, write: Bytes) -> Bytes:
        """See `InstanceObserver`."""
        return write

    def incoming(self, receive: Bytes) -> Bytes:
        """See `InstanceObserver`."""
        return receive

    def host_left(self) -> None:
        """See `InstanceObserver`."""

    def command_begins(self, names: Sequence[str], form: Form) -> None:
        """See `InstanceObserver`."""

    def entry_begins(self) -> None:
        """See `InstanceObserver`."""

    def entry_ends(self) -> None:
        """See `InstanceObserver`."""

    def answering(self, answer: Answer) -> Answer:
        """See `InstanceObserver`."""
        return answer
