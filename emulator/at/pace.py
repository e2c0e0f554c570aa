"""The time between a command and its answer."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from emulator.at.syntax import Call

if TYPE_CHECKING:
    from emulator.at.bound import BoundCommand
    from emulator.at.command import Outcome, Waiting


class Pace(Protocol):
    """Says how long commands take; what waits is a coroutine, which goes on as a command that waits."""

    def begin(self) -> "Waiting | None":
        """Return what a line waits for before its first command."""

    def invoke(self, bound: "BoundCommand", context: Any, call: Call) -> "Outcome | Waiting":
        """Run a command; see `BoundCommand.invoke`."""

    def entered(self) -> Coroutine[Any, Any, None] | None:
        """Return what a command waits for once its entry at a prompt has ended."""


class AtOnce:
    """Lets every command answer as soon as it can."""

    def begin(self) -> None:
        """See `Pace`."""

    def invoke(self, bound: "BoundCommand", context: Any, call: Call) -> "Outcome | Waiting":
        """See `Pace`."""
        return bound.invoke(context, call)

    def entered(self) -> None:
        """See `Pace`."""
