"""Notes every place that a run passes, with the address by which a fault finds it again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.at.syntax import Form
from emulator.faults.fault import Place
from emulator.faults.situation import DeviceFacts, Situation
from emulator.faults.triggers import specific_name, written_names

_KEPT = 1 << 16
"""Bytes of an answer that are kept; a download in data mode has more."""


@dataclass
class Passed:
    """A place that was passed, and what passed there."""

    place: Place
    command: str
    """The host's latest command in its form, as in `+CREG?`: the key `command` of a fault; empty before the first."""
    occurrence: int
    """How often the place was passed with this command: the key `occurrence`, at one AT instance."""
    terminal: str
    """The AT instance."""
    at: float
    """Seconds of the module's time since the modem started."""
    data: bytes = b""
    """Of an answer, what the module has said until the next command began, the echo of that one with it."""
    size: int = 0
    """Bytes of an answer, an entry, or one direction of a connection, as the key `byte` counts them."""
    host: str = ""
    """Whom a name, a dial, a connection or a handshake was meant for."""
    messages: tuple[str, ...] = ()
    """Of a handshake, the server's messages by name."""
    before: Situation | None = None
    """Of a command and its answer, what held as it began."""
    after: Situation | None = None
    """Of an answer, what held when its final result was said; None where it had none, or it was CONNECT."""
    ended: float = 0.0
    """Of an answer, when the last byte was said."""


@dataclass
class Census:
    """All places that a run has passed, in their order."""

    device: DeviceFacts = field(default_factory=DeviceFacts)
    passed: list[Passed] = field(default_factory=list)
    _counts: Counter[tuple[Place, str, str]] = field(default_factory=Counter, repr=False)
    """How often each place was passed at an AT instance, by each name that a rule may call the command."""

    def at(self, *places: Place) -> list[Passed]:
        """Return what was passed at places of these kinds."""
        return [passed for passed in self.passed if passed.place in places]

    @property
    def terminals(self) -> frozenset[str]:
        """Return the AT instances that had commands."""
        return frozenset(passed.terminal for passed in self.passed if passed.place is Place.COMMAND)

    def note(self, place: Place, names: Sequence[str], form: Form, terminal: str, now: float, host: str = "") -> Passed:
        """Note that a place is passed while the host's latest command has these names."""
        command = specific_name(names, form) if names else ""
        for written in {"", *written_names(names, form)}:
            self._counts[place, written, terminal] += 1
        passed = Passed(place, command, self._counts[place, command, terminal], terminal, now, host=host)
        self.passed.append(passed)
        return passed


def said(answer: Passed, data: bytes, now: float) -> None:
    """Note bytes of an answer."""
    answer.data += data[: max(0, _KEPT - len(answer.data))]
    answer.size += len(data)
    answer.ended = now
