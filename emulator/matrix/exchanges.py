"""Records the exchanges of a run: a command line or data of the host, and the module's answer."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from emulator.trace.events import Event, HostSent, ModuleSent

_LONGEST = 400
"""Longest recorded text of one side of an exchange, in characters."""
_MOST = 2000
"""Number of recorded exchanges of a run."""


@dataclass
class Exchange:
    """One exchange; `answer` holds URCs, too."""

    said: str
    answer: str = ""

    @property
    def words(self) -> str:
        """Return the answer in one line."""
        return " ".join(self.answer.split()) or "(nothing)"


@dataclass
class Recorder:
    """Record the exchanges from the trace."""

    exchanges: list[Exchange] = field(default_factory=list)

    def __call__(self, now: float, event: Event) -> None:
        match event:
            case HostSent(mode="command", text=text):
                self._said(text)
            case HostSent(mode=mode, text=text):
                self._said(f"[{mode}] {text}")
            case ModuleSent(text=text) if self.exchanges:
                last = self.exchanges[-1]
                last.answer = (last.answer + text)[:_LONGEST]

    def _said(self, text: str) -> None:
        if len(self.exchanges) < _MOST:
            self.exchanges.append(Exchange(text[:_LONGEST]))


@dataclass(frozen=True)
class Difference:
    """First exchange at which a failing run differs from every passing run."""

    said: str
    answer: str
    passing: str
    """The module's answer in the passing runs; preceded by the host's line where that differs, too."""

    @property
    def in_words(self) -> str:
        """Return the difference in one line."""
        return f"{self.said} -> {self.answer} (passing: {self.passing})"


def first_difference(failed: Sequence[Exchange], passed: Sequence[Sequence[Exchange]]) -> Difference | None:
    """Find the first difference to all passing runs; exchanges in which these differ among themselves do not count.

    A command that the host repeats counts once, with its last answer: how often a host has to ask is chance. None when
    no run passed, or all answers are the same.
    """
    passed = [_folded(run) for run in passed]
    for index, exchange in enumerate(_folded(failed)):
        others = [run[index] for run in passed if index < len(run)]
        kinds = {(other.said, other.words) for other in others}
        if len(kinds) == 1 and (exchange.said, exchange.words) not in kinds:
            ((said, words),) = kinds
            return Difference(exchange.said, exchange.words, words if said == exchange.said else f"{said} -> {words}")
        if passed and not others:
            return Difference(exchange.said, exchange.words, "(had ended)")
    return None


def _folded(run: Sequence[Exchange]) -> list[Exchange]:
    """Merge commands that the host repeats at once into one exchange, with the last answer."""
    following = [*run[1:], Exchange("")]
    return [exchange for exchange, next_one in zip(run, following, strict=False) if exchange.said != next_one.said]
