"""What a module is asked: exchanges and short dialogues, each with where it comes from and what it needs."""

from dataclasses import dataclass
from enum import StrEnum

from emulator.dialogue.steps import Lines, Send, Step


class Need(StrEnum):
    """What an item needs beside the module."""

    SIM = "SIM"
    """A SIM card that waits for nothing."""
    NETWORK = "network"
    """A module that is registered."""
    SERVER = "server"
    """The user's TLS server; it needs a SIM and the network, too."""


@dataclass(frozen=True)
class Server:
    """The user's TLS server, which the module and the emulator dial."""

    host: str
    port: int
    ca: bytes
    """Its CA certificate, as PEM."""

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Item:
    """An exchange, or a short dialogue, about one command.

    It is played on the module and, with the same bytes, on the emulated firmware, both from the same state: factory
    settings by AT&F1, no echo, errors by their numbers (+CMEE=1), and what `before` adds to that.
    """

    command: str
    """The name of the command, as `+CGMI`; the report groups by it."""
    chapter: str
    """The chapter of the command: the name of its folder in `commands/`."""
    source: str
    """The file that it comes from, with a line where that has sense."""
    steps: tuple[Step, ...]
    """What the host does. An `Answer` is what the file expects; without one the emulated firmware's answer counts."""
    written: tuple[str, ...] = ()
    """The lines of the file, which the places of the steps count; needed where it has answers, to show them."""
    before: tuple[str, ...] = ()
    """Commands that set the state for it; what is answered is not compared."""
    after: tuple[str, ...] = ()
    """Commands that undo what it changes and AT&F1 does not; sent in any case, and not compared."""
    needs: frozenset[Need] = frozenset()
    within: float = 10.0
    """Seconds that an answer of the module may take where no `within` says so."""
    all_because: str = ""
    """Why it is played with --all only: what it costs, locks or sends; empty where it is safe."""


def exchange(
    line: str, command: str, chapter: str, source: str, needs: frozenset[Need] = frozenset(), all_because: str = ""
) -> Item:
    """Return an item of one command line, without its CR, whose answer the emulated firmware knows."""
    send = Send(text=(f"{line}\r".encode("latin-1"),), at=Lines(1, 1))
    return Item(command, chapter, source, (send,), needs=needs, all_because=all_because)
